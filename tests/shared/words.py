"""Hypothesis strategies: every word that can be true, for property tests everywhere."""

from __future__ import annotations

from hypothesis import strategies as st

from shared.moments import Moment
from shared.places import PointId, point_id
from shared.questionnaires import Response
from shared.records import Anchor, AnchorCause, Loss, LossCause, Record
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Outcome, Visit

names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)
codes = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
hex32 = st.binary(min_size=16, max_size=16).map(bytes.hex)
epochs = st.binary(min_size=8, max_size=8).map(bytes.hex)
points: st.SearchStrategy[PointId] = names.map(point_id)
versions = st.integers(1, 2**31 - 1)

moments = st.builds(
    Moment,
    wall=st.integers(0, 4_102_444_800_000),
    boot=st.integers(0, 10**12),
    synced=st.booleans(),
)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """Any visit that does not contradict itself."""
    outcome = draw(st.sampled_from(Outcome))
    answered = outcome is Outcome.ANSWERED
    after_a_sale = draw(st.booleans())
    return Visit(
        point_id=draw(points),
        boot_id=draw(hex32),
        asked=draw(moments),
        outcome=outcome,
        language=draw(codes),
        question_version=draw(versions),
        reasons_version=draw(versions),
        scale_version=draw(versions),
        input=draw(st.sampled_from([i for i in Input if answered == (i is not Input.NONE)])),
        face=draw(st.sampled_from(Face)) if answered else None,
        reason=draw(st.none() | codes) if answered else None,
        answered=draw(moments) if answered else None,
        sale=draw(hex32) if after_a_sale else None,
        sale_at=draw(moments) if after_a_sale else None,
        code=draw(st.none() | codes),
        changes=draw(st.integers(0, 1000)),
        suspect=draw(st.none() | codes) if answered else None,
    )


sales = st.builds(
    Sale, id=hex32, point_id=points, boot_id=hex32, at=moments, source=st.sampled_from(SaleSource)
)

answers = st.integers(0, 1_000_000) | st.text(max_size=100) | st.lists(codes, max_size=5)

responses = st.builds(
    Response,
    point_id=points,
    boot_id=hex32,
    questionnaire=codes,
    version=versions,
    language=codes,
    input=st.sampled_from(Input),
    begun=moments,
    ended=moments,
    complete=st.booleans(),
    answers=st.dictionaries(codes, answers, max_size=5),
)

anchors = st.builds(
    Anchor,
    boot_id=hex32,
    boot=st.integers(0, 10**12),
    true=st.integers(0, 4_102_444_800_000),
    wall=st.integers(0, 4_102_444_800_000),
    cause=st.sampled_from(AnchorCause),
)


@st.composite
def losses(draw: st.DrawFn) -> Loss:
    """Any loss notice; it may count less than it names."""
    first = draw(st.integers(1, 2**40))
    counts = draw(st.lists(st.integers(0, 50), min_size=6, max_size=6))
    last = first + sum(counts) + draw(st.integers(0, 100))
    return Loss(first, last, draw(st.sampled_from(LossCause)), *counts)


records: st.SearchStrategy[Record] = st.one_of(visits(), sales, responses, anchors, losses())
