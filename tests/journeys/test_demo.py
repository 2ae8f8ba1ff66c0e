"""The demo itself: with everything killed in the middle, nothing thanked is lost or doubled."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.ground import Ground
from tests.demo.judge import seen
from tests.demo.show import Demo

pytestmark = [pytest.mark.journey, pytest.mark.screen]

UNSEEN_SALES = 1
"""A sale that a kiosk has read and not yet written when it is killed: a few milliseconds."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    ground = Ground(tmp_path / "demo", days=1)
    ground.prepare(seed=2, progress=lambda _: None)
    running = Demo(ground, seed=2)
    try:
        yield running
    finally:
        running.stop()
        running.engine.dispose()


def go_on_until_thanked(demo: Demo, more: int, seconds: float = 40) -> None:
    """Wait until so many more shoppers were thanked."""
    goal = seen(demo.logs).thanked + more
    deadline = time.monotonic() + seconds
    while seen(demo.logs).thanked < goal:
        fallen = demo.fallen()
        assert fallen is None, fallen and fallen.last_words()
        assert time.monotonic() < deadline, "nobody was thanked any more"
        time.sleep(0.1)


@pytest.mark.timeout(200)
def test_broker_hub_and_kiosk_killed_in_the_demo_lose_and_double_nothing(demo: Demo) -> None:
    demo.start()
    go_on_until_thanked(demo, 2)
    for name in ("broker", "hub"):
        pull_the_plug(demo, name)
        go_on_until_thanked(demo, 2)  # shoppers do not notice
        assert demo.revive() == [name]
    pull_the_plug(demo, "kiosk")
    assert demo.revive() == ["kiosk"]
    go_on_until_thanked(demo, 3)
    demo.close_shop()
    result = demo.judgement()
    assert result.missing == 0
    assert result.unseen <= UNSEEN_SALES
    assert result.agrees


def pull_the_plug(demo: Demo, name: str) -> None:
    """As somebody at another terminal would."""
    program = demo.program(name)
    program.signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while not program.plug_pulled:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert demo.fallen() is None
