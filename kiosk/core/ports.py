"""What the kiosk asks of the world; each port has an adapter and a fake of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.core.effects import Page
from kiosk.core.events import Event
from kiosk.core.sayings import Part, Utterance
from shared.deliveries import Batch, Receipt
from shared.moments import Moment
from shared.records import Record
from shared.topics import Channel
from shared.visits import Visit

Post = Callable[[Event], None]
"""How every adapter reports: put the event in the inbox and return at once, from any thread."""


Trouble = Callable[[str | None], None]
"""Told a code where somebody must come, and None when it is over; from any thread."""


WALK: Final = "walk"
"""The name under which an outbox remembers how far somebody walked through a questionnaire."""

WRONG_PINS: Final = "wrong-pins"
"""The name under which it remembers how often the technician's PIN was wrong, in digits."""


class Clock(Protocol):
    """The time, and whether it can be believed."""

    @property
    def boot_id(self) -> str:
        """32 hexadecimal digits that change with every start of the machine."""

    def now(self) -> Moment:
        """This instant."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an outbox holds: seqs `oldest` to `last` (`last = oldest - 1` when it is empty).

    `received` is the seq up to which the hub has said that it holds them, or up to which they are
    gone; what lies above is still owed. `again` is the highest seq that was received once, and may
    have come again because the hub was restored. `connection` is the number that was given last.
    """

    epoch: str
    oldest: int
    last: int
    refused_seen: int
    connection: int = 0
    received: int = 0
    again: int = 0

    @property
    def owed(self) -> int:
        """How many records wait for a receipt."""
        return self.last - max(self.received, self.oldest - 1)


class Outbox(Protocol):
    """The kiosk's durable memory. Every writing method returns only after the commit is on disk.

    Any of them may raise NotKept. Safe to call from several threads.
    """

    def keep_open(self, visit: Visit) -> None:
        """Make this the open visit; it replaces what was open."""

    def open_visit(self) -> Visit | None:
        """The visit that was open when the kiosk stopped, if any."""

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq and forget the open one, in one transaction."""

    def add(self, record: Record) -> None:
        """Give any other record its seq; a response forgets WALK in the same transaction."""

    def batch_from(self, seq: int, most: int) -> Batch | None:
        """Up to `most` records beginning at `seq` (or at the oldest held, if later), else None."""

    def forget(self, receipt: Receipt) -> int:
        """Owe no more what the receipt covers, and note its refusals; return how many those were.

        What was received is kept for a while, because a hub that was restored from a backup has
        it no longer: a receipt of a later generation that says less makes it owed again. Else an
        older receipt does nothing. Raises ReceiptError, with no effect, where the receipt is of
        another epoch, beyond the last seq, or of another chain.
        """

    def held(self) -> Held:
        """What is there now."""

    def next_connection(self) -> int:
        """A number that rises with every call in this epoch, also across restarts."""

    def remember(self, name: str, value: bytes) -> None:
        """Keep a small document (such as the settings) under a name."""

    def recall(self, name: str) -> bytes | None:
        """The document of that name, if there is one."""

    def close(self) -> None:
        """Close the file; safe to call twice."""


class Inbound(Protocol):
    """Whoever listens to a broker connection; called from the broker's own thread."""

    def connected(self) -> None:
        """The connection stands and the subscriptions are made."""

    def disconnected(self, why: str) -> None:
        """The connection is gone or could not be made; called exactly once per `connect`."""

    def received(self, channel: Channel, payload: bytes) -> None:
        """A message for this kiosk."""

    def refused(self, channel: Channel, why: str) -> None:
        """The broker refused a publish."""


class Broker(Protocol):
    """One connection at a time to the broker; it never reconnects by itself."""

    def connect(self, inbound: Inbound, will: bytes) -> None:
        """Begin a new connection with this last will on the status channel; returns at once."""

    def publish(self, channel: Channel, payload: bytes) -> bool:
        """Hand a message over at QoS 1; False where there is no connection (nothing is queued)."""

    def close(self) -> None:
        """End the connection; safe to call twice."""


class Screen(Protocol):
    """The glass."""

    def show(self, page: Page) -> None:
        """Put this page on the glass, from any thread."""

    def dress(self, night: bool, calm: bool) -> None:
        """Show this page and all to come by night or by day; `calm`: nothing moves."""


class Backlight(Protocol):
    """What lights the glass from behind."""

    def dim(self, percent: int) -> None:
        """So bright; 0 puts it out."""


class Tools(Protocol):
    """What the technician's panel asks for; each returns at once, from any thread."""

    def inspect(self) -> None:
        """Read anew how every part is; answered by Inspected."""

    def export(self) -> None:
        """Write a diagnostic file, without any answer in it; answered by Exported."""

    def restart(self) -> None:
        """End the program, so that whoever keeps it running starts it anew."""


class Voice(Protocol):
    """The speaker."""

    def say(self, language: str, parts: tuple[Part, ...], volume: int) -> None:
        """Say them one after the other, at `volume` percent; they cut off what is being said.

        It returns at once. What was not made is passed over.
        """

    def hush(self) -> None:
        """Say no more, at once."""

    def rehearse(self, utterances: tuple[Utterance, ...]) -> None:
        """Make these ahead, in the background, the first ones first; others may be forgotten."""


class Lamp(Protocol):
    """The light of the buttons."""

    def light(self, on: bool) -> None:
        """On or off."""
