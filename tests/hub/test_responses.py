"""A link is opened, walked through and becomes one record, whatever anybody does with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hub.adapters import recount
from hub.adapters.database import reading
from hub.adapters.tables import responses as rows
from hub.adapters.walks import SqlPhoneKeys, SqlWalks
from hub.core.ports import Archive
from hub.core.responses import PRODUCER, Walks
from hub.responses import (
    IDLE_MS,
    MOST_OF_A_KIOSK,
    MOST_OF_AN_ADDRESS,
    MOST_WRONG,
    Ending,
    Opened,
    Refusal,
    Responses,
)
from shared.links import LASTS_MS, MINUTE_MS, Link, key_of, token
from shared.places import KioskId, PointId
from shared.questionnaires import LONGEST_TEXT, Answer, Response
from shared.questions import Condition, Kind
from shared.wire import decode_record
from tests.fakes.kiosk import NOON
from tests.fakes.walks import FakeWalks, HandedOver
from tests.hub.web.building import Clock
from tests.parts.archives import K1, K9, Seen, SeenInMemory, SeenOnDisk, furnish
from tests.parts.databases import Cluster, migrated_postgres, migrated_sqlite
from tests.shared.questionnaires import question, questionnaire

SECRET = bytes(range(32))
ASKED = questionnaire(
    replace(question("came", Kind.ONE, "foot", "car"), required=True),
    question("parking", Kind.STARS, shown_if=(Condition("came", ("car",)),)),
    question("more", Kind.TEXT),
)
DEFINITIONS = HandedOver(ASKED)
HOME = "192.0.2.1"


def key(kiosk: KioskId) -> str:
    return key_of(SECRET, kiosk)


@dataclass
class Counter:
    """A meter of one measure."""

    counts: dict[str, int]

    def add(self, measure: object, by: float = 1, label: str = "") -> None:
        self.counts[label] = self.counts.get(label, 0) + int(by)

    def set(self, measure: object, value: float) -> None: ...
    def observe(self, measure: object, value: float) -> None: ...


@dataclass
class Bench:
    """The service on one archive, and what lies in it."""

    seen: Seen
    phones: Responses
    clock: Clock
    counts: dict[str, int]
    engine: Engine | None = None

    def begin(self, nonce: bytes = b"nonce!", secret: str = "mine") -> tuple[str, Opened]:
        made = token(link(self.clock.ms, nonce), key(K1))
        opened = self.phones.open(made, "", HOME)
        assert isinstance(opened, Opened), opened
        walk = self.phones.begin(opened, "es", secret)
        assert not isinstance(walk, Refusal)
        return made, self.again(made, secret)

    def again(self, made: str, secret: str = "mine") -> Opened:
        opened = self.phones.open(made, secret, HOME)
        assert isinstance(opened, Opened), opened
        return opened

    def answer(self, opened: Opened, name: str, answer: Answer | None) -> Opened:
        after = self.phones.answer(opened, name, answer)
        assert after is not None
        return after

    def records(self) -> list[Response]:
        found = [decode_record(row[2]) for row in self.seen.records().values()]
        assert all(isinstance(one, Response) for one in found)
        return [one for one in found if isinstance(one, Response)]


def link(now: int, nonce: bytes = b"nonce!", kiosk: KioskId = K1) -> Link:
    return Link(kiosk, PointId("caja-1"), "q", 1, now // MINUTE_MS, nonce)


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "fake":
        seen = SeenInMemory()
        yield made(seen, FakeWalks(seen.archive))
    elif request.param == "sqlite":
        with migrated_sqlite(tmp_path / "hub.db") as engine:
            yield made(SeenOnDisk(engine), SqlWalks(engine), engine)
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        with migrated_postgres(cluster) as engine:
            yield made(SeenOnDisk(engine), SqlWalks(engine), engine)


def made(seen: SeenInMemory | SeenOnDisk, walks: Walks, engine: Engine | None = None) -> Bench:
    furnish(seen.archive)
    archive: Archive = seen.archive
    clock, counts = Clock(NOON), dict[str, int]()
    phones = Responses(archive, walks, DEFINITIONS, key, clock, Counter(counts))
    return Bench(seen, phones, clock, counts, engine)


def test_a_whole_walk_becomes_one_record_of_the_hub_itself(bench: Bench) -> None:
    made, opened = bench.begin()
    opened = bench.answer(opened, "came", "car")
    opened = bench.answer(opened, "parking", 4)
    bench.clock.ms += 60_000
    opened = bench.answer(opened, "more", "Thanks!")
    assert bench.phones.missing(opened) is None
    assert bench.phones.finish(opened, complete=True) is Ending.COMPLETE
    [record] = bench.records()
    assert record.answers == {"came": "car", "parking": 4, "more": "Thanks!"}
    assert (record.complete, record.input, record.language) == (True, "web", "es")
    assert record.ended.boot == 60_000
    [(store, producer, _)] = bench.seen.ledgers()
    assert (store, producer) == ("centro", PRODUCER)
    assert bench.phones.open(made, "mine", HOME) is Refusal.USED
    assert bench.counts == {"begun": 1, "complete": 1, "used": 1}


def test_many_walks_stand_in_one_ledger_and_each_is_counted_once(bench: Bench) -> None:
    for number in range(5):
        _, opened = bench.begin(b"nonce%d" % number)
        bench.phones.finish(bench.answer(opened, "came", "foot"), complete=True)
    assert len(bench.records()) == 5
    [ledger] = bench.seen.ledgers().values()
    assert ledger[0] == 5
    if bench.engine is not None:
        assert recount.verify(bench.engine).differences == ()
        with reading(bench.engine) as db:
            found = db.execute(select(rows.c.input, rows.c.complete)).all()
        assert [tuple(row) for row in found] == [("web", True)] * 5


def test_whoever_leaves_has_answered_partially(bench: Bench) -> None:
    _, opened = bench.begin()
    bench.phones.finish(bench.answer(opened, "came", "foot"), complete=False)
    [record] = bench.records()
    assert (record.complete, record.answers) == (False, {"came": "foot"})


def test_without_an_answer_there_is_no_record(bench: Bench) -> None:
    made, opened = bench.begin()
    assert bench.phones.finish(opened, complete=False) is Ending.EMPTY
    assert bench.records() == []
    assert bench.phones.open(made, "mine", HOME) is Refusal.USED


def test_whoever_does_nothing_for_long_has_left(bench: Bench) -> None:
    _, opened = bench.begin()
    bench.answer(opened, "came", "foot")
    bench.begin(b"empty!")
    bench.clock.ms += IDLE_MS
    assert bench.phones.abandon() == 0
    bench.clock.ms += 1
    assert bench.phones.abandon() == 2
    assert [record.complete for record in bench.records()] == [False]
    assert bench.counts == {"begun": 2, "partial": 1, "empty": 1}
    assert bench.phones.abandon() == 0


def test_an_answer_to_what_is_no_longer_shown_is_not_kept(bench: Bench) -> None:
    _, opened = bench.begin()
    opened = bench.answer(opened, "came", "car")
    opened = bench.answer(opened, "parking", 4)
    opened = bench.answer(opened, "came", "foot")
    bench.phones.finish(opened, complete=True)
    assert bench.records()[0].answers == {"came": "foot"}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("came", "boat"),
        ("came", None),
        ("came", ["foot"]),
        ("parking", 4),
        ("nothing", 1),
        ("more", "x" * (LONGEST_TEXT + 1)),
        ("more", "  "),
    ],
    ids=lambda value: str(value)[:10],
)
def test_what_answers_nothing_that_is_asked_changes_nothing(
    bench: Bench, name: str, answer: Answer | None
) -> None:
    made, opened = bench.begin()
    assert bench.phones.answer(opened, name, answer) is None
    again = bench.again(made)
    assert again.walk is not None
    assert again.walk.answers == {}
    assert bench.phones.missing(again) == "came"


def test_a_question_that_need_not_be_answered_can_be_passed_over_and_taken_back(
    bench: Bench,
) -> None:
    made, opened = bench.begin()
    opened = bench.answer(opened, "more", "no!")
    bench.answer(opened, "more", None)
    walk = bench.again(made).walk
    assert walk is not None
    assert walk.answers == {}


def test_two_submits_at_once_become_one_response(bench: Bench) -> None:
    _, opened = bench.begin()
    opened = bench.answer(opened, "came", "foot")
    results: list[Ending] = []
    barrier = threading.Barrier(6)

    def submit() -> None:
        barrier.wait(10)
        results.append(bench.phones.finish(opened, complete=True))

    run([submit] * 6)
    assert sorted(results) == [Ending.COMPLETE] + [Ending.USED] * 5
    assert len(bench.records()) == 1


def test_many_phones_at_once_are_all_kept(bench: Bench) -> None:
    walks = [bench.answer(bench.begin(b"many-%d" % n)[1], "came", "foot") for n in range(4)]
    run([partial(bench.phones.finish, opened, complete=True) for opened in walks])
    assert len(bench.records()) == 4
    if bench.engine is not None:
        assert recount.verify(bench.engine).differences == ()


def run(work: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_only_the_phone_that_opened_a_link_goes_on(bench: Bench) -> None:
    made, opened = bench.begin()
    assert bench.phones.open(made, "another", HOME) is Refusal.TAKEN
    assert bench.phones.open(made, "", HOME) is Refusal.TAKEN
    fresh = replace(opened, walk=None)
    assert bench.phones.begin(fresh, "es", "another") is Refusal.TAKEN


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (token(link(NOON), key(K9)), Refusal.FORGED),
        (token(link(NOON), "0" * 64), Refusal.FORGED),
        ("nothing", Refusal.FORGED),
        ("x" * 100_000, Refusal.FORGED),
        (token(link(NOON - LASTS_MS - MINUTE_MS), key(K1)), Refusal.EXPIRED),
        (token(link(NOON + 10 * MINUTE_MS), key(K1)), Refusal.EXPIRED),
        (token(replace(link(NOON), version=2), key(K1)), Refusal.GONE),
    ],
    ids=["foreign", "forged", "nothing", "huge", "old", "ahead", "unknown"],
)
def test_a_link_that_is_none_opens_nothing(bench: Bench, made: str, refusal: Refusal) -> None:
    assert bench.phones.open(made, "", HOME) is refusal
    assert bench.counts == {refusal.value: 1}


def test_a_walk_that_has_begun_may_end_after_its_link_is_old(bench: Bench) -> None:
    made, _ = bench.begin()
    bench.clock.ms += LASTS_MS + MINUTE_MS
    assert bench.again(made).walk is not None


def test_a_retired_kiosks_link_opens_nothing_and_what_was_begun_leaves_no_record(
    bench: Bench,
) -> None:
    _, opened = bench.begin()
    opened = bench.answer(opened, "came", "foot")
    waiting = bench.phones.open(token(link(NOON, b"later!"), key(K1)), "", HOME)
    assert isinstance(waiting, Opened)
    assert isinstance(bench.seen, SeenInMemory | SeenOnDisk)
    bench.seen.archive.retire_kiosk(K1, 2)
    assert bench.phones.begin(waiting, "es", "mine") is Refusal.GONE
    assert bench.phones.finish(opened, complete=True) is Ending.EMPTY
    assert bench.records() == []


def test_of_two_walks_of_one_phone_nothing_says_that_they_are(bench: Bench) -> None:
    walks = [bench.begin(nonce)[1].walk for nonce in (b"nonce1", b"nonce2")]
    assert len({walk.secret for walk in walks if walk is not None}) == 2


def test_nobody_opens_links_without_end(bench: Bench) -> None:
    wrong = [bench.phones.open("wrong", "", HOME) for _ in range(MOST_WRONG + 1)]
    assert wrong == [Refusal.FORGED] * MOST_WRONG + [Refusal.BUSY]
    for _ in range(MOST_OF_AN_ADDRESS):
        bench.phones.open("wrong", "", "192.0.2.2")
    good = token(link(NOON), key(K1))
    assert bench.phones.open(good, "", "192.0.2.2") is Refusal.BUSY
    assert isinstance(bench.phones.open(good, "", HOME), Opened)


def test_whoever_has_many_addresses_of_one_network_opens_no_more(bench: Bench) -> None:
    hosts = (f"2001:db8::{number:x}" for number in range(MOST_WRONG + 1))
    wrong = [bench.phones.open("wrong", "", host) for host in hosts]
    assert wrong == [Refusal.FORGED] * MOST_WRONG + [Refusal.BUSY]


def test_no_kiosk_begins_more_than_it_can_have_shoppers(bench: Bench) -> None:
    for number in range(MOST_OF_A_KIOSK):
        bench.begin(number.to_bytes(6, "big"))
    opened = bench.phones.open(token(link(NOON), key(K1)), "", HOME)
    assert isinstance(opened, Opened)
    assert bench.phones.begin(opened, "es", "mine") is Refusal.BUSY


def test_old_links_are_forgotten(bench: Bench) -> None:
    made, opened = bench.begin()
    bench.phones.finish(opened, complete=False)
    bench.clock.ms += 2 * LASTS_MS + MINUTE_MS
    bench.phones.abandon()
    assert bench.phones.open(made, "mine", HOME) is Refusal.EXPIRED


def test_the_hub_makes_up_its_secret_once(engine: Engine) -> None:
    first = SqlPhoneKeys(engine).key(K1)
    assert SqlPhoneKeys(engine).key(K1) == first
    assert SqlPhoneKeys(engine).key(K9) != first
