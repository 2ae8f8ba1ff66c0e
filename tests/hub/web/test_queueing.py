"""What templates of the queue are filled with: names, times, and one day or the present."""

from __future__ import annotations

from sqlalchemy import insert

from hub.adapters.database import writing
from hub.adapters.tables import wait_alerts
from hub.core.hours import Hours
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.web.queueing import (
    alerts_now,
    context_of,
    known_of,
    local_time,
    place_name,
    queue_now,
    since_when,
    version_of,
)
from hub.web.wording import load_words
from tests.hub.web.building import CENTRO, NORTE, NOW, STORES, Site
from tests.hub.web.waits import LINE, REGISTERS, keep, lay_out, told

TODAY = Hours(STORES[0].zone).hour_of(NOW).day


def test_a_store_without_lines_is_not_known_and_has_no_version(site: Site) -> None:
    assert known_of(site.parts, NORTE) is None
    assert queue_now(site.parts, NORTE) is None
    assert version_of(site.parts, NORTE) == ""
    lay_out(site.engine, NORTE, Layout(1, ()))
    assert known_of(site.parts, NORTE) is None


def test_places_are_called_by_their_names_and_strangers_as_they_call_themselves(site: Site) -> None:
    lay_out(site.engine, CENTRO)
    known = known_of(site.parts, CENTRO)
    assert known is not None
    names = [place_name(known, one) for one in (LINE, "caja-3", "gate-9")]
    assert names == ["Line 1", "Caja 3", "gate-9"]


def test_times_are_the_store_s_own() -> None:
    assert local_time(STORES[0])(NOW).strftime("%H:%M %z") == "19:25 +0100"


def test_what_is_not_of_today_is_told_with_its_date() -> None:
    when = since_when(load_words()["en"], STORES[0], NOW)
    assert when(NOW - 60_000) == "19:24"
    assert when(NOW - 20 * 3_600_000) == "18 Nov 2026, 23:25"


def test_a_day_that_is_over_has_no_present(site: Site) -> None:
    lay_out(site.engine, CENTRO)
    known = known_of(site.parts, CENTRO)
    assert known is not None
    over, now = (context_of(site.parts, known, "en", day) for day in (TODAY - 1, TODAY))
    assert (over["queue"], over["live"]) == (None, False)
    assert now["live"]
    assert now["queue"].newest_at is None


def test_alerts_that_stand_are_told_while_somebody_watches(site: Site) -> None:
    lines = (Line(LINE, REGISTERS[:3]), Line(LineId("other"), REGISTERS[3:]))
    lay_out(site.engine, CENTRO, Layout(1, lines, {LINE: "Line 1"}))
    row = {"store_id": CENTRO, "kind": "line_long", "registers": 0, "until": None}
    standing = [row | {"line_id": one, "since": NOW - 9} for one in (LINE, "taken-away")]
    with writing(site.engine) as db:
        db.execute(insert(wait_alerts), standing)
    unwatched = queue_now(site.parts, CENTRO)
    assert unwatched is not None
    assert alerts_now(site.parts, unwatched) == []
    keep(site.engine, told(CENTRO, NOW))
    watched = queue_now(site.parts, CENTRO)
    assert watched is not None
    assert [name for _, name in alerts_now(site.parts, watched)] == ["Line 1"]
