"""What the till tells: a finished transaction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.moments import Moment, check_boot_id, check_hex
from shared.places import PointId, point_id


class SaleSource(StrEnum):
    """By which wire the till told of the sale; `manual` is the staff's or a tester's hand."""

    RECEIPT = "receipt"
    POLE = "pole"
    LINE = "line"
    MODEM = "modem"
    DRAWER = "drawer"
    HTTP = "http"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Sale:
    """One finished transaction at the till; never what was bought, by whom, or for how much."""

    id: str
    point_id: PointId
    boot_id: str
    at: Moment
    source: SaleSource

    def __post_init__(self) -> None:
        check_hex(self.id, 32, "sale id")
        point_id(self.point_id)
        check_boot_id(self.boot_id)
