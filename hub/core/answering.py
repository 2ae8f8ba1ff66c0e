"""What the hub answers a kiosk, and why it sends something to quarantine."""

from __future__ import annotations

from collections.abc import Iterable

from hub.core.hearing import Heard
from hub.core.ledger import Ledger
from hub.core.ports import Directory, Hub, LedgerKey
from hub.core.quarantine import HINTS, Captive
from hub.core.settling import Refused
from shared.deliveries import Receipt, Refusal
from shared.topics import Channel, Topic


def receipt(
    hub: Hub,
    at: int,
    key: LedgerKey,
    ledger: Ledger,
    problem: str | None,
    refusals: Iterable[Refusal] = (),
) -> tuple[Topic, Receipt]:
    """Where this ledger stands, on the kiosk's own topic."""
    return Topic(key.store_id, key.kiosk_id, Channel.RECEIPT), Receipt(
        hub=hub.hub_id,
        generation=hub.generation,
        epoch=key.epoch,
        upto=ledger.held,
        chain=ledger.chain.hex(),
        at=at,
        refused=tuple(refusals),
        problem=problem,
        hint=None if problem is None else HINTS.get(problem),
    )


def stranger_in(directory: Directory, heard: Heard) -> Captive | None:
    """Why nothing is taken from whoever sent this; None where it may write here."""
    kiosk, store = heard.topic.kiosk_id, heard.topic.store_id
    home = directory.stores.get(kiosk)
    if home == store and kiosk in directory.held:
        return Captive(str(heard.topic), "held", f"{kiosk} is held", heard.payload)
    if home == store:
        return None
    code, detail = "foreign_store", f"{kiosk} is of {home} and wrote for {store}"
    if home is None:
        code, detail = "unknown_kiosk", f"{kiosk} is not enrolled, or retired"
    return Captive(str(heard.topic), code, detail, heard.payload)


def refused_record(one: Refused, heard: Heard) -> Captive:
    """A single record of a good batch, as it stands in quarantine."""
    source, epoch = str(heard.topic), heard.batch.epoch
    return Captive(source, one.code, one.detail, one.body, epoch=epoch, seq=one.seq)
