"""The documentation is under test: what it names exists, and what exists is named."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from shared.topics import Channel
from tests.drills.faults import Kind
from tests.drills.safeguards import SAFEGUARDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
EVERYTHING = "\n".join(page.read_text() for page in PAGES)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not broken


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"`make ([a-z-]+)", EVERYTHING))
    assert named <= make_targets()


def test_every_make_target_has_a_sentence_in_the_menu_and_works_from_there() -> None:
    menu = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    ).stdout
    assert all(f"make {target} " in menu for target in make_targets())


def test_every_file_of_ours_that_is_named_exists() -> None:
    pattern = r"`((?:kiosk|hub|shared|tests|docs|deploy)/[\w./-]+)`"
    missing = {path for path in re.findall(pattern, EVERYTHING) if not (ROOT / path).exists()}
    assert not missing


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_is_in_the_protocol(channel: Channel) -> None:
    assert f"| `{channel.value}` |" in (ROOT / "docs" / "protocol.md").read_text()


def test_every_decision_is_in_the_index() -> None:
    pages = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("0*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert pages == sorted(re.findall(r"\]\((0[^)]+)\)", index))


def test_every_page_of_the_manual_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = [(page.parent / link).resolve() for link in LINK.findall(page.read_text())]
        waiting += [link for link in links if link.suffix == ".md" and link.exists()]
    assert {page.resolve() for page in PAGES} - reached == set()


def test_nothing_names_a_path_of_somebodys_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    ).stdout.split("\n")
    text = (".py", ".md", ".toml", ".txt", ".yaml", ".html", ".css", ".sh")
    foreign = re.compile(r"/(?:home|Users)/\w|/root/|[\w.-]+\.internal\b")
    for name in tracked:
        if name.endswith(text) and (ROOT / name).exists() and name != "tests/test_docs.py":
            assert not foreign.search((ROOT / name).read_text()), name


@pytest.mark.parametrize("name", ["reliability.md", "accessibility.md"])
def test_every_test_that_a_page_of_proofs_names_exists(name: str) -> None:
    page = (ROOT / "docs" / name).read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 30
    assert named <= set(re.findall(r"def (test_\w+)\(", tests))


@pytest.mark.parametrize("kind", Kind)
def test_every_fault_of_the_drill_stands_in_the_table(kind: Kind) -> None:
    table = (ROOT / "docs" / "reliability.md").read_text().partition("## Thirty faults")[2]
    assert f"“{kind.value}”" in table


def test_every_row_of_the_thirty_faults_is_there() -> None:
    table = (ROOT / "docs" / "reliability.md").read_text().partition("## Thirty faults")[2]
    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == [str(n) for n in range(1, 31)]


def test_every_safeguard_that_a_drill_removes_is_listed() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    assert all(f"| `{safeguard}` |" in page for safeguard in SAFEGUARDS)
