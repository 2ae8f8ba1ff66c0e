"""The courier over every fault of the line, the hub and the card: nothing lost, nothing hot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.courier.tidings import SETTINGS
from shared.notices import Presence
from shared.questions import Kind
from shared.topics import Channel
from shared.wire import decode_batch, encode
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.courier.rig import (
    EPOCH,
    KIOSK,
    LIMITS,
    Line,
    Rig,
    assert_all_arrived,
    settings_with,
)
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.mark.assertion("SEM-BAT-003")
def test_a_lost_receipt_costs_a_new_connection_and_nothing_else(rig: Rig) -> None:
    rig.seal(30)
    rig.settle()
    rig.hub.take(rig.broker.seen(Channel.RECORDS)[0])
    rig.answered = 1
    rig.later(LIMITS.answer)
    rig.later(1_000)
    assert rig.broker.connects == 2
    rig.answer()
    assert_all_arrived(rig)
    assert rig.hub.ledgers[EPOCH].repeated == 30


@pytest.mark.assertion("SEM-RCP-002")
def test_a_repeated_receipt_changes_nothing(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    last = rig.hub.receipt(EPOCH)
    rig.seal(10)
    rig.settle()
    for _ in range(5):
        rig.send(last)
    assert not rig.alarms
    assert len(rig.broker.seen(Channel.RECORDS)) == 2
    rig.answer()
    assert_all_arrived(rig)


def test_a_lost_batch_is_sent_again_without_a_new_connection(rig: Rig) -> None:
    rig.seal(100)
    rig.answer()
    rig.seal(200)
    rig.settle()
    rig.answered += 1  # the first of two batches never reached the hub
    rig.answer()
    assert rig.outbox.held().received == 100
    rig.later(LIMITS.stall)
    rig.answer()
    assert rig.broker.connects == 1
    assert_all_arrived(rig)


@pytest.mark.assertion("SEM-RCP-003")
@pytest.mark.assertion("SEM-RCP-004")
@pytest.mark.parametrize("upto", [5, 11, 2**40])
def test_a_receipt_of_another_chain_or_the_future_deletes_nothing(rig: Rig, upto: int) -> None:
    rig.seal(10)
    rig.settle()
    rig.send(rig.receipt(upto, "f" * 32))
    assert rig.outbox.held().received == 0
    assert rig.alarms == ["receipt"]
    sent = len(rig.broker.attempts)
    rig.later(LIMITS.pause - 1)
    assert len(rig.broker.attempts) == sent
    rig.later(1)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


@pytest.mark.assertion("SEM-BAT-007")
def test_before_it_pauses_for_a_receipt_that_disagrees_it_shows_what_it_owes(rig: Rig) -> None:
    """Another device with its outbox has spoken; it ends this connection before the pause does."""
    rig.seal(10)
    rig.settle()
    sent = len(rig.broker.seen(Channel.RECORDS))
    for _ in range(3):
        rig.send(rig.receipt(7, "f" * 32))
    assert len(rig.broker.seen(Channel.RECORDS)) == sent + 1
    assert decode_batch(rig.broker.seen(Channel.RECORDS)[-1]).first == 1
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(LIMITS.pause - 1)  # the broker's copy of that receipt comes with the connection
    assert rig.broker.connects == 2
    assert len(rig.broker.seen(Channel.RECORDS)) == sent + 2
    assert rig.outbox.held().received == 0


@pytest.mark.assertion("SEM-BAT-007")
def test_who_owes_nothing_shows_nothing(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    before = len(rig.broker.seen(Channel.RECORDS))
    rig.send(rig.receipt(7, "f" * 32))
    assert rig.alarms == ["receipt"]
    assert len(rig.broker.seen(Channel.RECORDS)) == before


@pytest.mark.assertion("SEM-RCP-003")
def test_the_brokers_copy_of_a_receipt_for_an_earlier_outbox_is_no_alarm(rig: Rig) -> None:
    old = replace(rig.receipt(900), epoch="0d" * 8)
    rig.broker.send(Channel.RECEIPT, encode(old))
    rig.seal(5)
    rig.answer()
    assert rig.rounds.counts["other_epoch"] == 1
    assert all(status.alarms == () for status in rig.statuses)
    assert_all_arrived(rig)


def test_a_refused_publish_is_an_alarm_and_tried_once_in_thirty_seconds(rig: Rig) -> None:
    rig.broker.refusing = {Channel.RECORDS}
    rig.seal(500)
    rig.settle()
    assert rig.alarms == ["refused"]
    for _ in range(10 * 30):
        rig.later(1_000)
    assert rig.broker.attempts.count(Channel.RECORDS) == 11
    assert rig.broker.attempts.count(Channel.STATUS) == 2
    assert rig.broker.connects == 1
    rig.broker.refusing = set()
    rig.later(LIMITS.pause)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_refused_status_does_not_become_a_hot_loop(rig: Rig) -> None:
    rig.broker.refusing = {Channel.STATUS}
    rig.settle()
    for _ in range(60):
        rig.later(1_000)
    assert rig.broker.attempts.count(Channel.STATUS) == 2


def test_a_disconnect_in_mid_window_loses_and_doubles_nothing(rig: Rig) -> None:
    rig.seal(100)
    rig.answer()
    rig.seal(700)
    rig.settle()
    rig.broker.cut()
    rig.later(60_000)
    rig.broker.restore()
    rig.later(300_000)
    rig.answer()
    assert_all_arrived(rig)


def test_a_silent_hub_is_tried_ever_more_seldom(rig: Rig) -> None:
    rig.broker.deaf = True
    rig.seal(1)
    for _ in range(3_600):
        rig.later(1_000)
    assert 15 <= rig.broker.connects <= 35
    rig.broker.deaf = False
    rig.later(300_000)
    rig.answer()
    assert_all_arrived(rig)


@pytest.mark.assertion("SEM-RCP-006")
def test_a_problem_is_an_alarm_and_tried_again_slowly(rig: Rig) -> None:
    rig.seal(10)
    rig.settle()
    for _ in range(3):
        rig.send(replace(rig.receipt(10), problem="chain", hint="call somebody"))
        assert rig.alarms == ["problem"]
        rig.later(LIMITS.pause)
    assert rig.outbox.held().received == 0
    assert len(rig.broker.seen(Channel.RECORDS)) == 4
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_hub_that_does_not_advance_becomes_an_alarm(rig: Rig) -> None:
    rig.seal(10)
    rig.settle()
    for _ in range(40):
        rig.send(rig.receipt(0))
        rig.later(500)
    assert rig.alarms == ["problem"]
    assert rig.broker.connects == 1
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


@pytest.mark.assertion("SEM-SET-002")
@pytest.mark.parametrize("payload", [b" ", b"\xff", b"[1]", b'{"v":1}', b'{"v":2}', b"x" * 300_000])
def test_hostile_settings_are_counted_and_ignored(rig: Rig, payload: bytes) -> None:
    rig.settle()
    rig.broker.send(Channel.SETTINGS, payload)
    rig.settle()
    assert rig.rounds.counts["unreadable"] == 1
    assert rig.posted == []
    assert rig.outbox.recall(SETTINGS) is None
    assert rig.alarms == ["settings"]
    rig.broker.send(Channel.SETTINGS, encode(settings_with(1)))
    rig.settle()
    assert not rig.alarms


def test_settings_that_came_half_are_an_alarm_until_they_come_whole(rig: Rig) -> None:
    whole = encode(settings_with(3))
    for payload, alarms in [
        (whole, []),
        (whole[: len(whole) // 2], ["settings"]),
        (encode(settings_with(2)), ["settings"]),
        (whole, []),
    ]:
        rig.settle()
        rig.broker.send(Channel.SETTINGS, payload)
        rig.settle()
        assert rig.alarms == alarms
    assert len(rig.posted) == 1


@pytest.mark.assertion("SEM-SET-003")
def test_a_questionnaire_that_cannot_be_shown_changes_nothing(rig: Rig) -> None:
    rig.settle()
    rig.broker.send(Channel.SETTINGS, encode(settings_with(1)))
    wrong = questionnaire(question("bought", Kind.ONE, "bread"))
    rig.broker.send(Channel.SETTINGS, encode(replace(settings_with(2), questionnaire=wrong)))
    rig.settle()
    assert rig.outbox.recall(SETTINGS) == encode(settings_with(1))
    assert rig.alarms == ["settings"]
    right = replace(settings_with(2), questionnaire=EVERY_KIND)
    rig.broker.send(Channel.SETTINGS, encode(right))
    rig.settle()
    assert rig.outbox.recall(SETTINGS) == encode(right)
    assert not rig.alarms


@pytest.mark.assertion("SEM-TOP-005")
@pytest.mark.parametrize("channel", [one for one in Channel if one is not Channel.NOTICE])
def test_an_empty_message_is_no_word_and_no_trouble(rig: Rig, channel: Channel) -> None:
    rig.settle()
    rig.broker.send(channel, b"")
    rig.settle()
    assert not rig.rounds.counts
    assert rig.posted == []
    assert not rig.alarms


@pytest.mark.parametrize("channel", list(Channel))
def test_rubbish_on_any_channel_stops_nothing(rig: Rig, channel: Channel) -> None:
    rig.seal(2)
    rig.settle()
    rig.broker.send(channel, b'{"v":1,"epoch":NaN}')
    rig.answer()
    assert_all_arrived(rig)


def test_a_broken_card_is_told_and_the_line_stays(rig: Rig) -> None:
    rig.seal(5)
    rig.settle()
    rig.outbox.broken = True
    rig.answer()
    assert rig.alarms == ["storage"]
    assert rig.broker.connects == 1
    rig.outbox.broken = False
    rig.later(LIMITS.pause)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


@pytest.mark.parametrize("dead", [False, True])
def test_a_card_that_fails_while_running_is_told_also_on_the_next_connection(
    rig: Rig, dead: bool
) -> None:
    rig.seal(5)
    rig.settle()
    rig.outbox.broken, rig.outbox.dead = True, dead
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    for _ in range(3):
        rig.later(300_000)
        rig.broker.cut()
        rig.settle()
        rig.broker.restore()
    rig.later(300_000)
    told = [status for status in rig.statuses if status.presence is Presence.ONLINE]
    assert [status.connection for status in told] == [1, 2, 3, 4, 5]
    assert told[-1].alarms == ("storage",)
    assert (told[-1].held_from, told[-1].held_to) == (1, 5)
    rig.outbox.broken = rig.outbox.dead = False
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(300_000)
    assert rig.statuses[-1].connection == 6, "numbers that were only remembered are not used again"
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_card_that_cannot_be_written_from_the_start_is_told_above_the_last_number(
    rig: Rig,
) -> None:
    for _ in range(7):
        rig.outbox.next_connection()
    rig.outbox.broken = True
    rig.settle()
    assert rig.alarms == ["storage"]
    assert rig.statuses[-1].connection == 8


def test_a_card_that_was_never_read_is_tried_again_with_growing_waits(rig: Rig) -> None:
    rig.outbox.dead = True
    for _ in range(600):
        rig.later(1_000)
    assert rig.broker.connects == 0
    rig.outbox.dead = False
    rig.later(300_000)
    assert rig.broker.connects == 1
    assert rig.alarms == ["storage"], "somebody should look at such a card"
    rig.seal(1)
    rig.answer()
    assert not rig.alarms


def test_an_outbox_begun_anew_is_told_on_a_connection_of_its_own(rig: Rig) -> None:
    for _ in range(3):
        rig.outbox.next_connection()
    rig.settle()
    rig.outbox.__dict__.update(FakeOutbox(KIOSK, "0e" * 8).__dict__)
    rig.rounds.alarm("damaged")  # the first word after it, before any record
    rig.settle()
    rig.later(2_000)
    assert (rig.statuses[-1].epoch, rig.statuses[-1].connection) == ("0e" * 8, 1)
    assert rig.alarms == ["damaged"]
    assert {(one.epoch, one.connection) for one in rig.statuses} == {(EPOCH, 4), ("0e" * 8, 1)}


def test_the_goodbye_is_of_the_epoch_that_was_greeted_with(rig: Rig) -> None:
    rig.settle()
    rig.outbox.__dict__.update(FakeOutbox(KIOSK, "0e" * 8).__dict__)
    rig.rounds.end()
    assert (rig.statuses[-1].presence, rig.statuses[-1].epoch) == (Presence.OFFLINE, EPOCH)


def test_a_fault_of_our_own_ends_the_connection_and_not_the_courier(rig: Rig) -> None:
    def fault() -> None:
        raise RuntimeError("ours")

    rig.settle()
    rig.rounds.guarded(fault)
    rig.seal(4)
    rig.later(1_000)
    rig.answer()
    assert rig.broker.connects == 2
    assert_all_arrived(rig)


def test_what_an_old_connection_still_says_is_not_heard(rig: Rig) -> None:
    rig.settle()
    old = Line(rig, rig.rounds.line)
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(1_000)
    old.disconnected("late")
    old.refused(Channel.RECORDS, "late")
    rig.seal(3)
    rig.answer()
    assert_all_arrived(rig)
    assert rig.broker.connects == 2
    assert not rig.alarms


@pytest.mark.assertion("SEM-BAT-006")
@pytest.mark.parametrize("seq", [1, 150, 301])
def test_a_record_past_mending_stops_nothing_and_all_others_arrive(rig: Rig, seq: int) -> None:
    rig.seal(350)
    rig.outbox.spoil(seq, body=b"rubbish")
    rig.answer()
    held = rig.outbox.held()
    assert (held.owed, held.last) == (0, 351)
    assert rig.hub.ledgers[EPOCH].lost == 1
    assert rig.hub.records == [*rig.outbox.records[: seq - 1], *rig.outbox.records[seq:]]
    assert rig.broker.connects == 1
    assert not rig.alarms
