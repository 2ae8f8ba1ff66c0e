"""Errors outlive the program and the journal, and hold nothing that somebody else has written."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters.last_errors import MOST_BYTES, LastErrors

FAILING = """
import sys, structlog
from pathlib import Path
from kiosk.adapters.last_errors import keep_errors
from kiosk.adapters.logs import configure_logs, log_the_uncaught
from shared.errors import DeviceError
configure_logs("json", "info")
log_the_uncaught()
keep_errors(Path(sys.argv[1]))
log = structlog.get_logger("kiosk.loop")
log.warning("mended_itself")
log.error("not_ready", code="unjoined", text="what a shopper wrote")
raise DeviceError("no\\nWhat: a shopper wrote")
"""


def record(event: str, number: int = 0) -> logging.LogRecord:
    told: Any = {"event": event, "attempts": number}
    return logging.LogRecord("kiosk.writer", logging.ERROR, "", 0, told, None, None)


def kept(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_what_was_grave_is_there_after_the_program_has_died_of_it(tmp_path: Path) -> None:
    file = tmp_path / "errors.log"
    ended = subprocess.run([sys.executable, "-c", FAILING, file], capture_output=True, check=False)
    assert ended.returncode == 1
    told, uncaught = kept(file)
    assert (told["logger"], told["event"], told["code"]) == ("kiosk.loop", "not_ready", "unjoined")
    assert uncaught["event"] == "uncaught"
    assert uncaught["fault"] == "shared.errors.DeviceError"
    assert "shopper" not in file.read_text()


def test_a_fault_is_told_with_its_place_in_our_program(tmp_path: Path) -> None:
    fault = record("uncaught")
    trace = 'File "/data/x/site-packages/kiosk/loop.py", line 7, in run\n    self.go()'
    fault.msg["exception"] = f"Traceback:\n  {trace}\nTypeError: what somebody wrote"  # type: ignore[index]
    told = json.loads(LastErrors(tmp_path / "errors.log").format(fault))
    assert told["fault"] == "TypeError at kiosk/loop.py:7"
    assert not list(tmp_path.iterdir()), "without an error there is no file"


def test_however_many_there_are_two_files_hold_the_newest(tmp_path: Path) -> None:
    file = tmp_path / "errors.log"
    handler = LastErrors(file)
    for number in range(5_000):
        handler.emit(record(f"event-{number}", number))
    handler.close()
    assert {one.name for one in tmp_path.iterdir()} == {"errors.log", "errors.log.1"}
    assert all(one.stat().st_size <= MOST_BYTES for one in tmp_path.iterdir())
    assert kept(file)[-1]["attempts"] == 4_999


def test_a_card_that_takes_nothing_is_no_fault_of_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = LastErrors(tmp_path / "nowhere" / "errors.log")
    handler.emit(record("lost"))
    handler.close()
    assert capsys.readouterr() == ("", "")
