"""The panels of the page Queue on a real site: what is told, what is withheld, and who may ask."""

from __future__ import annotations

from html import unescape

import pytest

from hub.core.hours import DAY_MS, HOUR_MS, Hours, day_after
from hub.core.waiting.bands import Week
from hub.core.waiting.facts import Line
from hub.core.waiting.layout import Layout
from hub.web.days import iso
from tests.fakes.reports import MIDNIGHT
from tests.hub.web.building import CENTRO, NORTE, NOW, PUERTO, Site
from tests.hub.web.conftest import SignIn, csrf_of
from tests.hub.web.waits import LINE, REGISTERS, lay_out
from tests.hub.web.weeks import seed_rush, seed_weeks

DAY = Hours("Europe/Madrid").hour_of(NOW).day
YESTERDAY = day_after(DAY, -1)
URL = f"/stores/{CENTRO}/queue"
RUSH = MIDNIGHT - DAY_MS + 16 * HOUR_MS


@pytest.fixture(scope="module", autouse=True)
def _grown(site: Site) -> None:
    for store in (CENTRO, NORTE):
        lay_out(site.engine, store)
    seed_weeks(site.engine, CENTRO, DAY, 2.0)
    seed_rush(site.engine, CENTRO, RUSH)


def text_of(sign_in: SignIn, url: str = URL, name: str = "manager") -> str:
    page = sign_in(name).get(url)
    assert page.status_code == 200
    return " ".join(unescape(page.text).split())


def form(sign_in: SignIn, name: str = "manager", **changed: str) -> dict[str, str]:
    token = csrf_of(sign_in(name).get("/settings").text)
    wanted = {"line": LINE, "day": iso(YESTERDAY), "begins": "17", "hours": "2"}
    return wanted | changed | {"csrf": token}


def test_the_slope_is_told_as_an_association_with_its_margin(sign_in: SignIn) -> None:
    text = text_of(sign_in)
    assert "Each further minute goes with about" in text
    assert "points less in this store." in text
    assert "no proof that waiting is the cause" in text
    assert "estimated when each shopper joined" in text
    assert "10 min or more" in text
    assert "costs" not in text.lower()


def test_a_store_with_too_little_says_what_is_missing(site: Site, sign_in: SignIn) -> None:
    url = f"/stores/{NORTE}/queue"
    assert "told after about 200 answers over 30 hours." in text_of(sign_in, url, "analyst")
    week = Week(day_after(DAY, -14), (None,) * 5, None, 120, 24)
    site.parts.scores.tell(NORTE, week)
    assert "So far: 120 over 24." in text_of(sign_in, url, "analyst")
    site.parts.scores.tell(NORTE, Week(day_after(DAY, -7), (None,) * 5, None, 500, 90))
    assert "the waits hardly differed" in text_of(sign_in, url, "analyst")


def test_a_day_that_is_over_says_what_one_more_register_would_have_done(
    site: Site, sign_in: SignIn
) -> None:
    assert "Nothing was worked out for" in text_of(sign_in)
    site.parts.whatifs.look(NOW)
    text = text_of(sign_in)
    assert "One more register from 16:00 to 18:00 would have cut the 80th percentile" in text or (
        "One more register from 17:00 to 19:00 would have cut the 80th percentile" in text
    )
    assert "the two hours with most waiting" in text


def test_a_store_of_lanes_says_why_nothing_is_worked_out(site: Site, sign_in: SignIn) -> None:
    lay_out(site.engine, PUERTO, Layout(1, (Line(LINE, REGISTERS[:1]),), lanes=frozenset({LINE})))
    text = text_of(sign_in, f"/stores/{PUERTO}/queue", "analyst")
    assert "worked out for one line only" in text
    assert "Work it out" not in text


def test_a_window_is_worked_out_where_it_is_asked_and_shown_on_its_day(sign_in: SignIn) -> None:
    asked = sign_in("manager").post(f"{URL}/whatif", data=form(sign_in, begins="16", hours="3"))
    assert asked.status_code == 303
    address = asked.headers["location"]
    assert address == f"{URL}?day={iso(YESTERDAY)}#whatif"
    assert "One more register from 16:00 to 19:00 would have cut" in text_of(sign_in, address)
    nothing = sign_in("manager").post(f"{URL}/whatif", data=form(sign_in, begins="9"))
    assert "nothing can be said. Fewer than 20 shoppers" in text_of(
        sign_in, nothing.headers["location"]
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"day": iso(DAY)},
        {"day": iso(day_after(DAY, -9))},
        {"day": "soon"},
        {"begins": "25"},
        {"begins": ""},
        {"hours": "5"},
        {"hours": "0"},
        {"begins": "23"},
        {"line": "line-9"},
        {"line": "x" * 65},
    ],
)
def test_no_window_is_refused(sign_in: SignIn, changed: dict[str, str]) -> None:
    answer = sign_in("manager").post(f"{URL}/whatif", data=form(sign_in, **changed))
    assert answer.status_code in (400, 422)


def test_whoever_may_not_see_answers_asks_in_vain(sign_in: SignIn) -> None:
    answer = sign_in("technician").post(f"{URL}/whatif", data=form(sign_in, "technician"))
    assert answer.status_code == 403
    other = f"/stores/{NORTE}/queue/whatif"
    assert sign_in("manager").post(other, data=form(sign_in)).status_code == 404
    without = form(sign_in) | {"csrf": "x"}
    assert sign_in("manager").post(f"{URL}/whatif", data=without).status_code == 403
