"""What each kiosk is told: once, again in time, and taken back."""

from __future__ import annotations

from hub.core.waiting.choosing import Because, Choice, Method
from hub.core.waiting.estimates import Estimate
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Telling, Terms, Withdrawn
from hub.core.waiting.posting import TOLD_EVERY_MS, Plot, Posted, Stand, notices_of
from shared.notices import Notice, Wording
from shared.places import KioskId, PointId, StoreId
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START

CHOICE = Choice(Estimate((), 1.0), Method.QUEUE_LENGTH, Because.AGREES)
KIOSKS = tuple(KioskId(f"k-{number}") for number in range(1, 5))
STANDS = tuple(map(Stand, KIOSKS, POINTS))
LANES = tuple(Line(LineId(f"lane-{n + 1}"), (POINTS[n],)) for n in range(3))
ONE, TWO, THREE = (lane.line_id for lane in LANES)


def plot(layout: Layout, **more: dict[PointId, str]) -> Plot:
    return Plot(StoreId("centro"), "Europe/Madrid", layout, STANDS, **more)


def telling(minutes: int | None) -> Telling:
    return Telling(START, minutes, CHOICE, Withdrawn.WIDE if minutes is None else None)


def test_every_kiosk_of_a_line_is_told_on_the_terms_of_its_store() -> None:
    terms = Terms(fresh_seconds=45, wording=Wording.UP_TO)
    found = notices_of(plot(Layout(1, (LINE,), terms=terms)), {NAME: telling(4)}, None)
    assert found == dict.fromkeys(KIOSKS, Notice(START, 4, 45, wording=Wording.UP_TO))
    assert notices_of(plot(Layout(1, (LINE,))), {NAME: telling(None)}, None) == {}


def test_a_kiosk_at_no_line_is_told_nothing() -> None:
    found = notices_of(plot(Layout(1, LANES[:1])), {ONE: telling(0)}, None)
    assert set(found) == {KIOSKS[0]}


def test_the_quickest_lane_is_named_on_the_others_by_the_name_that_shoppers_know() -> None:
    layout = Layout(1, LANES, lanes=frozenset({ONE, TWO}))
    tellings = {ONE: telling(9), TWO: telling(2), THREE: telling(7)}
    names = {POINTS[1]: "Caja 2"}
    found = notices_of(plot(layout, names=names), tellings, TWO)
    named = {
        kiosk: (one.minutes, one.quickest, one.quickest_minutes) for kiosk, one in found.items()
    }
    assert named == {
        KIOSKS[0]: (9, "Caja 2", 2),
        KIOSKS[1]: (2, None, None),
        KIOSKS[2]: (7, None, None),
    }, "itself it need not name, and out of a line of its own nobody steps over"
    given = Layout(1, LANES, names={TWO: "Rápida"}, lanes=frozenset({ONE, TWO}))
    assert notices_of(plot(given, names=names), tellings, TWO)[KIOSKS[0]].quickest == "Rápida"
    assert plot(Layout(1, (LINE,))).called(NAME) == NAME


def test_a_lane_that_tells_nothing_is_not_named() -> None:
    layout = Layout(1, LANES, lanes=frozenset({ONE, TWO}))
    found = notices_of(plot(layout), {ONE: telling(9), TWO: telling(None)}, TWO)
    assert found[KIOSKS[0]].quickest is None


def test_a_notice_is_told_once_and_again_in_time() -> None:
    posted, kiosk = Posted(), KIOSKS[0]
    said = [
        posted.due({kiosk: Notice(START + ms, 4, 60)}, START + ms)
        for ms in (0, 5_000, TOLD_EVERY_MS - 1, TOLD_EVERY_MS, TOLD_EVERY_MS + 5_000)
    ]
    assert [bool(one) for one in said] == [True, False, False, True, False]
    changed = Notice(START + 30_000, 5, 60)
    assert posted.due({kiosk: changed}, START + 30_000) == {kiosk: changed}


def test_one_that_is_fresh_for_seconds_is_told_more_often() -> None:
    posted, kiosk = Posted(), KIOSKS[0]
    posted.due({kiosk: Notice(START, 4, 12)}, START)
    assert not posted.due({kiosk: Notice(START + 2_000, 4, 12)}, START + 2_000)
    assert posted.due({kiosk: Notice(START + 3_000, 4, 12)}, START + 3_000)


def test_where_nothing_is_told_any_more_it_is_taken_back_at_once_and_once() -> None:
    posted, notice = Posted(), Notice(START, 4, 60)
    posted.due({KIOSKS[0]: notice, KIOSKS[1]: notice}, START)
    assert posted.due({KIOSKS[1]: notice}, START + 1) == {KIOSKS[0]: None}
    assert posted.due({KIOSKS[1]: notice}, START + 2) == {}
    assert posted.due({}, START + 3) == {KIOSKS[1]: None}


def test_a_clock_that_was_set_back_does_not_keep_a_notice_from_being_told() -> None:
    posted, kiosk = Posted(), KIOSKS[0]
    posted.due({kiosk: Notice(START, 4, 60)}, START)
    assert posted.due({kiosk: Notice(START - 3_600_000, 4, 60)}, START - 3_600_000)


def test_for_a_broker_that_may_have_forgotten_all_is_told_again() -> None:
    posted, notice = Posted(), Notice(START, 4, 60)
    posted.due({KIOSKS[0]: notice, KIOSKS[1]: notice}, START)
    posted.due({KIOSKS[0]: notice}, START + 1)
    posted.again()
    assert posted.due({KIOSKS[0]: notice}, START + 2) == {KIOSKS[0]: notice, KIOSKS[1]: None}
    assert posted.due({KIOSKS[0]: notice}, START + 3) == {}
