"""What git knows: files as they were committed, with a date and a name."""

from __future__ import annotations

from pathlib import Path

from deploy.release.source import commit, committed_at, uncommitted, unpack


def test_what_is_laid_out_is_what_was_committed(project: Path, tmp_path: Path) -> None:
    (project / "SECURITY.md").write_text("changed since")
    (project / "secret.pem").write_text("never committed")
    unpack(project, tmp_path / "tree")
    assert "weak@tienda.es" in (tmp_path / "tree" / "SECURITY.md").read_text()
    assert not (tmp_path / "tree" / "secret.pem").exists()
    assert not (tmp_path / "tree" / ".git").exists()
    assert [line[3:] for line in uncommitted(project)] == ["SECURITY.md", "secret.pem"]


def test_a_commit_has_a_moment_and_a_name(project: Path) -> None:
    assert committed_at(project) == 1_795_428_000
    assert len(commit(project)) == 40
