"""Watches while it happens: nothing is forgotten or acknowledged that is not on the disk."""

from __future__ import annotations

from shared.deliveries import Batch
from shared.errors import WireError
from shared.wire import decode_batch
from tests.simulation.card import Log
from tests.simulation.disk import Database
from tests.simulation.kiosk import Machine
from tests.simulation.world import World


class Witness:
    """Told by every kiosk and by the hub."""

    def __init__(self, world: World, database: Database) -> None:
        self._world, self._database = world, database

    def forgot(self, kiosk: Machine, log: Log, seqs: range) -> None:
        """A kiosk owes these no more because of a receipt."""
        key = (kiosk.place.store, kiosk.place.kiosk, log.epoch)
        for seq in seqs:
            body = self._database.holds(key, seq)
            if body is None:
                self._world.blame(f"{kiosk.name} forgot {seq}, which the hub had not committed")
            elif body not in (b"", log.sealed[seq]):
                self._world.blame(f"{kiosk.name} forgot {seq}, which the hub holds otherwise")

    def acknowledged(self, payload: bytes, topic: str) -> None:
        """The hub told the broker that it has this; then it must have it, or need it not."""
        try:
            batch: Batch = decode_batch(payload)
        except WireError:
            return
        _, _, store, kiosk, _ = topic.split("/")
        held = self._database.held((store, kiosk, batch.epoch))
        wanted = batch.first <= held + 1 <= batch.last or batch.first == batch.oldest > held
        if wanted and not self._database.captured(payload):
            self._world.blame(f"acknowledged before kept: {batch.first} to {batch.last} of {kiosk}")
