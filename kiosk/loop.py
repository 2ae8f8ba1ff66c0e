"""One inbox, one thread: takes an event, asks whoever has the glass, carries out what it says."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from kiosk.core.clock import ClockWatch
from kiosk.core.effects import (
    Dim,
    Dress,
    Effect,
    Export,
    Inspect,
    KeepOpen,
    KeepResponse,
    KeepSale,
    Light,
    NoteWalk,
    NoteWrongPins,
    Restart,
    Seal,
    Show,
    Wake,
)
from kiosk.core.events import Event, HubTimeHeard, Woke
from kiosk.core.ports import Backlight, Clock, Lamp, Screen, Tools, Voice
from kiosk.core.sayings import Hush, Rehearse, Say
from shared.moments import Moment
from shared.questionnaires import Response
from shared.records import Record
from shared.sales import Sale
from shared.visits import Visit

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 3.0


class Keeping(Protocol):
    """What the loop asks of whoever commits; see kiosk/writer.py."""

    def keep_open(self, ticket: int, visit: Visit) -> None:
        """Make this the open visit; answered by Kept or KeepFailed of the ticket."""

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq."""

    def add(self, record: Record) -> None:
        """Give another record its seq."""

    def keep_response(self, response: Response, ticket: int | None) -> None:
        """Give it its seq and forget the walk; with a ticket, answer as `keep_open` does."""

    def note_walk(self, response: Response) -> None:
        """Remember how far somebody walked."""

    def note_wrong_pins(self, count: int) -> None:
        """Remember how often the technician's PIN was wrong."""


class Machine(Protocol):
    """What the loop asks what to do: the turns, of a kiosk that works or of one that is closed."""

    def start(
        self, open_visit: Visit | None, at: Moment, walked: Response | None, /
    ) -> list[Effect]:
        """Begin to work."""

    def handle(self, event: Event, /) -> list[Effect]:
        """What is to be done about this event, in order."""


class Loop:
    """Owns the turns; `post` suits any thread."""

    def __init__(
        self,
        *,
        turns: Machine,
        clock: Clock,
        screen: Screen,
        lamp: Lamp,
        backlight: Backlight,
        voice: Voice,
        tools: Tools,
        keeping: Keeping,
        on_sale: Callable[[Sale], None],
    ) -> None:
        """`on_sale` tells the hub's *now* by a pulse; it must return at once."""
        self._turns = turns
        self._clock = clock
        self._screen = screen
        self._lamp = lamp
        self._backlight = backlight
        self._voice = voice
        self._tools = tools
        self._keeping = keeping
        self._on_sale = on_sale
        self._watch = ClockWatch(clock.boot_id)
        self._deadline: int | None = None
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()  # None ends the thread
        self._thread: threading.Thread | None = None

    def post(self, event: Event) -> None:
        """Put the event in the inbox."""
        self._inbox.put(event)

    def start(self, open_visit: Visit | None, walked: Response | None = None) -> None:
        """Begin, with the visit that the outbox found open, and how far somebody had walked."""
        self._thread = threading.Thread(
            target=self._run, args=(open_visit, walked), name="loop", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Handle what is in the inbox, and end; safe to call twice."""
        if self._thread is not None and self._thread.is_alive():
            self._inbox.put(None)
            self._thread.join(STOP_SECONDS)

    # The thread

    def _run(self, open_visit: Visit | None, walked: Response | None) -> None:
        self.begin(open_visit, walked)
        while self.turn(self.patience()):
            pass

    def begin(self, open_visit: Visit | None, walked: Response | None = None) -> None:
        """Keep what a restart left open, and rest: the first thing that the thread does."""
        now = self._clock.now()
        self._anchor(self._watch.observe(now))
        self._carry_out(self._turns.start(open_visit, now, walked))

    def turn(self, patience: float | None = 0) -> bool:
        """Handle one event, waiting at most so many seconds, and what is due; False at the end."""
        try:
            event = self._inbox.get(timeout=patience)
        except queue.Empty:
            pass
        else:
            if event is None:
                return False
            self._handle(event)
        self._wake_if_due()
        return True

    def patience(self) -> float | None:
        """Seconds until the deadline; None, which waits for ever, where there is none."""
        if self._deadline is None:
            return None
        return max(0, self._deadline - self._clock.now().boot) / 1_000

    def _wake_if_due(self) -> None:
        if self._deadline is None:
            return
        now = self._clock.now()
        if now.boot >= self._deadline:
            self._deadline = None
            self._handle(Woke(now))

    def _handle(self, event: Event) -> None:
        try:
            self._anchor(self._watch.observe(event.at))
            if isinstance(event, HubTimeHeard):
                self._anchor(self._watch.heard(event.hub, event.at))
            effects = self._turns.handle(event)
        except Exception:
            # The kiosk must ask the next shopper, whatever this event was.
            log.exception("event_failed", happened=type(event).__name__)
            return
        self._carry_out(effects)

    def _anchor(self, anchor: Record | None) -> None:
        if anchor is not None:
            self._keeping.add(anchor)

    def _carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            try:
                self._do(effect)
            except Exception:
                # A dead lamp must not keep the answer from the disk.
                log.exception("effect_failed", effect=type(effect).__name__)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Show(page):
                self._screen.show(page)
            case KeepOpen(ticket, visit):
                self._keeping.keep_open(ticket, visit)
            case Seal(visit):
                self._keeping.seal(visit)
            case KeepSale(sale):
                self._keeping.add(sale)
                self._on_sale(sale)
            case KeepResponse(response, ticket):
                self._keeping.keep_response(response, ticket)
            case NoteWalk(response):
                self._keeping.note_walk(response)
            case NoteWrongPins(count):
                self._keeping.note_wrong_pins(count)
            case Wake(boot):
                self._deadline = boot
            case _:
                self._be_seen_or_heard(effect)

    def _be_seen_or_heard(self, effect: Effect) -> None:
        match effect:
            case Light(on):
                self._lamp.light(on)
            case Dress(night, calm):
                self._screen.dress(night, calm)
            case Dim(percent):
                self._backlight.dim(percent)
            case Say(language, parts, volume):
                self._voice.say(language, parts, volume)
            case Hush():
                self._voice.hush()
            case Rehearse(utterances):
                self._voice.rehearse(utterances)
            case Inspect():
                self._tools.inspect()
            case Export():
                self._tools.export()
            case Restart():
                self._tools.restart()
