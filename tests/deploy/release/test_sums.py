"""SHA256SUMS is what sha256sum reads, and one turned bit is found by it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from deploy.release.sums import write_sums


def checked(folder: Path) -> int:
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, timeout=20, check=False
    ).returncode


def test_everybody_can_check_a_release_with_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "b.whl").write_bytes(b"wheel")
    (tmp_path / "a.json").write_bytes(b"bill")
    write_sums(tmp_path)
    assert [line.split("  ")[1] for line in write_sums(tmp_path).read_text().splitlines()] == [
        "a.json",
        "b.whl",
    ]
    assert checked(tmp_path) == 0
    (tmp_path / "b.whl").write_bytes(b"wheek")
    assert checked(tmp_path) != 0
