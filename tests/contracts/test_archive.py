"""What every archive promises: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.core.ledger import Ledger, new_ledger
from hub.core.placing import Anchorage
from hub.core.ports import (
    Advance,
    Boot,
    Doubtful,
    Entries,
    Kiosk,
    LedgerKey,
    Lost,
    Point,
    RecordRow,
    Store,
)
from hub.core.quarantine import LONGEST_PAYLOAD, MOST_ROWS, Captive
from hub.core.tallying import Contribution
from shared.deliveries import Refusal
from shared.errors import EnrolmentError, LedgerMoved, PlaceError, ZoneError
from shared.places import KioskId, PointId, StoreId
from tests.parts.archives import (
    CAJA_1,
    CAJA_2,
    CENTRO,
    K1,
    K2,
    K9,
    PUERTO,
    Seen,
    SeenInMemory,
    SeenOnDisk,
    counts,
    furnish,
)
from tests.parts.databases import Cluster, migrated_postgres, migrated_sqlite

KEY = LedgerKey(CENTRO, K1, "0123456789abcdef")
BOOT = Boot(CENTRO, K1, "b" * 32)
AT = 1_764_000_000_000
HOUR = 1_763_996_400_000


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def seen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Seen]:
    """An archive with two stores."""
    if request.param == "fake":
        yield _furnished(SeenInMemory())
    elif request.param == "sqlite":
        with migrated_sqlite(tmp_path / "hub.db") as engine:
            yield _furnished(SeenOnDisk(engine))
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        with migrated_postgres(cluster) as engine:
            yield _furnished(SeenOnDisk(engine))


def _furnished(seen: Seen) -> Seen:
    furnish(seen.archive)
    return seen


def _write(seen: Seen, entries: Entries) -> None:
    with seen.archive.page() as page:
        page.write(entries)


def _opened(seen: Seen, key: LedgerKey = KEY) -> int:
    with seen.archive.page() as page:
        return page.open_ledger(key, new_ledger(key.kiosk_id, key.epoch), AT)


# ── transactions ─────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_raises_leaves_nothing_behind(seen: Seen) -> None:
    one: Contribution = (CAJA_1, HOUR, 20251124, 16, "sad", None)
    with contextlib.suppress(RuntimeError), seen.archive.page() as page:
        page.open_ledger(KEY, new_ledger(K1, KEY.epoch), AT)
        page.write(Entries(AT, counts={CENTRO: {one: 1}}))
        raise RuntimeError
    assert seen.ledgers() == {}
    assert seen.tallies() == {}


def test_an_empty_page_writes_nothing(seen: Seen) -> None:
    _write(seen, Entries(AT))
    assert seen.records() == {}


# ── directory ────────────────────────────────────────────────────────────────────────────────────


def test_the_directory_knows_stores_zones_and_points_of_the_kiosks_asked_for(seen: Seen) -> None:
    with seen.archive.page() as page:
        found = page.directory({K1, K9, KioskId("nobody")})
    assert found.stores == {K1: CENTRO, K9: PUERTO}
    assert found.zones == {CENTRO: "Europe/Madrid", PUERTO: "Atlantic/Canary"}
    assert found.points[CENTRO] == {CAJA_1, CAJA_2}
    assert len(found.hub.hub_id) == 32
    assert found.hub.generation == 1


def test_the_directory_leaves_out_who_was_retired(seen: Seen) -> None:
    seen.archive.retire_kiosk(K1, AT)
    with seen.archive.page() as page:
        assert page.directory({K1}).stores == {}


def test_the_hub_keeps_its_name(seen: Seen) -> None:
    names = set()
    for _ in range(2):
        with seen.archive.page() as page:
            names.add(page.directory(set()).hub)
    assert len(names) == 1


# ── ledgers ──────────────────────────────────────────────────────────────────────────────────────


def test_a_ledger_is_found_where_it_was_left(seen: Seen) -> None:
    number = _opened(seen)
    after = Ledger(7, b"c" * 16, lost=2, refused=1)
    _write(seen, Entries(AT, advances=[Advance(KEY, 0, after)]))
    with seen.archive.page() as page:
        assert page.ledgers([KEY, KEY._replace(kiosk_id=K2)]) == {KEY: (number, after)}


def test_every_ledger_has_its_own_number(seen: Seen) -> None:
    keys = [KEY, KEY._replace(epoch="f" * 16), LedgerKey(PUERTO, K9, KEY.epoch)]
    assert len({_opened(seen, key) for key in keys}) == 3


def test_a_ledger_is_made_once(seen: Seen) -> None:
    _opened(seen)
    with pytest.raises(LedgerMoved):
        _opened(seen)


def test_an_advance_from_where_the_ledger_no_longer_stands_is_refused_whole(seen: Seen) -> None:
    number = _opened(seen)
    _write(seen, Entries(AT, advances=[Advance(KEY, 0, Ledger(5, b"c" * 16))]))
    late = Entries(AT, advances=[Advance(KEY, 0, Ledger(9, b"d" * 16))])
    late.records.append((CENTRO, number, 6, AT, None, b"{}"))
    with pytest.raises(LedgerMoved):
        _write(seen, late)
    assert seen.ledgers() == {tuple(KEY): (5, b"c" * 16, 0, 0)}
    assert seen.records() == {}


# ── records and tallies ──────────────────────────────────────────────────────────────────────────


def test_records_come_back_as_the_very_bytes(seen: Seen) -> None:
    number = _opened(seen)
    bodies = {1: b'{"visit":"\xc3\xb1"}', 2: bytes(range(256)), 3: b""}
    rows: list[RecordRow] = [(CENTRO, number, seq, AT, HOUR, body) for seq, body in bodies.items()]
    _write(seen, Entries(AT, records=rows))
    with seen.archive.page() as page:
        assert page.bodies(CENTRO, number, 1, 3) == bodies
        assert page.bodies(CENTRO, number, 2, 2) == {2: bodies[2]}
        assert page.bodies(PUERTO, number, 1, 3) == {}


def test_counts_add_up_and_can_be_taken_away(seen: Seen) -> None:
    happy: Contribution = (CAJA_1, HOUR, 20251124, 16, "happy", "wait")
    plain: Contribution = (CAJA_1, HOUR, 20251124, 16, "happy", None)
    other: Contribution = (CAJA_2, HOUR, 20251124, 16, "sales", None)
    _write(seen, Entries(AT, counts={CENTRO: {happy: 3, plain: 1, other: 2}}))
    _write(seen, Entries(AT, counts={CENTRO: {happy: -1, other: 1}, PUERTO: {plain: 1}}))
    assert seen.tallies() == {
        (CENTRO, CAJA_1, HOUR): counts(happy=3),
        (CENTRO, CAJA_2, HOUR): counts(sales=3),
        (PUERTO, CAJA_1, HOUR): counts(happy=1),
    }
    assert seen.days() == {
        (CENTRO, 20251124, 16): counts(happy=3, sales=3),
        (PUERTO, 20251124, 16): counts(happy=1),
    }
    assert seen.reasons() == {(CENTRO, CAJA_1, HOUR, "happy", "wait"): (2,)}


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────


def test_anchors_come_back_in_rising_order(seen: Seen) -> None:
    _write(seen, Entries(AT, anchors=[(BOOT, Anchorage(20, AT)), (BOOT, Anchorage(30, AT + 10))]))
    _write(seen, Entries(AT, anchors=[(BOOT, Anchorage(40, AT + 20))]))
    other = BOOT._replace(boot_id="c" * 32)
    with seen.archive.page() as page:
        assert page.anchors({BOOT, other}) == {
            BOOT: [Anchorage(20, AT), Anchorage(30, AT + 10), Anchorage(40, AT + 20)]
        }


def test_what_is_doubtful_is_found_by_its_boot_until_it_is_settled(seen: Seen) -> None:
    number = _opened(seen)
    rows: list[RecordRow] = [(CENTRO, number, seq, AT + seq, HOUR, b"%d" % seq) for seq in (1, 2)]
    doubtful = [(BOOT, number, 1), (BOOT, number, 2)]
    _write(seen, Entries(AT, records=rows, doubtful=doubtful))
    moved = Entries(AT, moved=[(CENTRO, number, 1, HOUR + 5)], settled=[(BOOT, number, 2)])
    _write(seen, moved)
    with seen.archive.page() as page:
        assert list(page.doubtful(BOOT)) == [Doubtful(number, 1, AT + 1, HOUR + 5, b"1")]
        assert list(page.doubtful(BOOT._replace(boot_id="c" * 32))) == []
    assert seen.records()[CENTRO, number, 1] == (AT + 1, HOUR + 5, b"1")


# ── losses ───────────────────────────────────────────────────────────────────────────────────────


def test_a_loss_notice_stands_beside_every_gap_that_it_touches(seen: Seen) -> None:
    number = _opened(seen)
    gaps = [Lost(CENTRO, number, 1, 10), Lost(CENTRO, number, 21, 30)]
    _write(seen, Entries(AT, losses=gaps))
    notices = [Lost(CENTRO, number, 5, 21, '{"a": 1}'), Lost(CENTRO, number, 10, 20, '{"b": 2}')]
    _write(seen, Entries(AT, notices=[*notices, Lost(CENTRO, number, 11, 20, '{"c": 3}')]))
    assert seen.losses() == {
        (CENTRO, number, 1): (10, [{"a": 1}, {"b": 2}]),
        (CENTRO, number, 21): (30, [{"a": 1}]),
    }


def test_the_notices_beside_one_gap_are_bounded(seen: Seen) -> None:
    number = _opened(seen)
    _write(seen, Entries(AT, losses=[Lost(CENTRO, number, 1, 10)]))
    _write(seen, Entries(AT, notices=[Lost(CENTRO, number, 1, 10, "{}") for _ in range(50)]))
    assert len(seen.losses()[CENTRO, number, 1][1]) == 20


def test_a_notice_that_claims_everything_touches_a_bounded_number_of_gaps(seen: Seen) -> None:
    number = _opened(seen)
    gaps = [Lost(CENTRO, number, first, first) for first in range(1, 300, 2)]
    _write(seen, Entries(AT, losses=gaps))
    _write(seen, Entries(AT, notices=[Lost(CENTRO, number, 1, 2**62, "{}")]))
    told = [first for (_, _, first), (_, notices) in sorted(seen.losses().items()) if notices]
    assert told == list(range(1, 200, 2))


# ── quarantine ───────────────────────────────────────────────────────────────────────────────────

STRANGE = Captive("a/topic", "unreadable", "not JSON", b"\x00\xff", CENTRO, K1)


def test_the_same_captive_again_is_counted_and_not_kept_twice(seen: Seen) -> None:
    _write(seen, Entries(AT, captives=[STRANGE, STRANGE]))
    _write(seen, Entries(AT + 1, captives=[STRANGE]))
    assert seen.captives() == {(K1, "unreadable", None): (3, 2, False)}


def test_a_kiosk_has_bounded_room_and_others_keep_theirs(seen: Seen) -> None:
    many = [replace(STRANGE, payload=b"%d" % i) for i in range(MOST_ROWS + 5)]
    _write(seen, Entries(AT, captives=many))
    with seen.archive.page() as page:
        assert (page.room(K1), page.room(K2), page.room(None)) == (0, MOST_ROWS, MOST_ROWS)


def test_strangers_share_their_room(seen: Seen) -> None:
    strangers = [replace(STRANGE, source=f"t/{i}", store_id=None, kiosk_id=None) for i in range(3)]
    _write(seen, Entries(AT, captives=strangers))
    with seen.archive.page() as page:
        assert page.room(None) == MOST_ROWS - 3


def test_a_long_payload_is_kept_in_part(seen: Seen) -> None:
    _write(seen, Entries(AT, captives=[replace(STRANGE, payload=b"x" * 200_000)]))
    assert seen.captives() == {(K1, "unreadable", None): (1, LONGEST_PAYLOAD, False)}


def test_refusals_are_told_until_the_kiosk_has_noted_them(seen: Seen) -> None:
    refused = [replace(STRANGE, epoch=KEY.epoch, seq=seq) for seq in (4, 2, 9)]
    _write(seen, Entries(AT, captives=[*refused, STRANGE]))
    with seen.archive.page() as page:
        told = page.refusals([KEY, KEY._replace(kiosk_id=K2)])
    assert told[KEY] == [Refusal(seq, "unreadable") for seq in (2, 4, 9)]
    assert told[KEY._replace(kiosk_id=K2)] == []
    _write(seen, Entries(AT, noted=[(KEY, 4)]))
    with seen.archive.page() as page:
        assert page.refusals([KEY])[KEY] == [Refusal(9, "unreadable")]


# ── enrolment ────────────────────────────────────────────────────────────────────────────────────


def test_stores_and_points_are_listed_as_people_look_for_them(seen: Seen) -> None:
    assert [store.name for store in seen.archive.stores()] == ["Centro", "Puerto"]
    seen.archive.add_point(Point(CENTRO, PointId("puerta"), "Puerta", "entrance"))
    assert [one.point_id for one in seen.archive.points(CENTRO)] == ["puerta", CAJA_1, CAJA_2]


def test_the_points_of_many_stores_come_at_once_each_in_its_order(seen: Seen) -> None:
    seen.archive.add_point(Point(CENTRO, PointId("puerta"), "Puerta", "entrance"))
    nowhere = StoreId("nowhere")
    points = seen.archive.points_of([nowhere, PUERTO, CENTRO])
    assert points == {store: seen.archive.points(store) for store in (CENTRO, PUERTO)}
    assert seen.archive.points(nowhere) == []
    assert seen.archive.points_of([]) == {}


def test_a_store_may_change_its_name_and_hours_but_not_its_zone(seen: Seen) -> None:
    changed = Store(CENTRO, "Centro nuevo", "Europe/Madrid", 10, 22)
    seen.archive.add_store(changed, AT)
    assert changed in seen.archive.stores()
    with pytest.raises(EnrolmentError):
        seen.archive.add_store(replace(changed, zone="Europe/Paris"), AT)


def test_a_store_needs_a_zone_that_exists_and_a_name_that_travels(seen: Seen) -> None:
    with pytest.raises(ZoneError):
        seen.archive.add_store(Store(StoreId("x"), "X", "Europe/Atlantis"), AT)
    with pytest.raises(EnrolmentError):
        seen.archive.add_point(Point(StoreId("nowhere"), CAJA_1, "Caja"))


@pytest.mark.parametrize("name", ["", "Ñ", "a/b", "+"])
def test_names_that_could_not_travel_are_refused(seen: Seen, name: str) -> None:
    with pytest.raises(PlaceError):
        seen.archive.add_store(Store(StoreId(name), "X", "UTC"), AT)
    with pytest.raises(PlaceError):
        seen.archive.add_point(Point(CENTRO, PointId(name), "X"))
    with pytest.raises(PlaceError):
        seen.archive.enrol_kiosk(KioskId(name), CENTRO, AT)


def test_a_kiosk_belongs_to_one_store(seen: Seen) -> None:
    seen.archive.enrol_kiosk(K1, CENTRO, AT)
    with pytest.raises(EnrolmentError):
        seen.archive.enrol_kiosk(K1, PUERTO, AT)
    with pytest.raises(EnrolmentError):
        seen.archive.enrol_kiosk(KioskId("k-3"), StoreId("nowhere"), AT)


def test_a_kiosk_stands_where_it_was_last_put(seen: Seen) -> None:
    seen.archive.assign(K1, CAJA_1, AT)
    seen.archive.assign(K1, CAJA_2, AT + 1)
    assert seen.archive.kiosks()[0] == Kiosk(K1, CENTRO, 1, CAJA_2)
    seen.archive.assign(K1, CAJA_1, AT + 1)
    assert seen.archive.kiosks()[0] == Kiosk(K1, CENTRO, 1, CAJA_1)


def test_a_kiosk_cannot_stand_at_a_point_that_is_not_there(seen: Seen) -> None:
    with pytest.raises(EnrolmentError):
        seen.archive.assign(K1, PointId("caja-9"), AT)
    with pytest.raises(EnrolmentError):
        seen.archive.assign(KioskId("nobody"), CAJA_1, AT)


def test_a_retired_kiosk_stands_nowhere_and_does_not_come_back(seen: Seen) -> None:
    seen.archive.assign(K1, CAJA_1, AT)
    seen.archive.retire_kiosk(K1, AT + 9)
    assert seen.archive.kiosks()[0] == Kiosk(K1, CENTRO, 1, None, AT + 9)
    with pytest.raises(EnrolmentError):
        seen.archive.enrol_kiosk(K1, CENTRO, AT)
    with pytest.raises(EnrolmentError):
        seen.archive.retire_kiosk(K1, AT)
