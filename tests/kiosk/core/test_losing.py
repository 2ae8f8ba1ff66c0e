"""Loss notices count exactly what was dropped."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.losing import loss_of
from shared.records import Anchor, AnchorCause, Loss, LossCause, Record
from shared.visits import Face
from tests.kiosk.samples import BOOT_ID, sale, visit

ANCHOR = Anchor(BOOT_ID, 1, 2, 3, AnchorCause.HUB)


def test_faces_sales_and_the_rest_are_counted_apart() -> None:
    gone: list[Record | None] = [visit(face=face) for face in (Face.SAD, Face.HAPPY, Face.HAPPY)]
    gone += [visit(face=Face.NEUTRAL), visit(face=None), sale(), ANCHOR, None]
    assert loss_of(11, gone) == Loss(
        11, 18, LossCause.QUOTA, sad=1, neutral=1, happy=2, unanswered=1, sales=1, others=2
    )


def test_a_notice_that_is_dropped_lives_on_in_the_next() -> None:
    first = Loss(1, 10, LossCause.QUOTA, sad=4, sales=6)
    assert loss_of(101, [visit(face=Face.SAD), first]) == Loss(
        1, 102, LossCause.QUOTA, sad=5, sales=6
    )


COUNTS = st.integers(0, 5)
RECORDS = st.one_of(
    st.builds(visit, face=st.one_of(st.none(), st.sampled_from(Face))),
    st.builds(sale),
    st.just(ANCHOR),
    st.none(),
    st.builds(Loss, st.just(1), st.integers(30, 50), st.just(LossCause.QUOTA), *[COUNTS] * 6),
)


def total(loss: Loss) -> int:
    counted = (loss.sad, loss.neutral, loss.happy, loss.unanswered, loss.sales, loss.others)
    return sum(counted)


@settings(deadline=None, max_examples=200)
@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_nothing_is_counted_twice_or_forgotten(gone: list[Record | None]) -> None:
    earlier = sum(total(record) for record in gone if isinstance(record, Loss))
    others = sum(not isinstance(record, Loss) for record in gone)
    assert total(loss_of(1_000, gone)) == earlier + others
