from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from hub.adapters import recount, retention
from hub.adapters.database import writing
from hub.adapters.retention import SqlQuarantine, SqlRetention
from hub.adapters.tables import records
from shared.moments import Moment
from shared.places import PointId
from shared.questionnaires import Response
from shared.records import Loss, LossCause
from shared.visits import Input
from tests.journeys.pair import BOOT, NOON, POINT, STORE, Pair, moment, sale, visit

HOUR = 3_600_000
ONE_O_CLOCK = NOON + HOUR

RESPONSE = Response(
    point_id=POINT, boot_id=BOOT, begun=moment(1), input=Input.TOUCH, ended=moment(2),
    questionnaire="more", version=1, language="es", complete=True, answers={"why": "because"},
)  # fmt: skip


@pytest.fixture
def pair(engine: Engine, tmp_path: Path) -> Pair:
    """Ten visits in each of three hours, all received an hour after the last."""
    pair = Pair(engine, tmp_path, now=NOON + 4 * HOUR)
    pair.keep(
        [visit(second) for hour in range(3) for second in range(hour * 3600, hour * 3600 + 10)]
    )
    pair.deliver()
    return pair


def test_what_is_sealed_is_gone_and_still_counted(pair: Pair) -> None:
    tally = pair.tally()
    assert SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK) == 10
    assert pair.tally() == tally
    assert len(pair.rows("SELECT seq FROM records")) == 20


def test_verify_finds_no_difference_after_a_seal_and_rebuild_changes_nothing(pair: Pair) -> None:
    SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK)
    assert recount.verify(pair.engine).differences == ()
    tally = pair.tally()
    recount.rebuild(pair.engine)
    assert pair.tally() == tally


def test_a_seal_never_moves_back(pair: Pair) -> None:
    keeping = SqlRetention(pair.engine)
    keeping.seal(STORE, ONE_O_CLOCK)
    assert keeping.seal(STORE, NOON) == 0
    assert pair.rows("SELECT before FROM seals") == [(ONE_O_CLOCK,)]
    assert recount.verify(pair.engine).differences == ()


def test_a_duplicate_of_what_is_gone_is_still_a_duplicate(pair: Pair) -> None:
    pair.keep([visit(3 * 3600)])
    batch = pair.batch(31)
    pair.send(batch)
    tally = pair.tally()
    SqlRetention(pair.engine).seal(STORE, NOON + 4 * HOUR)
    receipt = pair.send(batch)
    assert (receipt.upto, receipt.problem) == (31, None)
    assert pair.tally() == tally


def test_a_late_record_of_a_sealed_hour_is_counted_and_disturbs_no_verify(pair: Pair) -> None:
    SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK)
    pair.keep([sale(5)])
    pair.deliver()
    assert pair.tally()["sales"] == 1
    assert recount.verify(pair.engine).differences == ()


def test_responses_go_and_what_says_nothing_about_anybody_stays(
    engine: Engine, tmp_path: Path
) -> None:
    pair = Pair(engine, tmp_path, now=NOON)
    pair.keep([RESPONSE, Loss(1, 1, LossCause.DAMAGED)])
    pair.deliver()
    assert SqlRetention(pair.engine).seal(STORE, NOON) == 0, "not before its day"
    assert SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK) == 1
    (left,) = pair.rows("SELECT body FROM records")
    assert bytes(left[0]).startswith(b'{"loss"')


def test_a_response_goes_however_its_kiosk_wrote_it(engine: Engine, tmp_path: Path) -> None:
    pair = Pair(engine, tmp_path, now=NOON)
    pair.keep([RESPONSE])
    pair.deliver()
    (row,) = pair.rows("SELECT body FROM records")
    spaced = json.dumps({"anchor": None, "more": 1} | json.loads(row[0]), indent=1)
    with writing(engine) as db:
        db.execute(update(records).values(body=spaced.encode()))
    assert SqlRetention(engine).seal(STORE, ONE_O_CLOCK) == 1


def test_doubts_go_with_their_records(engine: Engine, tmp_path: Path) -> None:
    pair = Pair(engine, tmp_path)
    unsure = Moment(NOON, 50, False)
    pair.keep([visit(0, asked=unsure, answered=unsure), visit(2 * 3600)])
    pair.deliver()
    assert len(pair.rows("SELECT seq FROM doubtful")) == 1
    SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK)
    assert pair.rows("SELECT seq FROM doubtful") == []


def test_much_is_deleted_a_little_at_a_time(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 7)
    assert SqlRetention(pair.engine).seal(STORE, ONE_O_CLOCK) == 10


def test_the_quarantine_is_counted_by_code(pair: Pair) -> None:
    assert SqlQuarantine(pair.engine).counts() == {}
    pair.keep([replace(visit(4 * 3600), point_id=PointId("nowhere"))])
    pair.deliver()
    assert SqlQuarantine(pair.engine).counts() == {"unknown_point": 1}


def test_old_riddles_lose_their_bytes_and_stay_counted_and_known(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_CAPTIVES_AT_ONCE", 2)
    nowhere = PointId("nowhere")
    pair.keep([replace(visit(4 * 3600 + n), point_id=nowhere) for n in range(5)])
    pair.deliver()
    kept = SqlQuarantine(pair.engine)
    query = "SELECT code, detail, seq, times, told FROM quarantine ORDER BY fingerprint"
    before, last = pair.rows(query), pair.rows("SELECT MAX(last_at) FROM quarantine")[0][0]
    assert kept.empty(last) == 0, "not before its time"
    assert kept.empty(last + 1) == 5
    assert kept.empty(last + 1) == 0, "nothing is emptied twice"
    assert pair.rows("SELECT SUM(LENGTH(payload)) FROM quarantine") == [(0,)]
    assert pair.rows(query) == before
    assert kept.counts() == {"unknown_point": 5}
