"""What is free within the program's memory is the machine's again."""

from __future__ import annotations

import gc
import time
import weakref
from pathlib import Path

from hub.adapters.heap import Heap, give_back

MEGABYTE = 1024
HOLES_KB = 100 * MEGABYTE


def own_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def test_memory_full_of_holes_is_given_back_by_itself() -> None:
    pieces = [bytearray(4_000) for _ in range(HOLES_KB // 4)]
    kept = pieces[:: len(pieces) // 100]  # one in a thousand keeps the heap from shrinking
    del pieces
    before = own_kb()
    heap = Heap(every_s=0.05)
    heap.start()
    deadline = time.monotonic() + 10
    while own_kb() > before - HOLES_KB // 2 and time.monotonic() < deadline:
        time.sleep(0.05)  # another thread does it
    heap.stop()
    assert own_kb() < before - HOLES_KB // 2
    assert len(kept) >= 100


class Ring:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_that_python_would_let_lie_is_looked_for() -> None:
    gc.disable()
    try:
        lying = weakref.ref(Ring())
        assert lying() is not None
        give_back()
        assert lying() is None
    finally:
        gc.enable()
