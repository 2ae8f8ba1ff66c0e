"""Sensors at the broker: who is known is heard at once, and nonsense harms nobody."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from structlog.testing import capture_logs

from hub.core.measures import SENSED
from hub.core.sensing import Sensor
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, LineId
from hub.core.waiting.trusting import Fault, Gate, passed
from hub.sensors import MOST_A_SECOND, TOLD_EVERY_MS, Sensors
from shared.places import SensorId, StoreId
from shared.sensing import Count, Passing, Sensed, Step, Ticket, Way
from shared.wire import encode
from tests.fakes.metrics import FakeMetrics
from tests.fakes.sensors import FakeSensors

CENTRO, SUR, DOOR, LINE = StoreId("centro"), StoreId("sur"), SensorId("door-1"), LineId("line-1")
COUNT = "semblante/v1/centro/door-1/count"
PASSING = "semblante/v1/centro/door-1/passing"
TICKET = "semblante/v1/centro/door-1/ticket"
NOW = 1_763_812_800_000


class Listener:
    """What came out."""

    def __init__(self) -> None:
        self.facts: list[tuple[StoreId, Fact, int]] = []

    def hear(self, store: StoreId, fact: Fact, at: int) -> None:
        self.facts.append((store, fact, at))


class Scene:
    """Sensors with one counter at “centro”."""

    def __init__(self) -> None:
        self.book = FakeSensors(Sensor(DOOR, CENTRO, "00", 1))
        self.metrics, self.listener = FakeMetrics(), Listener()
        self.sensors = Sensors(self.book, self.metrics, self.listener.hear)
        self.sensors.look_around()

    def say(self, topic: str, word: Sensed | bytes, at: int = NOW, *, kept: bool = False) -> None:
        payload = word if isinstance(word, bytes) else encode(word)
        self.sensors.hear(topic, payload, kept, at)

    def facts(self) -> list[Fact]:
        return [fact for _, fact, _ in self.listener.facts]

    def outcomes(self) -> dict[str, float]:
        return {label: times for (what, label), times in self.metrics.counted.items()
                if what is SENSED}  # fmt: skip


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_each_kind_of_word_becomes_its_fact(scene: Scene) -> None:
    scene.say(COUNT, Count("line-1", 7, NOW - 5))
    scene.say(PASSING, Passing("line-1", Way.ENTERED, NOW - 4))
    scene.say(PASSING, Passing("line-1", Way.LEFT, NOW - 3))
    scene.say(TICKET, Ticket("line-1", "A1", Step.DREW, NOW - 2))
    scene.say(TICKET, Ticket("line-1", "A1", Step.CALLED, NOW - 1))
    facts = [Counted(NOW - 5, LINE, 7), Entered(NOW - 4, LINE), Left(NOW - 3, LINE),
             Drew(NOW - 2, LINE, "A1"), Called(NOW - 1, LINE, "A1")]  # fmt: skip
    assert scene.listener.facts == [(CENTRO, fact, NOW) for fact in facts]
    assert scene.outcomes() == {"taken": 5}


@pytest.mark.assertion("SEM-SEN-001")
def test_without_a_clock_it_is_just_now(scene: Scene) -> None:
    scene.say(COUNT, Count("line-1", 7))
    scene.say(COUNT, b'{"v":1,"line":"line-1","number":8}', NOW + 9)
    assert scene.facts() == [Counted(NOW, LINE, 7), Counted(NOW + 9, LINE, 8)]


def test_two_who_enter_in_one_instant_are_two(scene: Scene) -> None:
    for _ in range(3):
        scene.say(PASSING, Passing("line-1", Way.ENTERED))
    gate = Gate(frozenset({LINE}), frozenset())
    for fact in scene.facts():
        gate, let_in, fault = passed(gate, fact, NOW)
        assert let_in is not None
        assert fault is None


@pytest.mark.assertion("SEM-SEN-002")
@pytest.mark.parametrize(
    ("word", "fault"),
    [
        (Count("line-1", -3, NOW), Fault.NEGATIVE),
        (Count("line-1", 2**53, NOW), Fault.ABSURD),
        (Count("line-1", 3, -1), Fault.LATE),
        (Count("line-1", 3, NOW // 1000), Fault.LATE),
        (Count("line-1", 3, NOW * 1000), Fault.CLOCK_AHEAD),
        (Count("line-9", 3, NOW), Fault.UNKNOWN_LINE),
    ],
)
def test_nonsense_that_can_be_read_is_refused_by_name(
    scene: Scene, word: Count, fault: Fault
) -> None:
    scene.say(COUNT, word)
    (fact,) = scene.facts()
    assert passed(Gate(frozenset({LINE}), frozenset()), fact, NOW).fault is fault


@pytest.mark.assertion("SEM-SEN-003")
@pytest.mark.parametrize(
    "topic",
    ["semblante/v1/sur/door-1/count", "semblante/v1/centro/door-2/count"],
)
def test_a_stranger_is_not_heard(scene: Scene, topic: str) -> None:
    scene.say(topic, Count("line-1", 7))
    assert (scene.facts(), scene.outcomes()) == ([], {"stranger": 1})


def test_who_is_added_or_removed_is_known_after_the_next_look(scene: Scene) -> None:
    scene.book.remove(DOOR, NOW)
    scene.book.add(Sensor(SensorId("gate-1"), SUR, "00", 1))
    scene.sensors.look_around()
    scene.say(COUNT, Count("line-1", 7))
    scene.say("semblante/v1/sur/gate-1/passing", Passing("line-1", Way.LEFT, NOW))
    assert scene.listener.facts == [(SUR, Left(NOW, LINE), NOW)]


@pytest.mark.assertion("SEM-SEN-004")
def test_what_the_broker_kept_is_as_old_as_it_says_or_nothing(scene: Scene) -> None:
    for at in (0, NOW + 1, NOW + 10**9, -5):
        scene.say(COUNT, Count("line-1", 7, at), kept=True)
    assert (scene.facts(), scene.outcomes()) == ([], {"kept": 4})
    scene.say(COUNT, Count("line-1", 7, NOW - 20_000), kept=True)
    scene.say(COUNT, Count("line-1", 7, NOW - 86_400_000), kept=True)
    fresh, old = scene.facts()
    gate = Gate(frozenset({LINE}), frozenset())
    assert passed(gate, fresh, NOW).fact == fresh
    assert passed(gate, old, NOW).fault is Fault.LATE


@pytest.mark.assertion("SEM-SEN-005")
def test_a_sensor_that_runs_wild_crowds_nobody_out(scene: Scene) -> None:
    scene.book.add(Sensor(SensorId("gate-1"), CENTRO, "00", 1))
    scene.sensors.look_around()
    for _ in range(MOST_A_SECOND * 10):
        scene.say(COUNT, Count("line-1", 7))
    scene.say("semblante/v1/centro/gate-1/passing", Passing("line-1", Way.LEFT))
    assert scene.outcomes() == {"taken": MOST_A_SECOND + 1, "flood": MOST_A_SECOND * 9}
    scene.say(COUNT, Count("line-1", 7), NOW + 1_000)
    assert len(scene.facts()) == MOST_A_SECOND + 2


HOSTILE = [
    b"\xff\xfe",
    b"null",
    b"7",
    b"[" * 100_000,
    b'{"v":1,' + b'"a":' + b"[" * 50_000,
    b'{"v":1,"line":"line-1","number":NaN}',
    b'{"v":1,"line":"line-1","number":1e400}',
    b'{"v":1,"line":"line-1","number":1.5}',
    b'{"v":1,"line":"line-1","number":true}',
    b'{"v":1,"line":"line-1","number":"7"}',
    b'{"v":1,"line":"line-1","number":null}',
    b'{"v":1,"line":"line-1","number":' + b"9" * 5_000 + b"}",
    b'{"v":1,"line":"line-1","number":9007199254740993}',
    b'{"v":1,"line":"line-1","number":[7]}',
    b'{"v":1,"line":["line-1"],"number":7}',
    b'{"v":1,"line":"../line","number":7}',
    b'{"v":1,"line":"' + b"x" * 100_000 + b'","number":7}',
    b'{"v":1,"line":"line-1"}',
    b'[{"v":1,"line":"line-1","number":7}]',
    json.dumps([{"v": 1, "line": "line-1", "number": 7}] * 50_000).encode(),
]


@pytest.mark.assertion("SEM-SEN-002")
@pytest.mark.parametrize("payload", HOSTILE, ids=lambda payload: payload[:40].decode("latin-1"))
def test_what_cannot_be_read_is_counted_and_stops_nothing(scene: Scene, payload: bytes) -> None:
    for topic in (COUNT, PASSING, TICKET):
        scene.say(topic, payload)
    assert (scene.facts(), scene.outcomes()) == ([], {"unreadable": 3})
    scene.say(COUNT, Count("line-1", 7))
    assert len(scene.facts()) == 1


@given(some.binary(max_size=60), some.sampled_from([COUNT, PASSING, TICKET]))
@settings(deadline=None)
def test_no_bytes_do_any_harm(payload: bytes, topic: str) -> None:
    scene = Scene()
    scene.say(topic, payload)
    assert scene.facts() == []


def test_a_newer_word_is_called_newer_and_an_odd_topic_odd(scene: Scene) -> None:
    scene.say(COUNT, b'{"v":2,"line":"line-1","number":7}')
    scene.say("semblante/v1/centro/DOOR/count", Count("line-1", 7))
    scene.say(COUNT, b"")
    assert scene.outcomes() == {"version": 1, "topic": 1}


def test_a_sensor_that_says_rubbish_is_named_once_an_hour(scene: Scene) -> None:
    with capture_logs() as logs:
        for _ in range(5):
            scene.say(COUNT, b"rubbish")
        scene.say(COUNT, b"rubbish", NOW + TOLD_EVERY_MS)
    assert [(one["topic"], one["before"]) for one in logs] == [(COUNT, 0), (COUNT, 4)]
    assert "rubbish" not in str(logs)
