"""A thread on which everything hangs dies: the program says so at ERROR, and ends."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.wiring.vital import VITAL, ended_by_death
from shared.errors import SemblanteError
from tests.kiosk.wiring.samples import headless

CODE = """
import sys
from {module} import {owner}
def die(*_): raise {fault}
{owner}.{method} = die
from kiosk.__main__ import main
sys.exit(main(["run", "--config", sys.argv[1]]))
"""


@pytest.mark.parametrize(
    ("thread", "module", "owner", "method", "fault"),
    [
        ("courier", "kiosk.courier.rounds", "Rounds", "turn", "ValueError('a fault of ours')"),
        ("writer", "kiosk.writer", "Writer", "turn", "MemoryError()"),
        ("loop", "kiosk.loop", "Loop", "turn", "SystemExit(0)"),
    ],
)
def test_a_kiosk_does_not_live_on_half_dead(
    tmp_path: Path, thread: str, module: str, owner: str, method: str, fault: str
) -> None:
    headless(tmp_path, '[log]\nformat = "json"')
    code = CODE.format(module=module, owner=owner, method=method, fault=fault)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "kiosk.toml")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    lines = ended.stderr.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    (death,) = [line for line in told if line["event"] == "thread_died"]
    assert (death["level"], death["thread"]) == ("error", thread)
    assert fault.partition("(")[0] in death["exception"]
    assert f"✗ the thread “{thread}” died" in lines


def test_other_threads_may_die(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda died: heard.append(died.thread.name))
    with ended_by_death(lambda: heard.append("the end")):
        die("broker")
    assert heard == ["broker"]


@pytest.mark.parametrize("name", sorted(VITAL))
def test_a_vital_one_ends_the_block_and_whoever_listened_before_still_hears(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda died: heard.append(died.thread.name))
    before = threading.excepthook
    with pytest.raises(SemblanteError, match=name), ended_by_death(lambda: heard.append("the end")):
        die(name)
    assert heard == [name, "the end"]
    assert threading.excepthook is before


def die(name: str) -> None:
    def fail() -> None:
        raise ValueError("no")

    thread = threading.Thread(target=fail, name=name)
    thread.start()
    thread.join(5)
