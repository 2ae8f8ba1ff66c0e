"""Whether intake slows down: into ten million records and into an empty database, in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from hub.adapters.tidying import log_of
from tests.bench.end_to_end import Kiosk, share_records
from tests.bench.intake import RECORDS, all_kiosks, enrolled, messages_of, take_everything
from tests.bench.pairs import in_turn
from tests.bench.rows import Row

_FULL: Final = 10_000_000
_ROUNDS: Final = 5
"""Of 40,000 records in each measurement: the log is tidied up twice meanwhile, in both."""


def run() -> Row:
    """The row; it takes some ten minutes, nearly all of them to fill the database."""
    kiosks = all_kiosks()
    share_records(kiosks)
    with _database() as full:
        _rate(full, kiosks, _FULL // RECORDS)
        ratio, into_full, into_empty = in_turn(lambda: _rate(full, kiosks, _ROUNDS), _into_empty)
    return Row(
        "intake at 10 million records",
        f"{ratio} of its rate when empty, at {into_full:,.0f}/s",
        f"{into_empty:,.0f}/s into empty files, in turn",
        "at least 0.9",
        ratio.median >= 0.9,
    )


def _into_empty() -> float:
    with _database() as empty:
        return _rate(empty, all_kiosks(), _ROUNDS)


def _rate(engine: Engine, kiosks: Sequence[Kiosk], rounds: int) -> float:
    """Records a second of so many rounds, without the time in which the kiosks write them."""
    log = log_of(engine)
    rates = [take_everything(engine, messages_of(kiosks, RECORDS), log) for _ in range(rounds)]
    return rounds / sum(1 / rate for rate in rates)


@contextmanager
def _database() -> Iterator[Engine]:
    with (
        tempfile.TemporaryDirectory(prefix="semblante-bench-") as folder,
        enrolled(f"sqlite:///{Path(folder, 'hub.db')}") as engine,
    ):
        yield engine
