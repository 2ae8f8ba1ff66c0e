"""The tables [panel] and [sound] of kiosk.toml."""

from __future__ import annotations

from kiosk.core.passcode import hashed
from kiosk.core.service import (
    PanelSettings,
    SoundSettings,
    panel_settings_from,
    sound_settings_from,
)

KEPT = hashed("2580", b"salt" * 4)


def test_a_hashed_pin_makes_a_panel() -> None:
    assert panel_settings_from({"pin": KEPT}) == (PanelSettings(KEPT), [])
    settings, _ = panel_settings_from({"pin": KEPT, "diagnostics": "/data/diagnostics"})
    assert settings == PanelSettings(KEPT, "/data/diagnostics")


def test_a_pin_as_people_type_it_is_refused_and_not_repeated() -> None:
    settings, (fault,) = panel_settings_from({"pin": "2580"})
    assert settings is None
    assert "semblante-kiosk pin" in fault
    assert "2580" not in fault


def test_the_hash_is_not_shown_by_accident() -> None:
    assert KEPT not in repr(PanelSettings(KEPT))


def test_faults_are_told() -> None:
    assert panel_settings_from({})[1] == ["panel.pin: is missing"]
    assert panel_settings_from({"pin": KEPT, "pni": 1})[1] == [
        "panel.pni: nobody knows this key; did you mean “pin”?"
    ]
    assert sound_settings_from({"player": 5})[1] == [
        "sound.player: needs 1 to 1000 printable characters"
    ]


def test_an_empty_table_is_a_speaker_with_the_usual_program() -> None:
    assert sound_settings_from({}) == (SoundSettings("voices", "aplay"), [])
