"""Rollouts in the hub's database; what became of each order stands with the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, update

from hub.adapters.audit import append
from hub.adapters.database import reading, writing
from hub.adapters.tables import commands, rollout_kiosks, rollouts
from hub.core.accounts import Note
from hub.core.fleet import KioskKey
from hub.core.rollouts import OPEN, Member, Rollout, State
from shared.errors import WordError
from shared.places import KioskId, StoreId


class SqlRollouts:
    """Port `RolloutBook` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rollouts(self) -> Sequence[Rollout]:
        """All of them, the newest first."""
        with reading(self._engine) as db:
            rows = db.execute(select(rollouts).order_by(rollouts.c.rollout.desc()))
            return [_rollout(row) for row in rows]

    def members(self, number: int) -> Sequence[Member]:
        """The kiosks of one, with what became of their commands."""
        k, c = rollout_kiosks.c, commands.c
        same = (c.store_id == k.store_id) & (c.kiosk_id == k.kiosk_id) & (c.command == k.command)
        query = (
            select(rollout_kiosks, c.outcome)
            .outerjoin_from(rollout_kiosks, commands, same)
            .where(k.rollout == number)
            .order_by(k.ring, k.store_id, k.kiosk_id)
        )
        with reading(self._engine) as db:
            return [_member(row) for row in db.execute(query)]

    def begin(self, rollout: Rollout, rings: Mapping[KioskKey, int], note: Note) -> Rollout:
        """Keep a new one under the next number, in place of one that is open.

        Raises WordError where kiosks are going back just now.
        """
        with writing(self._engine) as db:
            back = rollouts.c.state == State.BACK.value
            still = db.execute(select(rollouts.c.version).where(back)).scalar()
            if still is not None:
                raise WordError(f"kiosks go back from {still} just now: that is not over")
            replaced = rollouts.c.state.in_([one.value for one in OPEN])
            values = {"state": State.ENDED.value, "changed_at": rollout.made_at}
            db.execute(update(rollouts).where(replaced).values(values))
            last = db.execute(select(func.max(rollouts.c.rollout))).scalar()
            kept = replace(rollout, number=(last or 0) + 1)
            db.execute(insert(rollouts).values(_row(kept)))
            db.execute(
                insert(rollout_kiosks),
                [
                    {"rollout": kept.number, **who._asdict(), "ring": ring}
                    for who, ring in rings.items()
                ],
            )
            append(db, note)
        return kept

    def change(self, rollout: Rollout, expected: State, note: Note | None) -> bool:
        """Keep how it is, if it still was so; whether it was."""
        was = (rollouts.c.rollout == rollout.number) & (rollouts.c.state == expected.value)
        with writing(self._engine) as db:
            done = db.execute(update(rollouts).where(was).values(_row(rollout)))
            if done.rowcount and note is not None:
                append(db, note)
            return bool(done.rowcount)

    def ordered(self, number: int, sent: Mapping[KioskKey, str], at: int, *, back: bool) -> None:
        """Note which command each was sent."""
        k = rollout_kiosks.c
        with writing(self._engine) as db:
            for who, command in sent.items():
                one = (k.rollout == number) & (k.store_id == who[0]) & (k.kiosk_id == who[1])
                values = {"command": command, "ordered_at": at, "back": back}
                db.execute(update(rollout_kiosks).where(one).values(values))


def _row(rollout: Rollout) -> dict[str, Any]:
    values = asdict(rollout)
    values["rollout"] = values.pop("number")
    return values | {"state": rollout.state.value}


def _rollout(row: Row[Any]) -> Rollout:
    values = dict(row._mapping)  # noqa: SLF001 SQLAlchemy's public name
    number, state = values.pop("rollout"), State(values.pop("state"))
    return Rollout(number=number, state=state, **values)


def _member(row: Row[Any]) -> Member:
    who = KioskKey(StoreId(row.store_id), KioskId(row.kiosk_id))
    return Member(who, row.ring, row.command, row.ordered_at, row.outcome, bool(row.back))
