"""The pages about security say nothing that no test shows, and leave nothing out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk.core.tills import DoorSettings

ROOT = Path(__file__).parents[1]
TESTS = set(
    re.findall(
        r"def (test_\w+)\(", "\n".join(f.read_text() for f in (ROOT / "tests").rglob("test_*.py"))
    )
)
NAMED = re.compile(r"`(test_\w+)`")

CLAUSES = {  # of ETSI EN 303 645 V3.1.3, table B.1
    "5.0": "1 M",
    "5.1": "1 M, 2 M, 2A R, 3 M, 4 M, 5 M",
    "5.2": "1 M, 2 R, 3 R",
    "5.3": "1 R, 2 M, 3 M, 4A R, 4B R, 5 R, 6A R, 6B R, 7 M, 8 M, 9 R, 10 M, 11 R, 12 R, 13 M, "
    "14 R, 15A R, 15B R, 16 M",
    "5.4": "1 M, 2 M, 3 M, 4 M",
    "5.5": "1 M, 2 R, 3 R, 4 R, 5 M, 6 R, 7 M, 8 M",
    "5.6": "1 M, 2 M, 3 R, 4A M, 4B R, 5 R, 6 R, 7 R, 8 R, 9 R",
    "5.7": "1 R, 2 R",
    "5.8": "1 R, 2 M, 3 M",
    "5.9": "1 R, 2 R, 3 R",
    "5.10": "1 R",
    "5.11": "1 M, 2 R, 3 R, 4 R",
    "5.12": "1 R, 2 R, 3 R",
    "5.13": "1A M, 1B M",
    "6": "1 M, 2 M, 3A M, 3B M, 4 R, 5 M, 6 M, 7 R, 8 R",
}
PROVISIONS = [f"{clause}-{one}" for clause, ones in CLAUSES.items() for one in ones.split(", ")]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def rows(name: str, columns: int) -> list[list[str]]:
    """The cells of each row of the tables with so many columns, without their heads."""
    lines = [line for line in page(name).splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns and row[0] not in {"provision", "attempt"}
            and not set(row[0]) <= {"-"}]  # fmt: skip


ETSI = rows("etsi-en-303-645.md", 5)
THREATS = rows("threats.md", 4)


def test_every_provision_has_one_row_in_its_order() -> None:
    assert [row[0] for row in ETSI] == PROVISIONS
    assert len(PROVISIONS) == 78


@pytest.mark.parametrize("row", ETSI, ids=lambda row: row[0])
def test_what_is_not_met_says_why(row: list[str]) -> None:
    _, asked, state, how, tests = row
    assert asked
    assert state in {"met", "partly", "being built", "not met", "does not apply", "owner"}
    assert state not in {"not met", "does not apply"} or how.startswith("why: ")
    assert state != "met" or NAMED.search(tests), "met, and no test shows it"
    assert state != "being built" or NAMED.search(tests) or tests == "not yet tested"
    assert NAMED.search(tests) or tests == "not yet tested" or tests.startswith("none")
    assert state not in {"partly", "owner"} or tests != "none", "none: and why"


def test_the_provisions_are_counted_openly() -> None:
    states = Counter(row[2] for row in ETSI)
    assert (
        f"Of {len(ETSI)} provisions {states['met']} are met, {states['partly']} partly, "
        f"{states['being built']} being built, {states['not met']} not met, "
        f"{states['does not apply']} do not apply, {states['owner']} are the owner's."
    ) in page("etsi-en-303-645.md")


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0][:60])
def test_what_stands_against_a_threat_is_shown_by_a_test(row: list[str]) -> None:
    _, state, comes_of_it, tests = row
    assert comes_of_it
    assert state in {"stands", "being built", "open"}
    assert state != "stands" or NAMED.search(tests), "nothing shows that it stands"
    assert NAMED.search(tests) or tests == {"being built": "not yet tested"}.get(state, "none")


def test_the_threats_are_counted_openly() -> None:
    states = Counter(row[1] for row in THREATS)
    assert (
        f"Of {len(THREATS)} attempts {states['stands']} are stood against, "
        f"{states['being built']} are being built, {states['open']} are open."
    ) in page("threats.md")


@pytest.mark.parametrize("name", ["etsi-en-303-645.md", "threats.md", "works-council.md"])
def test_every_test_that_a_page_about_security_names_exists(name: str) -> None:
    named = set(NAMED.findall(page(name)))
    assert len(named) > 25
    assert named <= TESTS


def answers() -> list[str]:
    """Each answer to a works council, from its question to the next."""
    text = page("works-council.md").partition("## What an agreement could say")[0]
    return re.split(r"^(?=\*\*[^*]+\?\*\*$)", text, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("answer", answers(), ids=lambda answer: answer.partition("\n")[0])
def test_what_is_answered_names_its_test_or_says_why_there_is_none(answer: str) -> None:
    lines = answer.splitlines()
    last = [line for line in lines if line.startswith(("*Test:* `test_", "*No test:* "))]
    assert len(last) == 1
    assert len(lines) > 2, "a question and no answer"


def test_the_files_that_the_security_page_names_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def imported(path: Path) -> set[str]:
    """The modules that a file names in its imports, by their whole names."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names} | {str(node.module)}
    return found


SENSES = re.compile(
    r"(cv2|picamera2?|libcamera|v4l2|gi\.|imageio|sounddevice|pyaudio|alsaaudio|speech_recognition"
    r"|whisper|vosk|kivy\.(uix|core)\.(camera|video)|plyer)"
)


def test_no_program_of_the_kiosk_can_see_or_hear() -> None:
    """No module of a camera or microphone is imported, no such device or program is named."""
    for path in [*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]:
        assert not [name for name in imported(path) if SENSES.match(name)], path
        assert not re.search(r"/dev/video|arecord|parecord|rpicam|libcamera", path.read_text()), (
            path
        )


def test_the_kiosk_opens_no_port_but_the_door() -> None:
    """One file makes a server, for `[door]`, by default on the kiosk's own machine."""
    opens = re.compile(r"\b(?:\w*HTTPServer|\w*TCPServer|create_server|start_server)\b")
    named = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "kiosk").rglob("*.py")
        if opens.search(path.read_text())
    }
    assert named == {"kiosk/adapters/calls.py"}
    assert DoorSettings(token="0" * 32).host == "127.0.0.1"
