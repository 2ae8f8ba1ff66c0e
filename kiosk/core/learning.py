"""From three sales, a copy and a refund to the table [till]: which reader, which rules, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kiosk.core.learning_receipts import as_receipts
from kiosk.core.learning_streams import commands_in, is_cut, parity_of, seven_bits
from kiosk.core.learning_wires import as_lines, as_pole
from kiosk.core.learnt import Again, Capture, Conclusion, Kind, Proposal, Undecided
from kiosk.core.tills import PortSettings

WANTED: Final = {Kind.SALE: 3, Kind.COPY: 1, Kind.REFUND: 1}
"""How many prints of each kind are asked for at least."""


def conclude(captures: Sequence[Capture], port: PortSettings) -> Conclusion:
    """What these prints prove; a reader that does not reproduce every one is never proposed."""
    for kind, wanted in WANTED.items():
        if sum(one.kind is kind for one in captures) < wanted:
            return Again(kind, f"a {kind} is missing")
    if not all(one.chunks for one in captures if one.kind is Kind.SALE):
        return Undecided("a sale was silent", "Is this the wire by which the till prints?")
    captures, port, told = _plain(captures, port)
    table = _port(port)
    found = _tried(captures, table)
    if not isinstance(found, Proposal):
        return found
    return replace(found, evidence=(_reader(found, port), *told, *found.evidence))


def _tried(captures: Sequence[Capture], table: Mapping[str, Any]) -> Conclusion:
    """The first reader that does; what cuts paper is a receipt printer and nothing else."""
    receipts = as_receipts(captures, table)
    is_printer = any(is_cut(one) for capture in captures for one in commands_in(capture.data))
    if is_printer or not isinstance(receipts, Undecided):
        return receipts
    whys = [receipts.why]
    for way in (as_lines, as_pole):
        found = way(captures, table)
        if not isinstance(found, Undecided):
            return found
        whys.append(found.why)
    return Undecided("; ".join(whys), receipts.hint)


def _plain(
    captures: Sequence[Capture], port: PortSettings
) -> tuple[Sequence[Capture], PortSettings, list[str]]:
    """The same without the parity that stands in their eighth bits, if any does."""
    parity = parity_of(b"".join(one.data for one in captures))
    if parity is None or port.bits == 7:
        return captures, port, []
    bare = [
        replace(one, chunks=tuple((at, seven_bits(piece)) for at, piece in one.chunks))
        for one in captures
    ]
    told = f"line: 7 bits, parity {parity} (it stands in the eighth bit of all prints)"
    return bare, replace(port, bits=7, parity=parity), [told]


def _port(port: PortSettings) -> Mapping[str, Any]:
    usual = PortSettings(port.path)
    told = {"port": port.path, "baud": port.baud}
    for key in ("bits", "parity", "stop_bits", "flow"):
        if (value := getattr(port, key)) != getattr(usual, key):
            told[key] = value
    return told


def _reader(found: Proposal, port: PortSettings) -> str:
    name = {"receipt": "receipt printer", "pole": "customer display", "line": "lines of text"}
    count = len(found.outcomes)
    speed = "" if "://" in port.path else f" at {port.baud} baud"
    kind = name[found.table["kind"]]
    return f"reader: {kind}{speed} ({count} of {count} prints are read as what they were)"
