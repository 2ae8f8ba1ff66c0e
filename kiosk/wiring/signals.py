"""SIGINT and SIGTERM end the kiosk in good order, and a second one ends it at once."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Within the block the first signal calls `stop`, in a thread of its own.

    The handler runs amid whatever the main thread is doing, be it in Kivy's clock with the
    clock's lock in its hands. A `stop` called there would wait for that lock for ever.
    """
    heard: queue.SimpleQueue[bool] = queue.SimpleQueue()  # unlike others it may be entered again

    def hear(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        heard.put(True)

    def obey() -> None:
        if heard.get():
            stop()

    obeying = threading.Thread(target=obey, name="signals", daemon=True)
    obeying.start()
    before = {number: signal.signal(number, hear) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        heard.put(False)
        obeying.join()
