"""What git knows: files as they were committed, with a date and a name."""

from __future__ import annotations

from pathlib import Path

from deploy.release.source import commit, committed_at, uncommitted, unpack
from tests.deploy.release.conftest import git


def test_what_is_laid_out_is_what_was_committed(project: Path, tmp_path: Path) -> None:
    (project / "SECURITY.md").write_text("changed since")
    (project / "secret.pem").write_text("never committed")
    unpack(project, "HEAD", tmp_path / "tree")
    assert "weak@tienda.es" in (tmp_path / "tree" / "SECURITY.md").read_text()
    assert not (tmp_path / "tree" / "secret.pem").exists()
    assert not (tmp_path / "tree" / ".git").exists()
    assert [line[3:] for line in uncommitted(project)] == ["SECURITY.md", "secret.pem"]


def test_a_commit_has_a_moment_and_a_name(project: Path) -> None:
    assert committed_at(project, commit(project)) == 1_795_428_000
    assert len(commit(project)) == 40


def test_what_is_committed_meanwhile_is_another_release(project: Path, tmp_path: Path) -> None:
    name = commit(project)
    (project / "SECURITY.md").write_text("changed since")
    git(project, "commit", "-q", "-a", "-m", "Meanwhile")
    unpack(project, name, tmp_path / "tree")
    assert "weak@tienda.es" in (tmp_path / "tree" / "SECURITY.md").read_text()
