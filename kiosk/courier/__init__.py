"""Carries the outbox to the hub, oldest first, and forgets only what the hub says it holds.

`rounds.py` carries out what `kiosk/core/delivery.py` decides; `thread.py` is the one thread that
does it, and the inbox through which everybody else speaks to it.
"""

from kiosk.courier.thread import Courier

__all__ = ["Courier"]
