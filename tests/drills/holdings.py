"""What lies at the hub after a drill, read from its database row by row, past all of its code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select

from hub.adapters import tables as t
from hub.core.tallying import COLUMNS

Row = tuple[str, str, int]
"""Store, point, and the instant at which the hour begins."""


@dataclass
class Standing:
    """One ledger: an outbox file that spoke, and the bodies that came out of it."""

    store: str
    kiosk: str
    epoch: str
    number: int
    held: int
    chain: bytes
    lost: int
    refused: int
    bodies: dict[int, bytes] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)  # lost
    captive: set[int] = field(default_factory=set)  # refused: in quarantine

    def __str__(self) -> str:
        return f"{self.kiosk} {self.epoch}"


@dataclass
class Holdings:
    """Everything that a judge asks of the hub."""

    ledgers: list[Standing]
    tallies: dict[tuple[Row, str], int]
    anchors: dict[tuple[str, str], list[tuple[int, int]]]  # by kiosk and boot: boot time, true
    quarantine: dict[str, int]  # by code: how many
    alarms: dict[str, set[str]]  # by kiosk, as last told

    def words(self) -> Iterable[tuple[Standing, int, dict[str, Any]]]:
        """Every record, with where it stands."""
        for ledger in self.ledgers:
            for seq, body in ledger.bodies.items():
                yield ledger, seq, json.loads(body)


def holdings(engine: Engine) -> Holdings:
    """Read it all."""
    ledgers = _ledgers(engine)
    by_number = {one.number: one for one in ledgers}
    with engine.connect() as db:
        for row in db.execute(select(t.records.c.ledger, t.records.c.seq, t.records.c.body)):
            by_number[row.ledger].bodies[row.seq] = bytes(row.body)
        for row in db.execute(select(t.losses.c.ledger, t.losses.c.first, t.losses.c.last)):
            by_number[row.ledger].gone.update(range(row.first, row.last + 1))
        quarantine: dict[str, int] = {}
        for row in db.execute(select(t.quarantine)):
            quarantine[row.code] = quarantine.get(row.code, 0) + 1
            for one in ledgers:
                if (one.kiosk, one.epoch) == (row.kiosk_id, row.epoch) and row.seq is not None:
                    one.captive.add(row.seq)
    return Holdings(ledgers, _tallies(engine), _anchors(engine), quarantine, _alarms(engine))


def _ledgers(engine: Engine) -> list[Standing]:
    with engine.connect() as db:
        return [
            Standing(row.store_id, row.kiosk_id, row.epoch, row.ledger, row.held,
                     bytes(row.chain), row.lost, row.refused)
            for row in db.execute(select(t.ledgers))
        ]  # fmt: skip


def _tallies(engine: Engine) -> dict[tuple[Row, str], int]:
    found: dict[tuple[Row, str], int] = {}
    with engine.connect() as db:
        for row in db.execute(select(t.tallies)).mappings():
            for column in COLUMNS:
                if row[column]:
                    found[(row["store_id"], row["point_id"], row["hour"]), column] = row[column]
    return found


def _anchors(engine: Engine) -> dict[tuple[str, str], list[tuple[int, int]]]:
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    with engine.connect() as db:
        for row in db.execute(select(t.anchors)).mappings():
            key = row["kiosk_id"], row["boot_id"]
            found.setdefault(key, []).append((row["boot"], row["true"]))
    return found


def _alarms(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as db:
        rows = db.execute(select(t.statuses.c.kiosk_id, t.statuses.c.body)).all()
    return {row.kiosk_id: set(json.loads(row.body).get("alarms", ())) for row in rows}
