"""Tells a story in a process of its own: `python -m tests.drills.power.child kiosk FOLDER …`."""

from __future__ import annotations

import itertools
import os
import pickle
import queue
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from kiosk.core.events import Event, Kept
from kiosk.writer import Writer
from tests.drills.power import outbox
from tests.drills.power.story import Promise
from tests.drills.power.volume import PROMISES, line_of
from tests.fakes.clock import FakeClock
from tests.fakes.kiosk import moment, sale, visit
from tests.simulation.quiet import quiet


def main(who: str, folder: Path, length: int, seed: int) -> None:
    """What is promised goes into the volume, where the trace is; what is to be known, to us."""
    promises = os.open(folder / PROMISES, os.O_WRONLY | os.O_CREAT)

    def promise(step: int, begun: bool) -> None:
        os.pwrite(promises, line_of(step, begun), 0)

    with quiet():
        if who == "lives":
            live(folder, promise, length)
        elif who == "writer":
            write(folder, promise, length, patience=seed)
        elif who == "kiosk":
            days = outbox.Days(folder / outbox.NAME, promise, outbox.make_outbox, seed)
            days.live(length)
            days.close()
            sys.stdout.buffer.write(pickle.dumps(days.story.memories))
        elif who == "hub":
            from tests.drills.power import archive  # noqa: PLC0415 half a second that a kiosk has not

            hours = archive.Hours(folder / archive.NAME, promise, archive.make_engine, seed)
            hours.live(length)
            hours.close()
            sys.stdout.buffer.write(pickle.dumps(hours.story.memories))
    os.close(promises)


def write(folder: Path, promise: Promise, shoppers: int, patience: int) -> None:
    """The kiosk's own writer on a card that may fail: who is thanked, and what the hub is told.

    At the end it waits so many seconds for what is not on the card yet.
    """
    records = threading.Semaphore(0)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    kept = outbox.make_outbox(folder / outbox.NAME)
    writer = Writer(
        outbox=kept,
        clock=FakeClock(),
        post=events.put,
        on_record=records.release,
        on_trouble=lambda failing: print("trouble" if failing else "mended", flush=True),
        pause_seconds=0.02,
    )
    writer.start()
    for number in range(1, shoppers + 1):
        answer = visit(moment(boot=number))
        writer.add(sale(moment(boot=number), number=number))
        promise(number, True)
        writer.keep_open(number, answer)
        if isinstance(events.get(timeout=30), Kept):
            promise(number, False)
        writer.seal(answer)
    end = time.monotonic() + patience
    for _ in range(2 * shoppers):
        records.acquire(timeout=max(0.0, end - time.monotonic()))
    writer.stop()
    kept.close()


def live(folder: Path, promise: Promise, first: int) -> None:
    """As a kiosk does: seal what was left open, then keep one answer after the other, for ever."""
    kept = outbox.make_outbox(folder / outbox.NAME)
    left = kept.open_visit()
    if left is not None:
        kept.seal(replace(left, code="restart"))
    for number in itertools.count(first):
        answer = visit(moment(boot=number))
        promise(number, True)
        kept.keep_open(answer)
        promise(number, False)
        kept.seal(answer)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
