"""The five laws of the README, each by its name."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from hub.core.satisfaction import Tally, index
from hub.core.stepping import LEAST_POINTS, STEP
from hub.core.suppression import FLOOR, LOWEST_FLOOR, TEXT_FLOOR
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.effects import Asking, Show, Thanks
from kiosk.core.events import FaceTouched, Kept, SaleSeen
from kiosk.core.programme import first_settings
from kiosk.core.session import Session
from shared.errors import ArchiveError
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.fakes.clock import FakeClock
from tests.fakes.screen import FakeScreen
from tests.journeys.pair import KIOSK, POINT, Pair, sale, visit
from tests.kiosk.rig import Kiosk
from tests.test_architecture import test_the_core_never_asks_the_time as never_asks

SETTINGS = first_settings(("es", "en"), "Centro", "Caja 1", always_on=False)


@pytest.fixture
def pair(engine: Engine, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(engine, tmp_path)
    yield made
    made.outbox.close()


@pytest.mark.parametrize(("one", "other"), [("kiosk", "hub"), ("hub", "kiosk")])
def test_law_1_two_programs_one_language(one: str, other: str) -> None:
    """Also at run time: the whole of one program is imported and nothing of the other."""
    program = (
        "import importlib, pkgutil, sys\n"
        f"import {one}\n"
        f"for found in pkgutil.walk_packages({one}.__path__, '{one}.'):\n"
        "    if not found.name.startswith(('hub.adapters.migrations', 'kiosk.screen')):\n"
        "        importlib.import_module(found.name)\n"
        f"print(sorted(n for n in sys.modules if n.split('.')[0] == '{other}'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("ring", ["shared", "kiosk/core", "hub/core"])
def test_law_2_the_core_is_pure(ring: str) -> None:
    """The import contracts forbid input and output; this reads the code for the time."""
    never_asks(ring)


def test_law_3_kept_before_thanked(tmp_path: Path) -> None:
    """What another process reads from the file while the thanks are shown is the answer."""
    file = tmp_path / "outbox.db"
    with closing(SqliteOutbox(file, KIOSK)) as outbox:
        kiosk = Kiosk(outbox, FakeScreen())
        kiosk.start()
        now = kiosk.clock.now()
        kiosk.post(SaleSeen(now, "a" * 32, SaleSource.RECEIPT))
        kiosk.screen.wait_for(Asking)
        now = kiosk.clock.advance(1000)
        kiosk.post(FaceTouched(now, Face.SAD, Input.TOUCH, now))
        kiosk.screen.wait_for(Thanks)
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader:
            dump = "".join(map(str, reader.execute("SELECT * FROM open_visit").fetchall()))
        kiosk.stop()
    assert "sad" in dump


def test_law_3_nothing_is_forgotten_before_the_hub_has_committed(pair: Pair) -> None:
    pair.keep([sale(1), visit(1)])

    def fail(*_: object) -> None:
        raise ArchiveError("the plug was pulled just before the commit")

    event.listen(pair.engine, "commit", fail)
    with pytest.raises(ArchiveError):
        pair.send(pair.batch())
    event.remove(pair.engine, "commit", fail)
    assert pair.outbox.held().received == 0
    assert pair.rows("SELECT count(*) FROM records") == [(0,)]
    assert pair.deliver().upto == 2
    assert pair.outbox.held().received == 2


def test_law_4_counted_once(pair: Pair) -> None:
    """Everything twice, late and out of order equals everything once; both equal a recount."""
    rng = random.Random(11)
    answers = [visit(n * 97, rng.choice(list(Face))) for n in range(80)]
    pair.keep(answers)
    while (held := pair.send(pair.batch(1, 3)).upto) < len(answers):
        parts = [pair.batch(rng.randint(1, held + 1), rng.randint(1, 9)) for _ in range(3)]
        rng.shuffle(parts)
        held = pair.send(*parts, *parts).upto
        if held < len(answers):
            pair.send(pair.batch(held + 1, 9))
    assert pair.tally() == {face.value: sum(a.face is face for a in answers) for face in Face}


def test_law_5_nobody_is_watched() -> None:
    """After the tap the page is the same value whichever face was touched."""
    pages = []
    for face in Face:
        session, clock = Session(SETTINGS, POINT, "b0" * 16), FakeClock()
        session.start(None, clock.now())
        session.handle(SaleSeen(clock.now(), "a" * 32, SaleSource.RECEIPT))
        now = clock.advance(1000)
        session.handle(FaceTouched(now, face, Input.TOUCH, now))
        effects = session.handle(Kept(now, 1))
        pages += [effect.page for effect in effects if isinstance(effect, Show)]
    assert len(pages) == 3
    assert pages[0] == pages[1] == pages[2]
    assert (FLOOR, TEXT_FLOOR, LOWEST_FLOOR, STEP, LEAST_POINTS) == (5, 10, 3, 5, 2)


def test_law_5_nothing_is_overclaimed() -> None:
    """Every index that leaves the reports has its interval and its n (see hub/core/figures)."""
    assert index(Tally()) is None
    figure = index(Tally(sad=1, happy=2))
    assert figure is not None
    assert figure.low < figure.value < figure.high
    assert figure.n == 3
