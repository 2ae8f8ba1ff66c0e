"""Live figures move in steps, so that nobody can watch one shopper or one cashier."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown of one store's day; `serial` rises with every step, `made_at` is its time."""

    day: int
    serial: int
    made_at: int
