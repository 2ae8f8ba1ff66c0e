"""The look at the start: once, again where the broker is late, and loud where rights are broken."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hub.adapters.inspecting import Inspection
from shared.errors import BrokerError


def looked(*answers: list[str] | BrokerError) -> int:
    """How often it looks, where the answers come in this order."""
    waiting, done = list(answers), threading.Event()

    def look() -> list[str]:
        answer = waiting.pop(0)
        if not waiting:
            done.set()
        if isinstance(answer, BrokerError):
            raise answer
        return answer

    inspection = Inspection(look, again=0.01)
    inspection.start()
    assert done.wait(10)
    inspection._thread.join(10)
    inspection.stop()
    assert not inspection._thread.is_alive()
    return len(answers) - len(waiting)


def test_a_broker_that_comes_late_is_looked_at_once_it_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert looked(BrokerError("not there"), BrokerError("not there"), []) == 3
    assert "rights_kept" in capsys.readouterr().out


def test_rights_that_are_not_kept_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert looked(["semblante/v1/a/b/records"]) == 1
    told = capsys.readouterr().out
    assert "rights_not_kept" in told
    assert "semblante/v1/a/b/records" in told


def test_it_ends_when_it_is_told_to() -> None:
    def never() -> list[str]:
        raise BrokerError("not there")

    look: Callable[[], list[str]] = never
    inspection = Inspection(look, again=60)
    inspection.start()
    inspection.stop()
    inspection._thread.join(10)
    assert not inspection._thread.is_alive()
