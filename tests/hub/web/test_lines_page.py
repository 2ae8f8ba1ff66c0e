"""The queue's settings: what is typed is kept, refused at its field, or told to be somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from httpx import Client, Response
from sqlalchemy import Engine, delete, insert

from hub.adapters.layouts import SqlLayouts
from hub.adapters.rehearsals import SqlRehearsals
from hub.adapters.tables import layouts as table
from hub.adapters.tables import notices, waits
from hub.core.hours import DAY_MS
from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Layout
from hub.web.pages.lines import lines_pages
from shared.notices import Wording
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NORTE, NOW, Clock, Site, make_site, make_users
from tests.hub.web.conftest import SignIn, csrf_of
from tests.parts.web import listening, serving

PATH = f"/stores/{CENTRO}/queue/settings"
MINUTE = 60_000
SEEN = re.compile(r'name="seen" value="(\d+)"')
KEY = re.compile(r'<code id="key">([0-9a-f]{64})</code>')

FORM: dict[str, Any] = {
    "line-count": "2",
    "lines.0.id": "",
    "lines.0.name": "  Fila   única ",
    "lines.0.points": ["caja-2", "caja-1"],
    "lines.0.served": "yes",
    "lines.1.id": "",
    "lines.1.name": "Autopago",
    "lines.1.points": ["caja-6"],
    "lines.1.lane": "yes",
    "usual_seconds": "70",
    "percentile": "90",
    "rounding": "2",
    "wording": "up_to",
    "widest_minutes": "6",
    "widest_percent": "150",
    "silent_seconds": "120",
    "fresh_seconds": "90",
    "long_minutes": "10",
    "fine_minutes": "4",
    "raised_after": "30",
    "cleared_after": "300",
    "look_ahead": "20",
    "hook": "",
}


@pytest.fixture(scope="module")
def site(engine: Engine, reports: HandmadeReports, clock: Clock) -> Iterator[Site]:
    """The site with this page."""
    with listening() as (listener, url):
        routers = [lines_pages(SqlLayouts(engine), SqlRehearsals(engine))]
        site = make_site(engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


@pytest.fixture(autouse=True)
def nothing_laid_out(site: Site) -> None:
    with site.engine.begin() as db:
        db.execute(delete(table))


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    return sign_in("manager")


def kept(site: Site) -> Layout | None:
    return SqlLayouts(site.engine).layout(CENTRO)


def post(browser: Client, **change: object) -> Response:
    page = browser.get(PATH).text
    seen = SEEN.search(page)
    assert seen is not None
    form = {"do": "keep", **FORM, "seen": seen[1], "csrf": csrf_of(page), **change}
    return browser.post(PATH, data={name: each for name, each in form.items() if each is not None})


def test_a_store_without_lines_says_what_that_means(browser: Client) -> None:
    page = browser.get(PATH).text
    assert "A store without lines tells no waits." in page
    assert 'name="lines.0.name"' not in page


def test_what_is_kept_is_the_layout(site: Site, browser: Client) -> None:
    assert post(browser).status_code == 303
    layout = kept(site)
    assert layout is not None
    assert layout.serial == 1
    one, alone = LineId("fila-unica"), LineId("autopago")
    assert [line.line_id for line in layout.lines] == [one, alone]
    assert layout.lines[0].registers == ("caja-1", "caja-2")
    assert (layout.lines[0].counts_served, layout.lines[1].counts_served) == (True, False)
    assert dict(layout.names) == {one: "Fila única", alone: "Autopago"}
    assert set(layout.lanes) == {alone}
    terms, limits = layout.terms, layout.limits
    assert (terms.percentile, terms.rounding, terms.wording) == (0.9, 2, Wording.UP_TO)
    assert (terms.widest_minutes, terms.widest_share) == (6.0, 1.5)
    assert (terms.silent_seconds, terms.fresh_seconds, layout.usual_ms) == (120, 90, 70_000)
    assert (limits.long_minutes, limits.fine_minutes) == (10.0, 4.0)
    assert (limits.raised_after_ms, limits.cleared_after_ms) == (30_000, 300_000)
    page = browser.get(f"{PATH}?done=kept").text
    assert "Kept." in page
    assert 'value="Fila única"' in page


def test_the_log_says_who_changed_what_and_what_stays_is_not_kept_again(
    site: Site, browser: Client
) -> None:
    post(browser)
    note = site.parts.accounts.audit(1)[0].note
    assert (note.user, note.action, note.target) == ("manager", "lines laid out", CENTRO)
    assert note.detail.startswith("lines, usual_seconds 90 → 70, percentile 80 → 90")
    same = {"lines.0.id": "fila-unica", "lines.1.id": "autopago"}
    assert post(browser, **same).status_code == 303
    layout = kept(site)
    assert layout is not None
    assert layout.serial == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lines.0.name": ""}, "is not written"),
        ({"lines.0.name": "x" * 41}, "is 41 characters long; at most 40"),
        ({"lines.0.name": "a\u202eb"}, "holds characters that nobody can see"),
        ({"lines.0.name": "fila 行"}, "holds “行”, which no kiosk can draw"),
        ({"lines.1.name": "Fila única"}, "“Fila única” stands there 2 times"),
        ({"lines.0.points": None}, "needs a register"),
        ({"lines.0.points": ["entrada"]}, "there is no register “entrada”"),
        ({"lines.1.points": ["caja-2"]}, "“Caja 2” stands at another line already"),
        ({"percentile": "49"}, "is no number from 50 to 95"),
        ({"percentile": "ochenta"}, "is no number from 50 to 95"),
        ({"percentile": "８０"}, "is no number from 50 to 95"),
        ({"rounding": "3"}, "3 is none of 1, 2, 5"),
        ({"wording": "surely"}, "surely is none of about, up_to"),
        ({"widest_minutes": "0"}, "is no number from 1 to 30"),
        ({"fresh_seconds": ""}, "is no number from 40 to 600"),
        ({"fine_minutes": "10"}, "must be less than what is long"),
        ({"hook": "ftp://example.org"}, "is no address like https://example.org/alerts"),
        ({"hook": "https://169.254.169.254/"}, "is an address to which nothing is ever sent"),
        ({"line-count": "61"}, "are 61; at most 60"),
    ],
    ids=str,
)
def test_nonsense_is_refused_at_its_field(
    site: Site, browser: Client, change: dict[str, object], reason: str
) -> None:
    answer = post(browser, **change)
    page = unescape(answer.text)
    assert answer.status_code == 400
    assert reason in page
    assert "Nothing was kept yet" in page
    assert 'value="70"' in page  # what was typed is still there
    assert kept(site) is None


def test_faults_are_told_in_the_reader_s_language(site: Site, browser: Client) -> None:
    csrf = csrf_of(browser.get(PATH).text)
    form = {"csrf": csrf, "page": PATH}
    browser.post("/settings/language", data={**form, "language": "es"})
    answer = post(browser, **{"lines.1.points": ["caja-2"], "fine_minutes": "12"})
    browser.post("/settings/language", data={**form, "language": "en"})
    page = unescape(answer.text)
    assert "“Caja 2” ya está en otra fila" in page
    assert "debe ser menos que una fila larga" in page


def test_two_managers_do_not_overwrite_each_other_unseen(site: Site, browser: Client) -> None:
    post(browser)
    answer = post(browser, seen="0", percentile="50")
    assert answer.status_code == 409
    assert "Somebody else changed it meanwhile" in answer.text
    layout = kept(site)
    assert layout is not None
    assert layout.terms.percentile == 0.9
    assert 'name="seen" value="1"' in answer.text


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 20])
def test_a_form_says_what_it_looked_at(browser: Client, seen: str) -> None:
    assert post(browser, seen=seen).status_code == 400


@pytest.mark.parametrize(
    ("do", "names"),
    [
        ("one-line", ["Checkouts"]),
        ("lanes", [*(f"Caja {number}" for number in range(1, 6)), "Autopago"]),  # it was one
        ("mixture", ["Checkouts"]),  # none of its registers is called self-checkout
        ("add", ["Fila única", "Autopago", ""]),
        ("remove.0", ["Autopago"]),
    ],
)
def test_lines_are_laid_out_before_they_are_kept(
    site: Site, browser: Client, do: str, names: list[str]
) -> None:
    answer = post(browser, do=do)
    assert answer.status_code == 200
    found = re.findall(r'name="lines\.\d+\.name" value="([^"]*)"', unescape(answer.text))
    assert found == names
    assert "not kept yet" in answer.text
    assert 'value="90"' in answer.text  # what else was typed stays
    assert kept(site) is None


def test_a_line_keeps_its_name_in_the_figures_whatever_it_is_called(
    site: Site, browser: Client
) -> None:
    post(browser)
    post(browser, **{"lines.0.id": "fila-unica", "lines.0.name": "Cajas 1 y 2"})
    layout = kept(site)
    assert layout is not None
    assert layout.names[LineId("fila-unica")] == "Cajas 1 y 2"
    stranger = post(browser, **{"lines.0.id": "../../etc", "lines.0.name": "Otra"})
    assert stranger.status_code == 303
    layout = kept(site)
    assert layout is not None
    assert layout.lines[0].line_id == "otra"


def test_a_store_may_tell_no_waits_any_more(site: Site, browser: Client) -> None:
    post(browser)
    assert post(browser, **{"line-count": "0"}).status_code == 303
    layout = kept(site)
    assert layout is not None
    assert (layout.lines, layout.serial) == ((), 2)


def test_the_key_of_a_receiver_is_shown_once(site: Site, browser: Client) -> None:
    answer = post(browser, hook="https://example.org/alerts")
    shown = KEY.search(answer.text)
    layout = kept(site)
    assert shown is not None
    assert layout is not None
    assert layout.hook is not None
    assert (layout.hook.address, layout.hook.key) == ("https://example.org/alerts", shown[1])
    assert shown[1] not in browser.get(PATH).text
    note = site.parts.accounts.audit(1)[0].note
    assert shown[1] not in note.detail
    assert note.detail.endswith("hook  → https://example.org/alerts, key")


def test_another_receiver_or_a_wish_makes_another_key(site: Site, browser: Client) -> None:
    lines = {"lines.0.id": "fila-unica", "lines.1.id": "autopago"}
    keys = []
    for change in (
        {"hook": "https://example.org/alerts"},
        {"hook": "https://example.org/alerts", "percentile": "85"},
        {"hook": "https://example.org/others"},
        {"hook": "https://example.org/others", "new-key": "yes"},
    ):
        post(browser, **lines, **change)
        layout = kept(site)
        assert layout is not None
        assert layout.hook is not None
        keys.append(layout.hook.key)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    post(browser, **lines)
    layout = kept(site)
    assert layout is not None
    assert layout.hook is None


def test_another_store_is_not_there_for_its_manager(browser: Client) -> None:
    assert browser.get(f"/stores/{NORTE}/queue/settings").status_code == 404


@pytest.fixture
def last_week(site: Site) -> Iterator[None]:
    """200 shoppers who waited four minutes, told by estimates of 3 to 5 minutes."""
    before = NOW - 3 * DAY_MS
    told = [
        {
            "store_id": CENTRO,
            "line_id": "fila-unica",
            "at": before + at * MINUTE,
            "minutes": 5,
            "method": "queue_length",
            "because": "agrees",
            "mean": 4.0 * MINUTE,
            "low": 3.0 * MINUTE,
            "middle": 4.0 * MINUTE,
            "high": 5.0 * MINUTE,
            "waiting": 4.0,
            "open": 2.0,
            "quickest": False,
        }
        for at in range(200)
    ]
    here = {"store_id": CENTRO, "line_id": "fila-unica", "waited": 4 * MINUTE, "told": 5}
    served = [{**here, "at": before + (at + 4) * MINUTE + 1} for at in range(200)]
    with site.engine.begin() as db:
        db.execute(insert(notices), told)
        db.execute(insert(waits), served)
    yield
    with site.engine.begin() as db:
        db.execute(delete(notices))
        db.execute(delete(waits))


def rows_of(page: str) -> list[list[str]]:
    table = page[page.index('id="tried"') :]
    rows = re.findall(r"<tr><th.*?</tr>", table, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<td.*?</td>", row)]
        for row in rows
    ]


@pytest.mark.usefixtures("last_week")
def test_terms_are_tried_on_the_last_week_beside_those_that_stand(
    site: Site, browser: Client
) -> None:
    same = {"lines.0.id": "fila-unica", "lines.1.id": "autopago"}
    post(browser, **same, rounding="1", percentile="80")
    answer = post(browser, **same, do="try", rounding="5", percentile="90")
    page = unescape(answer.text)
    assert answer.status_code == 200
    assert "200 shoppers who were served since 12 Nov 2026, 19:25" in page
    assert [row for row in rows_of(page) if row] == [
        ["100%", "100%"],
        ["0%", "0%"],
        ["100%", "100%"],
        ["1.0 min", "1.0 min"],
    ]
    assert 'value="5" selected' in page  # what was typed stays typed
    layout = kept(site)
    assert layout is not None
    assert (layout.serial, layout.terms.rounding) == (1, 1)
    half = post(browser, **same, do="try", percentile="50", rounding="2")
    assert [row[1] for row in rows_of(unescape(half.text)) if row] == [
        "100%",
        "0%",
        "100%",
        "0.0 min",
    ]
    narrow = post(browser, **same, do="try", widest_minutes="1", widest_percent="10")
    assert "Not enough yet: fewer than 5 shoppers" in narrow.text


def test_without_a_week_behind_it_nothing_can_be_said(browser: Client) -> None:
    answer = post(browser, do="try")
    assert answer.status_code == 200
    assert "Not enough yet: fewer than 5 shoppers" in answer.text


def test_nonsense_is_not_tried(browser: Client) -> None:
    answer = post(browser, do="try", percentile="99")
    assert answer.status_code == 400
    assert "is no number from 50 to 95" in answer.text
