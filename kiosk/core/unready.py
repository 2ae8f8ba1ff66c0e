"""The page of a device that is no kiosk yet: what is in the way, line by line, for who mends it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.effects import Technical


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is in the way; `code` is the one word of a refusal, `line` of the file."""

    text: str
    hint: str = ""
    code: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Unready(Technical):
    """`source` is the file that somebody must change; `trying`: it may go better by itself."""

    source: str
    obstacles: tuple[Obstacle, ...]
    trying: bool = False
    foot: str = ""  # who and which version this is
