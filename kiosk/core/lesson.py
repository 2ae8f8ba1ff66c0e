"""Leads a technician through the prints by which a till is learnt, one sentence after the other.

Laws of this page
1. *It only listens*: nothing is sent to the till, and nothing is asked but to print.
2. *A print ends with silence*: soon after a cut, later where a till prints while it is rung up.
3. *What cannot be used is asked for again*, with the reason; noise means another speed as long as
   nothing was readable.
4. *It ends*: each step and the whole have a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.core import escpos
from kiosk.core.commands import Commands
from kiosk.core.learning import conclude
from kiosk.core.learning_streams import (
    Sort,
    ends_itself,
    is_request,
    parity_of,
    seven_bits,
    sort_of,
)
from kiosk.core.learnt import BY_HAND, Again, Capture, Kind, Proposal, Undecided
from kiosk.core.silence import PAUSE_MS
from kiosk.core.tills import PortSettings

SPEEDS: Final = (9_600, 19_200, 38_400, 115_200, 57_600, 4_800, 2_400, 1_200, 230_400)
"""The commonest first."""

MOST_AGAIN: Final = 4
"""Prints that are asked for beside the five; who needs more writes the table by hand."""

MOST_HEARD: Final = 1 << 20
"""Bytes of one print: a receipt with the largest picture is half of it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited (ms)."""

    quiet: int = 3_000  # after a cut: a receipt is written in one go
    slow: int = 8_000  # after no cut: some tills print while articles are rung up
    remind: int = 30_000
    step: int = 180_000
    whole: int = 1_500_000


class _Print:
    """One print that is waited for, or is being heard."""

    def __init__(self, at: int) -> None:
        self.since = self.reminded = at
        self.last: int | None = None  # when something of it came that is no mere request
        self.chunks: list[tuple[int, bytes]] = []
        self.size = 0
        self._commands = Commands(escpos.SHAPES)

    @property
    def data(self) -> bytes:
        """What was heard of it."""
        return b"".join(piece for _, piece in self.chunks)

    def add(self, data: bytes, at: int) -> None:
        """These bytes came."""
        self.chunks.append((at, data))
        self.size += len(data)
        pieces = list(self._commands.feed(data))
        said = not all(map(is_request, pieces))
        if said or self._commands.passing:
            self.last = at

    def drop_requests(self, at: int) -> None:
        """What a driver asked a while ago is no beginning of a print."""
        if self.chunks and at - self.chunks[-1][0] > PAUSE_MS:
            self.chunks, self.size = [], 0
            self._commands.abandon()


class Lesson:
    """Hears bytes and the time, says sentences; `conclusion` is there when it is over."""

    def __init__(
        self, port: PortSettings, speeds: Sequence[int], at: int, patience: Patience | None = None
    ) -> None:
        """`speeds`: what else may be tried where the speed of `port` proves wrong."""
        self.port = port
        self.conclusion: Proposal | Undecided | None = None
        self._speeds = [speed for speed in speeds if speed != port.baud]
        self._patience = patience or Patience()
        self._captures: list[Capture] = []
        self._steps = [Kind.SALE, Kind.SALE, Kind.SALE, Kind.COPY, Kind.REFUND]
        self._asked = 0
        self._again = self._noises = 0
        self._began = at
        self._print = _Print(at)

    def begin(self) -> list[str]:
        """The first sentences."""
        where = f"{self.port.path}{self._speed()}"
        return [
            f"Listening at {where}. Nothing is sent to the till; what it prints is not kept.",
            "Print what is asked for, one receipt at a time. Ctrl-C ends it and changes nothing.",
            self._ask(),
        ]

    def heard(self, data: bytes, at: int) -> list[str]:
        """These bytes came at boot time `at` (ms)."""
        if self.conclusion is not None:
            return []
        self._print.add(data, at)
        if self._print.size <= MOST_HEARD:
            return self.idle(at)
        return self._waste(at, "More than a receipt came, without a pause: that was no print.")

    def idle(self, at: int) -> list[str]:
        """Nothing more came until `at`."""
        self.expire(at)
        if self.conclusion is not None:
            return []
        if self._print.last is None:
            return self._wait(at)
        quiet = at - self._print.last
        if quiet < self._patience.quiet:
            return []
        data = self._print.data
        return self._judge(data, at) if quiet >= self._patience.slow or ends_itself(data) else []

    def expire(self, at: int) -> None:
        """End it where its time is over."""
        if self.conclusion is None and at - self._began > self._patience.whole:
            self._end(Undecided("the time is over", "Begin anew; it takes ten minutes."))

    def lost(self) -> list[str]:
        """The port went away."""
        return ["  ! the plug was pulled; put it back"]

    def found(self, at: int) -> list[str]:
        """It is back; what was half heard before belongs to nothing that follows."""
        self._print = _Print(at)
        return ["  ✓ the plug is back. Once more:", self._ask()]

    def _wait(self, at: int) -> list[str]:
        """Nothing of a print has come."""
        self._print.drop_requests(at)
        silent = at - self._print.since
        if silent > self._patience.step:
            return self._unheard(at)
        if at - self._print.reminded < self._patience.remind:
            return []
        self._print.reminded = at
        return [f"  … nothing for {silent // 1_000} s{'' if self._captures else _WIRING}"]

    def _unheard(self, at: int) -> list[str]:
        kind = self._steps[0]
        if kind is Kind.SALE:
            return self._end(Undecided("nothing came of a sale by this wire", _SILENT))
        told = f"  ! nothing came: if the till did print a {kind}, then not by this wire"
        return [told, *self._take(Capture(kind, ()), at)]

    def _judge(self, data: bytes, at: int) -> list[str]:
        sort = sort_of(data)
        if sort is Sort.NOISE and parity_of(data):
            sort = sort_of(seven_bits(data))
        if sort is Sort.NOTHING:
            return self._waste(at, "No text came: was it only the drawer?")
        if sort is Sort.NOISE:
            return self._noise(at)
        told = f"  ✓ heard {len(data)} bytes, {seven_bits(data).count(10)} lines"
        return [told, *self._take(Capture(self._steps[0], tuple(self._print.chunks)), at)]

    def _noise(self, at: int) -> list[str]:
        """Another speed as long as nothing was readable; after the last one, one more chance."""
        before, self._noises = self._speed(), self._noises + 1
        if self._captures:
            return self._waste(at, "What came cannot be read: noise on the line?")
        if self._speeds:
            self._noises = 1
            self.port = replace(self.port, baud=self._speeds.pop(0))
            return self._waste(at, f"What came cannot be read{before}: trying {self.port.baud}.")
        if self._noises < _MOST_NOISES:
            return self._waste(at, f"What came cannot be read{before}.")
        return self._end(Undecided("what came cannot be read", _NOISY))

    def _waste(self, at: int, why: str) -> list[str]:
        self._print = _Print(at)
        return [f"  ! {why} Once more:", self._ask()]

    def _take(self, capture: Capture, at: int) -> list[str]:
        self._captures.append(capture)
        self._steps.pop(0)
        self._asked += 1
        self._print = _Print(at)
        return [self._ask()] if self._steps else self._conclude()

    def _conclude(self) -> list[str]:
        found = conclude(self._captures, self.port)
        if not isinstance(found, Again):
            return self._end(found)
        self._again += 1
        if self._again > MOST_AGAIN:
            return self._end(Undecided(found.why, BY_HAND))
        self._captures = [
            one for number, one in enumerate(self._captures) if number not in found.dropped
        ]
        self._steps = [found.kind]
        return [f"  ! {found.why}", self._ask()]

    def _end(self, conclusion: Proposal | Undecided) -> list[str]:
        self.conclusion = conclusion
        self._captures, self._print = [], _Print(self._began)
        return []

    def _ask(self) -> str:
        first = self._asked < len(_ASKED)
        words = _ASKED[self._asked] if first else _MORE[self._steps[0]]
        return f"{self._asked + 1} of {max(len(_ASKED), self._asked + 1)}: {words}"

    def _speed(self) -> str:
        return "" if "://" in self.port.path else f" at {self.port.baud} baud"


_MOST_NOISES: Final = 2
_ASKED: Final = (
    "ring up a sale of two or three articles, and print its receipt.",
    "ring up another sale, of other articles.",
    "ring up a third sale (in cash: the slip of a card would be a print of its own).",
    "print a copy of the last receipt (the till may call it duplicate or reprint).",
    "give back one article of the last sale, and print the refund.",
)
_MORE: Final = {
    Kind.SALE: "ring up one more sale.",
    Kind.COPY: "print one more copy, best of another receipt.",
    Kind.REFUND: "give back another article, and print the refund.",
}
_WIRING: Final = ". Are the till's TX and ground connected, and is this the right port?"
_SILENT: Final = (
    "Look at the cable (the till's TX and its ground), at the port, and whether the till prints by "
    "it at all. A till that only opens a drawer is heard by [drawer] or kind = “modem”."
)
_NOISY: Final = (
    "Read the speed in the printer's own test page, and give it with --baud. Is the ground "
    "connected, and are both sides RS-232 (not one of them 3.3 V)?"
)
