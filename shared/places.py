"""Names of stores, points, kiosks and sensors that are safe to write in a topic, a key or a URL."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NewType

from shared.errors import PlaceError

StoreId = NewType("StoreId", str)
"""A store, e.g. `centro-012`."""

PointId = NewType("PointId", str)
"""A place inside a store where people are asked, e.g. `caja-3`; unique within its store."""

KioskId = NewType("KioskId", str)
"""One device, and its user name at the broker, e.g. `k-012-03`; unique in the whole fleet."""

SensorId = NewType("SensorId", str)
"""A counter, camera, gate or ticket system, and its user name at the broker; never a kiosk's."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


def check_name(text: str, what: str) -> str:
    """Return `text` if it may name a place; raise PlaceError otherwise.

    Nothing that MQTT gives a meaning to (`/`, `+`, `#`, `$`) can pass, nor anything that needs
    escaping in a URL, an SQL key or a file name.
    """
    if not isinstance(text, str) or _NAME.fullmatch(text) is None:
        raise PlaceError(f"{text!r:.50} cannot be the name of a {what}")
    return text


def store_id(text: str) -> StoreId:
    """Read a store's name; raises PlaceError."""
    return StoreId(check_name(text, "store"))


@lru_cache(maxsize=4096)  # a few points stand in every record; what raises is not kept
def point_id(text: str) -> PointId:
    """Read a point's name; raises PlaceError."""
    return PointId(check_name(text, "point"))


def kiosk_id(text: str) -> KioskId:
    """Read a kiosk's name; raises PlaceError."""
    return KioskId(check_name(text, "kiosk"))


def sensor_id(text: str) -> SensorId:
    """Read a sensor's name; raises PlaceError."""
    return SensorId(check_name(text, "sensor"))
