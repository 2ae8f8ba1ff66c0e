"""Cards that rot: a file that is whole, with some of its bits turned or its end missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from shared.wire import encode_record
from tests.drills.power.outbox import LATER, NAME, Memory, make_outbox, read
from tests.fakes.kiosk import sale

RECORDS: Final = 60

Damage = Callable[[bytearray], None]


def header(content: bytearray) -> None:
    """The first sector reads as zeros."""
    content[:512] = bytes(512)


def cut_short(content: bytearray) -> None:
    """The second half is missing."""
    del content[len(content) // 2 :]


def page_of_zeros(content: bytearray) -> None:
    """A page in the middle reads as zeros."""
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = bytes(4096)


def bits(seed: int, content: bytearray) -> None:
    """One bit in each of a few places."""
    dice = random.Random(seed)
    for _ in range(dice.choice((1, 1, 2, 8))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


DAMAGES: Final[dict[str, Damage]] = {
    "no header": header,
    "cut short": cut_short,
    "a page of zeros": page_of_zeros,
    **{f"bits {seed}": partial(bits, seed) for seed in range(20)},
}


def damaged(damage: Damage, folder: Path) -> str:
    """What the real outbox makes of it, in a word; the kiosk goes on in any case."""
    path = folder / NAME
    with closing(make_outbox(path)) as outbox:
        for number in range(1, RECORDS + 1):
            outbox.add(sale(number=number))
        before = read(outbox)
    content = bytearray(path.read_bytes())
    damage(content)
    path.write_bytes(content)
    with closing(make_outbox(path)) as outbox:
        outbox.add(LATER)
        found = read(outbox)
        if outbox.set_aside is not None:
            assert outbox.damaged
            assert outbox.set_aside.read_bytes() == bytes(content), "what can be saved is there"
            return "set aside"
    assert isinstance(before, Memory)
    if isinstance(found, str):
        return "the chain exposes it" if "chain" in found else found
    if found.bodies == (*before.bodies, encode_record(LATER)):
        return "unharmed"
    return "it is silently another"
