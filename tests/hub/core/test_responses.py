"""What fits a questionnaire, and what tells the hub's own records from everybody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.hours import Hours
from hub.core.ports import Hub, ResponseRow
from hub.core.responses import (
    PRODUCER,
    Walk,
    boot_of,
    fits,
    key_of,
    missing,
    producer_key,
    row_of,
    taken,
)
from shared.deliveries import check_epoch
from shared.errors import PlaceError
from shared.links import Link
from shared.moments import Moment, check_boot_id
from shared.places import KioskId, PointId, StoreId, kiosk_id
from shared.questionnaires import Answer, Response
from shared.questions import Condition, Kind
from shared.visits import Input
from tests.shared.questionnaires import EVERY_ANSWER, EVERY_KIND, question, questionnaire

STORE, HUB = StoreId("centro"), Hub("h" * 32, 1)
LINK = Link(KioskId("k-1"), PointId("caja-1"), "q", 1, 29_000_000, b"nonce!")
AT = Moment(1_764_000_000_000, 1, True)


def response(answers: dict[str, Answer], *, complete: bool = True) -> Response:
    return Response(
        PointId("caja-1"), "b" * 32, "q", 1, "es", Input.TOUCH, AT, AT, complete, answers
    )


def test_every_kind_of_answer_fits() -> None:
    assert fits(EVERY_KIND, response(EVERY_ANSWER))
    assert fits(EVERY_KIND, response({}, complete=False))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mood", "furious"),
        ("mood", 3),
        ("friend", 11),
        ("friend", "10"),
        ("tidy", 0),
        ("came", "boat"),
        ("came", ["foot"]),
        ("bought", []),
        ("bought", ["bread", "bread"]),
        ("bought", "bread"),
        ("order", ["price", "range"]),
        ("more", " "),
        ("more", ["a"]),
        ("unasked", 1),
    ],
)
def test_what_is_no_answer_to_its_question_does_not(name: str, answer: Answer) -> None:
    assert not fits(EVERY_KIND, response(EVERY_ANSWER | {name: answer}))


def test_an_answer_to_a_question_that_was_not_shown_does_not_fit() -> None:
    rule = (Condition("first", ("a",)),)
    asked = questionnaire(
        question("first", Kind.ONE, "a", "b"), question("second", Kind.STARS, shown_if=rule)
    )
    assert fits(asked, response({"first": "a", "second": 3}))
    assert not fits(asked, response({"first": "b", "second": 3}))


def test_what_says_that_it_is_complete_has_every_answer_that_is_required() -> None:
    needed = replace(question("first", Kind.STARS), required=True)
    asked = questionnaire(needed, question("second", Kind.STARS))
    assert not fits(asked, response({"second": 3}))
    assert fits(asked, response({"second": 3}, complete=False))
    assert fits(asked, response({"first": 3}))


def test_no_kiosk_can_have_the_name_of_the_hubs_own_producer() -> None:
    with pytest.raises(PlaceError):
        kiosk_id(PRODUCER)


def test_the_hub_has_another_epoch_in_each_store_and_after_each_restore() -> None:
    keys = {
        producer_key(HUB, STORE),
        producer_key(HUB, StoreId("puerto")),
        producer_key(Hub(HUB.hub_id, 2), STORE),
        producer_key(Hub("i" * 32, 1), STORE),
    }
    assert len({check_epoch(key.epoch) for key in keys}) == 4
    assert producer_key(HUB, STORE) in keys


def test_each_walk_is_a_boot_of_its_own() -> None:
    walk = Walk(LINK, STORE, "es", "s", 0, 0, {})
    other = replace(walk, link=replace(LINK, nonce=b"other!"))
    assert check_boot_id(boot_of(walk)) != check_boot_id(boot_of(other))
    assert walk.key == key_of(LINK) == ("k-1", 29_000_000, b"nonce!".hex())


def test_the_row_says_nothing_that_the_record_does_not() -> None:
    day = Hours("Europe/Madrid").hour_of(AT.wall).day
    row = row_of(response(EVERY_ANSWER), STORE, 3, 4, day)
    expected = (STORE, 3, 4, "q", 1, 20251124, "caja-1", "es", "touch", True)
    assert row == ResponseRow(*expected)  # type: ignore[arg-type]


def test_an_answer_is_taken_where_it_answers_and_passed_over_where_it_may() -> None:
    stars = question("tidy", Kind.STARS)
    assert taken(stars, {"mood": "sad"}, 4) == {"mood": "sad", "tidy": 4}
    assert taken(stars, {"tidy": 4}, 2) == {"tidy": 2}
    assert taken(stars, {"tidy": 4}, None) == {}
    assert taken(stars, {}, 6) is None
    assert taken(replace(stars, required=True), {"tidy": 4}, None) is None


def test_what_is_missing_is_the_first_shown_that_must_be_answered() -> None:
    must = replace(question("parking", Kind.STARS), required=True)
    must = replace(must, shown_if=(Condition("came", ("car",)),))
    asked = questionnaire(question("came", Kind.ONE, "foot", "car"), must)
    assert missing(asked, {"came": "foot"}) is None
    assert missing(asked, {"came": "car"}) == "parking"
    assert missing(asked, {"came": "car", "parking": 1}) is None
