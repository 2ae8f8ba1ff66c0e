"""Intake without a broker, against what each database can do alone with the same rows.

Ours: `Intake.take` with 100 records a message from twenty kiosks, 40 messages a transaction: read,
check the chain, settle, insert, add to all three tallies, commit to disk, make the receipts. SQLite
alone: `sqlite3` inserting the same rows, prepared beforehand, at 100 a commit. PostgreSQL alone:
one `unnest` insert whose rows are rolled up into a tally in the same statement, at 100 a commit.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine
from hub.adapters.migrations import migrate
from hub.adapters.tidying import Log, log_of
from hub.core.hearing import Message
from hub.core.ports import Point, Store
from hub.intake import Intake
from shared.questionnaires import Answer, Response
from shared.records import Record
from shared.topics import Channel, Topic
from shared.visits import Input, Visit
from tests.bench.end_to_end import KIOSKS, POINT, STORE, Kiosk, raw_sqlite, some_records
from tests.bench.pairs import LEAST_PAIRS, Ratio, in_turn
from tests.parts.databases import Cluster, running_cluster

RECORDS = 40_000
A_MESSAGE = 100
A_TRANSACTION = 40
AT = 1_800_000_000_000
"""The hub's time: after the newest of ten million records, so that every clock is believed."""


def run(pairs: int = LEAST_PAIRS) -> dict[str, Any]:
    """Both databases; for each the ratio to the bare database and both rates."""
    with running_cluster() as cluster:
        return {
            "intake/sqlite3 alone": _compare(_ours_on_sqlite, lambda: raw_sqlite(RECORDS), pairs),
            "intake/PostgreSQL unnest with roll-up": _compare(
                lambda: _ours_on_postgres(cluster), lambda: _unnest(cluster), pairs
            ),
        }


def run_longer(pairs: int = LEAST_PAIRS) -> tuple[Ratio, float, float]:
    """On SQLite: a tenth responses, beside visits and sales alone."""
    return in_turn(lambda: _ours_on_sqlite(asked_longer), _ours_on_sqlite, pairs)


def _compare(ours: Callable[[], float], bare: Callable[[], float], pairs: int) -> dict[str, Any]:
    ratio, our_rate, bare_rate = in_turn(ours, bare, pairs)
    return {
        "median": round(ratio.median, 3),
        "low": round(ratio.low, 3),
        "high": round(ratio.high, 3),
        "pairs": ratio.pairs,
        "records a second": round(our_rate),
        "bare rows a second": round(bare_rate),
    }


def take_everything(engine: Engine, messages: list[Message], log: Log | None = None) -> float:
    """Records a second of one intake that takes all these messages in, and tidies its log.

    Without a `log` of the caller's own, nothing is left in it at the end.
    """
    intake, tidied = Intake(SqlArchive(engine)), log or log_of(engine)
    began = time.perf_counter()
    for first in range(0, len(messages), A_TRANSACTION):
        taken = messages[first : first + A_TRANSACTION]
        intake.take(taken, AT)
        tidied.tidy(sum(len(one.payload) for one in taken), rest=False)
    tidied.tidy(0, rest=log is None)
    took = time.perf_counter() - began
    if intake.counted["records"] != len(messages) * A_MESSAGE:
        raise AssertionError(f"not everything was taken: {intake.counted}")
    return len(messages) * A_MESSAGE / took


def all_kiosks(records: Callable[[], Iterator[Record]] = some_records) -> list[Kiosk]:
    """Twenty kiosks that never spoke."""
    return [Kiosk(name, f"{n:016x}", records()) for n, name in enumerate(KIOSKS)]


def asked_longer() -> Iterator[Record]:
    """The same, but that every tenth record is what somebody answered to a questionnaire."""
    for n, record in enumerate(some_records()):
        yield _response(record) if isinstance(record, Visit) and n % 10 == 9 else record


def _response(visit: Visit) -> Response:
    answers: dict[str, Answer] = {
        "visit": "happy", "likely": 9, "missed": ["bread", "time"], "words": "Más pan por la tarde"
    }  # fmt: skip
    return Response(
        visit.point_id, visit.boot_id, "short", 1, "es", Input.TOUCH, visit.asked, visit.asked,
        complete=True, answers=answers,
    )  # fmt: skip


def messages_of(kiosks: Sequence[Kiosk], records: int) -> list[Message]:
    """So many records of these kiosks in turn, as messages."""
    topics = [str(Topic(STORE, kiosk.name, Channel.RECORDS)) for kiosk in kiosks]
    rounds = range(records // A_MESSAGE // len(kiosks))
    return [
        Message(topic, kiosk.batch(A_MESSAGE))
        for _ in rounds
        for topic, kiosk in zip(topics, kiosks, strict=True)
    ]


@contextmanager
def enrolled(url: str) -> Iterator[Engine]:
    """A database that knows the twenty kiosks."""
    engine = open_engine(url)
    try:
        migrate(engine)
        archive = SqlArchive(engine)
        archive.add_store(Store(STORE, "Centro", "Europe/Madrid"), AT)
        archive.add_point(Point(STORE, POINT, "Caja 1"))
        for kiosk in KIOSKS:
            archive.enrol_kiosk(kiosk, STORE, AT)
        yield engine
    finally:
        engine.dispose()


def _ours_on_sqlite(records: Callable[[], Iterator[Record]] = some_records) -> float:
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as folder:
        messages = messages_of(all_kiosks(records), RECORDS)
        with enrolled(f"sqlite:///{Path(folder, 'hub.db')}") as engine:
            return take_everything(engine, messages)


def _ours_on_postgres(cluster: Cluster) -> float:
    name, messages = cluster.make_database(), messages_of(all_kiosks(), RECORDS)
    with enrolled(cluster.url(name)) as engine:
        rate = take_everything(engine, messages)
    cluster.command(f'DROP DATABASE "{name}"')
    return rate


def _unnest(cluster: Cluster) -> float:
    bodies = [b"x" * 300 for _ in range(RECORDS)]
    with psycopg.connect(f"host={cluster.folder} user=semblante dbname=postgres") as db:
        db.execute("DROP TABLE IF EXISTS records, tallies")
        db.execute(_POSTGRES_RECORDS)
        db.execute(_POSTGRES_TALLIES)
        db.commit()
        began = time.perf_counter()
        for first in range(0, RECORDS, A_MESSAGE):
            part = bodies[first : first + A_MESSAGE]
            seqs = list(range(first, first + len(part)))
            hours = [AT + seq // 60 * 3_600_000 for seq in seqs]
            db.execute(_POSTGRES_INSERT, (seqs, hours, part))
            db.commit()
        return RECORDS / (time.perf_counter() - began)


_POSTGRES_RECORDS = """
CREATE TABLE records (store_id text, ledger int, seq bigint, received_at bigint NOT NULL,
  hour bigint, body bytea NOT NULL, PRIMARY KEY (store_id, ledger, seq))
"""
_POSTGRES_TALLIES = """
CREATE TABLE tallies (store_id text, hour bigint, answers bigint NOT NULL,
  PRIMARY KEY (store_id, hour))
"""
_POSTGRES_INSERT = """
WITH fresh AS (
  INSERT INTO records
  SELECT 'centro', 1, seq, 1764000000000, hour, body
  FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS came (seq, hour, body)
  ON CONFLICT DO NOTHING RETURNING hour)
INSERT INTO tallies SELECT 'centro', hour, count(*) FROM fresh GROUP BY hour
ON CONFLICT (store_id, hour) DO UPDATE SET answers = tallies.answers + excluded.answers
"""
