"""Puts a table [till] into the text of a kiosk.toml; everything else stays as it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from kiosk.core.toml_text import toml_text

_HEAD: Final = re.compile(r"\s*\[")
_TILL: Final = re.compile(r"\s*\[{1,2}\s*till\s*[.\]]")


def with_till(text: str, table: Mapping[str, Any]) -> str:
    """The same settings with this table; with comments kept, where that can be done.

    `text` must be TOML; what comes back means the same but for the table.
    """
    wanted = {**tomllib.loads(text), "till": dict(table)}
    edited = _edited(text.splitlines(), toml_text({"till": table}).strip().splitlines())
    try:
        if tomllib.loads(edited) == wanted:
            return edited
    except tomllib.TOMLDecodeError:
        pass
    return toml_text(wanted)


def _edited(lines: list[str], table: list[str]) -> str:
    kept: list[str] = []
    place, within = None, False
    for line in lines:
        if _HEAD.match(line):
            within = _TILL.match(line) is not None
            place = len(kept) if within and place is None else place
        if not within:
            kept.append(line)
    place = len(kept) if place is None else place
    before = ["", *table] if place and kept[place - 1].strip() else table
    behind = kept[place:]
    return "\n".join([*kept[:place], *before, *([""] if behind else []), *behind]) + "\n"
