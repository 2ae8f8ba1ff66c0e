"""All parts together: started in order, stopped in reverse, whatever fails on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kiosk.adapters.door import Door
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.effects import Asking, Resting
from kiosk.core.ports import WALK
from kiosk.core.programme import first_settings
from kiosk.courier.tidings import SETTINGS
from kiosk.loop import Loop
from kiosk.settings import Settings
from kiosk.wiring.recalling import remembered, walked
from kiosk.wiring.whole import Kiosk, run
from shared.errors import HardwareError
from shared.notices import KioskSettings
from shared.places import kiosk_id
from shared.wire import decode_record, encode, encode_record
from tests.fakes.clock import FakeClock
from tests.kiosk.samples import response, sale
from tests.kiosk.wiring.samples import DOOR_TOKEN, headless, pins_by
from tests.parts.ports import free_port

SETTINGS_OF_THE_HUB = KioskSettings(9, "Mercado Centro", "Caja 1", ("en",), always_on=True)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while left := set(threading.enumerate()) - before:
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def page_of(settings: Settings, kind: type) -> object:
    """What a kiosk with these settings shows at first."""
    with ExitStack() as stack:
        kiosk = Kiosk(settings, stack)
        kiosk.start()
        deadline = time.monotonic() + 5
        while not isinstance(kiosk.screen.page, kind):  # type: ignore[attr-defined]
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return kiosk.screen.page  # type: ignore[attr-defined]


def test_it_runs_until_a_signal_and_leaves_the_handlers_as_they_were(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    begun = time.monotonic()
    run(headless(tmp_path, f'[door]\ntoken = "{DOOR_TOKEN}"\nport = {free_port()}'))
    assert time.monotonic() - begun < 3
    assert signal.getsignal(signal.SIGTERM) is before
    timer.join()


def test_without_any_hub_it_greets_with_what_the_file_says(tmp_path: Path) -> None:
    page = page_of(headless(tmp_path), Resting)
    assert isinstance(page, Resting)
    assert page.languages == ("es", "en")


def test_the_settings_remembered_of_the_hub_win_over_the_file(tmp_path: Path) -> None:
    settings = headless(tmp_path)
    with closing(SqliteOutbox(settings.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(SETTINGS, encode(SETTINGS_OF_THE_HUB))
    page = page_of(settings, Asking)
    assert isinstance(page, Asking)
    assert page.languages == ("en",)
    assert page.point_name == "Caja 1"


def test_damage_met_while_it_runs_is_an_alarm_at_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        kiosk = Kiosk(headless(tmp_path), stack)
        kiosk.start()
        with kiosk._outbox._lock:
            kiosk._outbox._drop_connection()  # as after any failed commit
            (tmp_path / "outbox.db").write_bytes(b"no database any more" * 1_000)
        kiosk._writer.add(sale())
        deadline = time.monotonic() + 10
        while "damaged" not in kiosk._courier._rounds._standing.alarms:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_what_was_remembered_and_cannot_be_read_is_passed_over() -> None:
    assert remembered(None) is None
    assert remembered(b'{"v":1}') is None
    kept = first_settings(("es",), "", "", always_on=False)
    assert remembered(encode(kept)) == kept


def test_how_far_somebody_walked_is_read_back_and_what_cannot_be_read_is_nobodys() -> None:
    assert walked(None) is None
    assert walked(b"{}") is None
    assert walked(encode_record(sale())) is None
    assert walked(encode_record(response(complete=False))) == response(complete=False)


def test_a_part_that_a_restart_left_on_the_card_is_a_record_of_the_next_start(
    tmp_path: Path,
) -> None:
    settings = headless(tmp_path)
    with closing(SqliteOutbox(settings.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(WALK, encode_record(response(complete=False)))
    page_of(settings, Resting)
    with closing(SqliteOutbox(settings.outbox.path, kiosk_id("k-1"))) as outbox:
        batch = outbox.batch_from(1, 10)
        assert batch is not None
        assert response(complete=False) in [decode_record(body) for body in batch.records]
        assert outbox.recall(WALK) is None


def test_a_start_that_fails_half_way_stops_what_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no thread can be had")

    monkeypatch.setattr(Loop, "start", fail)
    settings = headless(tmp_path)
    with pytest.raises(RuntimeError, match="no thread"):
        run(settings)
    SqliteOutbox(settings.outbox.path, kiosk_id("k-1")).close()


def test_a_part_that_cannot_be_had_does_not_keep_the_kiosk_from_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = headless(
        tmp_path,
        f"""
        [door]
        token = "{DOOR_TOKEN}"
        port = {free_port()}
        drills = true
        [drawer]
        pin = 17
        [buttons]
        sad = 5
        neutral = 6
        happy = 13
        light = 19
        """,
    )
    assert settings.door is not None
    taken = Door(settings.door, clock=FakeClock(), post=lambda _: None)
    with closing(taken), pins_by("no such factory", monkeypatch):
        assert isinstance(page_of(settings, Resting), Resting)


@pytest.mark.parametrize(
    "wire", ['[till]\nkind = "receipt"\nport = "loop://"', "[drawer]\npin = 17"]
)
def test_every_part_that_is_configured_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wire: str
) -> None:
    failed: list[str] = []

    def without(self: Kiosk, alarm: str, fault: HardwareError) -> None:
        failed.append(f"{alarm}: {fault}")

    monkeypatch.setattr(Kiosk, "_without", without)
    settings = headless(
        tmp_path,
        f"""
        {wire}
        [buttons]
        sad = 5
        neutral = 6
        happy = 13
        light = 19
        [door]
        token = "{DOOR_TOKEN}"
        port = {free_port()}
        drills = true
        """,
    )
    with pins_by("mock", monkeypatch):
        assert isinstance(page_of(settings, Resting), Resting)
    assert failed == []
