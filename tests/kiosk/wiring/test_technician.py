"""Without a PIN there is no panel, and it tries only what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.effects import Page, Show
from kiosk.core.events import PanelAsked, PanelTouched
from kiosk.core.panel import Guise
from kiosk.core.panel_pages import Key, PanelLines, PinPad
from kiosk.core.passcode import Throttle, hashed
from kiosk.core.ports import WRONG_PINS
from kiosk.core.trials import Kind
from kiosk.settings import Settings
from kiosk.wiring.technician import kinds_of, panel_of, throttle_of
from kiosk.wiring.whole import Kiosk
from shared.places import kiosk_id
from tests.fakes.clock import FakeClock
from tests.kiosk.samples import moment
from tests.kiosk.wiring.samples import headless

PIN = "2580"
PANEL = f'[panel]\npin = "{hashed(PIN, b"salt" * 4)}"\n'


def test_without_a_pin_there_is_no_panel(tmp_path: Path) -> None:
    assert panel_of(headless(tmp_path)) is None
    panel = panel_of(headless(tmp_path, PANEL))
    assert panel is not None
    assert not panel.is_open


def test_on_a_closed_kiosk_nobody_tries_what_nobody_listens_to(tmp_path: Path) -> None:
    wired = f"[buttons]\nsad = 5\nneutral = 6\nhappy = 13\n{PANEL}"
    panel = panel_of(headless(tmp_path, wired), closed=True)
    assert panel is not None
    panel.begin(PanelAsked(moment(1)), Guise("es"))
    shown = [
        effect
        for key in ("2", "5", "8", "0", Key.OK)
        for effect in panel.handle(PanelTouched(moment(2), key))
    ]
    page = [effect.page for effect in shown if isinstance(effect, Show)][-1]
    assert isinstance(page, PanelLines)
    assert page.kinds == (Kind.TOUCH, Kind.SCREEN)


def test_what_is_not_configured_is_not_tried(tmp_path: Path) -> None:
    assert kinds_of(headless(tmp_path)) == (Kind.TOUCH, Kind.SCREEN)
    wired = "[sound]\n[drawer]\npin = 17\n[buttons]\nsad = 5\nneutral = 6\nhappy = 13"
    assert kinds_of(headless(tmp_path, wired)) == tuple(Kind)


@pytest.mark.parametrize("kept", [None, b"", b"0", b"-3", b"many", b"\xff", b"9" * 500])
def test_a_count_of_wrong_pins_that_cannot_be_read_keeps_nobody_out(kept: bytes | None) -> None:
    assert throttle_of(kept, moment(7)) == Throttle()


def test_a_restart_is_no_way_around_the_wait_after_a_wrong_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr("kiosk.wiring.whole.SystemClock", lambda **_: clock)
    settings = headless(tmp_path, PANEL)
    with knocked_at(settings, "1111") as page:
        assert page.wrong
    clock.boot = 500  # the plug was pulled
    with knocked_at(settings, PIN) as page:
        assert (page.typed, page.wait_seconds) == (0, 2)
    clock.advance(2_000)
    with knocked_at(settings, "") as page:
        assert page.wait_seconds == 2, "waiting while it is off, or before it starts, is no waiting"


def test_the_right_pin_forgives_the_wrong_ones_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr("kiosk.wiring.whole.SystemClock", lambda **_: clock)
    settings = headless(tmp_path, PANEL)
    with closing(SqliteOutbox(settings.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(WRONG_PINS, b"1")
    with ExitStack() as stack:
        kiosk = Kiosk(settings, stack)
        kiosk.start()
        clock.advance(2_000)
        assert isinstance(knock(kiosk, PIN), PanelLines)
    with knocked_at(settings, "") as page:
        assert page.wait_seconds == 0


@contextmanager
def knocked_at(settings: Settings, pin: str) -> Iterator[PinPad]:
    """A kiosk is started, and somebody types this; it runs as long as the block."""
    with ExitStack() as stack:
        kiosk = Kiosk(settings, stack)
        kiosk.start()
        page = knock(kiosk, pin)
        assert isinstance(page, PinPad)
        yield page


def knock(kiosk: Kiosk, pin: str) -> Page:
    """What is on the glass when the loop has heard all of it."""
    now = kiosk._clock.now()
    kiosk._post(PanelAsked(now))
    for key in (*pin, *([Key.OK] if pin else [])):
        kiosk._post(PanelTouched(now, key))
    kiosk._loop.stop()  # it hears what is in its inbox first
    page: Page = kiosk.screen.page  # type: ignore[attr-defined]
    return page
