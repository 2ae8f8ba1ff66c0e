from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.core.fleet import KioskKey
from hub.core.measures import HEALTHS, PULSES, STATUSES
from hub.core.waiting.facts import Fact, Sold, Staffed
from hub.fleet import TOLD_EVERY_MS, Fleet, Word
from shared.commands import Answer
from shared.errors import ArchiveError
from shared.health import Health
from shared.notices import Presence, Pulse, Status
from shared.places import KioskId, PointId, StoreId
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.fakes.fleet import FakeFleet
from tests.fakes.metrics import FakeMetrics

HERE = KioskKey(StoreId("centro"), KioskId("k-1"))
STRANGER = KioskKey(StoreId("centro"), KioskId("k-9"))
STATUS = Status("ab" * 8, 3, Presence.ONLINE, "1.0", 900, synced=True)


def status(
    status: Status = STATUS, *, who: KioskKey = HERE, at: int = 1000, old: bool = False
) -> Word:
    return Word(str(Topic(*who, Channel.STATUS)), encode(status), old, at)


def pulse(who: KioskKey = HERE) -> Word:
    payload = encode(Pulse(PointId("caja-1"), 990))
    return Word(str(Topic(*who, Channel.PULSE)), payload, False, 1000)


@pytest.fixture
def archive() -> FakeFleet:
    return FakeFleet(HERE)


@pytest.fixture
def metrics() -> FakeMetrics:
    return FakeMetrics()


@pytest.fixture
def cleared() -> list[KioskKey]:
    """Whose words were taken back at the broker."""
    return []


@pytest.fixture
def fleet(archive: FakeFleet, metrics: FakeMetrics, cleared: list[KioskKey]) -> Fleet:
    fleet = Fleet(archive, metrics, lambda *who: cleared.append(KioskKey(*who)))
    fleet.look_around()
    return fleet


def take(fleet: Fleet, *words: Word) -> None:
    for word in words:
        fleet.hear(word)
    fleet.step(0)


def test_a_status_is_kept_with_the_time_at_which_it_was_heard(
    fleet: Fleet, archive: FakeFleet
) -> None:
    take(fleet, status(at=5000))
    assert archive.words[HERE].status == STATUS
    assert archive.words[HERE].seen_at == 5000


def test_the_will_of_an_older_connection_is_counted_as_late_and_ignored(
    fleet: Fleet, archive: FakeFleet, metrics: FakeMetrics
) -> None:
    will = replace(STATUS, connection=2, presence=Presence.OFFLINE)
    take(fleet, status(), status(will))
    assert archive.words[HERE].status == STATUS
    assert metrics.counted[STATUSES, "late"] == 1


def test_two_of_one_kiosk_in_one_step_are_judged_one_after_the_other(
    fleet: Fleet, archive: FakeFleet
) -> None:
    take(fleet, status(), status(replace(STATUS, presence=Presence.OFFLINE)))
    assert archive.words[HERE].status.presence is Presence.OFFLINE


def test_a_retained_status_does_not_make_a_kiosk_seen_just_now(
    fleet: Fleet, archive: FakeFleet
) -> None:
    take(fleet, status(at=1000))
    take(fleet, status(at=9000, old=True))
    assert archive.words[HERE].seen_at == 1000
    take(fleet, status(replace(STATUS, connection=4, at=2000), at=9000, old=True))
    assert archive.words[HERE].seen_at == 2000


def test_strangers_are_counted_and_leave_nothing_behind(
    fleet: Fleet, archive: FakeFleet, metrics: FakeMetrics
) -> None:
    take(fleet, status(who=STRANGER), pulse(STRANGER))
    assert not archive.words
    assert fleet.pulse(STRANGER) is None
    assert (metrics.counted[STATUSES, "stranger"], metrics.counted[PULSES, "stranger"]) == (1, 1)


def test_a_kiosk_enrolled_a_moment_ago_is_no_stranger(fleet: Fleet, archive: FakeFleet) -> None:
    archive.enrolled.add(STRANGER)
    take(fleet, status(who=STRANGER))
    assert STRANGER in archive.words


def test_a_pulse_is_remembered_and_forgotten_with_its_kiosk(
    fleet: Fleet, archive: FakeFleet
) -> None:
    take(fleet, pulse())
    heard = fleet.pulse(HERE)
    assert heard is not None
    assert (heard.point_id, heard.at, heard.open, heard.heard_at) == ("caja-1", 990, True, 1000)
    archive.enrolled.clear()
    fleet.look_around()
    assert fleet.pulse(HERE) is None


def test_a_pulse_is_a_sale_for_the_queue_and_a_register_that_opens_is_told(
    archive: FakeFleet, metrics: FakeMetrics
) -> None:
    heard: list[tuple[str, Fact, int]] = []
    fleet = Fleet(archive, metrics, lambda *_: None, lambda *told: heard.append(told))
    fleet.look_around()
    point = PointId("caja-1")
    for at, is_open in ((1, True), (2, True), (3, False), (4, False)):
        payload = encode(Pulse(point, at, is_open))
        take(fleet, Word(str(Topic(*HERE, Channel.PULSE)), payload, False, 10 * at))
    take(fleet, pulse(STRANGER))
    assert heard == [
        *((HERE.store_id, Sold(at, point), 10 * at) for at in (1, 2, 3)),
        (HERE.store_id, Staffed(3, point, False), 30),
        (HERE.store_id, Sold(4, point), 40),
    ]


def test_a_pulse_waits_for_no_database(archive: FakeFleet, metrics: FakeMetrics) -> None:
    heard: list[Fact] = []
    fleet = Fleet(archive, metrics, lambda *_: None, lambda _store, fact, _at: heard.append(fact))
    fleet.look_around()
    archive.broken = True
    fleet.hear(status())
    fleet.hear(pulse())
    assert heard == [Sold(990, PointId("caja-1"))], "nobody took a step"
    with pytest.raises(ArchiveError):
        fleet.step(0)
    assert len(heard) == 1


def test_a_pulse_that_cannot_be_read_is_counted(fleet: Fleet, metrics: FakeMetrics) -> None:
    take(fleet, replace(pulse(), payload=b"{}"), replace(pulse(), topic="x/pulse"))
    assert metrics.counted[STATUSES, "unreadable"] == 2


@pytest.mark.parametrize("payload", [b" ", b"{}", b"\xff", b'{"v":2}', b"[" * 9000])
def test_what_cannot_be_read_is_counted_and_stops_nobody(
    fleet: Fleet, archive: FakeFleet, metrics: FakeMetrics, payload: bytes
) -> None:
    take(fleet, replace(status(), payload=payload), replace(status(), topic="x/y"), status())
    assert metrics.counted[STATUSES, "unreadable"] == 2
    assert HERE in archive.words


def test_what_came_while_the_database_was_away_is_kept_for_later(
    fleet: Fleet, archive: FakeFleet
) -> None:
    archive.broken = True
    with pytest.raises(ArchiveError):
        take(fleet, status())
    archive.broken = False
    fleet.step(0)
    assert HERE in archive.words


def test_a_step_without_anything_to_do_ends_by_itself(fleet: Fleet, archive: FakeFleet) -> None:
    fleet.step(0.01)
    assert not archive.words


def test_what_a_kiosk_left_at_the_broker_is_cleared_when_it_is_retired(
    fleet: Fleet, archive: FakeFleet, cleared: list[KioskKey]
) -> None:
    fleet.look_around()
    assert cleared == []
    archive.enrolled.clear()
    fleet.look_around()
    fleet.look_around()
    assert cleared == [HERE]


def test_a_hub_that_starts_clears_what_was_left_while_it_was_away(
    archive: FakeFleet, metrics: FakeMetrics, cleared: list[KioskKey]
) -> None:
    archive.left.add(STRANGER)
    fleet = Fleet(archive, metrics, lambda *who: cleared.append(KioskKey(*who)))
    fleet.look_around()
    fleet.look_around()
    assert cleared == [STRANGER]


def test_a_status_of_nobody_is_cleared_also_the_will_of_one_that_was_just_retired(
    fleet: Fleet, cleared: list[KioskKey]
) -> None:
    take(fleet, status(who=STRANGER, old=True), status())
    assert cleared == [STRANGER]


def test_an_empty_message_is_no_word(fleet: Fleet, metrics: FakeMetrics) -> None:
    take(fleet, replace(status(), payload=b""), replace(pulse(), payload=b""))
    assert not metrics.counted


def test_rubbish_without_end_leaves_one_line_an_hour_for_each_kiosk(
    fleet: Fleet, metrics: FakeMetrics
) -> None:
    rubbish = [replace(status(at=5), payload=b"{}") for _ in range(1000)]
    other = replace(status(who=STRANGER, at=5), payload=b"{}")
    with capture_logs() as lines:
        take(fleet, *rubbish, other)
    assert [line["topic"] for line in lines] == [rubbish[0].topic, other.topic]
    with capture_logs() as lines:
        take(fleet, replace(rubbish[0], at=TOLD_EVERY_MS + 5))
    assert [line["before"] for line in lines] == [999]
    assert metrics.counted[STATUSES, "unreadable"] == 1002


HEALTH = Health(900, "1.0", temperature=50, answers=(Answer("ab" * 8, "done"),))


def health(
    health: Health = HEALTH, *, who: KioskKey = HERE, at: int = 1000, old: bool = False
) -> Word:
    return Word(str(Topic(*who, Channel.HEALTH)), encode(health), old, at)


def test_how_a_device_is_is_kept_and_its_answers_are_passed_on(
    archive: FakeFleet, metrics: FakeMetrics
) -> None:
    heard: list[tuple[object, int]] = []
    fleet = Fleet(archive, metrics, lambda *_: None, answered=lambda *told: heard.append(told))
    fleet.look_around()
    take(fleet, health(at=1000), health(replace(HEALTH, temperature=60), at=1001, old=True))
    assert archive.healths[HERE] == (replace(HEALTH, temperature=60), 1001, True)
    assert heard == [({HERE: HEALTH.answers}, 1001)]
    assert metrics.counted[HEALTHS, "taken"] == 1


def test_the_health_of_a_stranger_leaves_nothing_behind(
    fleet: Fleet, archive: FakeFleet, metrics: FakeMetrics, cleared: list[KioskKey]
) -> None:
    take(fleet, health(who=STRANGER))
    assert archive.healths == {}
    assert cleared == [STRANGER]
    assert metrics.counted[HEALTHS, "stranger"] == 1


@pytest.mark.parametrize(
    "payload",
    [b"[]", b"{", b'{"v":1,"at":-1,"version":"1"}', b'{"v":1,"at":1,"version":"1","card_full":101}',
     b'{"v":1,"at":1,"version":"1","temperature":1e9}', b'{"v":1,"at":1,"version":"1","till":"?"}',
     b'{"v":1,"at":1,"version":"' + b"x" * 81 + b'"}', b"\xff" * 1_000],
)  # fmt: skip
def test_a_health_that_cannot_be_is_counted_and_keeps_nothing(
    fleet: Fleet, archive: FakeFleet, metrics: FakeMetrics, payload: bytes
) -> None:
    take(fleet, Word(str(Topic(*HERE, Channel.HEALTH)), payload, False, 1000), health(at=7))
    assert metrics.counted[HEALTHS, "unreadable"] == 1
    assert archive.healths[HERE].at == 7


def test_what_happened_is_kept_with_the_status(fleet: Fleet, archive: FakeFleet) -> None:
    take(fleet, status(at=5))
    take(fleet, status(at=6))
    take(fleet, status(replace(STATUS, presence=Presence.OFFLINE), at=7))
    kinds = [(one.at, one.kind.value) for one in archive.happened[HERE]]
    assert kinds == [(5, "came"), (5, "version"), (7, "went")]


def test_epochs_that_take_turns_are_told_as_a_cloned_kiosk(
    archive: FakeFleet, metrics: FakeMetrics
) -> None:
    cloned: list[KioskKey] = []
    fleet = Fleet(
        archive,
        metrics,
        lambda *_: None,
        cloned=lambda *who: cloned.append(KioskKey(*who)),
    )
    fleet.look_around()
    for connection, epoch in enumerate(("ab", "cd", "ab", "cd"), 1):
        take(fleet, status(replace(STATUS, epoch=epoch * 8, connection=connection)))
    assert cloned == [HERE]
