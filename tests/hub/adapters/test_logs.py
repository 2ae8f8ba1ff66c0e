from __future__ import annotations

import json
import logging

import pytest
import structlog

from hub.adapters.logs import configure_logs

pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_json_is_one_object_a_line_for_us_and_for_libraries(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("json", "info")
    structlog.get_logger("hub.test").info("broker.connected", port=1883)
    logging.getLogger("library").warning("something %s", "odd")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["port"], ours["level"]) == ("broker.connected", 1883, "info")
    assert (theirs["event"], theirs["logger"]) == ("something odd", "library")


def test_what_is_below_the_level_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("console", "warning")
    structlog.get_logger("hub.test").info("quiet")
    structlog.get_logger("hub.test").warning("loud")
    told = capsys.readouterr().err
    assert "loud" in told
    assert "quiet" not in told


def test_an_exception_is_told_with_where_it_happened(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", "info")
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("hub.test").exception("failed")
    assert "ValueError: no" in json.loads(capsys.readouterr().err)["exception"]
