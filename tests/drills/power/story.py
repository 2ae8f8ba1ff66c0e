"""What a program does, step by step, and what must be remembered after each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tests.drills.power.cuts import Cut

Memory = TypeVar("Memory")

Promise = Callable[[int, bool], None]
"""Told a step and whether it begins; else it is done, and what it says is promised."""


@dataclass
class Story(Generic[Memory]):
    """`memories[i]` is what a program that was promised step i must still know."""

    promise: Promise
    memories: list[Memory] = field(default_factory=list)

    def step(self, work: Callable[[], object], memory: Callable[[], Memory]) -> None:
        """Do it; what it leaves behind is asked for afterwards."""
        number = len(self.memories)
        self.promise(number, True)
        work()
        self.memories.append(memory())
        self.promise(number, False)


@dataclass(frozen=True, slots=True)
class Violation:
    """A cut after which something promised was gone, or something was there that nobody did."""

    cut: Cut
    why: str

    def __str__(self) -> str:
        where = f"cut after operation {self.cut.moment}, {self.cut.fate}"
        return f"{where}, step {self.cut.done} promised, {self.cut.begun} begun: {self.why}"
