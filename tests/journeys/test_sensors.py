"""Sensors as the manual connects them: by command, by broker and by HTTP, up to the lines."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.database import open_engine
from hub.adapters.layouts import SqlLayouts
from hub.adapters.queue_readings import SqlQueueBook
from hub.core.accounts import Note
from hub.core.ports import Point
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.enrolment import Admitted
from shared.places import PointId, SensorId
from shared.topics import ROOT
from tests.parts.hub import POINT, STORE, HubProcess, running_hub, wait_until
from tests.parts.mosquitto import RunningBroker

pytestmark = pytest.mark.journey

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
KINDS = ("count", "passing", "ticket")
DOOR = SensorId("door-1")
LINE, DELI = LineId("line-1"), LineId("deli")


class Scene:
    """A hub with two lines, and a sensor that was let in by command."""

    def __init__(self, folder: Path, broker: RunningBroker, hub: HubProcess) -> None:
        self.broker, self.hub, self.said = broker, hub, 0
        self.engine = open_engine(f"sqlite:///{folder}/hub.db", pooled=False)
        hub.office.registry.add_point(Point(STORE, PointId("caja-2"), "Caja 2"))
        lines = (Line(LINE, (POINT,)), Line(DELI, (PointId("caja-2"),)))
        note = Note(1, "test", "lines laid out", STORE)
        SqlLayouts(self.engine).lay_out(STORE, Layout(1, lines), 1, note)
        self.admitted: Admitted = hub.office.add_sensor(DOOR, STORE)

    def publish(self, kind: str, payload: bytes, *, retain: bool = False) -> None:
        """As `mosquitto_pub` does: connect, say it, go."""
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(DOOR, self.admitted.password)
        client.connect(self.broker.host, self.broker.port)
        client.loop_start()
        said = client.publish(f"{ROOT}/{STORE}/{DOOR}/{kind}", payload, 1, retain)
        said.wait_for_publish(10)
        self.said += 1
        client.disconnect()
        client.loop_stop()

    def post(self, kind: str, payload: bytes, secret: str | None = None) -> int:
        """As `curl` does."""
        url = f"http://127.0.0.1:{self.hub.web_port}/api/v1/stores/{STORE}/{kind}s"
        asked = urllib.request.Request(url, payload, method="POST")
        asked.add_header("authorization", f"Bearer {secret or self.admitted.password}")
        asked.add_header("content-type", "application/json")
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def outcome(self, name: str) -> float:
        return self.hub.metric(f'semblante_sensed_total{{outcome="{name}"}}')

    def lines(self) -> set[tuple[str, str]]:
        """The lines about the quality of the data: where, and what."""
        return {(one.place, str(one.what)) for one in SqlQueueBook(self.engine).doubts(STORE)}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("hub")
    with running_hub(folder) as (broker, hub):
        scene = Scene(folder, broker, hub)
        # The hub looks every two seconds who was let in, and how lines are laid out; at night it
        # looks only at what is told.
        wait_until(lambda: _heard(scene), "the sensor is heard, and nobody counts “deli”")
        heard = ("taken", "stranger")
        wait_until(lambda: sum(map(scene.outcome, heard)) == scene.said, "nothing is under way")
        yield scene
        scene.engine.dispose()


def _heard(scene: Scene) -> bool:
    scene.publish("count", word(number=0))
    return scene.outcome("taken") > 0 and ("deli", "no_counter") in scene.lines()


def word(**fields: Any) -> bytes:
    return json.dumps({"v": 1, "line": LINE, "at": now_ms(), **fields}).encode()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("retain", [False, True])
def test_the_examples_of_the_manual_are_heard_as_they_are(scene: Scene, retain: bool) -> None:
    before = scene.outcome("taken")
    for kind in KINDS:
        scene.publish(kind, (EXAMPLES / f"{kind}.json").read_bytes(), retain=retain)
    wait_until(lambda: scene.outcome("taken") == before + 3, "three words")
    late = {("line-1", "late"), ("deli", "late")}
    wait_until(lambda: late <= scene.lines(), "they are of another year, and a line says so")


def test_the_same_by_http(scene: Scene) -> None:
    before = scene.outcome("taken")
    assert [scene.post(kind, (EXAMPLES / f"{kind}.json").read_bytes()) for kind in KINDS] == [
        202
    ] * 3
    assert scene.outcome("taken") == before + 3
    assert scene.post("count", word(number=3), "0" * 40) == 401


def test_all_that_is_wrong_stands_as_a_line_whichever_way_it_came(scene: Scene) -> None:
    wrong = {
        "negative": word(number=-1),
        "absurd": word(number=100_000),
        "clock_ahead": word(number=3, at=now_ms() + 60_000),
        "late": word(number=3, at=now_ms() - 120_000),
    }
    for payload in (wrong["negative"], wrong["clock_ahead"]):
        scene.publish("count", payload)
    for payload in (wrong["absurd"], wrong["late"], word(number=3, line="attic")):
        assert scene.post("count", payload) == 202
    twice = word(number=2)
    scene.publish("count", twice)
    assert scene.post("count", twice) == 202
    awaited = {("line-1", name) for name in (*wrong, "duplicate")} | {("?", "unknown_line")}
    wait_until(lambda: awaited <= scene.lines(), "a line for each")


def test_what_the_broker_kept_from_an_earlier_time_is_not_now(scene: Scene) -> None:
    scene.publish("passing", b'{"v":1,"line":"line-1","way":"entered"}', retain=True)
    scene.publish("count", b'{"v":1,"line":"line-1","number":7}', retain=True)
    scene.hub.program.stop()
    scene.hub.start()
    wait_until(lambda: scene.outcome("kept") + scene.outcome("stranger") >= 2, "both are seen")
    assert scene.outcome("taken") <= 1, (
        "of the examples at most the ticket, which says of when it is"
    )
    for kind in KINDS:
        scene.publish(kind, b"", retain=True)


def test_a_removed_sensor_is_heard_no_more(scene: Scene) -> None:
    scene.hub.office.remove_sensor(DOOR)
    assert scene.post("count", word(number=3)) == 401
    assert scene.post("count", word(number=3)) == 429
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(DOOR, scene.admitted.password)
    refused: list[str] = []
    client.on_connect = lambda *told: refused.append(str(told[3]))
    client.connect(scene.broker.host, scene.broker.port)
    client.loop_start()
    wait_until(lambda: bool(refused), "an answer")
    client.loop_stop()
    assert refused[0] == "Not authorized"
