"""The judge of the questionnaire notices: each world is wrong in one way, but the first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.places import KioskId, PointId, StoreId
from tests.drills.holdings import Holdings, Standing
from tests.drills.notebook import Notes, Walk, read_notes
from tests.drills.responses import judge_walks
from tests.drills.seats import Manner, Seat
from tests.drills.verdict import Verdict

BOOT = "b0" * 16
WALK, SALE = "0a" * 8, "0f" * 16


def seat_at(folder: Path) -> Seat:
    place = StoreId("centro"), PointId("caja-1"), KioskId("k-1")
    return Seat(folder / "k-1", *place, name="k-1", manner=Manner())


class World:
    """One shopper who was thanked for a questionnaire, and a hub that has it."""

    def __init__(self, folder: Path) -> None:
        seat = seat_at(folder)
        given = {"visit": "sad", "likely": 3}
        self.walk = Walk(seat, WALK, 1_000, 5_000, BOOT, dict(given), dict(given))
        self.walk.finished = self.walk.thanked = True
        self.notes = Notes(walks={WALK: self.walk})
        self.response: dict[str, Any] = {
            "point_id": "caja-1", "boot_id": BOOT, "questionnaire": "drill", "version": 1,
            "begun": {"wall": 1, "boot": 5_000, "synced": True}, "complete": True,
            "answers": dict(given),
        }  # fmt: skip
        self.words = [{"response": self.response}]
        self.excuse: str | None = None

    def verdict(self) -> Verdict:
        """What the judge says of it."""
        bodies = {seq: json.dumps(word).encode() for seq, word in enumerate(self.words, start=1)}
        ledger = Standing("centro", "k-1", "ab" * 8, 1, len(bodies), b"", 0, 0, bodies)
        held, verdict = Holdings([ledger], {}, {}, {}, {}), Verdict()
        judge_walks(verdict, self.notes.walks.values(), held, lambda _: self.excuse)
        return verdict


def thanked_and_gone(world: World) -> None:
    world.words.clear()


def over_and_gone(world: World) -> None:
    world.walk.thanked, world.walk.owed = False, True
    world.words.clear()


def stored_twice(world: World) -> None:
    world.words *= 2


def nobody_gave_it(world: World) -> None:
    world.notes.walks.clear()


def another_answer(world: World) -> None:
    world.response["answers"]["likely"] = 9


def an_answer_more(world: World) -> None:
    world.response["answers"]["missed"] = "bread"


def an_answer_less(world: World) -> None:
    del world.response["answers"]["likely"]


def a_part_of_a_whole(world: World) -> None:
    world.response["complete"] = False


def the_whole_of_a_part(world: World) -> None:
    world.walk.thanked = world.walk.finished = False


def another_point(world: World) -> None:
    world.response["point_id"] = "caja-2"


def another_version(world: World) -> None:
    world.response["version"] = 2


def test_where_all_agrees_it_finds_nothing(tmp_path: Path) -> None:
    verdict = World(tmp_path).verdict()
    assert verdict == Verdict(responses=1, walked=1)


@pytest.mark.parametrize(
    "wrong",
    [
        thanked_and_gone, over_and_gone, stored_twice, nobody_gave_it, another_answer,
        an_answer_more, an_answer_less, a_part_of_a_whole, the_whole_of_a_part, another_point,
        another_version,
    ],
)  # fmt: skip
def test_it_notices(wrong: Callable[[World], None], tmp_path: Path) -> None:
    world = World(tmp_path)
    wrong(world)
    assert world.verdict().faults


def test_what_is_gone_is_lost_unless_something_explains_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    thanked_and_gone(world)
    assert world.verdict().lost == 1
    world.excuse = "outbox damaged"
    verdict = world.verdict()
    assert (verdict.faults, verdict.lost) == ([], 0)
    assert verdict.explained == {"outbox damaged": 1}


@pytest.mark.parametrize(
    ("since", "owed"),
    [
        ([{"thanked": SALE, "reason": None, "at": 9}], True),
        ([{"started": 7, "at": 9}, {"thanked": SALE, "reason": None, "at": 9}], False),
        ([], False),
    ],
)
def test_a_part_is_owed_once_the_same_program_thanked_somebody_else(
    since: list[dict[str, Any]], owed: bool, tmp_path: Path
) -> None:
    seat = seat_at(tmp_path)
    sale = {"sale": SALE, "true": 1, "wall": 1, "boot": 1, "synced": True, "boot_id": BOOT}
    walk = {"walk": WALK, "true": 2, "boot": 2, "boot_id": BOOT}
    answered = {"answered": WALK, "question": "visit", "answer": "sad"}
    stood = {"stood": WALK, "question": "visit", "answer": "sad"}
    lines = [sale, walk, answered, stood, {"left": WALK}, *since]
    seat.notes.write_text("".join(json.dumps(line) + "\n" for line in lines))
    notes = read_notes([seat])
    assert notes.stray == []
    one = notes.walks[WALK]
    assert (one.given, one.stood, one.left) == ({"visit": "sad"}, {"visit": "sad"}, True)
    assert one.owed == owed
