"""A kiosk whose card is dead from the start: it tells the hub and the shopper, and keeps trying."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.adapters.absent import NoScreen
from kiosk.adapters.clock import SystemClock
from kiosk.core.effects import Cleaning, Closed
from kiosk.core.events import CleaningAsked, PanelAsked, PanelTouched
from kiosk.core.panel_pages import Key, PanelLines
from kiosk.core.passcode import hashed
from kiosk.core.ports import Post, Trouble
from kiosk.core.restarting import RestartAsked
from kiosk.core.trials import Kind
from kiosk.settings import Settings
from kiosk.wiring import closed
from kiosk.wiring.closed import ClosedKiosk
from kiosk.wiring.whole import Kiosk, run
from shared.commands import Answer, Command, Order
from shared.errors import OutboxError
from shared.health import Health
from shared.notices import Presence, Status
from shared.wire import decode, encode
from tests.kiosk.wiring.samples import headless
from tests.parts.mosquitto import RunningBroker, running_broker

PANEL = f'[panel]\npin = "{hashed("2580", b"salt" * 4)}"'

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


@contextmanager
def ordering(broker: RunningBroker, command: Command) -> Iterator[list[Health]]:
    """A hub that orders this, and hears how its kiosk is."""
    heard: list[Health] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("hub", broker.hub_password)
    client.on_message = lambda *a: heard.append(decode(Health, a[2].payload))
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.subscribe("semblante/v1/+/+/health", 1)
    topic = "semblante/v1/centro/k-1/command"
    client.publish(topic, encode(command), 1, retain=True).wait_for_publish(10)
    yield heard
    client.disconnect()
    client.loop_stop()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def settings_for(
    folder: Path, broker: RunningBroker, outbox: str = DEAD, more: str = ""
) -> Settings:
    return headless(
        folder,
        f'[outbox]\npath = "{outbox}"\n{more}',
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
        wait_until(lambda: kiosk.screen.page == Closed("es"))  # type: ignore[attr-defined]
    wait_until(lambda: len(statuses) == 2)
    assert [one.presence for one in statuses] == [Presence.ONLINE, Presence.OFFLINE]
    assert {one.alarms for one in statuses} == {("storage",)}
    assert (statuses[0].connection, statuses[0].unsent) == (1, 0)


class TouchedGlass(NoScreen):
    """Somebody stands before it."""

    def listen(self, post: Post, trouble: Trouble | None = None) -> None:
        self.post = post


def gestures(glass: TouchedGlass, *keys: str) -> None:
    """The corner is held, the PIN typed, and then these keys."""
    now = SystemClock().now
    glass.post(PanelAsked(now()))
    for key in ("2", "5", "8", "0", Key.OK, *keys):
        glass.post(PanelTouched(now(), key))


def test_a_technician_sees_what_is_wrong_where_it_is_out_of_order(
    tmp_path: Path, broker: RunningBroker
) -> None:
    glass = TouchedGlass()
    with ExitStack() as stack:
        kiosk = ClosedKiosk(settings_for(tmp_path, broker, more=PANEL), stack, glass)
        kiosk.start()
        wait_until(lambda: glass.page == Closed("es"))
        glass.post(CleaningAsked(SystemClock().now()))
        wait_until(lambda: isinstance(glass.page, Cleaning))

    glass = TouchedGlass()
    with ExitStack() as stack:
        kiosk = ClosedKiosk(settings_for(tmp_path, broker, more=PANEL), stack, glass)
        kiosk.start()
        gestures(glass)
        wait_until(lambda: "storage" in str(glass.page))
        assert isinstance(glass.page, PanelLines)
        assert glass.page.kinds == (Kind.TOUCH, Kind.SCREEN), "its till and buttons are not heard"


def test_a_technician_starts_it_anew_from_there(tmp_path: Path, broker: RunningBroker) -> None:
    glass = TouchedGlass()
    touching = threading.Timer(0.5, gestures, (glass, Key.MORE, Key.RESTART, Key.RESTART))
    touching.start()
    with pytest.raises(RestartAsked):
        run(settings_for(tmp_path, broker, more=PANEL), glass)
    touching.join(20)


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


def test_it_obeys_nothing_and_what_was_ordered_meanwhile_is_not_done_later(
    tmp_path: Path, broker: RunningBroker
) -> None:
    now = time.time_ns() // 1_000_000
    wish = Command("ab" * 8, Order.RESTART, now + 2_500)
    with ordering(broker, wish) as heard:
        with ExitStack() as stack:
            closed_one = ClosedKiosk(settings_for(tmp_path, broker), stack)
            closed_one.start()
            wait_until(lambda: bool(heard) and time.time_ns() // 1_000_000 > wish.until)
            assert closed_one.fault is None, "it did not begin anew"
            assert {one.answers for one in heard} == {()}, "nobody answers for it"
        with ExitStack() as stack:
            whole = Kiosk(settings_for(tmp_path, broker, str(tmp_path / "outbox.db")), stack)
            trusting_its_clock(whole)
            whole.start()
            wait_until(lambda: heard[-1].answers == (Answer(wish.id, "late"),))
            assert whole.fault is None


def trusting_its_clock(kiosk: Kiosk) -> None:
    """As on a machine with a time server."""
    now = kiosk._clock.now
    kiosk._clock.now = lambda: replace(now(), synced=True)  # type: ignore[method-assign]


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
