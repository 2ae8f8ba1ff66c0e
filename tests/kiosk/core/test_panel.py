"""The technician's turn: nothing without the PIN, everything with it, and it ends by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Effect, Export, Inspect, Light, NoteWrongPins, Page, Restart, Show
from kiosk.core.events import (
    Exported,
    FaceTouched,
    Inspected,
    LeaveTouched,
    PanelAsked,
    PanelTouched,
    SaleSeen,
    Woke,
)
from kiosk.core.panel import BLINK_MS, IDENTIFY_MS, IDLE_MS, LOOK_MS, PAD_MS, Guise, Panel
from kiosk.core.panel_pages import (
    Identifying,
    Key,
    PanelLines,
    PanelTools,
    PanelTrial,
    PinPad,
)
from kiosk.core.passcode import hashed
from kiosk.core.readings import Part, Readings
from kiosk.core.report import Sign
from kiosk.core.sayings import Say
from kiosk.core.trials import COLOURS, NEXT, NO, PATIENCE_MS, TARGETS, YES, Kind, Verdict
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.kiosk.samples import moment

PIN = "2580"
KEPT = hashed(PIN, b"salt" * 4)


class Bench:
    """A panel, its clock, and what is on the glass."""

    def __init__(self) -> None:
        self.panel = Panel(KEPT, "k-012-03", tuple(Kind))
        self.at = 100_000
        self.page: Page | None = None

    def note(self, effects: list[Effect]) -> list[Effect]:
        for effect in effects:
            if isinstance(effect, Show):
                self.page = effect.page
        return effects

    def ask(self) -> list[Effect]:
        asked = PanelAsked(moment(self.at))
        return self.note(self.panel.begin(asked, Guise("es", "Europe/Madrid", 70)))

    def touch(self, *keys: str) -> list[Effect]:
        done: list[Effect] = []
        for key in keys:
            done = self.note(self.panel.handle(PanelTouched(moment(self.at), key)))
        return done

    def open(self) -> Bench:
        self.ask()
        self.touch(*PIN, Key.OK)
        assert isinstance(self.page, PanelLines)
        return self

    def shows(self, kind: type[Page]) -> bool:
        """Whether such a page is on the glass now."""
        return isinstance(self.page, kind)

    def pass_time(self, ms: int) -> list[Effect]:
        """As a loop would: woken whenever it asked to be."""
        done, until = [], self.at + ms
        while self.panel.deadline is not None and self.panel.deadline <= until:
            self.at = max(self.at, self.panel.deadline)
            done += self.note(self.panel.handle(Woke(moment(self.at))))
        self.at = until
        return done

    def press(self, face: Face) -> list[Effect]:
        at = moment(self.at)
        return self.note(self.panel.handle(FaceTouched(at, face, Input.BUTTON, at)))

    def sell(self) -> list[Effect]:
        sale = SaleSeen(moment(self.at), "5a" * 16, SaleSource.RECEIPT)
        return self.note(self.panel.handle(sale))


def test_the_gesture_asks_for_the_pin_and_shows_nothing_else() -> None:
    bench = Bench()
    bench.ask()
    assert bench.page == PinPad("es", "k-012-03")
    assert bench.panel.is_open
    assert bench.touch(Key.MORE, Key.EXPORT, Key.RESTART, Kind.TOUCH) is not None
    assert isinstance(bench.page, PinPad)


def test_the_pin_opens_the_lines_and_they_are_read_every_second() -> None:
    bench = Bench().open()
    read = Readings(moment(bench.at), "1.4.0", pins=(5, 6, 13))
    bench.note(bench.panel.handle(Inspected(moment(bench.at), read)))
    assert isinstance(bench.page, PanelLines)
    assert [line.part for line in bench.page.lines] == list(Part)
    assert bench.pass_time(3 * LOOK_MS).count(Inspect()) == 3


def test_how_often_the_pin_was_wrong_is_noted_before_it_is_told() -> None:
    bench = Bench()
    bench.ask()
    for count in (1, 2):
        first, shown = bench.touch(*"1111", Key.OK)
        assert first == NoteWrongPins(count)
        assert isinstance(shown, Show)
        bench.pass_time(10_000)
    assert bench.touch(*PIN, Key.OK)[0] == NoteWrongPins(0)


def test_a_wrong_pin_waits_also_when_the_pad_was_closed_meanwhile() -> None:
    bench = Bench()
    bench.ask()
    bench.touch(*"1111", Key.OK)
    assert isinstance(bench.page, PinPad)
    assert bench.page.wrong
    bench.touch(Key.CLOSE)
    assert not bench.panel.is_open
    bench.ask()
    assert isinstance(bench.page, PinPad)
    assert bench.page.wait_seconds == 2
    bench.touch(*PIN, Key.OK)
    assert bench.shows(PinPad)
    bench.pass_time(2_000)
    assert bench.shows(PinPad)
    bench.touch(*PIN, Key.OK)
    assert bench.shows(PanelLines)


def test_the_seconds_of_a_wait_run_on_the_glass() -> None:
    bench = Bench()
    bench.ask()
    bench.touch(*"1111", Key.OK)
    bench.pass_time(LOOK_MS)
    assert isinstance(bench.page, PinPad)
    assert bench.page.wait_seconds == 1


def test_the_pad_ends_by_itself_and_gives_way_to_a_sale() -> None:
    bench = Bench()
    bench.ask()
    bench.pass_time(PAD_MS)
    assert not bench.panel.is_open
    bench.ask()
    bench.sell()
    assert not bench.panel.is_open


def test_the_panel_ends_two_minutes_after_the_last_touch_and_not_at_a_sale() -> None:
    bench = Bench().open()
    bench.sell()
    bench.pass_time(IDLE_MS - 1)
    assert bench.panel.is_open
    bench.touch(Key.MORE)
    bench.pass_time(IDLE_MS - 1)
    assert bench.panel.is_open
    bench.pass_time(1)
    assert (bench.panel.is_open, bench.panel.deadline) == (False, None)


@pytest.mark.parametrize("close", [PanelTouched(moment(), Key.CLOSE), LeaveTouched(moment())])
def test_it_can_be_closed(close: PanelTouched | LeaveTouched) -> None:
    bench = Bench().open()
    assert bench.panel.handle(close) == [Light(False)]
    assert not bench.panel.is_open
    assert bench.panel.handle(PanelTouched(moment(), Key.MORE)) == []


def test_asking_again_while_it_is_open_changes_nothing() -> None:
    bench = Bench().open()
    assert bench.ask() == []
    assert isinstance(bench.page, PanelLines)


class TestTrials:
    def begin(self, kind: Kind) -> tuple[Bench, list[Effect]]:
        bench = Bench().open()
        bench.touch(Key.MORE)
        return bench, bench.touch(kind)

    def verdicts(self, bench: Bench) -> dict[Kind, Verdict]:
        assert isinstance(bench.page, PanelTools)
        return dict(bench.page.verdicts)

    def test_touch_passes_after_nine_targets(self) -> None:
        bench, _ = self.begin(Kind.TOUCH)
        bench.touch(*TARGETS[:-1])
        assert isinstance(bench.page, PanelTrial)
        assert bench.page.done == frozenset(TARGETS[:-1])
        bench.touch(TARGETS[-1])
        assert self.verdicts(bench) == {Kind.TOUCH: Verdict.PASSED}

    def test_buttons_are_lit_and_pass_after_all_three(self) -> None:
        bench, began = self.begin(Kind.BUTTONS)
        assert Light(True) in began
        for face in Face:
            bench.press(face)
        assert self.verdicts(bench) == {Kind.BUTTONS: Verdict.PASSED}

    def test_a_face_on_the_glass_is_no_button(self) -> None:
        bench, _ = self.begin(Kind.BUTTONS)
        at = moment(bench.at)
        assert bench.panel.handle(FaceTouched(at, Face.SAD, Input.TOUCH, at)) == []

    def test_the_till_passes_with_a_sale(self) -> None:
        bench, _ = self.begin(Kind.TILL)
        bench.sell()
        assert self.verdicts(bench) == {Kind.TILL: Verdict.PASSED}

    def test_the_sound_is_heard_again_on_demand_and_judged_by_a_person(self) -> None:
        bench, began = self.begin(Kind.SOUND)
        (spoken,) = [effect for effect in began if isinstance(effect, Say)]
        assert (spoken.language, spoken.volume) == ("es", 70)
        assert bench.touch(Key.AGAIN) == [spoken]
        bench.touch(NO)
        assert self.verdicts(bench) == {Kind.SOUND: Verdict.FAILED}

    def test_the_screen_shows_its_colours_and_then_asks(self) -> None:
        bench, _ = self.begin(Kind.SCREEN)
        bench.touch(*[NEXT] * COLOURS, YES)
        assert self.verdicts(bench) == {Kind.SCREEN: Verdict.PASSED}

    def test_nothing_for_a_minute_is_a_failure_and_the_panel_stays(self) -> None:
        bench, _ = self.begin(Kind.TILL)
        bench.pass_time(PATIENCE_MS)
        assert self.verdicts(bench) == {Kind.TILL: Verdict.FAILED}
        assert bench.panel.is_open

    def test_a_verdict_stands_until_it_is_tried_again(self) -> None:
        bench, _ = self.begin(Kind.SOUND)
        bench.touch(NO, Key.CLOSE)
        bench.open().touch(Key.MORE)
        assert self.verdicts(bench) == {Kind.SOUND: Verdict.FAILED}
        bench.touch(Kind.SOUND, YES)
        assert self.verdicts(bench) == {Kind.SOUND: Verdict.PASSED}


def test_a_button_that_is_pressed_while_the_lines_stand_is_told_as_tested() -> None:
    bench = Bench().open()
    read = Readings(moment(bench.at), "1.4.0", pins=(5, 6, 13))
    bench.note(bench.panel.handle(Inspected(moment(bench.at), read)))

    def sign() -> Sign:
        assert isinstance(bench.page, PanelLines)
        return next(line.sign for line in bench.page.lines if line.part is Part.BUTTONS)

    for face in Face:
        assert sign() is Sign.LOOK
        bench.press(face)
    assert sign() is Sign.WELL


def test_identifying_blinks_glass_and_lamp_for_ten_seconds() -> None:
    bench = Bench().open()
    bench.touch(Key.MORE, Key.IDENTIFY)
    assert bench.shows(Identifying)
    blinks = [e for e in bench.pass_time(IDENTIFY_MS) if isinstance(e, Light)]
    assert len(blinks) >= IDENTIFY_MS // BLINK_MS - 1
    assert {blink.on for blink in blinks} == {True, False}
    assert not blinks[-1].on
    assert bench.shows(PanelTools)


def test_a_restart_is_asked_for_twice() -> None:
    bench = Bench().open()
    bench.touch(Key.MORE, Key.RESTART)
    assert isinstance(bench.page, PanelTools)
    assert bench.page.asked is Key.RESTART
    bench.touch(Key.EXPORT)
    assert Restart() not in bench.touch(Key.RESTART)
    assert bench.touch(Key.RESTART)[-1] == Restart()
    assert not bench.panel.is_open


def test_a_diagnostic_file_is_written_and_told() -> None:
    bench = Bench().open()
    bench.touch(Key.MORE)
    assert bench.touch(Key.EXPORT)[0] == Export()
    bench.note(bench.panel.handle(Exported(moment(bench.at), "/data/k.json")))
    assert isinstance(bench.page, PanelTools)
    assert bench.page.exported == "/data/k.json"


KEYS = [*Key, *Kind, *TARGETS, *PIN, YES, NO, NEXT, "", "nonsense"]


@settings(deadline=None, max_examples=30)
@given(steps=st.lists(st.sampled_from(KEYS) | st.sampled_from([0, 900, 30_000]), max_size=25))
def test_whatever_is_touched_it_is_shut_two_minutes_later(steps: list[str | int]) -> None:
    bench = Bench().open()
    for step in steps:
        if isinstance(step, int):
            bench.pass_time(step)
        else:
            bench.touch(step)
        assert (bench.panel.deadline is None) == (not bench.panel.is_open)
    bench.pass_time(IDLE_MS + PATIENCE_MS)
    assert not bench.panel.is_open
