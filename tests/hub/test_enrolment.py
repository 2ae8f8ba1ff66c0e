from __future__ import annotations

import itertools

import pytest

from hub.core.fleet import Remainder
from hub.core.ports import Point, Store
from hub.core.sensing import secret_of
from hub.enrolment import Registry, Retired, SensorRegistry
from shared.errors import EnrolmentError
from shared.notices import Presence
from shared.places import KioskId, PointId, SensorId, StoreId
from tests.fakes.archive import FakeArchive
from tests.fakes.programmes import FakeProgrammes
from tests.fakes.sensors import FakeSensors

CENTRO, NORTE = StoreId("centro"), StoreId("norte")
CAJA, SALIDA = PointId("caja-1"), PointId("salida")
KIOSK = KioskId("k-1")


class FakeUsers:
    """The broker's users; `runs` says whether it can be told."""

    def __init__(self) -> None:
        self.passwords: dict[str, str] = {}
        self.homes: dict[str, StoreId] = {}
        self.runs = True
        self._numbers = itertools.count(1)

    def enrol(self, kiosk: KioskId, store: StoreId) -> str:
        self.homes[kiosk] = store
        self.passwords[kiosk] = f"secret-{next(self._numbers)}"
        return self.passwords[kiosk]

    def enrol_sensor(self, sensor: SensorId, store: StoreId, password: str) -> None:
        self.homes[sensor] = store
        self.passwords[sensor] = password

    def remove(self, user: str) -> None:
        self.passwords.pop(user, None)

    def reload(self) -> bool:
        return self.runs


class FakeWords:
    """What kiosks said last."""

    def __init__(self) -> None:
        self.said: dict[KioskId, Remainder] = {}

    def remainder(self, kiosk: KioskId) -> Remainder | None:
        return self.said.get(kiosk)


@pytest.fixture
def words() -> FakeWords:
    return FakeWords()


@pytest.fixture
def users() -> FakeUsers:
    return FakeUsers()


@pytest.fixture
def programmes() -> FakeProgrammes:
    return FakeProgrammes()


@pytest.fixture
def registry(users: FakeUsers, programmes: FakeProgrammes, words: FakeWords) -> Registry:
    clock = itertools.count(1_000)
    registry = Registry(FakeArchive(), programmes, users, words, lambda: next(clock))
    for store in (CENTRO, NORTE):
        registry.add_store(Store(store, store.title(), "Europe/Madrid"))
        registry.add_point(Point(store, CAJA, "Caja 1"))
    registry.add_point(Point(CENTRO, SALIDA, "Salida", "entrance"))
    return registry


def test_a_new_store_has_something_to_ask(registry: Registry, programmes: FakeProgrammes) -> None:
    assert programmes.kept[CENTRO].question["es"]


def test_a_kiosk_is_let_in_and_stands_where_it_was_put(
    registry: Registry, users: FakeUsers
) -> None:
    enrolled = registry.enrol(KIOSK, CENTRO, CAJA)
    assert enrolled.password == users.passwords[KIOSK]
    assert users.homes == {KIOSK: CENTRO}
    assert enrolled.broker_told
    assert (enrolled.store.name, enrolled.point.name) == ("Centro", "Caja 1")
    assert [(one.kiosk_id, one.point_id) for one in registry.kiosks()] == [(KIOSK, CAJA)]


def test_the_same_again_gives_another_password_and_moves_nothing(
    registry: Registry, programmes: FakeProgrammes
) -> None:
    first = registry.enrol(KIOSK, CENTRO, CAJA)
    serial = programmes.kept[CENTRO].serial
    again = registry.enrol(KIOSK, CENTRO, CAJA)
    assert again.password != first.password
    assert programmes.kept[CENTRO].serial == serial


def test_moving_a_kiosk_raises_the_serial_so_that_it_is_told(
    registry: Registry, programmes: FakeProgrammes
) -> None:
    registry.enrol(KIOSK, CENTRO, CAJA)
    serial = programmes.kept[CENTRO].serial
    registry.enrol(KIOSK, CENTRO, SALIDA)
    assert programmes.kept[CENTRO].serial > serial
    assert registry.kiosks()[0].point_id == SALIDA


def test_a_new_name_raises_the_serial_and_keeps_the_programme(
    registry: Registry, programmes: FakeProgrammes
) -> None:
    before = programmes.kept[CENTRO]
    registry.add_point(Point(CENTRO, CAJA, "Caja Uno"))
    after = programmes.kept[CENTRO]
    assert after.serial > before.serial
    assert after.question == before.question


@pytest.mark.parametrize(
    ("store", "point"), [("nowhere", "caja-1"), ("centro", "nowhere"), ("norte", "salida")]
)
def test_a_kiosk_cannot_stand_where_nothing_is_and_gets_no_password(
    registry: Registry, users: FakeUsers, store: str, point: str
) -> None:
    with pytest.raises(EnrolmentError, match="there is no point"):
        registry.enrol(KIOSK, StoreId(store), PointId(point))
    assert users.passwords == {}


def test_a_kiosk_of_another_store_stays_there(registry: Registry, users: FakeUsers) -> None:
    password = registry.enrol(KIOSK, CENTRO, CAJA).password
    with pytest.raises(EnrolmentError):
        registry.enrol(KIOSK, NORTE, CAJA)
    assert users.passwords[KIOSK] == password


def test_a_retired_kiosk_may_connect_no_more(registry: Registry, users: FakeUsers) -> None:
    registry.enrol(KIOSK, CENTRO, CAJA)
    assert registry.retire(KIOSK) == Retired(left=None, broker_told=True)
    assert users.passwords == {}
    assert registry.kiosks() == []


def test_to_retire_a_kiosk_twice_is_as_once(registry: Registry, users: FakeUsers) -> None:
    registry.enrol(KIOSK, CENTRO, CAJA)
    registry.retire(KIOSK)
    users.passwords[KIOSK] = "left by an interruption"
    assert registry.retire(KIOSK) == Retired(left=None, broker_told=True)
    assert users.passwords == {}
    with pytest.raises(EnrolmentError):
        registry.retire(KioskId("never-there"))


def test_it_is_said_where_the_broker_could_not_be_told(
    registry: Registry, users: FakeUsers
) -> None:
    users.runs = False
    assert not registry.enrol(KIOSK, CENTRO, CAJA).broker_told


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (Remainder(3, Presence.ONLINE, 1_000), "still holds 3 records"),
        (Remainder(3, Presence.OFFLINE, 1_000), "still holds 3 records"),
        (Remainder(0, Presence.ONLINE, 1_000, ("storage", "till")), "has the alarm storage"),
        (Remainder(0, Presence.OFFLINE, 60_000), "since 1970-01-01 00:01 UTC nobody here knows"),
    ],
)
def test_a_kiosk_that_may_hold_answers_is_retired_only_by_force(
    registry: Registry, users: FakeUsers, words: FakeWords, left: Remainder, why: str
) -> None:
    registry.enrol(KIOSK, CENTRO, CAJA)
    words.said[KIOSK] = left
    with pytest.raises(EnrolmentError, match=why) as refused:
        registry.retire(KIOSK)
    assert "--force" in refused.value.hint
    assert KIOSK in users.passwords, "nothing has changed"
    assert [one.kiosk_id for one in registry.kiosks()] == [KIOSK]
    assert registry.retire(KIOSK, force=True) == Retired(left, broker_told=True)
    assert registry.kiosks() == []


def test_a_kiosk_that_is_there_and_has_sent_everything_may_go(
    registry: Registry, words: FakeWords
) -> None:
    registry.enrol(KIOSK, CENTRO, CAJA)
    words.said[KIOSK] = Remainder(0, Presence.ONLINE, 1_000, ("till",))
    registry.retire(KIOSK)
    assert registry.kiosks() == []


def test_a_sensor_has_one_password_for_both_ways_and_only_its_hash_is_kept(
    users: FakeUsers,
) -> None:
    book, door = FakeSensors(), SensorId("door-1")
    sensors = SensorRegistry(book, users, lambda: 7)
    first, second = (sensors.add(door, CENTRO) for _ in range(2))
    assert first.password != second.password
    assert len(second.password) == 40
    assert users.passwords[door] == second.password
    assert users.homes[door] == CENTRO
    (kept,) = sensors.sensors()
    assert kept.secret == secret_of(second.password) != second.password
    assert sensors.remove(door) is True
    assert (list(sensors.sensors()), door in users.passwords) == ([], False)
    with pytest.raises(EnrolmentError):
        sensors.remove(door)


def test_what_the_book_refuses_the_broker_never_hears_of(users: FakeUsers) -> None:
    sensors = SensorRegistry(FakeSensors(), users, lambda: 7)
    sensors.add(SensorId("door-1"), CENTRO)
    with pytest.raises(EnrolmentError):
        sensors.add(SensorId("door-1"), NORTE)
    assert users.homes == {"door-1": CENTRO}
