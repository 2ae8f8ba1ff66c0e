"""A voice that remembers what it said."""

from __future__ import annotations

from kiosk.core.effects import Prompt


class FakeVoice:
    """Port `Voice`; `broken` makes it fail."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Prompt, int]] = []
        self.broken = False

    def say(self, language: str, prompt: Prompt, volume: int) -> None:
        if self.broken:
            raise RuntimeError("the speaker is gone")
        self.said.append((language, prompt, volume))
