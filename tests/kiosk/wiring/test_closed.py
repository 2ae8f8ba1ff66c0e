"""A kiosk whose card is dead from the start: it tells the hub and the shopper, and keeps trying."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.core.effects import Closed
from kiosk.settings import Settings
from kiosk.wiring import closed
from kiosk.wiring.closed import ClosedKiosk
from kiosk.wiring.whole import Kiosk, run
from shared.errors import OutboxError
from shared.notices import Presence, Status
from shared.wire import decode
from tests.kiosk.wiring.samples import headless
from tests.parts.mosquitto import RunningBroker, running_broker

DEAD = "/proc/nothing/can/be/made/here/outbox.db"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "broker", ["k-1"]) as running:
        yield running


@pytest.fixture
def statuses(broker: RunningBroker) -> Iterator[list[Status]]:
    """What the hub hears."""
    heard: list[Status] = []
    ready = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("hub", broker.hub_password)
    client.on_message = lambda *a: heard.append(decode(Status, a[2].payload))
    client.on_subscribe = lambda *_: ready.set()
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.subscribe("semblante/v1/+/+/status", 1)
    assert ready.wait(10)
    yield heard
    client.disconnect()
    client.loop_stop()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def settings_for(folder: Path, broker: RunningBroker, outbox: str = DEAD) -> Settings:
    return headless(
        folder,
        f'[outbox]\npath = "{outbox}"',
        broker_port=broker.port,
        password=broker.passwords["k-1"],
    )


def test_its_alarm_is_told_although_the_card_never_could_be_opened(
    tmp_path: Path, broker: RunningBroker, statuses: list[Status]
) -> None:
    with ExitStack() as stack:
        kiosk = ClosedKiosk(settings_for(tmp_path, broker), stack)
        kiosk.start()
        wait_until(lambda: bool(statuses))
        assert kiosk.screen.page == Closed("es")  # type: ignore[attr-defined]
    wait_until(lambda: len(statuses) == 2)
    assert [one.presence for one in statuses] == [Presence.ONLINE, Presence.OFFLINE]
    assert {one.alarms for one in statuses} == {("storage",)}
    assert (statuses[0].connection, statuses[0].unsent) == (1, 0)


def test_the_program_runs_closed_and_ends_by_a_signal_like_any_other(
    tmp_path: Path, broker: RunningBroker, statuses: list[Status]
) -> None:
    def end_it() -> None:
        wait_until(lambda: bool(statuses))
        os.kill(os.getpid(), signal.SIGTERM)

    ending = threading.Thread(target=end_it)
    ending.start()
    run(settings_for(tmp_path, broker))
    ending.join(20)
    assert statuses[0].alarms == ("storage",)


def test_a_card_that_comes_back_ends_it_so_that_it_starts_whole(
    tmp_path: Path, broker: RunningBroker, statuses: list[Status], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed, "AGAIN_SECONDS", 0.05)
    place = tmp_path / "partition"
    place.write_text("not mounted yet")
    settings = settings_for(tmp_path, broker, str(place / "outbox.db"))

    def mount() -> None:
        wait_until(lambda: bool(statuses))
        place.unlink()
        place.mkdir()

    mounting = threading.Thread(target=mount)
    mounting.start()
    with pytest.raises(OutboxError, match="can be opened again"):
        run(settings)
    mounting.join(20)
    with ExitStack() as stack:
        Kiosk(settings, stack).start()
        wait_until(lambda: statuses[-1].presence is Presence.ONLINE and not statuses[-1].alarms)


def test_a_file_that_opens_and_cannot_be_read_closes_it_too(
    tmp_path: Path, broker: RunningBroker, statuses: list[Status], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OutboxError("Input/output error")

    monkeypatch.setattr("kiosk.adapters.outbox.SqliteOutbox.recall", fail)
    monkeypatch.setattr(closed, "AGAIN_SECONDS", 60)
    settings = settings_for(tmp_path, broker, "outbox.db")
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    run(settings)
    timer.join()
    wait_until(lambda: bool(statuses))
    assert statuses[0].alarms == ("storage",)
