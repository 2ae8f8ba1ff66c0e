"""A layout as people write it in YAML: the fields of the form, with names for what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hub.core.notation import Document, read_yaml, write_yaml
from hub.core.ports import Point
from hub.core.waiting.laying import NUMBERS, empty_line, fields_of, read
from hub.core.waiting.layout import Layout
from shared.errors import LayoutRefused, QuestionnaireRefused
from shared.soundness import Fault

_NUMBERS = (*NUMBERS, "rounding")


def to_yaml(layout: Layout) -> str:
    """All that can be set; the key of a receiver is not among it."""
    fields = fields_of(layout)
    return write_yaml({**fields, **{name: int(fields[name]) for name in _NUMBERS}})


def from_yaml(text: str, before: Layout, points: Collection[Point]) -> Layout:
    """What a text says, upon what stands there: what it does not name stays.

    Raises LayoutRefused with every fault and its line.
    """
    try:
        document = read_yaml(text)
    except QuestionnaireRefused as refused:
        reasons = [Fault("lines", fault.reason) for fault in refused.faults]
        raise LayoutRefused(reasons, refused.lines) from refused
    faults: list[Fault] = []
    fields = _fields(document.fields, fields_of(before), faults)
    if faults:
        raise _at_lines(document, faults)
    try:
        return read(fields, before, points)
    except LayoutRefused as refused:
        raise _at_lines(document, refused.faults) from refused


def _at_lines(document: Document, faults: Any) -> LayoutRefused:
    return LayoutRefused(faults, [document.line_of(fault.place) for fault in faults])


def _fields(said: object, before: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """The fields of a form; what is of another kind is a fault."""
    if not isinstance(said, dict):
        faults.append(Fault("lines", "must have fields with names"))
        return {}
    fields = dict(before)
    for name, value in said.items():
        if name not in before:
            faults.append(Fault(name, "nobody knows this field"))
        elif name == "lines":
            fields["lines"] = _lines(value, faults)
        else:
            fields[name] = _text(name, value, faults)
    return fields


def _lines(said: object, faults: list[Fault]) -> list[dict[str, Any]]:
    if not isinstance(said, list):
        faults.append(Fault("lines", "must be a list"))
        return []
    return [_line(f"lines.{at}", one, faults) for at, one in enumerate(said)]


def _line(place: str, said: object, faults: list[Fault]) -> dict[str, Any]:
    fields = empty_line()
    if not isinstance(said, dict):
        faults.append(Fault(place, "must have fields with names"))
        return fields
    for name, value in said.items():
        here = f"{place}.{name}"
        if name in ("id", "name"):
            fields[name] = _text(here, value, faults)
        elif name == "points":
            fields[name] = _names(here, value, faults)
        elif name not in fields:
            faults.append(Fault(here, "nobody knows this field"))
        elif isinstance(value, bool):
            fields[name] = value
        else:
            faults.append(Fault(here, "must be true or false"))
    return fields


def _names(place: str, said: object, faults: list[Fault]) -> list[str]:
    if not isinstance(said, list):
        faults.append(Fault(place, "must be a list"))
        return []
    return [_text(place, one, faults) for one in said]


def _text(place: str, said: object, faults: list[Fault]) -> str:
    if isinstance(said, bool) or not isinstance(said, str | int):
        if said is not None:
            faults.append(Fault(place, "must be a text"))
        return ""
    return str(said)
