"""What stands beside responses: written, dated, counted anew and forgotten with them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from hub.adapters import recount
from hub.adapters.database import reading, writing
from hub.adapters.retention import SqlRetention
from hub.adapters.tables import responses, walks
from hub.core.ports import Entries, WalkKey
from hub.intake import Intake
from shared.errors import LinkUsed
from shared.moments import Moment
from shared.places import KioskId, PointId
from shared.questionnaires import Response
from shared.visits import Input
from tests.fakes.kiosk import BOOT, NOON, FakeKiosk, anchor, moment, visit
from tests.parts.archives import CENTRO, K1, SeenOnDisk, furnish

NOW = NOON + 3_600_000
DAY_MS = 86_400_000


def response(at: Moment | None = None, *, complete: bool = True) -> Response:
    begun = at or moment()
    return Response(
        PointId("caja-1"), BOOT, "more", 2, "es", Input.TOUCH, begun, begun, complete, {"why": "x"}
    )


@pytest.fixture
def seen(engine: Engine) -> SeenOnDisk:
    found = SeenOnDisk(engine)
    furnish(found.archive)
    return found


def take(seen: SeenOnDisk, kiosk: FakeKiosk, now: int = NOW) -> None:
    Intake(seen.archive).take([kiosk.message()], now)


def rows(engine: Engine) -> list[Any]:
    with reading(engine) as db:
        return list(db.execute(select(responses).order_by(responses.c.seq)))


def test_a_row_is_written_with_the_record_and_only_once(seen: SeenOnDisk) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit(), response(), response(complete=False))
    take(seen, kiosk)
    take(seen, kiosk)
    found = rows(seen.engine)
    assert [tuple(row)[:7] for row in found] == [
        (CENTRO, 1, 2, "more", 2, 20251127, "caja-1"),
        (CENTRO, 1, 3, "more", 2, 20251127, "caja-1"),
    ]
    assert [(row.complete, row.week, row.fit) for row in found] == [
        (True, None, None),
        (False, None, None),
    ]
    assert seen.tallies()[CENTRO, "caja-1", NOON // 3_600_000 * 3_600_000] is not None
    assert recount.verify(seen.engine).differences == ()


def test_a_later_anchor_puts_the_day_right(seen: SeenOnDisk) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(response(Moment(0, 1_000, False)))
    take(seen, kiosk)
    assert rows(seen.engine)[0].day == 20251127  # when it came
    kiosk.seal(anchor(2_000, NOON - 3 * DAY_MS))
    take(seen, kiosk)
    assert rows(seen.engine)[0].day == 20251124
    assert seen.doubtful() == {}
    assert recount.verify(seen.engine).differences == ()


@pytest.mark.parametrize(
    "falsified",
    [{"day": 20250101}, {"complete": False}, {"questionnaire": "other"}, {"language": "en"}],
    ids=str,
)
def test_a_falsified_row_is_found_and_put_right(
    seen: SeenOnDisk, falsified: dict[str, object]
) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(response(), response())
    take(seen, kiosk)
    told = {"week": 20251124, "fit": True}
    with writing(seen.engine) as db:
        db.execute(update(responses).values(**told))
    before = rows(seen.engine)
    with writing(seen.engine) as db:
        db.execute(update(responses).where(responses.c.seq == 1).values(**falsified))
    assert {one.table for one in recount.verify(seen.engine).differences} == {"responses"}
    recount.rebuild(seen.engine)
    assert rows(seen.engine) == before
    assert recount.verify(seen.engine).differences == ()


def test_a_lost_row_is_found_and_comes_back(seen: SeenOnDisk) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(response())
    take(seen, kiosk)
    before = rows(seen.engine)
    with writing(seen.engine) as db:
        db.execute(delete(responses))
    assert len(recount.verify(seen.engine).differences) == 1
    recount.rebuild(seen.engine)
    assert rows(seen.engine) == before


def test_what_is_forgotten_takes_its_row_along(seen: SeenOnDisk) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(response(), response(Moment(0, 1_000, False)), visit())
    take(seen, kiosk)
    assert SqlRetention(seen.engine).seal(CENTRO, NOW + 1) == 3
    assert rows(seen.engine) == []
    assert seen.doubtful() == {}
    assert recount.verify(seen.engine).differences == ()


def test_a_walk_ends_once_and_takes_everything_else_with_it(seen: SeenOnDisk) -> None:
    key = WalkKey(K1, 7, "00")
    begin(seen.engine, key)
    with seen.archive.page() as page:
        page.write(Entries(NOW, ended=[key]))
    with reading(seen.engine) as db:
        assert tuple(db.execute(select(walks.c.done_at, walks.c.answers)).one()) == (NOW, "{}")
    for gone in (key, WalkKey(KioskId("k-2"), 7, "00")):
        with pytest.raises(LinkUsed), seen.archive.page() as page:
            page.write(Entries(NOW, ended=[gone]))


def begin(engine: Engine, key: WalkKey) -> None:
    """Open a link."""
    row = key._asdict() | {"store_id": CENTRO, "point_id": "caja-1", "questionnaire": "more"}
    row |= {"version": 2, "language": "es", "secret": "s", "begun": 1, "seen": 1, "answers": "[]"}
    with writing(engine) as db:
        db.execute(insert(walks).values(row))
