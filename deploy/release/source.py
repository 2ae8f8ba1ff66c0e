"""What git knows of this tree: what is not committed, when the last commit was, what it holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

from shared.errors import ReleaseRefused


def _git(root: Path, *words: str) -> bytes:
    try:
        return subprocess.run(  # noqa: S603 (our own words, no shell)
            ["git", *words],  # noqa: S607 (the git of whoever releases)
            cwd=root,
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
    except (subprocess.SubprocessError, OSError) as fault:
        raise ReleaseRefused(f"git cannot say what this tree is: {fault}") from fault


def uncommitted(root: Path) -> tuple[str, ...]:
    """Every file that is not as it was committed, also new ones that nobody added."""
    return tuple(_git(root, "status", "--porcelain").decode().splitlines())


def commit(root: Path) -> str:
    """The last commit's name, by which all else is asked: another may follow meanwhile."""
    return _git(root, "rev-parse", "HEAD").decode().strip()


def committed_at(root: Path, name: str) -> int:
    """When a commit was made (s since 1970): the date of everything in its release."""
    return int(_git(root, "log", "-1", "--format=%ct", name))


def unpack(root: Path, name: str, into: Path) -> None:
    """Lay out what was committed, and nothing that merely lies about here."""
    into.mkdir(parents=True, exist_ok=True)
    words = ["tar", "--extract", f"--directory={into}"]
    subprocess.run(words, input=_git(root, "archive", name), check=True, timeout=60)  # noqa: S603
