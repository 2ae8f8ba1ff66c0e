"""Words become bytes and bytes become words; hostile bytes become Unreadable and nothing else."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.deliveries import Batch, Receipt, Refusal, chain_on, chain_start
from shared.errors import UnknownVersion, Unreadable, WordError
from shared.notices import KioskSettings, Notice, Presence, Pulse, Reason, Status
from shared.places import kiosk_id, point_id
from shared.records import Record
from shared.sensing import Count, Passing, Sensed, Step, Ticket, Way
from shared.visits import Outcome, Visit
from shared.wire import (
    LONGEST_MESSAGE,
    LONGEST_RECORD,
    decode,
    decode_batch,
    decode_record,
    encode,
    encode_batch,
    encode_record,
)
from tests.shared.asyncapi import PAGE, page, schemas
from tests.shared.words import moments, records, visits

EPOCH = "0123456789abcdef"
KIOSK = kiosk_id("k-1")


def batch_of(*parts: bytes, **changes: Any) -> Batch:
    before = chain = chain_start(KIOSK, EPOCH)
    for part in parts:
        chain = chain_on(chain, part)
    fields: dict[str, Any] = {"oldest": 1, "first": 1, "before": before.hex(), "chain": chain.hex()}
    return Batch(epoch=EPOCH, records=parts, **(fields | changes))


def a_visit(**changes: Any) -> dict[str, Any]:
    """A skipped visit as it stands on the wire, changed as told."""
    moment = {"wall": 1_763_800_000_000, "boot": 5, "synced": True}
    fields = {
        "point_id": "caja-3",
        "boot_id": "0" * 32,
        "asked": moment,
        "outcome": "skipped",
        "language": "es",
        "question_version": 1,
        "reasons_version": 1,
    }
    return {"visit": fields | changes}


def read(word: object) -> Record:
    return decode_record(json.dumps(word).encode())


@given(records)
def test_a_record_survives_the_wire(record: Record) -> None:
    assert decode_record(encode_record(record)) == record


@given(st.lists(records, min_size=1, max_size=5))
@pytest.mark.assertion("SEM-SEQ-003")
def test_a_batch_leaves_the_bytes_of_its_records_alone(words: list[Record]) -> None:
    batch = batch_of(*map(encode_record, words))
    assert decode_batch(encode_batch(batch)) == batch


@pytest.mark.assertion("SEM-SEQ-003")
def test_a_record_written_by_another_hand_keeps_its_own_spacing() -> None:
    strange = b'{ "visit":' + json.dumps(a_visit()["visit"], indent=1).encode() + b" }"
    assert decode_batch(encode_batch(batch_of(strange))).records == (strange,)


TOLD = [
    Receipt("hub-1", 1, EPOCH, 7, "0" * 32, 1_763_800_000_000, (Refusal(3, "unreadable"),)),
    Receipt("hub-1", 2, EPOCH, 0, "f" * 32, 1, problem="chain", hint="call the technician"),
    Pulse(point_id("caja-3"), 1_763_800_000_000, open=False),
    Status(EPOCH, 3, Presence.ONLINE, "0.1.0", 5, 4, 9, alarms=("till",)),
    KioskSettings(2, "Centro", "Caja 3", ("es", "en"), reasons=(Reason("wait", {"es": "x"}),)),
    Notice(1_763_800_000_000, 5, 60, "Caja 5", 2),
    Count("line-1", -7, 1_763_800_000_000),
    Passing("line-1", Way.LEFT),
    Ticket("deli", "A 12", Step.CALLED, 5),
]


@pytest.mark.parametrize("word", TOLD, ids=lambda word: type(word).__name__)
@pytest.mark.assertion("SEM-MSG-001")
def test_every_other_word_survives_the_wire_and_says_its_version(word: Any) -> None:
    assert decode(type(word), encode(word)) == word
    assert json.loads(encode(word))["v"] == 1


@pytest.mark.parametrize("word", TOLD, ids=lambda word: type(word).__name__)
@pytest.mark.parametrize("version", [0, 2, 2**70, -1])
@pytest.mark.assertion("SEM-MSG-002")
def test_another_version_is_refused_with_a_hint_even_if_all_else_changed(
    word: Any, version: int
) -> None:
    newer = json.loads(encode(word)) | {"v": version}
    with pytest.raises(UnknownVersion) as caught:
        decode(type(word), json.dumps(newer).encode())
    assert caught.value.hint
    with pytest.raises(UnknownVersion):
        decode(type(word), json.dumps({"v": version, "records": {"new": "shape"}}).encode())


@pytest.mark.parametrize("word", TOLD, ids=lambda word: type(word).__name__)
@pytest.mark.assertion("SEM-MSG-003")
def test_members_from_the_future_are_ignored(word: Any) -> None:
    richer = json.loads(encode(word)) | {"tomorrow": {"x": [1, 2]}}
    assert decode(type(word), json.dumps(richer).encode()) == word
    assert isinstance(read(a_visit(tomorrow=1)), Visit)


@pytest.mark.assertion("SEM-MSG-004")
def test_what_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="bytes"):
        decode_batch(b" " * (LONGEST_MESSAGE + 1))
    with pytest.raises(Unreadable, match="bytes"):
        decode_record(b" " * (LONGEST_RECORD + 1))
    fits = encode_batch(batch_of(encode_record(read(a_visit()))))
    assert decode_batch(fits + b" " * (LONGEST_MESSAGE - len(fits)))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{",
        b'{"v":1}',
        b'{"v":NaN}',
        b'{"v":"1"}',
        b'{"v":1.5}',
        b'{"v":true}',
        b"[" * 100_000,
        b'{"v":1,"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"v":1,"epoch":"\xff","hub":"\xff","store_name":"\xff","visit":"\xff"}',
    ],
    ids=lambda bad: repr(bad[:12]),
)
@pytest.mark.assertion("SEM-MSG-005")
def test_hostile_bytes_are_unreadable(bad: bytes) -> None:
    kinds: tuple[Any, ...] = tuple({type(word) for word in TOLD})
    for kind in kinds:
        with pytest.raises(Unreadable):
            decode(kind, bad)
    with pytest.raises(Unreadable):
        decode_batch(bad)
    with pytest.raises(Unreadable):
        decode_record(bad)


@pytest.mark.parametrize(
    "word",
    [word for word in TOLD if hasattr(word, "at") and not isinstance(word, Sensed)],
    ids=lambda word: type(word).__name__,
)
@pytest.mark.parametrize("at", [-1, 4_102_444_800_001, 2**70])
@pytest.mark.assertion("SEM-MSG-005")
def test_the_time_of_a_message_is_within_bounds(word: Any, at: int) -> None:
    bent = json.loads(encode(word)) | {"at": at}
    with pytest.raises(Unreadable):
        decode(type(word), json.dumps(bent).encode())


@pytest.mark.parametrize("word", [one for one in TOLD if isinstance(one, Sensed)])
@pytest.mark.parametrize("at", [-1, 4_102_444_800_001, 2**53])
@pytest.mark.assertion("SEM-SEN-002")
def test_a_sensors_wrong_clock_can_be_read_so_that_it_can_be_shown(word: Any, at: int) -> None:
    assert decode(type(word), json.dumps(json.loads(encode(word)) | {"at": at}).encode()).at == at
    with pytest.raises(Unreadable):
        decode(type(word), json.dumps(json.loads(encode(word)) | {"at": 2**53 + 1}).encode())


@given(st.binary(max_size=300))
def test_no_bytes_do_more_harm_than_unreadable(data: bytes) -> None:
    for reader in (decode_batch, decode_record, lambda d: decode(Receipt, d)):
        try:
            reader(data)
        except (Unreadable, UnknownVersion):
            continue


@given(visits(), st.data())
@settings(max_examples=200)
def test_a_visit_cut_or_bent_anywhere_is_unreadable_or_another_true_visit(
    visit: Visit, data: st.DataObject
) -> None:
    whole = encode_record(visit)
    cut = data.draw(st.integers(0, len(whole) - 1))
    bent = whole[:cut] + bytes([data.draw(st.integers(0, 255))]) + whole[cut + 1 :]
    with pytest.raises(Unreadable):
        decode_record(whole[:cut])
    try:
        again = decode_record(bent)
    except Unreadable:
        return
    assert decode_record(encode_record(again)) == again


@pytest.mark.parametrize(
    "kinds", [{}, {"tomorrow": {}}, a_visit() | {"sale": None} | {"loss": {"first": 1}}]
)
@pytest.mark.assertion("SEM-REC-001")
def test_a_record_is_exactly_one_known_kind(kinds: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(kinds)


MOMENT = {"wall": 1, "boot": 1, "synced": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "answered"},
        {"face": "happy"},
        {"input": "touch"},
        {"outcome": "answered", "face": "happy", "input": "touch"},
        {"outcome": "answered", "face": "happy", "answered": MOMENT},
        {"outcome": "answered", "face": "furious", "input": "touch", "answered": MOMENT},
        {"outcome": "lost"},
    ],
)
@pytest.mark.assertion("SEM-REC-002")
def test_a_visit_that_contradicts_itself_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(a_visit(**wrong))


@pytest.mark.assertion("SEM-REC-003")
def test_a_sale_and_its_moment_stand_together() -> None:
    assert isinstance(read(a_visit(sale="a" * 32, sale_at=MOMENT)), Visit)
    for wrong in ({"sale": "a" * 32}, {"sale_at": MOMENT}, {"sale": "x", "sale_at": MOMENT}):
        with pytest.raises(Unreadable):
            read(a_visit(**wrong))


@pytest.mark.assertion("SEM-REC-004")
def test_a_reason_needs_an_answer() -> None:
    with pytest.raises(Unreadable):
        read(a_visit(reason="wait"))
    answered = {"outcome": "answered", "face": "sad", "input": "button", "answered": MOMENT}
    assert isinstance(read(a_visit(reason="wait", **answered)), Visit)


@pytest.mark.parametrize("field", ["question_version", "reasons_version", "scale_version"])
@pytest.mark.parametrize("value", [0, -1, 2**31, 1.5, "1", None])
@pytest.mark.assertion("SEM-REC-005")
def test_versions_count_from_one(field: str, value: object) -> None:
    with pytest.raises(Unreadable):
        read(a_visit(**{field: value}))


@pytest.mark.assertion("SEM-REC-006")
def test_a_sale_has_no_place_for_what_was_bought_or_by_whom() -> None:
    fields = set(schemas()["Sale"]["properties"])
    assert fields == {"id", "point_id", "boot_id", "at", "source"}


@pytest.mark.assertion("SEM-REC-007")
def test_a_loss_never_counts_more_than_it_names() -> None:
    def loss(**counts: int) -> dict[str, Any]:
        return {"loss": {"first": 5, "last": 6, "cause": "quota"} | counts}

    assert read(loss(sad=1, sales=1))
    for wrong in (loss(sad=3), loss(sad=-1), loss(first=0), loss(first=7)):
        with pytest.raises(Unreadable):
            read(wrong)


@pytest.mark.parametrize(
    "answer", ["x" * 1001, -1, 1.5, True, None, ["no word!"], {"a": 1}, ["a"] * 51]
)
@pytest.mark.assertion("SEM-REC-008")
def test_a_response_holds_bounded_answers(answer: object) -> None:
    response = {
        "point_id": "caja-3",
        "boot_id": "0" * 32,
        "questionnaire": "visit",
        "version": 1,
        "language": "es",
        "input": "touch",
        "begun": MOMENT,
        "ended": MOMENT,
        "complete": True,
        "answers": {"q1": "x" * 1000, "q2": 10, "q3": ["a", "b"]},
    }
    assert read({"response": response})
    with pytest.raises(Unreadable):
        read({"response": response | {"answers": {"q1": answer}}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"records": ()},
        {"records": (b"{}",) * 501},
        {"oldest": 0},
        {"oldest": 2},
        {"first": 0},
        {"first": 2**63},
        {"chain": "0" * 31},
        {"before": "G" * 32},
        {"epoch": "0" * 15},
        {"refused_seen": -1},
    ],
    ids=str,
)
@pytest.mark.assertion("SEM-BAT-001")
def test_a_batch_out_of_bounds_is_no_batch(wrong: dict[str, Any]) -> None:
    good = batch_of(b"{}")
    fields = {name: getattr(good, name) for name in Batch.__dataclass_fields__} | wrong
    with pytest.raises(WordError):
        Batch(**fields)
    raw = json.loads(encode_batch(good)) | {
        name: [{}] * len(value) if name == "records" else value for name, value in wrong.items()
    }
    with pytest.raises(Unreadable):
        decode_batch(json.dumps(raw).encode())


def test_the_asyncapi_page_is_what_the_words_say_today() -> None:
    assert PAGE.read_text() == page(), "run “make protocol” and look at the difference"


def validator(word: str) -> jsonschema.Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{word}", "components": {"schemas": schemas()}}
    return jsonschema.Draft202012Validator(schema)


@given(records)
def test_what_we_write_fits_the_published_schema(record: Record) -> None:
    validator("Record").validate(json.loads(encode_record(record)))


@pytest.mark.parametrize("word", TOLD, ids=lambda word: type(word).__name__)
def test_every_message_fits_its_published_schema(word: Any) -> None:
    validator(type(word).__name__).validate(json.loads(encode(word)))
    assert not validator(type(word).__name__).is_valid({"v": 2})


def test_a_batch_fits_its_published_schema() -> None:
    batch = json.loads(encode_batch(batch_of(encode_record(read(a_visit())))))
    validator("Batch").validate(batch)
    assert not validator("Batch").is_valid(batch | {"epoch": "x"})


@given(moments)
def test_the_schema_knows_the_bounds_of_a_moment(moment: Any) -> None:
    valid = {"wall": moment.wall, "boot": moment.boot, "synced": moment.synced}
    assert validator("Moment").is_valid(valid)
    assert not validator("Moment").is_valid(valid | {"wall": -1})


def test_every_reference_in_the_document_leads_somewhere() -> None:
    whole = yaml.safe_load(PAGE.read_text())
    for reference in _references(whole):
        place: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in _references(value)]
    return []


def test_every_outcome_is_named_in_the_schema() -> None:
    assert schemas()["Outcome"]["enum"] == sorted(outcome.value for outcome in Outcome)
