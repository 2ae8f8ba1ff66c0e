"""Who reads only docs/protocol.md and docs/asyncapi.yaml writes a kiosk that is counted."""

from __future__ import annotations

import ast
import json
import re
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.core.fleet import FleetView
from hub.core.ports import Point
from shared.notices import Presence
from shared.places import KioskId, PointId
from tests.journeys import stranger as the_stranger
from tests.journeys.stranger import Json, Notebook, Stranger, good_clock
from tests.parts.hub import STORE, HubProcess, running_hub, wait_until
from tests.parts.mosquitto import RunningBroker

pytestmark = pytest.mark.journey

Running = tuple[RunningBroker, HubProcess]
COUNTS = ("sales", "sad", "neutral", "happy", "skipped", "timed_out", "blocked", "suspect")
HOUR = 3_600_000
"""Milliseconds; in Madrid every trading hour begins with an hour of UTC."""
REASONS = ("queue", "staff", None, "price")

Tally = Counter[tuple[int, str]]
"""How often in the hour that begins there: a count, or a reason beside its face."""


class Shift:
    """A clock that begins hours ago and goes on at every look, so that sales fill several hours."""

    def __init__(self, hours: float) -> None:
        now = good_clock()
        self._wall, self._boot = now["wall"] - round(hours * HOUR), 60_000
        self.synced = True

    def __call__(self) -> Json:
        self._wall, self._boot = self._wall + 40_000, self._boot + 40_000
        wall = self._wall if self.synced else self._boot  # without a battery it begins in 1970
        return {"wall": wall, "boot": self._boot, "synced": self.synced}


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
def stranger(broker: RunningBroker, hub: HubProcess, tmp_path: Path) -> Iterator[Stranger]:
    """Every test has a register and a kiosk of its own."""
    registry = hub.office.registry
    number = len(registry.kiosks()) + 1
    point, kiosk = PointId(f"caja-{number}"), KioskId(f"stranger-{number}")
    registry.add_point(Point(STORE, point, f"Caja {number}"))
    password = hub.office.enrol(kiosk, STORE, point).password
    made = Stranger(broker.host, broker.port, STORE, kiosk, password, tmp_path)
    made.point = point
    yield made
    made.leave()


def trade(stranger: Stranger, sales: int) -> None:
    """Answers of every face, with and without a reason, a few refusals and some who just go."""
    for number in range(sales):
        stranger.ring_up()
        if number % 10 == 3:
            stranger.skip()
        elif number % 10 != 7:
            reason = REASONS[number % len(REASONS)]
            assert stranger.answer(("sad", "neutral", "happy")[number % 3], reason) == "thank you"


def in_the_notebook(stranger: Stranger) -> Tally:
    """What the stranger's own records come to, by arithmetic of this file."""
    written = [next(iter(json.loads(r).items())) for r in stranger.notebook.records]
    anchors = [words for kind, words in written if kind == "anchor"]
    tally: Tally = Counter()
    for kind, words in written:
        if kind == "sale":
            tally[hour_of(words["at"], anchors), "sales"] += 1
        elif kind == "visit":
            hour = hour_of(words["sale_at"], anchors)
            tally[hour, words.get("face") or words["outcome"]] += 1
            if words.get("reason"):
                tally[hour, f"{words['face']}: {words['reason']}"] += 1
    return tally


def hour_of(moment: Json, anchors: list[Json]) -> int:
    true: int = moment["wall"]
    if not moment["synced"]:
        true = anchors[0]["true"] - (anchors[0]["boot"] - moment["boot"])
    return true // HOUR * HOUR


def at_the_hub(hub: HubProcess, stranger: Stranger) -> Tally:
    """The tallies of its register as they stand in the hub's database."""
    tally: Tally = Counter()
    ask = f"SELECT hour, {', '.join(COUNTS)} FROM tallies WHERE point_id = ?"
    for hour, *counts in rows(hub, ask, stranger.point):
        tally.update({(hour, n): c for n, c in zip(COUNTS, counts, strict=True) if c})
    ask = "SELECT hour, face, reason, answers FROM reason_tallies WHERE point_id = ? AND answers"
    for hour, face, reason, count in rows(hub, ask, stranger.point):
        tally[hour, f"{face}: {reason}"] = count
    return tally


def in_quarantine(hub: HubProcess, stranger: Stranger) -> list[str]:
    """The codes of what lies there from this kiosk."""
    ask = "SELECT code FROM quarantine WHERE kiosk_id = ?"
    return [code for (code,) in rows(hub, ask, stranger.kiosk)]


def rows(hub: HubProcess, ask: str, name: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(hub.config.with_name("hub.db"))) as db:
        return db.execute(ask, (name,)).fetchall()


def view(hub: HubProcess, stranger: Stranger) -> FleetView:
    views = hub.office.fleet.views([STORE])
    return next(one for one in views if one.kiosk_id == stranger.kiosk)


def assert_counted(hub: HubProcess, stranger: Stranger) -> None:
    """Everything is receipted with the same chain and counted once; nothing missing or refused."""
    many = len(stranger.notebook.records)
    assert (stranger.owed, stranger.receipt["upto"]) == (0, many)
    assert stranger.receipt["chain"] == stranger.notebook.chain[-1].hex()
    assert not stranger.receipt["refused"]
    assert stranger.alarms == set()
    assert at_the_hub(hub, stranger) == in_the_notebook(stranger)
    seen = view(hub, stranger)
    assert (seen.received, seen.lost, seen.refused) == (many, 0, 0)
    assert hub.office.verify(lambda _done: None).differences == ()


def test_the_stranger_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(the_stranger.__file__).read_text())
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "." for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"paho"}


def test_the_chain_values_in_the_protocol_are_those_of_the_stranger(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
    example = dict(
        re.findall(r"^    (chain\(0\)|record 1|chain\(1\)) = (\{.*|\w{32})$", page, re.M)
    )
    (tmp_path / "k-1").write_text("5eed5eed5eed5eed\n")
    notebook = Notebook(tmp_path / "k-1", "k-1")
    notebook.write(b"record", example["record 1"].encode())
    assert [value.hex() for value in notebook.chain] == [example["chain(0)"], example["chain(1)"]]


def test_all_that_a_stranger_kept_is_counted_whatever_happens_on_the_way(
    broker: RunningBroker, hub: HubProcess, stranger: Stranger
) -> None:
    stranger.clock, stranger.patience = Shift(hours=6), 1.0  # the hub comes back after the broker
    trade(stranger, 60)
    assert stranger.connect()
    for first, last in ((1, 40), (1, 40), (1, 25), (26, 40), (20, 60)):
        stranger.publish(stranger.batch(first, last))
    broker.kill()
    trade(stranger, 60)  # nobody is there, and shoppers are thanked all the same
    assert not stranger.deliver(0.5)
    broker.start()
    assert stranger.deliver(60), stranger.receipt
    kinds = Counter(name for _, name in in_the_notebook(stranger).elements())
    assert (kinds["sales"], kinds["skipped"], kinds["timed_out"]) == (120, 12, 12)
    assert_counted(hub, stranger)
    for first, last in ((1, 40), (20, 60), (101, 230)):  # late copies of what was receipted
        stranger.publish(stranger.batch(first, last))
    trade(stranger, 1)
    assert stranger.deliver(30)
    assert_counted(hub, stranger)
    assert in_quarantine(hub, stranger) == []


def test_a_visit_of_1970_moves_to_its_true_hour_when_its_anchor_comes(
    hub: HubProcess, stranger: Stranger
) -> None:
    shift = Shift(hours=9)
    shift.synced = False
    stranger.clock = shift
    stranger.ring_up()
    stranger.answer("happy", "staff")
    assert stranger.deliver(30)
    doubtful = at_the_hub(hub, stranger)
    assert sorted(name for _, name in doubtful) == ["happy", "happy: staff", "sales"]
    before, shift.synced = shift(), True
    stranger.synchronise(before, shift())
    trade(stranger, 10)
    assert stranger.deliver(30)
    assert_counted(hub, stranger)
    assert not doubtful & at_the_hub(hub, stranger)
    assert in_quarantine(hub, stranger) == []


@pytest.mark.parametrize("member", ["before", "chain"])
def test_a_wrong_chain_value_counts_nothing_and_the_right_batch_then_is_counted(
    hub: HubProcess, stranger: Stranger, member: str
) -> None:
    stranger.clock = Shift(hours=6)
    trade(stranger, 20)
    assert stranger.connect()
    right = json.loads(stranger.batch(1, 20))[member]
    stranger.publish(stranger.batch(1, 20).replace(right.encode(), b"0" * 32))
    wait_until(lambda: stranger.receipt.get("problem") == "chain", "the problem")
    assert (stranger.receipt["upto"], stranger.alarms) == (0, {"problem"})
    assert at_the_hub(hub, stranger) == Counter()
    assert stranger.notebook.forgotten == 0
    assert stranger.deliver(30)
    assert_counted(hub, stranger)
    assert in_quarantine(hub, stranger) == ["chain"]


def test_the_stranger_goes_on_with_its_notebook_after_a_power_cut(
    hub: HubProcess, stranger: Stranger, tmp_path: Path
) -> None:
    stranger.clock = Shift(hours=6)
    trade(stranger, 20)
    assert stranger.connect()
    stranger.publish(stranger.batch(1, 20))
    cut_off(stranger)
    epoch, records = stranger.notebook.epoch, stranger.notebook.records
    with (tmp_path / f"{stranger.kiosk}.notebook").open("ab") as file:
        file.write(b'record {"sale": {"id')  # the line that the power cut tore
    stranger.notebook = Notebook(tmp_path / f"{stranger.kiosk}.notebook", stranger.kiosk)
    assert (stranger.notebook.epoch, stranger.notebook.records) == (epoch, records)
    trade(stranger, 10)
    assert stranger.deliver(30)
    assert_counted(hub, stranger)


def test_the_hub_hears_the_strangers_status_and_its_last_will(
    hub: HubProcess, stranger: Stranger
) -> None:
    trade(stranger, 1)
    assert stranger.connect()
    wait_until(lambda: view(hub, stranger).presence is Presence.ONLINE, "online")
    assert view(hub, stranger).unsent == len(stranger.notebook.records)
    cut_off(stranger)
    wait_until(lambda: view(hub, stranger).presence is Presence.OFFLINE, "the last will")
    assert stranger.deliver(30)
    wait_until(lambda: view(hub, stranger).presence is Presence.ONLINE, "online again")
    stranger.leave()
    wait_until(lambda: view(hub, stranger).presence is Presence.OFFLINE, "the farewell")
    assert view(hub, stranger).unsent == 0


def cut_off(stranger: Stranger) -> None:
    """The cable: neither side says a word."""
    assert stranger._client is not None
    wire = stranger._client.socket()
    assert isinstance(wire, socket.socket)
    wire.shutdown(socket.SHUT_RDWR)
