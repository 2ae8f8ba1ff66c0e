"""When a certificate is to be renewed: from a third of its life on, each kiosk at its own time."""

from __future__ import annotations

import zlib

from shared.moments import Moment


def due_at(life: tuple[int, int], certificate: str) -> int:
    """Between one and two thirds of its life (ms since 1970); where, the certificate itself says.

    So a thousand kiosks that joined on one day come back over ten, and one that is asked daily
    gives the same answer each time.
    """
    begin, end = life
    third = max(0, end - begin) // 3
    chance = zlib.crc32(certificate.encode()) / 2**32
    return begin + third + int(third * chance)


def is_due(life: tuple[int, int], certificate: str, now: Moment) -> bool:
    """Whether to ask now. A clock that may be wrong cannot tell; asking too early is no harm."""
    return not now.synced or now.wall >= due_at(life, certificate)
