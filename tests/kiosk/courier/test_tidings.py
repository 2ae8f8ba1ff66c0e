"""Settings, notices and commands are read, kept where they have to last, and passed on."""

from __future__ import annotations

import pytest

from kiosk.core.standing import Standing
from kiosk.courier.tidings import SETTINGS, Tidings, ignore
from shared.commands import Command, Order
from shared.errors import WireError
from shared.topics import Channel
from shared.wire import encode
from tests.kiosk.courier.rig import Rig, settings_with

COMMAND = Command("0123456789abcdef", Order.IDENTIFY, 5)


@pytest.mark.assertion("SEM-CMD-004")
def test_a_command_that_came_is_passed_on_and_one_that_is_none_is_counted() -> None:
    rig = Rig()
    rig.settle()
    rig.broker.send(Channel.COMMAND, encode(COMMAND))
    rig.broker.send(Channel.COMMAND, b'{"v":1,"order":"shell"}')
    rig.broker.send(Channel.COMMAND, b"")  # the hub takes it back
    rig.settle()
    assert rig.obeyed == [COMMAND]
    assert rig.rounds.counts == {"unreadable": 1}


def test_settings_mend_the_alarm_of_settings_that_could_not_be_read() -> None:
    rig = Rig()
    tidings = Tidings(rig.outbox, rig.clock, rig.posted.append, ignore)
    before = Standing("0.1.0", settings_serial=4).alarmed(SETTINGS)
    assert tidings.settings(encode(settings_with(3)), before) == before, "older ones mend nothing"
    assert not tidings.settings(encode(settings_with(4)), before).alarms
    assert not rig.posted, "the same are no news"
    assert tidings.settings(encode(settings_with(5)), before).settings_serial == 5
    assert rig.outbox.recall(SETTINGS) is not None


def test_what_cannot_be_read_is_said() -> None:
    rig = Rig()
    tidings = Tidings(rig.outbox, rig.clock, rig.posted.append, ignore)
    for read in (tidings.command, tidings.notice, lambda p: tidings.settings(p, Standing("1"))):
        with pytest.raises(WireError):
            read(b"{}")
