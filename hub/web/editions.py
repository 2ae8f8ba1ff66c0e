"""What a live page sends: a version of it in one language, drawn and encoded once for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Parts = Mapping[str, str]
"""The parts of a page, each by the id of the element that it fills."""


def message(data: str, version: str = "", event: str = "") -> bytes:
    """One server-sent event."""
    lines = [f"event: {event}"] if event else []
    if version:
        lines.append(f"id: {version}")
    lines += [f"data: {line}" for line in (data.splitlines() or [""])]
    return ("\n".join(lines) + "\n\n").encode()


BEAT = message("", event="beat")
SIGNED_OUT = message("", event="signed-out")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a page in one language: whole, and what changed since the one before.

    `number` counts the editions from 1 on. `changed` is empty where nothing did: a version that
    looks the same is not worth five hundred writes.
    """

    number: int
    version: str
    parts: Parts
    whole: bytes
    changed: bytes

    def since(self, number: int, version: str) -> bytes:
        """What a browser lacks that was sent the edition `number`; nothing where it lacks nothing.

        One that was sent none (0) shows a page that was drawn elsewhere, at `version` or after it:
        what changed since an edition of that name need not be all that it lacks.
        """
        if number == 0:
            return b"" if version == self.version else self.whole
        if number == self.number:
            return b""
        return self.changed if number == self.number - 1 else self.whole


def edition_of(version: str, parts: Parts, before: Edition | None) -> Edition:
    """The edition that follows `before`."""
    known = before.parts if before else {}
    news = {name: text for name, text in parts.items() if known.get(name) != text}
    return Edition(
        before.number + 1 if before else 1,
        version,
        parts,
        message(_partials(parts), version),
        message(_partials(news), version) if news else b"",
    )


def _partials(parts: Parts) -> str:
    """Parts in htmx's own envelope: each is merged into its element, the focus stays."""
    return "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="innerMorph">{text}</hx-partial>'
        for name, text in parts.items()
    )
