"""A simulated till program: prints real receipts into a pseudo-terminal and counts true sales."""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import time
import tty
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tests.demo import paper

READ_SECONDS = 5.0
"""A kiosk takes a receipt in milliseconds; longer means that nobody is there."""

LOOK_SECONDS = 0.02

EXTRAS_PER_SALE = {"copy": 0.06, "refund": 0.04, "drawer": 0.05, "card": 0.15, "report": 0.01}
"""How often something that is no sale follows one."""


class NobodyReads(Exception):
    """What was printed was not taken within READ_SECONDS: there is no kiosk on the line."""


class SimulatedTill:
    """A till with a receipt printer's cable, which can be pulled and put back.

    `link` becomes a symbolic link to the pseudo-terminal that a kiosk reads. `sales` counts the
    true sales so far. Every printing method returns when the kiosk has taken the bytes.
    """

    def __init__(self, link: Path, seed: int = 0) -> None:
        self._link = link
        self._chance = random.Random(seed)
        self._printer = self._cable = -1
        self.sales = 0
        self.number = 0

    def __enter__(self) -> SimulatedTill:
        self.plug()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        """Put the cable in: a new pseudo-terminal under the same name."""
        self._printer, self._cable = os.openpty()
        tty.setraw(self._cable)
        os.set_blocking(self._printer, False)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._cable))

    def unplug(self) -> None:
        """Pull the cable: who reads gets an error, and the name is gone; safe to call twice."""
        if self._printer < 0:
            return
        self._link.unlink(missing_ok=True)
        os.close(self._cable)
        os.close(self._printer)
        self._printer = self._cable = -1

    def ring_up(self) -> int:
        """A sale; returns how many there were."""
        self.number += 1
        self.print(paper.sale(self.number, self._chance))
        self.sales += 1
        return self.sales

    def print_copy(self) -> None:
        """The last receipt once more."""
        self.print(paper.sale(self.number, self._chance, copied=True))

    def refund(self) -> None:
        """Money back."""
        self.number += 1
        self.print(paper.refund(self.number, self._chance))

    def report(self) -> None:
        """The Z report."""
        self.print(paper.report(self.number))

    def open_drawer(self) -> None:
        """No sale."""
        self.print(paper.drawer() if self._chance.random() < 0.5 else paper.silent_drawer())

    def card_slip(self) -> None:
        """The card terminal's slip, as a document of its own."""
        self.print(paper.card_slip(self.number))

    def print(self, data: bytes) -> None:
        """Send any bytes; returns when they were taken, raises NobodyReads if they were not."""
        ends = time.monotonic() + READ_SECONDS
        while data:
            left = ends - time.monotonic()
            if left <= 0 or not select.select([], [self._printer], [], left)[1]:
                raise NobodyReads
            data = data[os.write(self._printer, data) :]
        if not self._taken(ends):
            raise NobodyReads

    def is_heard(self) -> bool:
        """Whether somebody reads: an order that prints nothing was taken at once."""
        if not self._taken(time.monotonic()):
            return False
        os.write(self._printer, b"\x1b@")
        return self._taken(time.monotonic() + 10 * LOOK_SECONDS)

    def _taken(self, ends: float) -> bool:
        """Whether nothing waits to be read. Asking the kiosk's end (not how many bytes it has)
        makes the system first bring there what was written: on a busy machine that takes a while.
        """
        while select.select([self._cable], [], [], 0)[0]:
            if time.monotonic() >= ends:
                return False
            time.sleep(LOOK_SECONDS)
        return True


def _extras(till: SimulatedTill, chance: random.Random) -> None:
    acts: dict[str, Callable[[], None]] = {
        "copy": till.print_copy,
        "refund": till.refund,
        "drawer": till.open_drawer,
        "card": till.card_slip,
        "report": till.report,
    }
    for name, share in EXTRAS_PER_SALE.items():
        if chance.random() < share:
            acts[name]()


class _Stop:
    """Set by a signal. A plain flag: an Event waited for by the thread it interrupts can hang."""

    told = False

    def tell(self, *_: object) -> None:
        """Remember that it was told."""
        self.told = True


def _rest(seconds: float, stop: _Stop) -> None:
    ends = time.monotonic() + seconds
    while not stop.told and time.monotonic() < ends:
        time.sleep(0.1)


def _run(till: SimulatedTill, options: argparse.Namespace, stop: _Stop) -> None:
    chance = random.Random(options.seed + 1)
    mean = 3_600 / options.sales_per_hour
    ends = time.monotonic() + options.seconds if options.seconds else float("inf")
    while time.monotonic() < ends and not stop.told:
        try:
            if till.is_heard():
                sale = till.ring_up()
                print(json.dumps({"sale": sale, "at": time.time_ns() // 1_000_000}), flush=True)
                _extras(till, chance)
        except NobodyReads:
            print("the kiosk went away", file=sys.stderr, flush=True)
        _rest(min(mean * chance.uniform(0.6, 1.4), ends - time.monotonic()), stop)


def main() -> None:
    options = _options()
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.tell)
    with SimulatedTill(options.port, options.seed) as till:
        _run(till, options, stop)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo.till", description=__doc__)
    parser.add_argument("--port", type=Path, required=True, help="where the link is made")
    parser.add_argument("--sales-per-hour", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--for", dest="seconds", type=float, default=0, help="0: until stopped")
    return parser.parse_args()


if __name__ == "__main__":
    main()
