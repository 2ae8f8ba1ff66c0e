"""A thread on which everything hangs dies: the program says so at ERROR, and ends."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hub.settings import load_settings
from hub.wiring import Office
from hub.wiring.vital import VITAL, ended_by_death
from shared.errors import SemblanteError
from tests.hub.wiring.samples import settings_file

CODE = """
import sys
from {module} import {owner}
def die(*_): raise {fault}
{owner}.{method} = die
from hub.__main__ import main
sys.argv = ["semblante-hub", "run", "--config", sys.argv[1]]
main()
"""


@pytest.mark.parametrize(
    ("thread", "module", "owner", "method", "fault"),
    [
        ("intake", "hub.adapters.worker", "Worker", "_run", "ValueError('a fault of ours')"),
        ("broker", "hub.adapters.broker", "Broker", "_one_connection", "SystemExit(0)"),
    ],
)
def test_a_hub_does_not_live_on_half_dead(
    tmp_path: Path, thread: str, module: str, owner: str, method: str, fault: str
) -> None:
    file = settings_file(tmp_path)
    file.write_text(file.read_text() + '[log]\nformat = "json"\n')
    Office(load_settings(file)).migrate()
    code = CODE.format(module=module, owner=owner, method=method, fault=fault)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    lines = ended.stderr.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    deaths = {line["thread"]: line for line in told if line["event"] == "hub.thread_died"}
    assert deaths[thread]["level"] == "error"
    assert fault.partition("(")[0] in deaths[thread]["exception"]
    assert any(line.startswith("✗ the thread “") for line in lines)


def test_a_vital_thread_ends_the_block_and_another_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda died: heard.append(died.thread.name))
    with ended_by_death(lambda: heard.append("the end")):
        die("night")
    for name in sorted(VITAL):
        heard.clear()
        with (
            pytest.raises(SemblanteError, match=name),
            ended_by_death(lambda: heard.append("the end")),
        ):
            die(name)
        assert heard == [name, "the end"]


def die(name: str) -> None:
    def fail() -> None:
        raise ValueError("no")

    thread = threading.Thread(target=fail, name=name)
    thread.start()
    thread.join(5)
