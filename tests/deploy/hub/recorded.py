"""A machine of files in a folder, whose programs only say what they were told to say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.plans.machine import Machine

Answer = Callable[[Sequence[str], str], tuple[int, str]]


def well(_: Sequence[str], __: str) -> tuple[int, str]:
    """Every program says nothing, and that it went well."""
    return 0, ""


@dataclass(frozen=True, slots=True)
class Recorded(Machine):
    """`ran` holds every command with its user, in order."""

    answer: Answer = well
    runs_systemd: bool = False
    ran: list[tuple[str, str]] = field(default_factory=list)

    @property
    def systemd_runs(self) -> bool:
        return self.runs_systemd

    @property
    def commands(self) -> list[str]:
        """The commands alone."""
        return [command for _, command in self.ran]

    def _run(self, words: Sequence[str], user: str, said: str) -> subprocess.CompletedProcess[str]:
        self.ran.append((user, " ".join(words)))
        code, text = self.answer(words, said)
        return subprocess.CompletedProcess(list(words), code, text, text if code else "")


def recorded(root: Path, *, answer: Answer = well, systemd: bool = False) -> Recorded:
    """One on which the users of a server are all whoever runs this test."""
    (root / "etc").mkdir(parents=True, exist_ok=True)
    uid, gid = os.getuid(), os.getgid()
    names = ("root", "semblante", "caddy")
    (root / "etc/passwd").write_text("".join(f"{name}:x:{uid}:{gid}::/:\n" for name in names))
    (root / "etc/group").write_text("".join(f"{name}:x:{gid}:\n" for name in names))
    return Recorded(root=root, answer=answer, runs_systemd=systemd)
