"""Reads one table of a configuration file, telling every fault and not only the first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from kiosk.core.patterns import check_pattern

_MOST_PATTERNS = 64
"""In one list: each is tried on every line a till prints."""

_MOST_TABLES = 32


class Table:
    """The values of one table; a value with a fault is told and its default returned."""

    def __init__(
        self, name: str, values: Mapping[str, object], faults: list[str] | None = None
    ) -> None:
        self._name = name
        self._values = values
        self._asked: set[str] = set()
        self.faults = [] if faults is None else faults

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(key, f"{value!r:.50} is no whole number from {least} to {most}")
        return default

    def pin(self, key: str) -> int:
        """A pin of the header by its GPIO number; it must be given."""
        if key not in self._values:
            self._asked.add(key)
            self.fault(key, "is missing: the GPIO number of the pin, 2 to 27")
            return 2
        return self.whole(key, 2, 2, 27)

    def pin_if_any(self, key: str) -> int | None:
        """The same where the part may be absent."""
        return self.pin(key) if self._get(key, None) is not None else None

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(key, f"{value!r:.50} is neither true nor false")
        return default

    def among(self, key: str, default: int, numbers: Collection[int]) -> int:
        """One of these numbers."""
        value = self._get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
            return value
        self.fault(key, f"{value!r:.50} is none of {', '.join(map(str, numbers))}")
        return default

    def choice(self, key: str, default: str, words: Collection[str]) -> str:
        """One of these words."""
        value = self._get(key, default)
        if isinstance(value, str) and value in words:
            return value
        near = get_close_matches(str(value)[:50], words, 1)
        meant = f"; did you mean “{near[0]}”?" if near else ""
        self.fault(key, f"{value!r:.50} is none of {', '.join(words)}{meant}")
        return default

    def choices(self, key: str, default: Collection[str], words: Collection[str]) -> list[str]:
        """At least one of these words."""
        value = self._get(key, list(default))
        if isinstance(value, list) and value and all(one in words for one in value):
            return [str(one) for one in value]
        self.fault(key, f"{value!r:.80} is no list of some of {', '.join(words)}")
        return list(default)

    def text(self, key: str, default: str = "", *, least: int = 1, most: int = 200) -> str:
        """A text; without a default it must be given."""
        value = self._get(key, default)
        if isinstance(value, str) and value.isprintable() and least <= len(value) <= most:
            return value
        if key not in self._values:
            self.fault(key, "is missing")
        else:
            # The value is not repeated: it may be a secret.
            self.fault(key, f"needs {least} to {most} printable characters")
        return default

    def texts(self, key: str, most: int) -> list[str]:
        """At most so many texts, each of one line."""
        value = self._get(key, [])
        if isinstance(value, list) and len(value) <= most and all(map(_is_line, value)):
            return list(value)
        self.fault(key, f"is no list of at most {most} texts")
        return []

    def leave(self, key: str) -> None:
        """Somebody else reads it."""
        self._asked.add(key)

    def patterns(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Patterns, one or a list of them, each safe to use; without a default at least one."""
        value = self._get(key, list(default or ()))
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or len(listed) > _MOST_PATTERNS:
            self.fault(key, f"is no list of at most {_MOST_PATTERNS} patterns")
            return default or ()
        if default is None and not listed:
            self.fault(key, "is missing: at least one pattern")
        return tuple(self._pattern(key, one) for one in listed)

    def tables(self, key: str) -> list[Table]:
        """Tables within this one; their faults are told with this one's."""
        value = self._get(key, [])
        if not isinstance(value, list) or len(value) > _MOST_TABLES:
            self.fault(key, f"is no list of at most {_MOST_TABLES} tables")
            return []
        for number, one in enumerate(value, start=1):
            if not isinstance(one, Mapping):
                self.fault(key, f"number {number} is no table")
        names = (f"{self._name}.{key}[{number}]" for number in range(1, len(value) + 1))
        inner = zip(names, value, strict=True)
        return [Table(name, one, self.faults) for name, one in inner if isinstance(one, Mapping)]

    def unknown(self) -> None:
        """Tell of every key that nobody asked for."""
        for key in sorted(map(str, self._values.keys() - self._asked)):
            near = get_close_matches(key[:50], self._asked, 1)
            meant = f"; did you mean “{near[0]}”?" if near else ""
            self.fault(key[:50], f"nobody knows this key{meant}")

    def _pattern(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            self.fault(key, f"{value!r:.50} is no pattern")
            return "(?!)"
        try:
            return check_pattern(value)
        except ValueError as fault:
            self.fault(key, str(fault))
            return "(?!)"

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._values.get(key, default)

    def fault(self, key: str, text: str) -> None:
        """Tell what is wrong with the value of this key."""
        place = f"{self._name}.{key}" if self._name else key  # the top of the file has no name
        self.faults.append(f"{place}: {text}")


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()
