"""A small project under git that could be released, to be spoiled by each test in its own way."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "semblante"
version = "1.2.3"
requires-python = ">=3.11"
dependencies = ["structlog>=25"]

[project.optional-dependencies]
kiosk = ["msgspec"]
hub = ["jinja2"]

[dependency-groups]
build = ["hatchling"]

[tool.hatch.build.targets.wheel]
packages = ["shared"]
"""
GIT = {
    "GIT_AUTHOR_DATE": "2026-11-23T10:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-23T10:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@semblante.test"]
    subprocess.run(
        ["git", *who, *words],
        cwd=root,
        env={**os.environ, **GIT},
        check=True,
        capture_output=True,
        timeout=20,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "shared").mkdir(parents=True)
    (root / "shared" / "__init__.py").write_text('"""Words."""\n')
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "SECURITY.md").write_text("# Security\n\n**Report a weakness to:** weak@tienda.es\n")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.3 – today\n")
    (root / "docs").mkdir()
    (root / "docs" / "support.md").write_text("| 1.2 | 2031-11-24 | new |\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All of it")
    return root
