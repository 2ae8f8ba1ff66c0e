"""Commands: kept first, told until answered or late, then taken back; told anew to a new broker."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.database import writing
from hub.adapters.histories import SqlHistories, note_events
from hub.adapters.orders import SqlOrders
from hub.core.fleet import KioskKey
from hub.core.histories import MOST_KEPT, Happening, Kind
from hub.core.measures import COMMANDS
from hub.core.ordering import GRACE_MS, LASTS_MS
from hub.core.ports import Store
from hub.orders import MOST_AT_ONCE, Herald, Orders
from shared.commands import Answer, Command, Order
from shared.errors import WordError
from shared.places import KioskId, StoreId
from tests.fakes.metrics import FakeMetrics

NOW = 1_790_000_000_000
CENTRO = StoreId("centro")
K1, K2 = KioskKey(CENTRO, KioskId("k-1")), KioskKey(CENTRO, KioskId("k-2"))


class Broker:
    """What the broker keeps for each kiosk."""

    def __init__(self) -> None:
        self.kept: dict[KioskKey, Command] = {}
        self.told: list[tuple[KioskId, Order | None]] = []

    def order(self, store: StoreId, kiosk: KioskId, command: Command | None) -> None:
        self.told.append((kiosk, None if command is None else command.order))
        if command is None:
            self.kept.pop(KioskKey(store, kiosk), None)
        else:
            self.kept[KioskKey(store, kiosk)] = command


class Rig:
    """Orders and their herald on a real database."""

    def __init__(self, engine: Engine) -> None:
        self.now, self.engine = NOW, engine
        self.book, self.broker, self.metrics = SqlOrders(engine), Broker(), FakeMetrics()
        self.histories, self.accounts = SqlHistories(engine), SqlAccountBook(engine)
        self.orders = Orders(self.book, lambda: self.now)
        self.herald = self.another_herald()

    def another_herald(self) -> Herald:
        return Herald(self.book, self.broker, self.metrics, lambda: self.now)

    def later(self, ms: int) -> None:
        self.now += ms
        self.herald.look()


@pytest.fixture
def rig(engine: Engine) -> Rig:
    archive = SqlArchive(engine)
    archive.add_store(Store(CENTRO, "Centro", "Europe/Madrid"), NOW)
    for one in (K1, K2):
        archive.enrol_kiosk(one.kiosk_id, CENTRO, NOW)
    return Rig(engine)


def test_a_command_is_told_once_and_taken_back_when_it_is_done(rig: Rig) -> None:
    ids = rig.orders.send([K1, K2], Order.RESTART, "ana")
    rig.later(1_000)
    rig.later(1_000)
    assert rig.broker.told == [(K1.kiosk_id, Order.RESTART), (K2.kiosk_id, Order.RESTART)]
    assert [rig.broker.kept[one].id for one in (K1, K2)] == ids
    assert rig.herald.answered({K1: [Answer(ids[0], "begun")]}, rig.now) == 1
    rig.later(1_000)
    assert K1 in rig.broker.kept, "it is being carried out"
    rig.herald.answered({K1: [Answer(ids[0], "done")]}, rig.now)
    rig.later(1_000)
    assert set(rig.broker.kept) == {K2}
    assert rig.book.outcomes(ids) == {ids[0]: "done", ids[1]: None}
    assert rig.metrics.counted[COMMANDS, "restart"] == 2


def test_the_same_answer_every_hour_is_noted_once(rig: Rig) -> None:
    (one,) = rig.orders.send([K1], Order.IDENTIFY, "ana")
    rig.later(1_000)
    assert rig.herald.answered({K1: [Answer(one, "done")]}, rig.now) == 1
    assert rig.herald.answered({K1: [Answer(one, "done"), Answer("00" * 8, "done")]}, NOW) == 0
    told = [(line.kind, line.detail) for line in rig.histories.history(*K1, 9)]
    assert (Kind.ANSWERED, "identify: done") in told
    assert (Kind.COMMAND, "identify · ana") in told


def test_nobody_answers_for_somebody_else(rig: Rig) -> None:
    (one,) = rig.orders.send([K1], Order.REBOOT, "ana")
    assert rig.herald.answered({K2: [Answer(one, "done")]}, rig.now) == 0
    assert rig.book.outcomes([one]) == {one: None}


def test_several_for_one_kiosk_are_told_one_after_the_other(rig: Rig) -> None:
    (first,) = rig.orders.send([K1], Order.COLLECT, "ana")
    rig.now += 1
    (second,) = rig.orders.send([K1], Order.RENEW, "ana")
    rig.later(1_000)
    assert rig.broker.kept[K1].id == first
    rig.herald.answered({K1: [Answer(first, "done")]}, rig.now)
    rig.later(1_000)
    assert rig.broker.kept[K1].id == second


def test_what_nobody_answers_in_time_is_late_and_an_answer_after_all_counts_more(rig: Rig) -> None:
    (one,) = rig.orders.send([K1], Order.IDENTIFY, "ana")
    rig.later(1_000)
    rig.later(LASTS_MS[Order.IDENTIFY])
    assert rig.broker.kept == {}, "it is taken back as soon as it is late"
    rig.later(GRACE_MS + 1)
    assert rig.book.outcomes([one]) == {one: "late"}
    rig.herald.answered({K1: [Answer(one, "done")]}, rig.now)
    assert rig.book.outcomes([one]) == {one: "done"}


def test_a_herald_that_begins_tells_what_is_pending_and_takes_back_what_ended(rig: Rig) -> None:
    (ended,) = rig.orders.send([K1], Order.RESTART, "ana")
    rig.orders.send([K2], Order.RESTART, "ana")
    rig.later(1_000)
    rig.book.answered({K1: [Answer(ended, "done")]}, rig.now)
    rig.herald = rig.another_herald()
    rig.later(1_000)
    assert set(rig.broker.kept) == {K2}
    rig.broker.kept.clear()  # another broker, which kept nothing
    rig.herald.again()
    rig.later(1_000)
    assert set(rig.broker.kept) == {K2}


def test_an_update_names_its_version_and_may_last(rig: Rig) -> None:
    rig.orders.send([K1], Order.UPDATE, "ana", version="1.5.0", lasts_ms=5_000)
    (sent,) = rig.book.of_kiosk(*K1, 5)
    assert (sent.command.version, sent.command.until, sent.user) == ("1.5.0", NOW + 5_000, "ana")
    with pytest.raises(WordError):
        rig.orders.send([K1], Order.UPDATE, "ana")


def test_it_stands_in_the_audit_log_who_told_whom(rig: Rig) -> None:
    many = [KioskKey(CENTRO, KioskId(f"k-{number}")) for number in range(30)]
    rig.orders.send(many, Order.REBOOT, "ana")
    (entry,) = rig.accounts.entries(1)
    assert (entry.note.user, entry.note.action) == ("ana", "kiosks told")
    assert entry.note.detail == "reboot"
    assert entry.note.target.startswith("centro/k-0, ")
    assert entry.note.target.endswith("… 30 in all")


@pytest.mark.parametrize("number", [0, MOST_AT_ONCE + 1])
def test_nobody_or_too_many_are_not_told(rig: Rig, number: int) -> None:
    with pytest.raises(WordError):
        rig.orders.send([K1] * number, Order.RESTART, "ana")


def test_what_happened_long_ago_and_too_much_of_one_kiosk_is_forgotten(rig: Rig) -> None:
    rig.orders.send([K1], Order.RESTART, "ana")
    assert rig.histories.forget(NOW) == 0
    assert Happening(NOW, Kind.COMMAND, "restart · ana") in rig.histories.history(*K1, 9)
    assert rig.histories.forget(NOW + 181 * 86_400_000) >= 1
    assert rig.histories.history(*K1, 9) == []
    assert rig.book.of_kiosk(*K1, 9) == []


def test_of_one_kiosk_that_comes_and_goes_all_day_the_newest_lines_are_kept(rig: Rig) -> None:
    lines = [Happening(NOW + 1 + number, Kind.CAME) for number in range(MOST_KEPT + 40)]
    with writing(rig.engine) as db:
        note_events(db, {K1: lines, K2: lines[:3]})
    assert rig.histories.forget(NOW) == 41, "also that it was enrolled"
    kept = rig.histories.history(*K1, 9_999)
    assert (len(kept), kept[0], kept[-1]) == (MOST_KEPT, lines[-1], lines[40])
    assert len(rig.histories.history(*K2, 9)) >= 3
