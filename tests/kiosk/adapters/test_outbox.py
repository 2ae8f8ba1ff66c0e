"""The outbox file: durable settings, damage, quota, full cards, old and new schemas, kill -9."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk.adapters import outbox_file, outbox_receiving
from kiosk.adapters.outbox import SqliteOutbox
from shared.deliveries import Receipt, chain_on, chain_start
from shared.errors import NotKept, OutboxError
from shared.places import kiosk_id
from shared.records import Loss, LossCause, Record
from shared.visits import Face, Visit
from shared.wire import decode_record
from tests.kiosk.samples import KIOSK, sale, visit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@contextmanager
def opened(
    path: Path, quota: int = 200_000, keep_ms: int = 7 * 86_400_000
) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(path, KIOSK, quota=quota, keep_ms=keep_ms)
    try:
        yield outbox
    finally:
        outbox.close()


def held_records(outbox: SqliteOutbox) -> dict[int, Record]:
    """Everything in the file, by seq."""
    found: dict[int, Record] = {}
    while batch := outbox.batch_from(max(found, default=0) + 1, 500):
        found |= {batch.first + n: decode_record(body) for n, body in enumerate(batch.records)}
    return found


def pragma(outbox: SqliteOutbox, name: str) -> object:
    connection = outbox._reopened() if outbox._connection is None else outbox._connection
    with connection.begin():
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


# Durable, or not at all


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("busy_timeout", 5_000),
        ("wal_autocheckpoint", 200),
        ("journal_size_limit", 1_048_576),
    ],
)
def test_every_connection_is_durable_also_after_it_was_opened_again(
    path: Path, name: str, value: object
) -> None:
    with opened(path) as outbox:
        assert pragma(outbox, name) == value
        outbox._drop_connection()
        assert pragma(outbox, name) == value


def test_a_file_that_cannot_be_made_durable_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_file, "_PRAGMAS", (("synchronous", "normal", 2),))
    with pytest.raises(OutboxError, match="synchronous is 1"):
        SqliteOutbox(path, KIOSK)


def test_nobody_else_on_the_machine_can_read_it(path: Path) -> None:
    with opened(path) as outbox:
        outbox.add(sale())
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_everything_is_there_after_a_restart(path: Path) -> None:
    with opened(path) as outbox:
        outbox.add(sale())
        outbox.keep_open(visit())
        outbox.remember("settings", b"{}")
        outbox.next_connection()
        before = outbox.held()
    with opened(path) as outbox:
        assert outbox.held() == before
        assert outbox.open_visit() == visit()
        assert outbox.recall("settings") == b"{}"
        assert outbox.next_connection() == 2


@pytest.mark.assertion("SEM-SEQ-001")
def test_two_files_never_share_an_epoch(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as one, opened(tmp_path / "b.db") as other:
        assert one.held().epoch != other.held().epoch


def test_a_closed_outbox_keeps_nothing_and_says_so(path: Path) -> None:
    with opened(path) as outbox:
        outbox.close()
        with pytest.raises(NotKept, match="closed"):
            outbox.add(sale())


# Damage


def spoil(path: Path, at: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * length)


def fill(path: Path, number: int) -> None:
    with opened(path) as outbox:
        for one in range(number):
            outbox.add(sale(one))


@pytest.mark.parametrize(("at", "length"), [(0, 100), (4_096, 4_096), (20_000, 30_000)])
def test_a_damaged_file_is_moved_aside_and_a_new_epoch_begun(
    path: Path, at: int, length: int
) -> None:
    fill(path, 300)
    spoil(path, at, length)
    with capture_logs() as logs, opened(path) as outbox:
        assert outbox.damaged
        assert outbox.set_aside == path.with_name("outbox-damaged-1.db")
        assert outbox.set_aside.exists()
        outbox.add(sale())
        assert outbox.held().last == 1
    assert [log["log_level"] for log in logs if log["event"] == "outbox_set_aside"] == ["error"]


def test_a_second_damaged_file_does_not_replace_the_first(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"no database at all" * 100)
        with opened(path) as outbox:
            assert outbox.set_aside == path.with_name(f"outbox-damaged-{number}.db")


def test_a_sound_file_is_not_called_damaged(path: Path) -> None:
    fill(path, 3)
    with opened(path) as outbox:
        assert (outbox.damaged, outbox.held().last) == (False, 3)


def test_damage_found_while_running_begins_a_new_file(path: Path) -> None:
    fill(path, 300)
    with opened(path) as outbox:
        epoch = outbox.held().epoch
        spoil(path, 4_096, path.stat().st_size - 4_096)
        outbox._drop_connection()  # as after any failed write: what was in memory is forgotten
        outbox.add(sale())
        assert outbox.damaged
        assert (outbox.held().epoch != epoch, outbox.held().last) == (True, 1)


def test_damage_is_told_when_it_is_met_and_not_only_at_the_next_start(path: Path) -> None:
    """The commit that meets it is not kept, so nobody is thanked; the next one begins anew."""
    fill(path, 300)
    with opened(path) as outbox:
        told: list[str] = []
        outbox.on_damage = lambda: told.append("damage")
        connection = outbox._connection
        assert connection is not None
        with connection.begin():
            connection.exec_driver_sql("PRAGMA cache_size = 0")  # as when memory is short
            connection.exec_driver_sql("PRAGMA shrink_memory")
        spoil(path, 4_096, path.stat().st_size - 4_096)
        with pytest.raises(NotKept):
            outbox.keep_open(visit())
        outbox.held()
        assert told == ["damage"]
        outbox.keep_open(visit())
        assert outbox.open_visit() == visit()


def test_what_was_set_aside_is_an_alarm_until_somebody_takes_the_file_away(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    with opened(path):
        pass
    with opened(path) as outbox:
        assert outbox.damaged, "a restart heals nothing"
        assert outbox.set_aside is None
    path.with_name("outbox-damaged-1.db").unlink()
    path.with_name("outbox-damaged-once-upon-a-time.db").touch()
    with opened(path) as outbox:
        assert not outbox.damaged


def test_a_file_that_cannot_be_opened_at_all_is_an_outbox_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError):
        SqliteOutbox(tmp_path / "file" / "outbox.db", KIOSK)
    with pytest.raises(OutboxError):
        SqliteOutbox(tmp_path, KIOSK)


def test_a_card_from_another_kiosk_is_kept_but_not_sent(path: Path) -> None:
    with opened(path) as outbox:
        outbox.add(sale())
        epoch = outbox.held().epoch
    moved = SqliteOutbox(path, kiosk_id("k-099-01"))
    assert moved.set_aside == path.with_name(f"outbox-of-{KIOSK}-1.db")
    assert (moved.held().epoch != epoch, moved.held().last) == (True, 0)
    moved.close()


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    with opened(tmp_path / "var" / "semblante" / "outbox.db") as outbox:
        assert outbox.held().last == 0


def test_an_open_visit_that_nobody_can_read_does_not_stop_the_kiosk(path: Path) -> None:
    with opened(path) as outbox:
        outbox.keep_open(visit())
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE open_visit SET body = x'00'")
    raw.close()
    with opened(path) as outbox:
        assert outbox.open_visit() is None


# Quota


def test_at_the_quota_the_oldest_are_dropped_and_counted_exactly(path: Path) -> None:
    with opened(path, quota=300) as outbox:
        outbox.add(sale(0))
        outbox.seal(visit(face=Face.SAD))
        outbox.seal(visit(face=None))
        for number in range(3, 300):
            outbox.add(sale(number))
        outbox.keep_open(visit())
        outbox.seal(visit(face=Face.HAPPY))
        found = held_records(outbox)
        assert found[301] == Loss(1, 3, LossCause.QUOTA, sad=1, unanswered=1, sales=1)
        assert isinstance(found[302], Visit)
        assert (outbox.held().oldest, outbox.held().last, len(found)) == (4, 302, 299)


def test_dropping_never_touches_the_open_visit(path: Path) -> None:
    with opened(path, quota=10) as outbox:
        outbox.keep_open(visit())
        for number in range(100):
            outbox.add(sale(number))
        assert outbox.open_visit() == visit()


def test_the_chain_survives_dropping_and_receipts_go_on(path: Path) -> None:
    with opened(path, quota=10) as outbox:
        for number in range(25):
            outbox.add(sale(number))
        batch = outbox.batch_from(1, 500)
        assert batch is not None
        assert batch.first == batch.oldest > 1
        value = bytes.fromhex(batch.before)
        for body in batch.records:
            value = chain_on(value, body)
        assert value.hex() == batch.chain
        assert outbox.forget(Receipt("hub", 1, batch.epoch, batch.last, batch.chain, 1)) == 10


def test_a_receipt_for_what_was_dropped_meanwhile_is_an_older_word(path: Path) -> None:
    with opened(path, quota=10) as outbox:
        for number in range(10):
            outbox.add(sale(number))
        batch = outbox.batch_from(1, 1)
        assert batch is not None
        outbox.add(sale(10))
        assert outbox.forget(Receipt("hub", 1, batch.epoch, 1, batch.chain, 1)) == 0


def test_no_sale_is_lost_from_the_count_however_often_the_quota_strikes(path: Path) -> None:
    with opened(path, quota=10) as outbox:
        for number in range(200):
            outbox.add(sale(number))
        found = held_records(outbox).values()
        told = sum(record.sales for record in found if isinstance(record, Loss))
        assert told + sum(not isinstance(record, Loss) for record in found) == 200
        assert len(found) == 10


def receive_upto(outbox: SqliteOutbox, seq: int) -> None:
    batch = outbox.batch_from(1, seq - outbox.held().oldest + 1)
    assert batch is not None
    assert batch.last == seq
    outbox.forget(Receipt("hub", 1, batch.epoch, seq, batch.chain, 1))


def test_at_the_quota_what_was_received_goes_first_and_without_a_notice(path: Path) -> None:
    with opened(path, quota=10) as outbox:
        for number in range(10):
            outbox.add(sale(number))
        receive_upto(outbox, 3)
        outbox.add(sale(10))
        outbox.add(sale(11))
        outbox.add(sale(12))
        assert (outbox.held().oldest, outbox.held().last, outbox.held().owed) == (4, 13, 10)
        assert not any(isinstance(one, Loss) for one in held_records(outbox).values())
        outbox.add(sale(13))
        losses = [one for one in held_records(outbox).values() if isinstance(one, Loss)]
        assert losses == [Loss(4, 5, LossCause.QUOTA, sales=2)]


def test_a_full_card_lets_what_was_received_go_first_and_tells_of_the_rest(path: Path) -> None:
    with opened(path, quota=1_000) as outbox:
        for number in range(200):
            outbox.add(sale(number))
        receive_upto(outbox, 60)
        pragma(outbox, f"max_page_count = {int(str(pragma(outbox, 'page_count')))}")
        for number in range(200, 400):
            outbox.add(sale(number))
        found = held_records(outbox)
        told = sum(record.sales for record in found.values() if isinstance(record, Loss))
        kept = sum(not isinstance(record, Loss) for record in found.values())
        assert told + kept == 400 - 60


def test_what_was_received_goes_a_bounded_part_at_a_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_receiving, "MOST_DELETED", 4)
    with opened(path, keep_ms=0) as outbox:
        for number in range(12):
            outbox.add(sale(number))
        receive_upto(outbox, 10)
        assert outbox.held().oldest == 5
        receive_upto(outbox, 11)
        receive_upto(outbox, 12)
        assert (outbox.held().oldest, outbox.held().received) == (13, 12)


def test_a_receipt_that_says_nothing_new_writes_nothing(path: Path) -> None:
    with opened(path) as outbox:
        outbox.add(sale(1))
        receive_upto(outbox, 1)
        before = pragma(outbox, "data_version"), path.with_name("outbox.db-wal").stat().st_size
        for _ in range(5):
            receive_upto(outbox, 1)
        after = pragma(outbox, "data_version"), path.with_name("outbox.db-wal").stat().st_size
        assert after == before


def test_a_file_that_reaches_its_page_limit_makes_room(path: Path) -> None:
    with opened(path, quota=1_000) as outbox:
        pragma(outbox, f"max_page_count = {int(str(pragma(outbox, 'page_count'))) + 20}")
        for number in range(600):
            outbox.add(sale(number))
        found = held_records(outbox)
        told = sum(record.sales for record in found.values() if isinstance(record, Loss))
        assert told + sum(not isinstance(record, Loss) for record in found.values()) == 600
        assert outbox.held().last - outbox.held().oldest + 1 == len(found) < 600


# A card that fails


@contextmanager
def files_may_grow_to(size: int) -> Iterator[None]:
    """Every write beyond it fails in this process, as on a full or dying card."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_the_card_refuses_is_said_and_everything_before_is_still_there(path: Path) -> None:
    with opened(path) as outbox:
        outbox.add(sale(1))
        with files_may_grow_to(1_000):
            with pytest.raises(NotKept) as told:
                outbox.keep_open(visit())
            with pytest.raises(NotKept):
                outbox.seal(visit())
        assert "card" in told.value.hint
        assert outbox.open_visit() is None
        outbox.seal(visit())
        assert list(held_records(outbox).values()) == [sale(1), visit()]


@pytest.mark.parametrize("size", [4_096, 8_300, 33_000, 60_000, 150_000, 400_000])
def test_wherever_the_card_fills_up_what_was_kept_stays_and_what_was_not_is_said(
    path: Path, size: int
) -> None:
    kept: list[Record] = []
    failed = 0
    with opened(path) as outbox:
        with files_may_grow_to(size):
            for boot in range(1, 120):
                try:
                    outbox.keep_open(visit(boot))
                    outbox.seal(visit(boot))
                    kept.append(visit(boot))
                except NotKept:
                    failed += 1
        for attempt in range(2):  # the first may meet what the failure left behind
            outbox.add(sale(attempt))
        assert failed > 0
        found = list(held_records(outbox).values())
    assert found[: len(kept)] == kept
    assert found[len(kept) :] == [sale(0), sale(1)]
    with opened(path) as outbox:
        assert not outbox.damaged
        check_chain(outbox)


def test_a_file_held_by_another_program_is_waited_for_and_then_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = tuple(
        ("busy_timeout", 10, 10) if name == "busy_timeout" else (name, value, expected)
        for name, value, expected in outbox_file._PRAGMAS
    )
    monkeypatch.setattr(outbox_file, "_PRAGMAS", quick)
    with opened(path) as outbox:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotKept, match="locked"):
            outbox.add(sale())
        assert outbox.held().last == 0  # reading goes on
        other.close()
        outbox.add(sale())
        assert outbox.held().last == 1


# Schemas only grow


def test_a_file_of_a_newer_program_is_used_as_it_is(path: Path) -> None:
    fill(path, 2)
    with sqlite3.connect(path) as raw:
        raw.execute("ALTER TABLE records ADD COLUMN colour TEXT")
        raw.execute("ALTER TABLE about ADD COLUMN flavour INTEGER NOT NULL DEFAULT 7")
        raw.execute("CREATE TABLE novelty (id INTEGER)")
    raw.close()
    with opened(path) as outbox:
        outbox.add(sale(2))
        outbox.keep_open(visit())
        assert (outbox.damaged, len(held_records(outbox))) == (False, 3)


def test_a_file_of_an_older_program_gets_the_columns_that_it_lacks(path: Path) -> None:
    fill(path, 2)
    with sqlite3.connect(path) as raw:
        for column in ("generation", "hub", "refused_seen", "received", "again"):
            raw.execute(f"ALTER TABLE about DROP COLUMN {column}")
        raw.execute("DROP TABLE documents")
        raw.execute("DROP TABLE marks")
    raw.close()
    with opened(path) as outbox:
        batch = outbox.batch_from(1, 1)
        assert batch is not None
        assert outbox.forget(Receipt("hub", 1, batch.epoch, 1, batch.chain, 1)) == 1
        outbox.remember("settings", b"{}")


# kill -9

DRILL = """
import sys
from pathlib import Path
from kiosk.adapters.outbox import SqliteOutbox
from tests.kiosk.samples import KIOSK, visit
outbox = SqliteOutbox(Path(sys.argv[1]), KIOSK)
boot = 0
while True:
    boot += 1
    outbox.keep_open(visit(boot))
    sys.stdout.write(f"thanked {boot}\\n")
    sys.stdout.flush()
    outbox.seal(visit(boot))
"""


@pytest.mark.parametrize("thanks", [1, 40])
def test_everybody_who_was_thanked_is_still_there_after_kill_9(path: Path, thanks: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DRILL, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as drill:
        assert drill.stdout is not None
        for line in drill.stdout:
            if line == f"thanked {thanks}\n":
                os.kill(drill.pid, signal.SIGKILL)
                break
        rest = [line for line in drill.stdout if line.startswith("thanked") and line.endswith("\n")]
    thanked = thanks + len(rest)
    with opened(path) as outbox:
        assert not outbox.damaged
        there = [record for record in held_records(outbox).values() if isinstance(record, Visit)]
        still_open = outbox.open_visit()
        found = [one.asked.boot for one in [*there, *([still_open] if still_open else [])]]
        assert found[:thanked] == list(range(1, thanked + 1))
        assert len(found) <= thanked + 1
        check_chain(outbox)


def check_chain(outbox: SqliteOutbox) -> None:
    held = outbox.held()
    value = chain_start(KIOSK, held.epoch)
    while batch := outbox.batch_from(outbox.held().received + 1, 500):
        for body in batch.records:
            value = chain_on(value, body)
        assert value.hex() == batch.chain
        outbox.forget(Receipt("hub", 1, held.epoch, batch.last, batch.chain, 1))
