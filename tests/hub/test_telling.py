"""Facts by web pages: typed ones are marked and noted, a sensor's are as they came."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from hub.core.accounts import Note
from hub.core.guessing import MOST_WRONG
from hub.core.sensing import MOST_TELLINGS, Sensor, Unheard, secret_of
from hub.core.waiting.facts import Counted, Entered, Fact, LineId, Source
from hub.telling import MOST_REQUESTS, SensorDoor, Telling
from shared.errors import SignInPaused, SignInRefused, TellingsFull, WordError
from shared.places import SensorId, StoreId
from shared.sensing import Count, Passing, Way
from tests.fakes.metrics import FakeMetrics
from tests.fakes.sensors import FakeSensors
from tests.fakes.tellings import FakeTellings

CENTRO, SUR, LINE = StoreId("centro-012"), StoreId("sur-003"), LineId("line-1")


def test_a_typed_count_is_marked_as_typed_and_noted() -> None:
    kept = FakeTellings()
    Telling(kept, lambda: 77).typed(CENTRO, LINE, 6, "ana")
    assert kept.waiting == [Unheard(CENTRO, 77, Counted(77, LINE, 6, Source.TYPED))]
    assert kept.notes == [Note(77, "ana", "count typed", "centro-012/line-1", "6")]


def test_a_line_without_a_name_is_refused_before_it_is_noted() -> None:
    kept = FakeTellings()
    with pytest.raises(WordError):
        Telling(kept, lambda: 77).typed(CENTRO, LineId("Line 1"), 6, "ana")
    assert (kept.waiting, kept.notes) == ([], [])


def test_what_a_sensor_tells_is_of_its_own_time_and_noted_by_nobody() -> None:
    kept = FakeTellings()
    Telling(kept, lambda: 77).sensed(
        CENTRO, [Count("line-1", 6, 70), Passing("line-1", Way.ENTERED)]
    )
    facts: list[Fact] = [Counted(70, LINE, 6), Entered(77, LINE)]
    assert kept.waiting == [Unheard(CENTRO, 77, fact) for fact in facts]
    assert kept.notes == []


def test_two_who_enter_in_one_instant_are_two() -> None:
    kept = FakeTellings()
    telling = Telling(kept, lambda: 77)
    for _ in range(2):
        telling.sensed(CENTRO, [Passing("line-1", Way.ENTERED)] * 2)
    assert [one.fact.at for one in kept.waiting] == [77, 78, 79, 80]


SECRET, GATE = "s" * 40, Sensor(SensorId("gate-1"), SUR, secret_of("g" * 40), 1)
DOOR = Sensor(SensorId("door-1"), CENTRO, secret_of(SECRET), 1)


class Scene:
    """A door, its clock, and what was kept."""

    def __init__(self) -> None:
        self.now, self.kept, self.metrics = 60_000, FakeTellings(), FakeMetrics()
        self.book = FakeSensors(DOOR, GATE)
        clock = lambda: self.now  # noqa: E731
        self.door = SensorDoor(self.book, Telling(self.kept, clock), self.metrics, clock)

    def admit(
        self, password: str = SECRET, store: StoreId = CENTRO, address: str = "::1"
    ) -> Sensor:
        return self.door.admit(store, password, address)

    def outcomes(self) -> dict[str, float]:
        return {label: times for (_, label), times in self.metrics.counted.items()}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_sensor_is_known_by_its_password_in_its_own_store_alone(scene: Scene) -> None:
    assert scene.admit() == DOOR
    for password, store in (("g" * 40, CENTRO), (SECRET, SUR), ("", CENTRO), ("ñ", SUR)):
        with pytest.raises(SignInRefused):
            scene.admit(password, store)
    with pytest.raises(SignInRefused):
        scene.admit(DOOR.secret)  # what is kept of it opens nothing


def test_a_removed_sensor_and_an_old_password_open_nothing(scene: Scene) -> None:
    scene.book.add(Sensor(DOOR.sensor_id, CENTRO, secret_of("new"), 2))
    with pytest.raises(SignInRefused):
        scene.admit()
    assert scene.admit("new").sensor_id == "door-1"
    scene.book.remove(DOOR.sensor_id, 3)
    with pytest.raises(SignInRefused):
        scene.admit("new")


def test_a_wrong_one_is_turned_away_unread_and_the_right_one_is_not(scene: Scene) -> None:
    with pytest.raises(SignInRefused):
        scene.admit("old")
    with pytest.raises(SignInPaused) as paused:
        scene.admit("old")
    assert paused.value.seconds == 60
    assert scene.admit() == DOOR
    for number in range(MOST_WRONG):
        with pytest.raises((SignInRefused, SignInPaused)):
            scene.admit(f"guess-{number}", address=f"::{number + 2}")
    with pytest.raises(SignInPaused):
        scene.admit(address="::ffff")
    assert scene.admit(address="192.0.2.1") == DOOR
    scene.now += 60_000
    assert scene.admit() == DOOR


def test_one_that_runs_wild_waits(scene: Scene) -> None:
    for _ in range(MOST_REQUESTS):
        scene.admit()
    with pytest.raises(SignInPaused) as paused:
        scene.admit()
    assert paused.value.seconds == 1
    assert scene.admit("g" * 40, SUR) == GATE


def test_what_becomes_of_words_is_counted(scene: Scene) -> None:
    scene.door.tell(DOOR, [Count("line-1", 3)] * 4)
    scene.kept.waiting *= MOST_TELLINGS
    with pytest.raises(TellingsFull):
        scene.door.tell(DOOR, [Count("line-1", 3)] * 2)
    for _ in range(2):
        with pytest.raises((SignInRefused, SignInPaused)):
            scene.admit("old")
    assert scene.outcomes() == {"taken": 4, "full": 2, "wrong": 1, "paused": 1}


def test_who_comes_with_wrong_passwords_is_named_once_and_no_password_is(scene: Scene) -> None:
    with capture_logs() as logs:
        for number in range(5):
            with pytest.raises(SignInRefused):
                scene.admit(f"guess-{number}")
    assert [(one["store"], one["address"]) for one in logs] == [(CENTRO, "::1")]
    assert "guess" not in str(logs)
