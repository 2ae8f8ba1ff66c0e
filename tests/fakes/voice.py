"""A voice that remembers what it said."""

from __future__ import annotations

from kiosk.core.sayings import Part, Utterance


class FakeVoice:
    """Port `Voice`; `broken` makes it fail."""

    def __init__(self) -> None:
        self.said: list[tuple[str, tuple[Part, ...], int]] = []
        self.hushed = 0
        self.rehearsed: tuple[Utterance, ...] = ()
        self.broken = False

    def say(self, language: str, parts: tuple[Part, ...], volume: int) -> None:
        if self.broken:
            raise RuntimeError("the speaker is gone")
        self.said.append((language, parts, volume))

    def hush(self) -> None:
        self.hushed += 1

    def rehearse(self, utterances: tuple[Utterance, ...]) -> None:
        self.rehearsed = utterances
