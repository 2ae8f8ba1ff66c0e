"""The judge notices: each of these worlds is wrong in one way, but for the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.core.ports import Store
from shared.places import KioskId, PointId, StoreId
from tests.drills.holdings import Holdings, Standing
from tests.drills.judge import Excuse, Judge
from tests.drills.notebook import Notes, Shopper
from tests.drills.seats import Manner, Seat
from tests.drills.spoiling import Spoiled
from tests.drills.verdict import Verdict

AT = 1_795_339_800_000
"""2026-11-22T09:30:00Z."""

HOUR = ("centro", "caja-1", AT - 1_800_000)
EPOCH = "ab" * 8


class World:
    """One shopper who was thanked for a happy face, and a hub that has it."""

    def __init__(self, folder: Path) -> None:
        place = StoreId("centro"), PointId("caja-1"), KioskId("k-1")
        seat = Seat(folder / "k-1", *place, name="k-1", manner=Manner())
        self.shopper = Shopper(seat, "0f" * 16, AT, AT, 5_000, True, "b0" * 16)
        self.shopper.touch("happy", AT)
        self.shopper.thank(None, AT + 20)
        self.notes = Notes({self.shopper.sale: self.shopper})
        self.sale = {"sale": {"id": self.shopper.sale, "point_id": "caja-1"}}
        self.visit = {
            "visit": {"sale": self.shopper.sale, "point_id": "caja-1", "outcome": "answered",
                      "face": "happy"}
        }  # fmt: skip
        self.words: list[object] = [self.sale, self.visit]
        self.tallies = {(HOUR, "sales"): 1, (HOUR, "happy"): 1}
        self.sealed = 2
        self.held = 2
        self.excuses: list[Excuse] = []
        self.gone: set[int] = set()
        self.spoiled: list[Spoiled] = []
        self.set_aside = False

    def verdict(self) -> Verdict:
        """What the judge says of it."""
        sealed = {seq: written(word) for seq, word in enumerate(self.words, start=1)}
        chain = hashlib.sha256(f"semblante/1/k-1/{EPOCH}".encode()).digest()[:16]
        for body in sealed.values():
            chain = hashlib.sha256(chain + body).digest()[:16]
        bodies = {seq: body for seq, body in sealed.items() if seq not in self.gone}
        ledger = Standing(
            "centro", "k-1", EPOCH, 1, self.held, chain, len(self.gone), 0, bodies, self.gone
        )
        held = Holdings([ledger], self.tallies, {}, {}, {})
        stores = [Store(StoreId("centro"), "Centro", "Europe/Madrid")]
        outboxes = {} if self.set_aside else {("k-1", EPOCH): self.sealed}
        return Judge(self.notes, held, stores, outboxes, self.excuses, self.spoiled).judge()


def written(word: object) -> bytes:
    return json.dumps(word, separators=(",", ":")).encode()


def thanked_and_gone(world: World) -> None:
    world.words = [world.sale]
    world.sealed = world.held = 1
    del world.tallies[HOUR, "happy"]


def stored_twice(world: World) -> None:
    world.words.append(world.visit)
    world.sealed = world.held = 3


def another_face(world: World) -> None:
    world.visit["visit"]["face"] = "sad"
    world.tallies = {(HOUR, "sales"): 1, (HOUR, "sad"): 1}


def nobody_did_it(world: World) -> None:
    world.notes.shoppers.clear()


def a_gap(world: World) -> None:
    world.held = world.sealed = 3


def not_all_arrived(world: World) -> None:
    world.sealed = 3


def counted_twice(world: World) -> None:
    world.tallies[HOUR, "happy"] = 2


def another_hour(world: World) -> None:
    later = (*HOUR[:2], HOUR[2] + 3_600_000)
    world.tallies = {(later, "sales"): 1, (later, "happy"): 1}


def another_point(world: World) -> None:
    world.visit["visit"]["point_id"] = "caja-2"


def test_where_all_agrees_it_finds_nothing(tmp_path: Path) -> None:
    verdict = World(tmp_path).verdict()
    assert verdict.faults == []
    assert (verdict.records, verdict.visits, verdict.thanked) == (2, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        thanked_and_gone, stored_twice, another_face, nobody_did_it, a_gap, not_all_arrived,
        counted_twice, another_hour, another_point,
    ],
)  # fmt: skip
def test_it_notices(wrong: Callable[[World], None], tmp_path: Path) -> None:
    world = World(tmp_path)
    wrong(world)
    assert world.verdict().faults


def test_a_damaged_outbox_explains_what_came_before_and_nothing_after(tmp_path: Path) -> None:
    world = World(tmp_path)
    thanked_and_gone(world)
    world.excuses = [Excuse("k-1", AT + 1, "outbox damaged")]
    verdict = world.verdict()
    assert (verdict.faults, verdict.lost) == ([], 0)
    assert verdict.explained == {"outbox damaged": 1}
    world.excuses = [Excuse("k-1", AT - 1, "outbox damaged")]
    assert world.verdict().lost == 1


def spoiled_and_told(world: World, bits: int = 2) -> None:
    notice = {"loss": {"first": 2, "last": 2, "cause": "damaged", "others": 1}}
    world.words.append(notice)
    world.sealed = world.held = 3
    world.gone = {2}
    world.spoiled = [Spoiled("k-1", EPOCH, 2, written(world.visit), bits)]
    del world.tallies[HOUR, "happy"]


def test_a_record_that_the_card_spoiled_and_the_kiosk_told_of_is_explained(tmp_path: Path) -> None:
    world = World(tmp_path)
    spoiled_and_told(world)
    verdict = world.verdict()
    assert (verdict.faults, verdict.lost) == ([], 0)
    assert verdict.explained == {"record spoiled": 1}


def test_the_notice_of_a_spoiled_record_may_be_gone_with_a_file_that_was_set_aside(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    spoiled_and_told(world)
    del world.words[2:]
    world.held, world.set_aside = 2, True
    verdict = world.verdict()
    assert (verdict.faults, verdict.lost) == ([], 0)
    assert verdict.explained == {"record spoiled": 1}


def not_told(world: World) -> None:
    spoiled_and_told(world)
    world.words[2] = world.sale | {"sale": {"id": "x", "point_id": "caja-1"}}


def for_one_bit(world: World) -> None:
    spoiled_and_told(world, bits=1)


def another_one(world: World) -> None:
    spoiled_and_told(world)
    world.spoiled = [Spoiled("k-1", EPOCH, 1, written(world.sale), 2)]


@pytest.mark.parametrize("wrong", [not_told, for_one_bit, another_one])
def test_no_other_loss_is_explained_by_a_spoiled_record(
    wrong: Callable[[World], None], tmp_path: Path
) -> None:
    world = World(tmp_path)
    wrong(world)
    assert world.verdict().lost == 1
