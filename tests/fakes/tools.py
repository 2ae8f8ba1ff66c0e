"""Tools that remember what they were asked for."""

from __future__ import annotations


class FakeTools:
    """Port `Tools`."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def inspect(self) -> None:
        self.asked.append("inspect")

    def export(self) -> None:
        self.asked.append("export")

    def restart(self) -> None:
        self.asked.append("restart")
