"""Walks on phones in memory, beside a fake archive that ends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from hub.core.ports import WalkKey
from hub.core.responses import Walk
from shared.questionnaires import Answer
from shared.questions import Questionnaire
from tests.fakes.archive import FakeArchive


class FakeWalks:
    """Walks that a fake archive ends."""

    def __init__(self, archive: FakeArchive) -> None:
        self._archive = archive
        self.walks: dict[WalkKey, Walk] = {}

    def begin(self, walk: Walk) -> bool:
        if walk.key in self.walks:
            return False
        self.walks[walk.key] = walk
        self._archive.memory.walks[walk.key] = True
        return True

    def find(self, key: WalkKey) -> Walk | None:
        walk = self.walks.get(key)
        if walk is not None and not self._archive.memory.walks[key]:
            return replace(walk, done_at=1, answers={})
        return walk

    def keep(self, key: WalkKey, answers: Mapping[str, Answer], seen: int) -> None:
        if self._archive.memory.walks.get(key):
            self.walks[key] = replace(self.walks[key], answers=dict(answers), seen=seen)

    def idle(self, before: int) -> Sequence[Walk]:
        alive = self._archive.memory.walks
        return [walk for key, walk in self.walks.items() if alive[key] and walk.seen < before]

    def forget(self, minute: int) -> int:
        gone = [key for key in self.walks if key.minute < minute]
        for key in gone:
            del self.walks[key]
        return len(gone)


class HandedOver:
    """Questionnaires by name and version, as they were handed over."""

    def __init__(self, *questionnaires: Questionnaire) -> None:
        self._known = {(one.id, one.version): one for one in questionnaires}
        self.looked_up: list[tuple[str, int]] = []

    def hand_over(self, questionnaire: Questionnaire) -> None:
        """One more."""
        self._known[questionnaire.id, questionnaire.version] = questionnaire

    def version(self, name: str, number: int) -> Questionnaire | None:
        self.looked_up.append((name, number))
        return self._known.get((name, number))

    def known(self) -> Collection[tuple[str, int]]:
        return frozenset(self._known)
