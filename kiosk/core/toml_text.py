"""Writes a table of settings as TOML; what is read again is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def toml_text(table: Mapping[str, Any]) -> str:
    """Values first, then tables: texts, whole numbers, flags, lists, tables and lists of them."""
    return "\n".join(_lines(table, "")) + "\n"


def _lines(table: Mapping[str, Any], path: str) -> list[str]:
    plain = {key: one for key, one in table.items() if not _is_tables(one)}
    lines = [f"{_key(key)} = {_value(one)}" for key, one in plain.items()]
    for key, one in table.items():
        inner = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(one, Mapping):
            lines += ["", f"[{inner}]", *_lines(one, inner)]
        elif key not in plain:
            for each in one:
                lines += ["", f"[[{inner}]]", *_lines(each, inner)]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):  # within a list of other things
        return f"{{ {', '.join(f'{_key(k)} = {_value(v)}' for k, v in value.items())} }}"
    return str(value)  # whole numbers, fractions, dates: as they are read


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    return '"' + "".join(_ESCAPED.get(c) or _letter(c) for c in value) + '"'


def _letter(letter: str) -> str:
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
