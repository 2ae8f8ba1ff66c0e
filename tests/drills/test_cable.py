"""Kiosks in networks of their own: cables pulled, addresses changed, no route; nothing is lost."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.drills import cable
from tests.drills.__main__ import ROOT


@pytest.mark.journey
@pytest.mark.timeout(180)
def test_whatever_happens_to_a_cable_nothing_is_lost_and_nothing_counted_twice() -> None:
    if not cable.may_be_laid():
        pytest.skip("no network namespace may be made here; the proxy drills the same faults")
    command = [sys.executable, "-m", "tests.drills", "--cables", "--seconds", "12"]
    drilled = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert drilled.returncode == 0, drilled.stdout + drilled.stderr
    assert ": 0 lost, 0 doubled.**" in drilled.stdout
    for fault in ("cable pulled", "address changed", "no route"):
        assert f"| {fault} |" in drilled.stdout
