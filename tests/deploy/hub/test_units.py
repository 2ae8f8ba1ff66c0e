"""The units of a server, as systemd itself judges them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.hub.services import FOLDER

UNITS = sorted(FOLDER.glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_may_do_hardly_anything(unit: Path) -> None:
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-400:]
    assert "exposure level" in judged.stdout


def test_systemd_understands_every_line_of_them() -> None:
    judged = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(FOLDER.iterdir())],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    ours = [line for line in judged.stderr.splitlines() if "semblante" in line]
    assert [line for line in ours if "is not executable" not in line] == []
