"""A step: what of it is not there yet, and how it is done; both can be asked again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from deploy.plans.machine import Machine, Text


class Step(Protocol):
    """One row of the plan."""

    @property
    def name(self) -> str:
        """What it is about, in a few words."""

    @property
    def needs_systemd(self) -> bool:
        """Whether it can be done only where services run."""

    def lacks(self) -> Sequence[str]:
        """What is not as it should be, by name; nothing where the step is done."""

    def do(self) -> None:
        """Do what is missing; raises SemblanteError."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files that we write whole: whoever changes one by hand finds it written again."""

    name: str
    machine: Machine
    texts: Sequence[Text]
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are missing or differ."""
        return [text.path for text in self.texts if not self.machine.is_like(text)]

    def do(self) -> None:
        """Write those."""
        for text in self.texts:
            if not self.machine.is_like(text):
                self.machine.write(text)


@dataclass(frozen=True, slots=True)
class Once:
    """Something that a program does and that cannot be read off the machine.

    It is done for a `key` once it has come to its end, which is noted on disk only then.
    """

    name: str
    machine: Machine
    note: str
    key: Callable[[], str]
    work: Callable[[], None]
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The key it was not done for."""
        key = self.key()
        return [] if self.machine.read(self._file).strip() == key else [key]

    def do(self) -> None:
        """Do it, and note that it is done."""
        self.work()
        self.machine.write(Text(self._file, f"{self.key()}\n"))

    @property
    def was_done(self) -> bool:
        """For this key or another."""
        return self.machine.has(self._file)

    @property
    def _file(self) -> str:
        return f"/var/lib/semblante-setup/{self.note}"
