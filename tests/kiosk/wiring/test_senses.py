"""Only what is configured is built, and a desktop is never dimmed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.absent import NoBacklight, NoVoice
from kiosk.adapters.backlight import SysBacklight
from kiosk.adapters.sound import Speaker
from kiosk.screen import scripts
from kiosk.wiring.senses import backlight_of, letters_are_there, voice_of
from tests.kiosk.wiring.samples import headless


def silent(code: str | None) -> None:
    pytest.fail(str(code))


def test_without_a_table_nothing_is_said(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assert isinstance(voice_of(headless(tmp_path), silent, stack), NoVoice)


def test_a_speaker_lives_as_long_as_the_kiosk(tmp_path: Path) -> None:
    with ExitStack() as stack:
        speaker = voice_of(headless(tmp_path, "[sound]"), silent, stack)
        assert isinstance(speaker, Speaker)
        assert speaker._thread.is_alive()
    assert not speaker._thread.is_alive()


@pytest.mark.parametrize(
    ("driver", "kind"),
    [("kmsdrm", SysBacklight), ("x11", NoBacklight), ("offscreen", NoBacklight)],
)
def test_only_a_glass_of_its_own_is_dimmed(tmp_path: Path, driver: str, kind: type) -> None:
    settings = headless(tmp_path)
    kiosk = replace(settings, screen=replace(settings.screen, driver=driver))
    assert isinstance(backlight_of(kiosk, silent), kind)


def test_a_language_that_cannot_be_drawn_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = replace(headless(tmp_path).screen, driver="offscreen")
    assert letters_are_there(screen, ("es", "ar"))
    monkeypatch.setattr(scripts, "raqm_is_there", lambda: False)
    assert not letters_are_there(screen, ("es", "ar"))
    assert letters_are_there(screen, ("es", "en"))
    assert letters_are_there(replace(screen, driver="none"), ("ar",))
