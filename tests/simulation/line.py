"""A line between a program and the broker: it delays, drops, doubles, reorders and garbles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Quality:
    """How bad a line is; probabilities for each message."""

    delay: int = 5  # ms, at least
    jitter: int = 20  # ms, on average, on top
    drop: float = 0.0
    double: float = 0.0
    reorder: float = 0.0
    garble: float = 0.0


PERFECT = Quality()


class Line:
    """Carries messages both ways; `deaf` is a half-open line: all is taken and nothing arrives."""

    def __init__(self, world: World, quality: Quality) -> None:
        self._world = world
        self.quality = quality
        self.deaf = False
        self._latest = {True: 0, False: 0}

    def heal(self) -> None:
        """From now on it is perfect."""
        self.quality, self.deaf = PERFECT, False

    def carry(self, payload: bytes, up: bool, deliver: Callable[[bytes], None]) -> None:
        """Deliver the payload later, perhaps."""
        world, quality = self._world, self.quality
        if self.deaf or world.fails("message up" if up else "message down"):
            return
        if world.chance(quality.drop):
            world.fault("message dropped")
            return
        if world.chance(quality.garble):
            payload = self._garbled(payload)
        self._send(payload, up, deliver)
        if world.chance(quality.double):
            world.fault("message doubled")
            late = world.dice.choice((0, 1_000, 60_000))
            world.after(late, self._send, payload, up, deliver)

    def _send(self, payload: bytes, up: bool, deliver: Callable[[bytes], None]) -> None:
        world, quality = self._world, self.quality
        when = world.now + quality.delay + int(world.dice.expovariate(1 / quality.jitter))
        if world.chance(quality.reorder):
            world.fault("message reordered")
            when += world.dice.randrange(5_000)
        else:  # as TCP: nothing overtakes
            when = self._latest[up] = max(self._latest[up], when)
        world.at(when, deliver, payload)

    def _garbled(self, payload: bytes) -> bytes:
        """Another face, or one bit of a record; what carries no records is cut short."""
        self._world.fault("message garbled")
        if b'"sad"' in payload and self._world.chance(0.5):
            return payload.replace(b'"sad"', b'"happy"')
        head = payload.find(b'"records"') + 1
        if not head:
            return payload[: self._world.dice.randrange(len(payload))]
        # Not in the head: no chain covers it (docs/reliability.md, what is not shown).
        at = self._world.dice.randrange(head, len(payload))
        flipped = payload[at] ^ 1 << self._world.dice.randrange(7)
        return payload[:at] + bytes([flipped]) + payload[at + 1 :]
