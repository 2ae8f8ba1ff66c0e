"""Without a PIN there is no panel, and it tries only what is there."""

from __future__ import annotations

from pathlib import Path

from kiosk.core.effects import Show
from kiosk.core.events import PanelAsked, PanelTouched
from kiosk.core.panel import Guise
from kiosk.core.panel_pages import Key, PanelLines
from kiosk.core.passcode import hashed
from kiosk.core.trials import Kind
from kiosk.wiring.technician import kinds_of, panel_of
from tests.kiosk.samples import moment
from tests.kiosk.wiring.samples import headless

PANEL = f'[panel]\npin = "{hashed("2580", b"salt" * 4)}"\n'


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
