"""The courier as it should be: in order, in a window, and quiet at rest."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from kiosk.core.delivery import Limits
from kiosk.core.events import HubTimeHeard, NoticeCame, SettingsCame
from kiosk.courier.tidings import SETTINGS
from shared.notices import KioskSettings, Notice, Presence, Pulse
from shared.places import point_id
from shared.topics import Channel
from shared.wire import decode, encode
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.courier.rig import EPOCH, KIOSK, LIMITS, Rig, assert_all_arrived, settings_with


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.mark.assertion("SEM-BAT-002")
def test_records_travel_oldest_first_and_are_forgotten_on_receipt(rig: Rig) -> None:
    rig.seal(1_234)
    rig.answer()
    assert_all_arrived(rig)
    assert rig.hub.ledgers[EPOCH].repeated == 0


@pytest.mark.assertion("SEM-RCP-003")
def test_nothing_is_forgotten_before_the_receipt(rig: Rig) -> None:
    rig.seal(50)
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1
    assert rig.outbox.held().received == 0


@pytest.mark.assertion("SEM-BAT-003")
def test_no_more_than_a_window_is_out(rig: Rig) -> None:
    rig.seal(2_000)
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1
    rig.broker.send(Channel.RECEIPT, rig.hub.take(rig.broker.seen(Channel.RECORDS)[0]))
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1 + LIMITS.window


def test_at_rest_it_sleeps_until_it_is_woken(rig: Rig) -> None:
    rig.seal(3)
    rig.answer()
    assert rig.settle() is None
    rig.seal(1)
    assert rig.settle() == LIMITS.answer / 1_000
    rig.answer()
    assert_all_arrived(rig)


@pytest.mark.assertion("SEM-STA-001")
@pytest.mark.assertion("SEM-STA-002")
def test_after_every_connection_the_status_is_told_and_the_will_has_its_number(rig: Rig) -> None:
    rig.seal(7)
    rig.settle()
    (online,) = rig.statuses
    assert (online.presence, online.connection, online.epoch) == (Presence.ONLINE, 1, EPOCH)
    assert online.unsent == 7
    rig.broker.cut()
    will = rig.statuses[-1]
    assert (will.presence, will.connection) == (Presence.OFFLINE, 1)
    rig.settle()
    rig.broker.restore()
    rig.later(5_000)
    assert (rig.statuses[-1].presence, rig.statuses[-1].connection) == (Presence.ONLINE, 2)


def test_a_status_is_repeated_only_as_often_as_it_was_set() -> None:
    rig = Rig(Limits(tell=300_000))
    assert rig.settle() == 300
    rig.later(299_999)
    assert len(rig.statuses) == 1
    rig.later(1)
    assert len(rig.statuses) == 2


@pytest.mark.assertion("SEM-RCP-005")
def test_refusals_are_noted_and_told(rig: Rig) -> None:
    rig.seal(3)
    rig.settle()
    rig.hub.take(rig.broker.seen(Channel.RECORDS)[0])
    rig.hub.ledgers[EPOCH].refused[2] = "unreadable"
    rig.send(rig.hub.receipt(EPOCH))
    assert rig.statuses[-1].refused_seen == 2
    assert rig.outbox.held().received == 3


@pytest.mark.assertion("SEM-SET-001")
def test_newer_settings_are_kept_posted_and_told(rig: Rig) -> None:
    rig.settle()
    rig.broker.send(Channel.SETTINGS, encode(settings_with(4)))
    rig.settle()
    for serial in (4, 3):
        rig.broker.send(Channel.SETTINGS, encode(settings_with(serial)))
        rig.settle()
    (came,) = rig.posted
    assert isinstance(came, SettingsCame)
    assert came.settings == settings_with(4)
    kept = rig.outbox.recall(SETTINGS)
    assert kept is not None
    assert decode(KioskSettings, kept) == settings_with(4)
    assert rig.statuses[-1].settings_serial == 4


@pytest.mark.assertion("SEM-NOT-003")
def test_a_notice_that_can_be_read_is_passed_on_and_another_is_counted(rig: Rig) -> None:
    notice = Notice(rig.clock.wall, 5, 120)
    rig.settle()
    rig.broker.send(Channel.NOTICE, encode(notice))
    rig.settle()
    assert not rig.rounds.counts
    rig.broker.send(Channel.NOTICE, b"{}")
    rig.settle()
    assert rig.rounds.counts == {"unreadable": 1}
    (came,) = rig.posted
    assert isinstance(came, NoticeCame)
    assert came.notice == notice


@pytest.mark.assertion("SEM-NOT-002")
def test_an_empty_notice_takes_the_last_one_back_and_is_not_counted(rig: Rig) -> None:
    rig.settle()
    rig.broker.send(Channel.NOTICE, b"")
    rig.settle()
    (came,) = rig.posted
    assert isinstance(came, NoticeCame)
    assert came.notice is None
    assert not rig.rounds.counts


def test_at_the_end_the_log_says_what_was_passed_over(rig: Rig) -> None:
    rig.settle()
    rig.broker.send(Channel.NOTICE, b"{}")
    rig.settle()
    with capture_logs() as lines:
        rig.rounds.end()
    assert lines[-1]["passed_over"] == {"unreadable": 1}


def test_a_pulse_is_told_when_connected_and_dropped_when_not(rig: Rig) -> None:
    pulse = encode(Pulse(point_id("caja-1"), rig.clock.wall))
    rig.rounds.say(Channel.PULSE, pulse)
    rig.settle()
    rig.rounds.say(Channel.PULSE, pulse)
    assert rig.broker.seen(Channel.PULSE) == [pulse]


@pytest.mark.assertion("SEM-RCP-007")
def test_a_fresh_receipt_tells_the_time_and_the_brokers_copy_does_not(rig: Rig) -> None:
    rig.seal(1)
    rig.answer()
    assert rig.posted == []
    rig.seal(1)
    rig.answer()
    assert rig.posted == [HubTimeHeard(rig.clock.now(), rig.hub.at)]
    rig.broker.cut()
    rig.broker.restore()
    rig.clock.advance(3_600_000)
    rig.seal(1)
    rig.answer()
    assert len(rig.posted) == 1


def test_a_new_epoch_makes_a_new_connection(rig: Rig) -> None:
    rig.seal(3)
    rig.answer()
    fresh = FakeOutbox(KIOSK, "0e" * 8)
    rig.outbox.__dict__.update(fresh.__dict__)
    rig.seal(2)
    rig.settle()
    rig.later(1_000)
    rig.answer()
    assert rig.broker.connects == 2
    assert rig.statuses[-1].epoch == "0e" * 8
    assert len(rig.hub.ledgers["0e" * 8].records) == 2


def test_other_parts_alarms_are_told_once_and_taken_back(rig: Rig) -> None:
    rig.settle()
    rig.rounds.alarm("till")
    rig.rounds.alarm("till")
    rig.settle()
    assert rig.alarms == ["till"]
    rig.rounds.alarm("till", on=False)
    rig.settle()
    assert not rig.alarms
    assert len(rig.statuses) == 3


def test_the_end_says_goodbye_without_a_will(rig: Rig) -> None:
    rig.settle()
    rig.rounds.end()
    assert [status.presence for status in rig.statuses] == [Presence.ONLINE, Presence.OFFLINE]
    assert not rig.broker.publish(Channel.STATUS, b"")


def test_a_new_start_sends_what_was_left(rig: Rig) -> None:
    rig.seal(250)
    rig.settle()
    rig.rounds.end()
    rig.rounds = rig.courier()
    rig.answer()
    assert_all_arrived(rig)
    assert rig.statuses[-1].connection == 2
