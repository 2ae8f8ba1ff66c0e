"""No release while nobody is named to report to, work lies about, or no heading tells of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from deploy.release.gate import (
    check,
    faults,
    has_heading,
    reporting_address,
    supported_until,
    version_of,
)
from shared.errors import ReleaseRefused

ROOT = Path(__file__).parents[3]


def page(address: str) -> str:
    return f"# Security\n\n**Report a weakness to:** {address}\n\nmore@words.es\n"


@pytest.mark.parametrize(
    "address",
    ["security@tienda.es", "<s.e-c+x@a.tienda.co.uk>", "https://tienda.es/security", "`a@b.io`"],
)
def test_an_address_at_which_somebody_can_be_lets_a_release_pass(address: str) -> None:
    assert reporting_address(page(address)) == address.strip("<>`")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "(nobody yet: whoever ships Semblante puts an address here)",
        "TODO",
        "the owner",
        "security@",
        "security@localhost",
        "security@example.com",
        "https://www.example.org/report",
        "security@shop.invalid",
        "security@EXAMPLE.com",
        "http://tienda.es/security",
        "security@tienda.es or so",
    ],
)
def test_a_placeholder_is_nobody(address: str) -> None:
    assert reporting_address(page(address)) is None


def test_an_address_further_down_is_not_taken_for_the_one_on_the_line() -> None:
    assert reporting_address("# Security\n\nWrite to weak@tienda.es\n") is None


def test_our_own_page_has_the_line_and_no_release_is_built_until_it_names_somebody() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    assert text.count("**Report a weakness to:**") == 1
    refused = any("SECURITY.md names nobody" in fault for fault in faults(ROOT))
    assert refused == (reporting_address(text) is None)


@pytest.mark.parametrize(
    ("changelog", "has"),
    [
        ("## 1.2.3\n", True),
        ("# Changelog\n\n## 1.2.3 – 2026-11-23\n", True),
        ("## Unreleased\n\n* 1.2.3 comes\n", False),
        ("## 1.2.30\n", False),
        ("## 1x2.3\n", False),
        ("### 1.2.3\n", False),
    ],
)
def test_a_version_needs_a_heading_of_its_own(changelog: str, has: bool) -> None:
    assert has_heading(changelog, "1.2.3") is has


def test_a_tree_without_fault_passes(project: Path) -> None:
    check(project)


def test_all_that_is_wrong_is_told_at_once(project: Path) -> None:
    (project / "SECURITY.md").write_text("# Security\n")
    (project / "CHANGELOG.md").write_text("# Changelog\n")
    (project / "docs" / "support.md").write_text("| 1.2 | 2031-11-22 | too soon |\n")
    for number in range(5):
        (project / f"forgotten-{number}").write_text("")
    with pytest.raises(ReleaseRefused) as refused:
        check(project)
    nobody, heading, support, dirty = refused.value.faults
    assert "SECURITY.md names nobody" in nobody
    assert "no heading “## 1.2.3”" in heading
    assert "security updates for 1.2.3 until 2031-11-22: give it a row" in support
    assert "CHANGELOG.md" in dirty
    assert "and 3 more" in dirty


@pytest.mark.parametrize(
    ("page", "until"),
    [
        ("| 1.2 | 2031-11-24 | new |\n", date(2031, 11, 24)),
        ("| 1.1 | 2030-01-01 | old |\n| 1.2 | 2032-01-01 |\n", date(2032, 1, 1)),
        ("| 1.20 | 2031-11-24 | other |\n", None),
        ("| 1.2 | for long | new |\n", None),
    ],
)
def test_a_version_is_looked_after_until_a_day_that_stands_in_the_table(
    page: str, until: date | None
) -> None:
    assert supported_until(page, "1.2.3") == until


def test_our_own_version_has_a_day_until_which_it_is_looked_after() -> None:
    page = (ROOT / "docs" / "support.md").read_text()
    assert supported_until(page, version_of(ROOT)) is not None


def test_a_new_file_that_nobody_added_stands_against_a_release(project: Path) -> None:
    (project / "shared" / "late.py").write_text("")
    assert list(faults(project)) == [
        "not committed: shared/late.py; a release is built of what is committed alone"
    ]


def test_a_folder_that_git_does_not_know_is_no_release(project: Path) -> None:
    shutil.rmtree(project / ".git")
    with pytest.raises(ReleaseRefused, match="git cannot say"):
        check(project)
