"""The simulated till as a program: what it says it sold is what a kiosk hears."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.till import SerialTill
from kiosk.core.events import Event
from kiosk.core.tills import till_settings_from
from tests.kiosk.adapters.collecting import Collected

ROOT = Path(__file__).parents[2]


def test_every_sale_it_prints_is_heard_and_counted_on_its_output(tmp_path: Path) -> None:
    link = tmp_path / "till"
    posted: Collected[Event] = Collected()
    trouble: Collected[str | None] = Collected()
    settings, _ = till_settings_from({"kind": "receipt", "port": str(link)})
    assert settings is not None
    reader = SerialTill(
        settings, clock=SystemClock(), post=posted, trouble=trouble, retry_seconds=0.02
    )
    reader.start()
    try:
        printed = run_till(link, "--sales-per-hour", "36000", "--for", "3", "--seed", "4")
        sales = [json.loads(line)["sale"] for line in printed.splitlines()]
        posted.first(len(sales))
    finally:
        reader.close()
    assert len(sales) > 1  # some twenty; on a machine that does ten other things, fewer
    assert sales == list(range(1, len(posted.all) + 1))
    assert not link.is_symlink()


def test_where_nobody_listens_nothing_is_sold(tmp_path: Path) -> None:
    assert run_till(tmp_path / "till", "--sales-per-hour", "36000", "--for", "1") == ""


def run_till(link: Path, *options: str) -> str:
    """What the program writes until it ends."""
    command = [sys.executable, "-m", "tests.demo.till", "--port", str(link), *options]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stderr == ""
    return ended.stdout
