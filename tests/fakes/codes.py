"""Join codes without an authority."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.errors import EnrolmentError
from shared.joining import CODE_BYTES, write_code
from shared.places import KioskId, PointId, StoreId


@dataclass(frozen=True, slots=True)
class FakeIssued:
    """A join code."""

    text: str
    qr: str
    url: str
    until: int


@dataclass
class FakeCodes:
    """Makes a code for every name but those that are `taken`."""

    until: int
    taken: set[str] = field(default_factory=set)
    made: list[tuple[StoreId, PointId, KioskId, str]] = field(default_factory=list)

    def issue(self, store: StoreId, point: PointId, kiosk: KioskId, by: str) -> FakeIssued:
        if kiosk in self.taken:
            raise EnrolmentError(f"{kiosk} is already enrolled", hint="Choose another name.")
        self.made.append((store, point, kiosk, by))
        text = write_code(bytes([len(self.made)]) * CODE_BYTES)
        return FakeIssued(text, f'join_code = "{text}"\n', "https://hub.example.com", self.until)
