"""Logs go to standard error in one style, ours and the libraries'."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter

import pytest

from kiosk.adapters.logs import BURST, SPAN_MS, Sparingly

CODE = """
import logging, structlog
from kiosk.adapters.logs import configure_logs
configure_logs({style!r}, "warning")
structlog.get_logger("ours").info("quiet")
structlog.get_logger("ours").warning("loud", seq=7)
logging.getLogger("library").error("theirs %s", "too")
"""


def logged(style: str) -> list[str]:
    code = CODE.format(style=style)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def test_json_is_one_object_a_line_and_only_from_the_level_on() -> None:
    ours, theirs = map(json.loads, logged("json"))
    assert (ours["event"], ours["seq"], ours["level"], ours["logger"]) == (
        "loud", 7, "warning", "ours",
    )  # fmt: skip
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "theirs too",
        "error",
        "library",
    )


def test_the_console_style_is_for_people() -> None:
    ours, theirs = logged("console")
    assert "loud" in ours
    assert "seq=7" in ours
    assert "theirs too" in theirs


UNCAUGHT = """
import gc, sys, threading
from kiosk.adapters.logs import configure_logs, log_the_uncaught
configure_logs("json", "info")
log_the_uncaught()
def fail(*_): raise ValueError("no")
thread = threading.Thread(target=fail, name="some")
thread.start()
thread.join()
class Broken:
    __del__ = fail
Broken()
gc.collect()
fail()
"""


def test_what_nobody_caught_is_told_at_error_wherever_it_was_raised() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNCAUGHT], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    events = [line["event"].rpartition(".")[2] for line in lines]
    assert events == ["thread_died", "unraisable", "uncaught"]
    assert {line["level"] for line in lines} == {"error"}
    assert all("ValueError: no" in line["exception"] for line in lines)


FLOOD = """
import logging, structlog
from kiosk.adapters.logs import configure_logs
configure_logs("json", "debug")
for number in range(1000):
    structlog.get_logger("ours").warning("flood", number=number)
    structlog.get_logger("ours").debug("asked for")
    logging.getLogger("library").error("theirs %s", number)
structlog.get_logger("ours").error("flood")
"""


def test_no_event_is_written_without_end_and_none_silences_another() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FLOOD], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    told = Counter((line["logger"], line["level"]) for line in lines)
    assert told == {
        ("ours", "warning"): BURST,
        ("ours", "debug"): 1000,
        ("library", "error"): BURST,
        ("ours", "error"): 1,
    }


def test_the_next_span_says_how_many_were_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0]
    monkeypatch.setattr("time.monotonic_ns", lambda: now[0])
    sparingly = Sparingly()

    def line() -> logging.LogRecord:
        return logging.LogRecord("ours", logging.ERROR, "", 1, {"event": "flood"}, (), None)

    assert sum(sparingly.filter(line()) for _ in range(100)) == BURST
    now[0] = SPAN_MS * 1_000_000
    last = line()
    assert sparingly.filter(last)
    assert last.msg == {"event": "flood", "held_back": 100 - BURST}
