"""The commands about questionnaires, as whoever runs a hub would type them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.questionnaires import to_yaml
from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures
from tests.shared.questionnaires import EVERY_KIND

pytestmark = pytest.mark.usefixtures("logs_as_before")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "every.yaml"
    file.write_text(to_yaml(EVERY_KIND))
    return file


def test_a_file_is_checked_kept_sent_and_taken_back(ready: Run, file: Path) -> None:  # noqa: F811
    assert ready("questionnaire", "check", str(file))[:2] == (
        0,
        "q can be shown: 7 questions in es, en.\n",
    )
    assert ready("questionnaire", "import", str(file))[0] == 0
    assert "version 1, a draft" in ready("questionnaire", "list")[1]
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1")[0] == 0
    assert ready("questionnaire", "send", "q", "--store", "centro")[0] == 0
    listed = ready("questionnaire", "list")[1]
    assert "draft" not in listed
    assert "centro" in listed
    assert "0 of 1 kiosks have it" in listed
    assert ready("questionnaire", "export", "q")[1] == file.read_text()
    assert ready("questionnaire", "import", str(file))[0] == 0
    assert "version 2, a draft" in ready("questionnaire", "list")[1]
    assert ready("questionnaire", "recall", "q", "--store", "centro")[0] == 0
    assert "kiosks have it" not in ready("questionnaire", "list")[1]


def test_the_address_of_a_display_is_made_printed_again_and_replaced(ready: Run) -> None:  # noqa: F811
    code, made, _ = ready("display", "centro")
    assert code == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/display/centro/[0-9a-f]{32}\n", made)
    assert ready("display", "centro")[1] == made
    assert ready("display", "centro", "--replace")[1] != made
    assert ready("display", "nowhere")[0] == 1


def test_what_would_make_somebody_known_is_pointed_at(ready: Run, file: Path) -> None:  # noqa: F811
    file.write_text(file.read_text().replace("es: foot", "es: La cajera Marta"))
    code, said, _ = ready("questionnaire", "check", str(file))
    assert code == 0
    assert "to be thought about: questions.came.choices.foot.text.es: reads like a name" in said


def test_every_fault_is_told_with_its_line(ready: Run, file: Path) -> None:  # noqa: F811
    lines = file.read_text().replace("es: mood", "es: ''").replace("kind: stars", "kind: rating")
    file.write_text(lines)
    code, _, told = ready("questionnaire", "import", str(file))
    assert code == 1
    assert "✗ line 20: questions.tidy.kind: “rating” is none of faces" in told
    file.write_text(lines.replace("kind: rating", "kind: stars"))
    for command in ("check", "import"):
        code, _, told = ready("questionnaire", command, str(file))
        assert (code, "✗ line 12: questions.mood.text.es: is not written" in told) == (1, True)
    assert ready("questionnaire", "import", str(file), "--draft")[0] == 0
    code, _, told = ready("questionnaire", "send", "q", "--store", "centro")
    assert (code, "questions.mood.text.es: is not written" in told) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere.yaml"),
        ("send", "nobody", "--store", "centro"),
        ("recall", "nobody", "--store", "centro"),
        ("export", "nobody"),
        ("send", "q", "--store", "elsewhere"),
        ("send", "q", "--store", "../x"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_said_with_a_hint(ready: Run, words: tuple[str, ...]) -> None:  # noqa: F811
    code, _, told = ready("questionnaire", *words)
    assert code == 1
    assert told.startswith("✗ ")
    assert "  → " in told


def test_a_file_that_is_no_text_is_refused(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    for name, what in (("a", b"\xff\xfe\x00"), ("b", b"x" * 2_000_000), ("c", b"")):
        (tmp_path / name).write_bytes(what)
        assert ready("questionnaire", "check", str(tmp_path / name))[0] == 1


def test_waits_are_joined_anew_and_a_day_must_be_one(ready: Run) -> None:  # noqa: F811
    code, said, _ = ready("waits", "join", "--since", "2026-11-01")
    assert (code, said) == (0, "0 answers are joined anew, 0 of them to a wait.\n")
    assert ready("waits", "join", "--since", "soon")[0] == 2
