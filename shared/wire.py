"""Words become bytes here, and bytes become words; nowhere else.

Laws of this page
1. Everything travels as JSON in UTF-8, with the protocol's version in `v`.
2. A version above ours is refused with a hint, never misread; unknown extra fields are ignored.
3. A record is chained and stored as the very bytes that its kiosk wrote: nobody re-encodes it.
4. What does not fit the types and bounds of its word raises Unreadable, and only that.

The numbered assertions (SEM-…) that these functions obey are in docs/protocol.md.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar, get_args

import msgspec

from shared.commands import Command
from shared.deliveries import Batch, Receipt, Refusal
from shared.errors import UnknownKind, UnknownVersion, Unreadable, WordError
from shared.health import Health
from shared.joining import Joined
from shared.notices import KioskSettings, Notice, Pulse, Status
from shared.questionnaires import Response
from shared.records import Anchor, Loss, Record
from shared.sales import Sale
from shared.sensing import Count, Passing, Ticket
from shared.visits import Visit

VERSION: Final = 1

LONGEST_MESSAGE: Final = 256 * 1024
"""Bytes. 100 visits are about 45 kB; the broker is told the same bound."""

LONGEST_RECORD: Final = 60 * 1024
"""Bytes. 50 free texts of 1,000 characters in any script but the rarest."""


class _Tagged(msgspec.Struct, gc=False):
    """One record on the wire: {"visit": {…}}, {"sale": {…}} … exactly one of them."""

    visit: Visit | None = None
    sale: Sale | None = None
    response: Response | None = None
    anchor: Anchor | None = None
    loss: Loss | None = None


class _Versioned(msgspec.Struct, gc=False):
    v: int


class _BatchOnWire(msgspec.Struct, gc=False):
    v: int
    epoch: str
    oldest: int
    first: int
    before: str
    chain: str
    records: list[msgspec.Raw]
    refused_seen: int = 0


_NO_WORD: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What hostile bytes raise; a string that is no UTF-8 is a plain ValueError."""

_ENCODER = msgspec.json.Encoder()
_RECORD = msgspec.json.Decoder(_Tagged)
_BATCH = msgspec.json.Decoder(_BatchOnWire)
_VERSION = msgspec.json.Decoder(_Versioned)
_KINDS: Final = {Visit: "visit", Sale: "sale", Response: "response", Anchor: "anchor", Loss: "loss"}

Told = (
    Receipt | Pulse | Status | KioskSettings | Notice | Command | Health | Joined
    | Count | Passing | Ticket
)  # fmt: skip
"""Messages that are one word each; all travel by MQTT but Joined, which answers by HTTP."""

_TOLD: Final[tuple[type[Any], ...]] = get_args(Told)
_TELLERS: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(kind) for kind in _TOLD
}

T = TypeVar(
    "T", Receipt, Pulse, Status, KioskSettings, Notice, Command, Health, Joined,
    Count, Passing, Ticket,
)  # fmt: skip


def encode_record(record: Record) -> bytes:
    """The bytes of one record: what is kept, chained, sent and stored."""
    return _ENCODER.encode({_KINDS[type(record)]: record})


def decode_record(data: bytes) -> Record:
    """Read one record; raises Unreadable."""
    if len(data) > LONGEST_RECORD:
        raise Unreadable(f"a record of {len(data)} bytes; at most {LONGEST_RECORD}")
    try:
        tagged = _RECORD.decode(data)
    except _NO_WORD as fault:
        raise Unreadable(str(fault)) from fault
    word = tagged.visit or tagged.sale or tagged.response or tagged.anchor or tagged.loss
    kinds = 5 - (
        (tagged.visit is None)
        + (tagged.sale is None)
        + (tagged.response is None)
        + (tagged.anchor is None)
        + (tagged.loss is None)
    )
    if word is None or kinds != 1:
        raise UnknownKind(f"{kinds} known kinds of record in one")
    return word


def encode_batch(batch: Batch) -> bytes:
    """The bytes of a batch; its records stand in it unchanged."""
    return _ENCODER.encode(
        _BatchOnWire(
            v=VERSION,
            epoch=batch.epoch,
            oldest=batch.oldest,
            first=batch.first,
            before=batch.before,
            chain=batch.chain,
            records=[msgspec.Raw(record) for record in batch.records],
            refused_seen=batch.refused_seen,
        )
    )


def decode_batch(data: bytes) -> Batch:
    """Read a batch, leaving each record as its bytes; raises Unreadable or UnknownVersion."""
    raw = _decode_batch(data)
    try:
        return Batch(
            epoch=raw.epoch,
            oldest=raw.oldest,
            first=raw.first,
            before=raw.before,
            chain=raw.chain,
            records=tuple([bytes(record) for record in raw.records]),
            refused_seen=raw.refused_seen,
        )
    except WordError as fault:
        raise Unreadable(str(fault)) from fault


def encode(word: Told) -> bytes:
    """The bytes of any word but a batch and a record."""
    fields: dict[str, Any] = {"v": VERSION}
    fields.update(msgspec.to_builtins(word))
    return _ENCODER.encode(fields)


def decode(kind: type[T], data: bytes) -> T:
    """Read a word of that kind; raises Unreadable or UnknownVersion."""
    word: T = _decode(_TELLERS[kind], data)
    return word


def json_schemas() -> dict[str, Any]:
    """The JSON Schema of every word and of the envelopes, for docs/asyncapi.yaml."""
    kinds = (Visit, Sale, Response, Anchor, Loss, Receipt, Refusal, Pulse, Status)
    every = (*kinds, KioskSettings, Notice, Command, Health, Count, Passing, Ticket, _Tagged)
    _, schemas = msgspec.json.schema_components(every, ref_template="#/components/schemas/{name}")
    schemas["Record"] = schemas.pop("_Tagged")
    return schemas


def _decode_batch(data: bytes) -> _BatchOnWire:
    # As `_decode`, but the version is read a first time only where it matters: a batch is long.
    _check_length(data)
    try:
        raw = _BATCH.decode(data)
    except _NO_WORD as fault:
        _check_version(data)
        raise Unreadable(str(fault)) from fault
    if raw.v != VERSION:
        raise _unknown(raw.v)
    return raw


def _decode(decoder: msgspec.json.Decoder[Any], data: bytes) -> Any:
    _check_length(data)
    _check_version(data)
    try:
        return decoder.decode(data)
    except _NO_WORD as fault:
        raise Unreadable(str(fault)) from fault


def _check_length(data: bytes) -> None:
    if len(data) > LONGEST_MESSAGE:
        raise Unreadable(f"a message of {len(data)} bytes; at most {LONGEST_MESSAGE}")


def _check_version(data: bytes) -> None:
    # Read before everything else, so that a newer message is called newer and not broken.
    try:
        version = _VERSION.decode(data).v
    except _NO_WORD as fault:
        raise Unreadable(str(fault)) from fault
    if version != VERSION:
        raise _unknown(version)


def _unknown(version: int) -> UnknownVersion:
    return UnknownVersion(f"protocol version {version}; this program speaks {VERSION}")
