"""What the hub told of the waits while the demo ran, read from where it keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine, select

from hub.adapters import tables as t
from hub.adapters.database import reading
from hub.core.waiting.choosing import Because
from tests.demo.floors import sensor_of, serving
from tests.demo.stores import DemoStore


class Told(NamedTuple):
    """What a line told from an instant on, and what that rested on."""

    store_id: str
    line_id: str
    at: int
    minutes: int | None
    withdrawn: str | None
    method: str
    because: str

    @property
    def is_blind(self) -> bool:
        """Whether its counter is not believed any more."""
        return self.because in (Because.COUNTER_SILENT, Because.COUNTER_STUCK)

    @property
    def words(self) -> str:
        """For the person at the demo's terminal."""
        rests = f"{self.method}, {self.because}".replace("_", " ")
        if self.minutes is None:
            return f"nothing is told: {self.withdrawn} ({rests})"
        return f"{self.minutes or 'under 1'} min ({rests})"


def told_since(engine: Engine, since: int) -> list[Told]:
    """Everything, in order of time."""
    columns = [t.notices.c[name] for name in Told._fields]
    query = select(*columns).where(t.notices.c.at >= since).order_by(t.notices.c.at)
    with reading(engine) as db:
        return [Told(*row) for row in db.execute(query)]


class Changes:
    """Tells what lines begin to say, wherever they say it for another reason than before."""

    def __init__(self, engine: Engine, stores: Sequence[DemoStore], since: int) -> None:
        self._engine = engine
        self._names = {store.store_id: store.name for store in stores}
        self._next = since
        self._last: dict[tuple[str, str], tuple[object, ...]] = {}

    def new(self) -> Iterator[str]:
        """One line for each."""
        for one in told_since(self._engine, self._next):
            self._next = one.at + 1
            line, why = (one.store_id, one.line_id), (one.withdrawn, one.method, one.because)
            if self._last.get(line) != why:
                self._last[line] = why
                name = next(name for store, name in self._names.items() if store == one.store_id)
                yield f"{name}, {one.line_id}: {one.words}"


@dataclass(frozen=True, slots=True)
class Waits:
    """The closing page's line about the waits."""

    told: int
    """How many notices with minutes there were, and how often one was withdrawn."""
    withdrawn: int
    pulled_ms: int | None = None
    """How long after the counters were pulled the first of their lines rested on another thing."""
    then: str | None = None

    @property
    def words(self) -> str:
        """As it is printed."""
        text = f"waits told {self.told} times, withdrawn {self.withdrawn} times"
        if self.pulled_ms is None:
            return text
        return (
            f"{text} · {self.pulled_ms / 1_000:.0f} s after the counters were pulled: {self.then}"
        )


def judge_waits(
    engine: Engine, stores: Sequence[DemoStore], since: int, pulled_at: int | None
) -> Waits:
    """What was told since the demo began, and what the pulled counters changed."""
    rows = told_since(engine, since)
    last = dict[tuple[str, str], int | None]()
    withdrawn = 0
    for one in rows:
        line = one.store_id, one.line_id
        withdrawn += one.minutes is None and last.get(line) is not None
        last[line] = one.minutes
    told = sum(one.minutes is not None for one in rows)
    counted = {(one.store_id, line) for one in stores if sensor_of(one) for line in serving(one)}
    after = (one for one in rows if pulled_at is not None and one.at >= pulled_at)
    fell = (one for one in after if (one.store_id, one.line_id) in counted and one.is_blind)
    if pulled_at is None or (first := next(fell, None)) is None:
        return Waits(told, withdrawn)
    return Waits(told, withdrawn, first.at - pulled_at, f"{first.line_id}, {first.words}")
