"""What keeps a release from being built: nobody to report to, work that is not committed, a
version of which nobody tells or that nobody will look after."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from deploy.release.source import committed_at, uncommitted
from shared.errors import ReleaseRefused

_ADDRESS_LINE: Final = re.compile(r"^\*\*Report a weakness to:\*\*[ \t]*(.*)$", re.MULTILINE)
_MAIL: Final = re.compile(r"[\w.+-]+@(?P<host>(?:[\w-]+\.)+[a-z]{2,})", re.ASCII | re.IGNORECASE)
_PAGE: Final = re.compile(r"https://(?P<host>(?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.ASCII)
_SUPPORT_DAYS: Final = 5 * 365 + 1  # five years hold one leap day at least
_NOBODYS: Final = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)$")
"""Names that RFC 2606 keeps for examples: whoever writes there reaches nobody."""


def version_of(root: Path) -> str:
    """The version that this tree says it is."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def reporting_address(page: str) -> str | None:
    """Where weaknesses are reported, if SECURITY.md names an address at which somebody can be."""
    line = _ADDRESS_LINE.search(page)
    written = line.group(1).strip().strip("<>`") if line else ""
    found = _MAIL.fullmatch(written) or _PAGE.fullmatch(written)
    return written if found and not _NOBODYS.search(found["host"].lower()) else None


def has_heading(changelog: str, version: str) -> bool:
    """Whether the changelog tells of this version under a heading of its own."""
    return re.search(rf"^## {re.escape(version)}(?:\s|$)", changelog, re.MULTILINE) is not None


def supported_until(page: str, version: str) -> date | None:
    """Until when docs/support.md promises security updates for this version's row."""
    row = re.escape(".".join(version.split(".")[:2]))
    found = re.search(rf"^\| {row} \| (\d{{4}}-\d\d-\d\d) \|", page, re.MULTILINE)
    return date.fromisoformat(found.group(1)) if found else None


def _support(root: Path, version: str) -> str | None:
    until = supported_until((root / "docs" / "support.md").read_text(), version)
    built = datetime.fromtimestamp(committed_at(root, "HEAD"), UTC).date()
    if until is not None and (until - built).days >= _SUPPORT_DAYS:
        return None
    return (
        f"docs/support.md promises security updates for {version} until "
        f"{until or 'no day at all'}: give it a row that ends five years from now at the soonest"
    )


def faults(root: Path) -> Iterator[str]:
    """Every reason against a release of this tree, each a sentence that says what to do."""
    if reporting_address((root / "SECURITY.md").read_text()) is None:
        yield (
            "SECURITY.md names nobody: after “Report a weakness to:” write an e-mail address or "
            "an https page that the owner reads every day"
        )
    version = version_of(root)
    if not has_heading((root / "CHANGELOG.md").read_text(), version):
        yield (
            f"CHANGELOG.md has no heading “## {version}”: put it above what is new, or set "
            "another version in pyproject.toml"
        )
    if support := _support(root, version):
        yield support
    if lines := uncommitted(root):
        shown = ", ".join(line[3:] for line in lines[:5])
        more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
        yield f"not committed: {shown}{more}; a release is built of what is committed alone"


def check(root: Path) -> None:
    """Let a release pass, or raise ReleaseRefused with every reason at once."""
    if found := tuple(faults(root)):
        raise ReleaseRefused(*found)
