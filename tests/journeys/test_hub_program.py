"""The hub as a program: killed, cut off and fed with poison, it holds every record once."""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core.fleet import FleetView
from shared.moments import Moment
from shared.notices import Presence
from shared.places import KioskId
from shared.topics import Channel
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import encode_record
from tests.demo.programs import python
from tests.parts.hub import POINT, STORE, HubProcess, StrangersKiosk, running_hub, wait_until
from tests.parts.mosquitto import RunningBroker

pytestmark = pytest.mark.journey

Running = tuple[RunningBroker, HubProcess]
FACES = itertools.cycle(Face)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_hub(tmp_path_factory.mktemp("hub")) as both:
        yield both


@pytest.fixture
def broker(running: Running) -> RunningBroker:
    return running[0]


@pytest.fixture
def hub(running: Running) -> HubProcess:
    return running[1]


@pytest.fixture
def kiosk(running: Running) -> Iterator[StrangersKiosk]:
    broker, hub = running
    name = KioskId(f"k-{len(hub.office.registry.kiosks())}")
    kiosk = StrangersKiosk(broker, name, hub.office.enrol(name, STORE, POINT).password)
    kiosk.connect()
    yield kiosk
    kiosk.close()


def keep_visits(kiosk: StrangersKiosk, many: int) -> None:
    for number in range(many):
        at = Moment(int(time.time() * 1000) - 3_600_000 + number, 5_000_000 + number, True)
        visit = Visit(
            POINT, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
            input=Input.TOUCH, face=next(FACES), answered=at,
        )  # fmt: skip
        kiosk.keep(encode_record(visit))


def view_of(hub: HubProcess, kiosk: StrangersKiosk) -> FleetView:
    views = hub.office.fleet.views([STORE])
    return next(view for view in views if view.kiosk_id == kiosk.kiosk)


def assert_counted(hub: HubProcess, kiosk: StrangersKiosk, many: int) -> None:
    """Received and counted so many of this kiosk, each once; every tally equals its recount."""
    view = view_of(hub, kiosk)
    assert (view.received, view.lost) == (many, 0)
    assert hub.office.verify(lambda _done: None).differences == ()


def test_a_stranger_who_follows_the_protocol_is_counted_and_told_what_to_ask(
    hub: HubProcess, kiosk: StrangersKiosk
) -> None:
    keep_visits(kiosk, 1000)
    kiosk.send_until(1000)
    wait_until(lambda: kiosk.settings is not None, "settings")
    assert kiosk.settings is not None
    assert (kiosk.settings.store_name, kiosk.settings.point_name) == ("Mercado Centro", "Caja 1")
    assert_counted(hub, kiosk, 1000)
    assert hub.metric('semblante_records_total{outcome="records"}') >= 1000


def test_a_hub_killed_in_mid_stream_loses_and_doubles_nothing(
    hub: HubProcess, kiosk: StrangersKiosk
) -> None:
    keep_visits(kiosk, 1000)
    for _ in range(2):
        kiosk.send(size=7, ahead=60)
        wait_until(lambda: kiosk.held > 0, "first receipt")
        hub.program.kill()
        hub.start()
    kiosk.send_until(1000)
    assert_counted(hub, kiosk, 1000)


def test_a_broker_killed_in_mid_stream_loses_and_doubles_nothing(
    broker: RunningBroker, hub: HubProcess, kiosk: StrangersKiosk
) -> None:
    keep_visits(kiosk, 1000)
    kiosk.send(size=7, ahead=60)
    broker.kill()
    wait_until(lambda: hub.health().get("broker") is False, "the hub notices")
    broker.start()
    kiosk.connect()
    kiosk.settings = None
    kiosk.send_until(1000)
    wait_until(lambda: kiosk.settings is not None, "the settings, which the broker had forgotten")
    assert_counted(hub, kiosk, 1000)


def test_poison_is_kept_apart_and_stops_nobody(hub: HubProcess, kiosk: StrangersKiosk) -> None:
    for poison in (b"", b"\xff\xfe", b'{"v":1}', b'{"v":9}', b"[" * 5000, b'{"v":NaN}'):
        kiosk.say(poison)
    kiosk.say(b"nonsense", Channel.STATUS)
    kiosk.say(b"nonsense", Channel.PULSE)
    keep_visits(kiosk, 100)
    kiosk.keep(b'{"visit":{"point_id":"caja-1"}}')
    kiosk.send_until(101)
    assert kiosk.receipt is not None
    assert [refusal.seq for refusal in kiosk.receipt.refused] == [101]
    assert_counted(hub, kiosk, 100)
    assert sum(hub.office.quarantine().values()) == 7


def test_the_last_will_is_heard_and_a_new_connection_again(
    hub: HubProcess, kiosk: StrangersKiosk
) -> None:

    def presence() -> Presence | None:
        return view_of(hub, kiosk).presence

    wait_until(lambda: presence() is Presence.ONLINE, "online")
    kiosk.pull_the_plug()
    wait_until(lambda: presence() is Presence.OFFLINE, "the last will")
    kiosk.connect()
    wait_until(lambda: presence() is Presence.ONLINE, "online again")


def test_a_new_name_of_a_point_reaches_its_kiosk_without_a_restart(
    hub: HubProcess, kiosk: StrangersKiosk
) -> None:
    command = python("hub", "point", "add", STORE, POINT, "--name", "Caja Uno", "-c")
    subprocess.run([*command, str(hub.config)], check=True, timeout=60, capture_output=True)
    wait_until(
        lambda: kiosk.settings is not None and kiosk.settings.point_name == "Caja Uno", "the name"
    )


def test_a_second_process_serves_the_site_beside_the_intake(
    broker: RunningBroker, hub: HubProcess, kiosk: StrangersKiosk
) -> None:
    web = HubProcess(hub.config.parent, broker, "web", SEMBLANTE_ROLES="web")
    connections = hub.metric("semblante_broker_connections_total")
    try:
        web.start()
        assert web.health()["broker"] is None
        assert b"<form" in web.get("/sign-in")
        keep_visits(kiosk, 100)
        kiosk.send_until(100)  # and the intake was not disturbed
        assert hub.metric("semblante_broker_connections_total") == connections
    finally:
        web.program.stop()


def test_it_stops_when_asked_and_says_so_with_exit_code_zero(hub: HubProcess) -> None:
    began = time.monotonic()
    hub.program.ask_to_stop()
    wait_until(lambda: hub.program.ended is not None, "the end")
    assert hub.program.ended == 0
    assert time.monotonic() - began < 10
    hub.start()


def test_faults_in_the_settings_are_told_all_at_once_with_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("colour = 1\n[web]\nport = 0\n[privacy]\nfloor = 2\n")
    done = subprocess.run(
        python("hub", "run", "-c", str(tmp_path / "hub.toml")),
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ},
    )  # fmt: skip
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("colour", "web.port", "privacy.floor", "→"))
    assert "Traceback" not in done.stderr


def test_an_empty_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text('[broker]\npassword = "x"\n')
    done = subprocess.run(
        python("hub", "run", "-c", str(tmp_path / "hub.toml")),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "semblante-hub migrate" in done.stderr


def test_starting_the_hub_does_not_import_pandas() -> None:
    code = "import sys, hub.__main__; sys.exit('pandas' in sys.modules or 'pyarrow' in sys.modules)"
    subprocess.run([python("hub")[0], "-c", code], check=True, timeout=60)
