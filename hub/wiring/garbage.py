"""When Python looks for garbage: seldom, and not among what stays for as long as the hub runs.

Almost everything is let go of by counting references, at once. What is left are cycles, which
Python finds by walking over everything there is, while nothing else of the program runs: measured
with 500 viewers, 0.2 s of standstill every ten seconds at 1,000 records a second.
"""

from __future__ import annotations

import gc

SELDOM = (10_000, 20, 20)
"""Python's own (700, 10, 10) means a walk for every few messages. What these leave lying, some ten
thousand objects and what outlived the first look, `adapters.heap` finds within a minute."""


def collect_seldom() -> None:
    """Once, when all is built that stays: these 150,000 objects are never walked over again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
