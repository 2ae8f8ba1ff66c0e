"""A machine elsewhere, as `remote` sees it: files in memory, and answers that a test gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.raspberrypi.remote.ssh import Said
from shared.errors import DeviceError

Answer = Callable[[tuple[str, ...]], Said]


@dataclass(slots=True)
class FakeRemote:
    """Understands the few programs by which files are put; `answers` knows the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    ends: int = 0
    reached: bool = True
    asked: list[tuple[str, ...]] = field(default_factory=list)
    name: str = "fake"

    def run(self, *words: str, said: bytes = b"", seconds: float = 60) -> Said:
        if not self.reached:
            raise DeviceError(f"{self.name} is not reached: no route", code="unreachable")
        self.asked.append(words)
        program = words[0].rpartition("/")[2]
        if program in self.answers:
            return self.answers[program](words)
        if program == "tee":
            self.files[words[1]] = said
            return Said(0, said.decode(errors="replace"))
        if program == "mv":
            self.files[words[2]] = self.files.pop(words[1])
        if program == "sha256sum":
            if words[1] not in self.files:
                return Said(1, "", f"sha256sum: {words[1]}: No such file or directory")
            return Said(0, f"{hashlib.sha256(self.files[words[1]]).hexdigest()}  {words[1]}\n")
        if program == "test":
            return Said(0 if words[-1] in self.files else 1, "")
        return Said(0, "")

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        self.asked.append(words)
        for line in self.lines:
            say(line)
        return self.ends
