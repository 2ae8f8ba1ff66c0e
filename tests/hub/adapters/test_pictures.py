"""Pictures by the kiosk's own program: drawn once, bounded, and nothing where it fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import hub.adapters.pictures
from hub.adapters.pictures import DrawnPictures
from hub.core.pictures import PAGES, Glass
from shared.notices import KioskSettings, Phone
from shared.programme import default_programme
from shared.wire import decode
from tests.shared.questionnaires import EVERY_KIND, both

PNG = b"\x89PNG\r\n\x1a\n"
GLASS = Glass("es")

Program = Callable[[str], DrawnPictures]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program in Python that is run in the kiosk's place; each run leaves a line in `runs`."""

    def made(body: str) -> DrawnPictures:
        file = tmp_path / "draws.py"
        file.write_text(
            f"import os, pathlib, sys, time\nopen({str(tmp_path / 'runs')!r}, 'a').write("
            "repr((sys.argv[1:], sorted({*os.environ} - {'LC_CTYPE'}))) + '\\n')\n"
            "words = dict(zip(sys.argv[2::2], sys.argv[3::2]))\n"
            "into = pathlib.Path(words['--into']); into.mkdir()\n" + body
        )
        return DrawnPictures((sys.executable, str(file)))

    return made


def runs(tmp_path: Path) -> list[str]:
    file = tmp_path / "runs"
    return file.read_text().splitlines() if file.exists() else []


ALL = (
    "for n, name in enumerate('mood friend tidy came bought order more'.split(), 1):\n"
    f"    (into / f'{{n}}-{{name}}.png').write_bytes({PNG!r} + name.encode())\n"
)


def test_a_questionnaire_is_drawn_at_once_and_kept(program: Program, tmp_path: Path) -> None:
    pictures = program(ALL)
    assert pictures.available
    for name in ("tidy", "more", "tidy"):
        assert pictures.picture(EVERY_KIND, name, GLASS) == PNG + name.encode()
    assert len(runs(tmp_path)) == 1
    changed = replace(EVERY_KIND, title=both("Another"))
    assert pictures.picture(changed, "tidy", GLASS) is not None
    assert len(runs(tmp_path)) == 1, "nothing of the title is on that page"
    other = replace(EVERY_KIND.questions[2], text=both("Another"))
    questions = (*EVERY_KIND.questions[:2], other, *EVERY_KIND.questions[3:])
    pictures.picture(replace(EVERY_KIND, questions=questions), "tidy", GLASS)
    pictures.picture(EVERY_KIND, "tidy", Glass("es", "1280x800", night=True))
    assert len(runs(tmp_path)) == 3
    assert "'--size', '1280x800'" in runs(tmp_path)[2]
    assert "'--night'" in runs(tmp_path)[2]


def test_the_pages_around_a_sale_are_drawn_at_once_and_kept(
    program: Program, tmp_path: Path
) -> None:
    pictures = program(
        "for n, name in enumerate('resting asking thanks'.split(), 1):\n"
        f"    (into / f'{{n}}-{{name}}.png').write_bytes({PNG!r} + name.encode())\n"
    )
    settings = default_programme(7)
    for name in PAGES:
        assert pictures.page(settings, name, GLASS) == PNG + name.encode()
    phone = Phone("https://a.example", "0" * 64)
    assert pictures.page(replace(settings, serial=8, phone=phone), "asking", GLASS) is not None
    assert len(runs(tmp_path)) == 1, "nothing of serial and phone is seen"
    assert "'--pages'" in runs(tmp_path)[0]
    pictures.page(replace(settings, question={"es": "¿Y bien?"}), "asking", GLASS)
    assert len(runs(tmp_path)) == 2
    assert program("sys.exit(2)").page(settings, "thanks", GLASS) is None


def test_a_draft_in_no_language_yet_is_drawn(program: Program) -> None:
    assert program(ALL).picture(replace(EVERY_KIND, languages=()), "mood", GLASS) is not None


def test_the_program_gets_settings_that_a_kiosk_reads_and_none_of_our_environment(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMBLANTE_BROKER__PASSWORD", "secret")
    kept = tmp_path / "settings"
    copy = f"import shutil; shutil.copy(words['--settings'], {str(kept)!r})\n"
    assert program(copy + ALL).picture(EVERY_KIND, "mood", GLASS) is not None
    assert decode(KioskSettings, kept.read_bytes()).questionnaire == EVERY_KIND
    assert "SEMBLANTE" not in runs(tmp_path)[0]
    assert runs(tmp_path)[0].endswith("['HOME', 'KIVY_HOME', 'PATH'])"), "LC_CTYPE is Python's own"


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(1)",
        "",
        "(into / '1-mood.png').write_bytes(b'<svg>')",
        "(into / '1-mood.png').mkdir()",
        f"(into / '1-mood.png').write_bytes({PNG!r} + bytes(2_000_000))",
        "os.symlink('/etc/hostname', into / '1-mood.png')",
    ],
)
def test_what_is_no_picture_is_none(program: Program, body: str) -> None:
    assert program(body).picture(EVERY_KIND, "mood", GLASS) is None


def test_a_program_that_hangs_is_ended(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.adapters.pictures, "LONGEST_S", 0.5)
    assert program("time.sleep(60)").picture(EVERY_KIND, "mood", GLASS) is None


def test_where_there_is_no_program_there_is_no_picture() -> None:
    for command in ((), ("no-such-program-anywhere",), ("./hub",)):
        pictures = DrawnPictures(command)
        assert not pictures.available
        assert pictures.picture(EVERY_KIND, "mood", GLASS) is None


def test_many_who_ask_at_once_wait_for_one_drawing(program: Program, tmp_path: Path) -> None:
    pictures, found = program("time.sleep(0.3)\n" + ALL), []
    askers = [
        threading.Thread(target=lambda: found.append(pictures.picture(EVERY_KIND, "mood", GLASS)))
        for _ in range(hub.adapters.pictures.MOST_WAITING)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(20)
    assert found == [PNG + b"mood"] * len(askers)
    assert len(runs(tmp_path)) == 1


def test_what_was_drawn_long_ago_is_forgotten(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.adapters.pictures, "MOST_KEPT", 7)
    pictures = program(ALL)
    for size in ("800x480", "480x800", "800x480"):
        pictures.picture(EVERY_KIND, "mood", Glass("es", size))
    assert len(runs(tmp_path)) == 3
