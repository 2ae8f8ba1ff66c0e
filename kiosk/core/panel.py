"""The technician's turn at the glass: a PIN, then what is well and what is not, tests and tools.

Laws of this page
1. Without a PIN in kiosk.toml there is no panel; a wrong one costs a wait that grows, and neither
   closing the pad, nor letting it time out, nor a restart shortens it.
2. It closes itself two minutes after the last touch, and the pad after twenty seconds or at the
   next sale: nobody without the PIN can keep shoppers from answering.
3. No sale is lost to it, and no answer is shown on it: it knows counts alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from kiosk.core.desk import Desk, Mode
from kiosk.core.effects import (
    Effect,
    Export,
    Inspect,
    Light,
    NoteWrongPins,
    Restart,
    Show,
    Technical,
)
from kiosk.core.events import (
    Event,
    Exported,
    FaceTouched,
    Inspected,
    LeaveTouched,
    PanelAsked,
    PanelTouched,
    SaleSeen,
    Woke,
)
from kiosk.core.gate import Gate
from kiosk.core.panel_pages import (
    Identifying,
    Key,
    PanelLines,
    PanelTools,
    PanelTrial,
)
from kiosk.core.passcode import Throttle
from kiosk.core.report import Line, lines_of
from kiosk.core.sayings import Prompt, Say
from kiosk.core.trials import Kind, Trial, Verdict
from shared.moments import Moment
from shared.visits import Face, Input

IDLE_MS: Final = 120_000
"""A technician who was called away must not leave the panel to shoppers."""

PAD_MS: Final = 20_000
"""The pad, which anybody can open, stands for less."""

LOOK_MS: Final = 1_000
"""The lines are read anew every second."""

BLINK_MS: Final = 500
"""Once a second on and off: seen across a store, and slow enough to hurt nobody (under 3)."""

IDENTIFY_MS: Final = 10_000


Step = Callable[[Any, Any], list[Effect]]


@dataclass(frozen=True, slots=True)
class Guise:
    """How the panel speaks: from the settings of the moment in which it was opened."""

    language: str
    zone: str = "UTC"
    volume: int = 60


class Panel:
    """A machine of its own; whoever gives it its turn passes it every event until it is shut."""

    def __init__(
        self,
        pin: str,
        kiosk_id: str,
        kinds: tuple[Kind, ...],
        throttle: Throttle = Throttle(),  # noqa: B008 - frozen
    ) -> None:
        """`pin` is its hash; `kinds` are the tests of the parts that are there."""
        self._gate = Gate(pin, throttle)
        self._kiosk_id = kiosk_id
        self._kinds = kinds
        self._guise = Guise("en")
        self._verdicts: dict[Kind, Verdict] = {}
        self._pressed: set[Face] = set()
        self._desk = Desk()

    @property
    def is_open(self) -> bool:
        """Whether the glass is the technician's."""
        return self._desk.mode is not Mode.SHUT

    @property
    def deadline(self) -> int | None:
        """The boot time at which it wants to be woken."""
        return min(self._desk.idle_at, self._desk.look_at) if self.is_open else None

    def begin(self, asked: PanelAsked, guise: Guise) -> list[Effect]:
        """The gesture was made: ask for the PIN."""
        if self.is_open:
            return []
        self._guise = guise
        self._desk.idle_at = asked.at.boot + PAD_MS
        return [Light(False), *self._turn(Mode.PIN, asked.at)]

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done; when it is shut afterwards, the glass is the others' again."""
        step: Step | None = self.TABLE.get(type(event))
        return step(self, event) if step is not None and self.is_open else []

    # What happens

    def _key(self, event: PanelTouched) -> list[Effect]:
        at, key, mode = event.at, event.key, self._desk.mode
        self._desk.idle_at = at.boot + (PAD_MS if mode is Mode.PIN else IDLE_MS)
        if key == Key.CLOSE:
            return self._shut()
        if mode is Mode.PIN:
            return self._knock(key, at)
        if mode is Mode.IDENTIFY:
            return [Light(False), *self._turn(Mode.TOOLS, at)]
        return self._choose(key, at) if self._desk.trial is None else self._told(key, at)

    def _leave(self, _event: LeaveTouched) -> list[Effect]:
        return self._shut()

    def _press(self, event: FaceTouched) -> list[Effect]:
        if event.input is not Input.BUTTON or self._desk.mode is Mode.PIN:
            return []
        self._pressed.add(event.face)
        told = self._told(event.face.value, event.at)
        return told or ([self._show(event.at)] if self._desk.mode is Mode.LINES else [])

    def _sale(self, event: SaleSeen) -> list[Effect]:
        return self._shut() if self._desk.mode is Mode.PIN else self._told("sale", event.at)

    def _inspected(self, event: Inspected) -> list[Effect]:
        self._desk.readings = event.readings
        return [self._show(event.at)] if self._desk.mode is Mode.LINES else []

    def _wrote(self, event: Exported) -> list[Effect]:
        self._desk.exported, self._desk.failed = event.where, event.why
        return [self._show(event.at)] if self._desk.mode is Mode.TOOLS else []

    # Keys

    def _knock(self, key: str, at: Moment) -> list[Effect]:
        before = self._gate.failures
        opened = self._gate.key(key, at)
        now = self._gate.failures
        noted: list[Effect] = [] if now == before else [NoteWrongPins(now)]  # before it is told
        if not opened:
            return [*noted, self._show(at)]
        self._desk.idle_at = at.boot + IDLE_MS
        return [*noted, *self._turn(Mode.LINES, at)]

    def _choose(self, key: str, at: Moment) -> list[Effect]:
        asked, self._desk.asked = self._desk.asked, None
        if key in self._kinds:
            return self._try(Kind(key), at)
        if key == Key.RESTART and asked is Key.RESTART:
            return [*self._shut(), Restart()]
        if key == Key.RESTART:
            self._desk.asked = Key.RESTART
        if key == Key.EXPORT:
            self._desk.exported = self._desk.failed = None
            return [Export(), self._show(at)]
        if key == Key.IDENTIFY:
            self._desk.ends_at = at.boot + IDENTIFY_MS
        mode = _LEADS_TO.get(key, self._desk.mode)
        return [self._show(at)] if mode is self._desk.mode else self._turn(mode, at)

    # Trials

    def _try(self, kind: Kind, at: Moment) -> list[Effect]:
        self._desk.trial = Trial(kind, at.boot)
        lit: list[Effect] = [Light(True)] if kind is Kind.BUTTONS else []
        return [*self._turn(Mode.TRIAL, at), *lit, *self._speak(kind)]

    def _speak(self, kind: Kind) -> list[Effect]:
        if kind is not Kind.SOUND:
            return []
        return [Say(self._guise.language, (Prompt.THANKS,), self._guise.volume)]

    def _told(self, word: str, at: Moment) -> list[Effect]:
        trial = self._desk.trial
        if trial is None:
            return []
        self._desk.idle_at = at.boot + IDLE_MS
        if word == Key.AGAIN:
            return self._speak(trial.kind)
        return self._went(trial.told(word, at.boot), trial.kind, at)

    def _went(self, came: Trial | Verdict, kind: Kind, at: Moment) -> list[Effect]:
        if isinstance(came, Trial):
            self._desk.trial = came
            return [self._show(at)]
        self._desk.trial = None
        self._verdicts[kind] = came
        return [Light(False), *self._turn(Mode.TOOLS, at)]

    # Time

    def _woke(self, event: Woke) -> list[Effect]:
        at, desk = event.at, self._desk
        if at.boot >= desk.idle_at:
            return self._shut()
        if at.boot < desk.look_at:
            return []
        desk.look_at = at.boot + LOOK_MS
        if desk.trial is not None:
            late = at.boot >= desk.trial.due()
            return self._went(Verdict.FAILED if late else desk.trial, desk.trial.kind, at)
        if desk.mode is Mode.LINES:
            return [Inspect()]
        if desk.mode is Mode.IDENTIFY:
            return self._blink(at)
        return [self._show(at)] if desk.mode is Mode.PIN else []

    def _blink(self, at: Moment) -> list[Effect]:
        desk = self._desk
        if at.boot >= desk.ends_at:
            return [Light(False), *self._turn(Mode.TOOLS, at)]
        desk.bright = not desk.bright
        desk.look_at = at.boot + BLINK_MS
        return [self._show(at), Light(desk.bright)]

    # What is on the glass

    def _turn(self, mode: Mode, at: Moment) -> list[Effect]:
        self._desk.mode = mode
        self._desk.look_at = at.boot + (BLINK_MS if mode is Mode.IDENTIFY else LOOK_MS)
        more: list[Effect] = [Inspect()] if mode is Mode.LINES else []
        return [self._show(at), *more]

    def _shut(self) -> list[Effect]:
        self._gate.leave()
        self._desk = Desk()
        return [Light(False)]

    def _show(self, at: Moment) -> Effect:
        return Show(self._page(at))

    def _page(self, at: Moment) -> Technical:
        language, kiosk, desk = self._guise.language, self._kiosk_id, self._desk
        if desk.trial is not None:
            return self._trial_page(desk.trial, at)
        if desk.mode is Mode.PIN:
            return self._gate.page(language, kiosk, at)
        if desk.mode is Mode.TOOLS:
            told = tuple(self._verdicts.items())
            return PanelTools(
                language, kiosk, self._kinds, told, desk.asked, desk.exported, desk.failed
            )
        if desk.mode is Mode.IDENTIFY:
            return Identifying(language, kiosk, desk.bright)
        return PanelLines(language, kiosk, self._guise.zone, self._lines(), at.wall, self._kinds)

    def _lines(self) -> tuple[Line, ...]:
        read = self._desk.readings
        if read is None:
            return ()
        pins = zip(Face, read.pins, strict=False)
        return lines_of(replace(read, pressed=tuple(pin for f, pin in pins if f in self._pressed)))

    def _trial_page(self, trial: Trial, at: Moment) -> PanelTrial:
        left = -(-max(0, trial.due() - at.boot) // 1_000)
        pins = () if self._desk.readings is None else self._desk.readings.pins
        return PanelTrial(self._guise.language, trial.kind, trial.done, trial.step, pins, left)

    TABLE: ClassVar[dict[type[Event], Step]] = {
        PanelTouched: _key,
        LeaveTouched: _leave,
        FaceTouched: _press,
        SaleSeen: _sale,
        Inspected: _inspected,
        Exported: _wrote,
        Woke: _woke,
    }


_LEADS_TO: Final[dict[str, Mode]] = {
    Key.MORE: Mode.TOOLS,
    Key.LINES: Mode.LINES,
    Key.IDENTIFY: Mode.IDENTIFY,
}
