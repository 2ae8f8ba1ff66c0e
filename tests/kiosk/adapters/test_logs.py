"""Logs go to standard error in one style, ours and the libraries'."""

from __future__ import annotations

import json
import subprocess
import sys

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
