"""The page Queue and the card “Queue now” on a real site, from rows as the queue keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import delete, insert, select, update

from hub.adapters.accounts import SqlAccountBook
from hub.adapters.database import reading, writing
from hub.adapters.tables import (
    notices,
    points,
    tellings,
    wait_alerts,
    wait_doubts,
    wait_outcomes,
    waits,
)
from hub.core.sensing import MOST_TELLINGS
from hub.core.waiting.facts import Line
from hub.core.waiting.layout import Layout
from hub.web.pages.kiosks import KiosksSource
from hub.web.pages.queue import PARTS, QueueSource
from hub.web.pages.today import TodaySource
from shared.places import StoreId
from tests.fakes.reports import MIDNIGHT
from tests.hub.web.building import CENTRO, NORTE, NOW, Clock, Site
from tests.hub.web.conftest import SignIn, csrf_of
from tests.hub.web.waits import (
    HOUR,
    LINE,
    MINUTE,
    REGISTERS,
    SELF,
    keep,
    lay_out,
    seed_rest,
    seed_waits,
    told,
)

URL = f"/stores/{CENTRO}/queue"
COUNT = f"{URL}/count"
AT_ONE = (points.c.store_id == CENTRO) & (points.c.point_id == "caja-1")


@pytest.fixture(scope="module", autouse=True)
def _seeded(site: Site) -> None:
    lay_out(site.engine, CENTRO)
    seed_waits(site.engine, CENTRO, MIDNIGHT, NOW)
    seed_rest(site.engine, CENTRO, MIDNIGHT)


@pytest.fixture
def later(site: Site, clock: Clock) -> Iterator[int]:
    """A minute later, in which a test may keep a word of its own; then it is as before."""
    clock.ms = NOW + MINUTE
    yield clock.ms
    clock.ms = NOW
    with writing(site.engine) as db:
        db.execute(delete(notices).where(notices.c.at > NOW))


def page_of(browser: Client, url: str = URL) -> str:
    """What is written on a page."""
    answer = browser.get(url)
    assert answer.status_code == 200, answer.text[:300]
    text = re.sub(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", " ", answer.text)
    return re.sub(r"\s+", " ", text)


def part_of(page: str, begins: str, ends: str) -> str:
    assert begins in page
    return page.split(begins, 1)[1].split(ends, 1)[0]


# ── now ──────────────────────────────────────────────────────────────────────────────────────────


def test_now_is_told_with_what_it_rests_on(site: Site, sign_in: SignIn, later: int) -> None:
    keep(site.engine, told(CENTRO, later, 5))
    now = part_of(page_of(sign_in("manager")), "as of 19:26", "What is wrong with the data")
    for words in (
        "5 min",
        "about 11 waiting · 5 of 6 registers open",
        "wait between 2.2 and 6.4 min (10th to 90th percentile)",
        "Rests on how many stand in line: the count agrees with what the registers do.",
    ):
        assert words in now


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("wide", "because the estimate is too wide to be of use"),
        ("stale", "because nothing is heard from the store"),
        ("closed", "because no register seems to be open"),
        ("long", "because it would be more than an hour"),
    ],
)
def test_where_nothing_is_told_it_says_why(
    site: Site, sign_in: SignIn, later: int, why: str, words: str
) -> None:
    keep(site.engine, told(CENTRO, later, None, withdrawn=why))
    page = page_of(sign_in("manager"))
    assert "Nothing is told" in page
    assert words in page


def test_less_than_a_minute_is_no_number(site: Site, sign_in: SignIn, later: int) -> None:
    keep(site.engine, told(CENTRO, later, 0, low=0.0, high=20_000.0))
    page = page_of(sign_in("manager"))
    assert "as of 19:26 less than 1 min" in page
    assert "9 of 10 who join now wait less than a minute (90th percentile)." in page


def test_when_the_hub_that_listens_is_away_no_wait_is_shown(sign_in: SignIn, clock: Clock) -> None:
    clock.ms = NOW + 121_000
    try:
        page, today = (
            page_of(sign_in("manager")),
            page_of(sign_in("manager"), f"/stores/{CENTRO}/today"),
        )
    finally:
        clock.ms = NOW
    assert "the hub that listens is away. Its last word came at 19:25." in page
    assert "waiting ·" not in page
    assert "not watched any more" in page
    assert "the hub that listens is away since 19:25" in today
    assert "Kiosks say" not in today


# ── the day, and how right it was ────────────────────────────────────────────────────────────────


def test_the_day_stands_in_a_table_as_on_the_chart(sign_in: SignIn) -> None:
    page = page_of(sign_in("manager"))
    assert "The day line: the wait that was told, every 5 minutes" in page
    assert re.search(r"14:00 less than 1 min to 2 min 35 min [\d.]+ 4.0", page), (
        "a gap from 14:12 to 14:48"
    )
    assert "Caja 2 09:00–15:06" in page
    assert "Caja 6 17:00–19:00" in page


def test_rightness_is_told_with_n_and_intervals(sign_in: SignIn) -> None:
    page = page_of(sign_in("manager"))
    assert "of those whose wait could be known" in page
    assert re.search(r"Today so far n = 555 63% \(59%–67%\) 4% \(3%–6%\) 1.5 min \(", page)
    assert re.search(r"Last four weeks n = 18,834 ", page)


def test_nothing_rests_on_fewer_than_five(site: Site, sign_in: SignIn) -> None:
    row = {"store_id": NORTE, "line_id": LINE, "hour": MIDNIGHT + 10 * HOUR}
    counts = {"told": 4, "within_minute": 3, "too_short": 1, "over_ms": 77_000, "untold": 0}
    lay_out(site.engine, NORTE, Layout(1, (Line(LINE, REGISTERS[:1]),)))
    with writing(site.engine) as db:
        db.execute(insert(wait_outcomes).values(row | counts))
    page = page_of(sign_in("analyst"), f"/stores/{NORTE}/queue")
    assert "Nothing is known yet" in page
    with writing(site.engine) as db:
        db.execute(update(wait_outcomes).where(wait_outcomes.c.store_id == NORTE).values(told=5))
    assert "n = 5 60%" in page_of(sign_in("analyst"), f"/stores/{NORTE}/queue")


def test_no_shopper_s_own_wait_is_on_the_page(site: Site, sign_in: SignIn) -> None:
    before = sign_in("manager").get(URL).text
    row = {"store_id": CENTRO, "line_id": LINE, "at": NOW, "waited": 777_000, "told": 5}
    with writing(site.engine) as db:
        db.execute(insert(waits).values(row))
    assert sign_in("manager").get(URL).text == before


def test_an_earlier_day_has_no_now(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    page = page_of(browser, f"{URL}?day=2026-11-18")
    assert "Wednesday 18 November" in page
    assert "Nothing is known of the waits of this day. What was told is kept for" in page
    assert "Wed 18 Nov n = " in page
    for word in ("Count it yourself", "What is wrong with the data", "Live"):
        assert word not in page


def test_days_that_cannot_be_are_refused_and_today_has_its_own_address(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    assert browser.get(f"{URL}?day=2026-11-19").headers["location"] == URL
    assert browser.get(f"{URL}?day=2027-01-01").headers["location"] == URL
    assert browser.get(f"{URL}?day=soon").status_code == 400


# ── alerts and doubts ────────────────────────────────────────────────────────────────────────────


def test_alerts_that_stand_and_those_that_are_over(sign_in: SignIn) -> None:
    page = page_of(sign_in("manager"))
    assert "Line 1 is long and growing since 17:04" in page
    assert "Line 1: 2 more registers would do since 17:06" in page
    assert "1 alert was over again 12:30–13:06 · Line 1 is long and growing" in page


def test_what_is_wrong_says_where_since_when_and_what_to_do(sign_in: SignIn) -> None:
    page = page_of(sign_in("manager"))
    assert "The counter at Line 1 repeats itself since 14:02. Clean it or restart it." in page
    assert "not laid out here, last at 18 Nov 2026, 21:00." in page
    assert "Caja 3: 12 messages came too late" in page
    assert page.index("Caja 3: 12") < page.index("3 messages were about a line")


def test_names_are_text_and_never_markup(site: Site, sign_in: SignIn, later: int) -> None:
    evil = '<img src=x onerror="alert(1)">'
    doubt = {"store_id": CENTRO, "place": evil, "what": evil, "times": 1, "at": later}
    with writing(site.engine) as db:
        db.execute(insert(wait_doubts).values(doubt))
    keep(site.engine, told(CENTRO, later, 5, method=evil, because=evil))
    page = sign_in("manager").get(URL).text
    with writing(site.engine) as db:
        db.execute(delete(wait_doubts).where(wait_doubts.c.place == evil))
    assert "<img" not in page
    assert "&lt;img" in page


# ── typed ────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_types_a_count_and_it_is_marked_as_typed(site: Site, sign_in: SignIn) -> None:
    browser = sign_in("manager")
    form = {"csrf": csrf_of(browser.get(URL).text), "line": LINE, "number": "7"}
    answer = browser.post(COUNT, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}?done=typed")
    page = page_of(browser, f"{URL}?done=typed")
    assert "Noted: the count is believed for 3 minutes." in page
    assert "7 waiting, typed by manager at 19:25: believed for 3 minutes." in page
    with reading(site.engine) as db:
        assert '"number": 7' in db.execute(select(tellings.c.body)).scalar_one()
    note = SqlAccountBook(site.engine).entries(1)[0].note
    assert (note.user, note.action, note.target, note.detail) == (
        "manager",
        "count typed",
        f"{CENTRO}/{LINE}",
        "7",
    )
    assert "count typed" in sign_in("administrator").get("/audit").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "-1"},
        {"number": "251"},
        {"number": ""},
        {"number": "٣"},
        {"number": "9" * 60},
        {"number": "3", "line": "nowhere"},
        {"number": "3", "line": ""},
    ],
    ids=str,
)
def test_what_no_line_can_have_is_not_taken(sign_in: SignIn, wrong: dict[str, str]) -> None:
    browser = sign_in("manager")
    form = {"csrf": csrf_of(browser.get(URL).text), "line": LINE} | wrong
    assert browser.post(COUNT, data=form).status_code == 400


def test_an_analyst_looks_and_types_nothing(sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    assert "Count it yourself" not in page_of(browser)
    form = {"csrf": csrf_of(browser.get("/settings").text), "line": LINE, "number": "3"}
    assert browser.post(COUNT, data=form).status_code == 403


def test_a_count_that_nobody_hears_is_told_so(site: Site, sign_in: SignIn) -> None:
    row = {"store_id": CENTRO, "received_at": NOW, "body": "{}"}
    with writing(site.engine) as db:
        db.execute(insert(tellings), [row] * MOST_TELLINGS)
    browser = sign_in("manager")
    form = {"csrf": csrf_of(browser.get(URL).text), "line": LINE, "number": "7"}
    answer = browser.post(COUNT, data=form)
    with writing(site.engine) as db:
        db.execute(delete(tellings))
    assert answer.headers["location"] == f"{URL}?done=full"
    assert "Not taken: too many counts" in page_of(browser, f"{URL}?done=full")


# ── a store without lines ────────────────────────────────────────────────────────────────────────


def test_a_store_without_lines_says_so_and_leads_whoever_may_there(sign_in: SignIn) -> None:
    url = "/stores/puerto-003/queue"
    page = sign_in("administrator").get(url).text
    assert "This store tells no waits yet" in page
    assert f'href="{url}/settings"' in page
    assert f'href="{url}/settings"' not in sign_in("analyst").get(url).text


def test_today_looks_as_before_without_lines(sign_in: SignIn) -> None:
    page = sign_in("administrator").get("/stores/puerto-003/today").text
    assert "part-queue" not in page
    assert "with-queue" not in page


# ── live, and Today ──────────────────────────────────────────────────────────────────────────────


def test_the_page_moves_with_a_word_an_alert_a_doubt_and_with_silence(
    site: Site, clock: Clock, later: int
) -> None:
    source = QueueSource(site.parts)
    seen = [source.version(CENTRO)]
    keep(site.engine, told(CENTRO, later, 9))
    seen.append(source.version(CENTRO))
    with writing(site.engine) as db:
        db.execute(update(wait_alerts).where(wait_alerts.c.until.is_(None)).values(until=later))
    seen.append(source.version(CENTRO))
    with writing(site.engine) as db:
        db.execute(update(wait_alerts).where(wait_alerts.c.until == later).values(until=None))
    clock.ms = later + 121_000
    seen.append(source.version(CENTRO))
    assert len(set(seen)) == 4
    drawn = source.draw(CENTRO, "es")
    assert set(drawn) == {f"part-{name}" for name in PARTS}
    assert "Nadie vigila la cola" in drawn["part-now"]
    assert source.draw(NORTE, "en").keys() <= drawn.keys()


def test_a_page_that_stays_open_over_midnight_says_which_day_it_shows(
    site: Site, clock: Clock
) -> None:
    source = QueueSource(site.parts)
    try:
        clock.ms = MIDNIGHT + 24 * HOUR - 1
        assert source.draw(CENTRO, "en")["part-date"].startswith("Thursday")
        clock.ms += 1
        assert source.draw(CENTRO, "en")["part-date"].startswith("Friday")
    finally:
        clock.ms = NOW


def test_a_store_whose_lines_were_taken_away_draws_nothing(site: Site) -> None:
    lay_out(site.engine, NORTE, Layout(1, ()))
    assert QueueSource(site.parts).version(NORTE) == ""
    assert QueueSource(site.parts).draw(NORTE, "en") == {}


def test_today_shows_the_queue_and_moves_with_it(site: Site, sign_in: SignIn, later: int) -> None:
    source = TodaySource(site.parts)
    before = source.version(CENTRO)
    keep(site.engine, told(CENTRO, later, 5))
    assert source.version(CENTRO) != before
    page = page_of(sign_in("manager"), f"/stores/{CENTRO}/today")
    card = part_of(page, "Queue now", "By hour")
    for words in (
        "5 min",
        "11 waiting · 5 of 6 registers open",
        "Kiosks say “about 5 min”",
        "Right within 1 min, until 19:00: 64% of 61",
    ):
        assert words in card
    assert "part-queue" in source.draw(CENTRO, "en")


@pytest.mark.parametrize(
    ("source", "page"), [(QueueSource, "queue"), (TodaySource, "today"), (KiosksSource, "kiosks")]
)
def test_a_page_is_never_older_than_the_version_that_it_names(
    site: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, source: Any, page: str
) -> None:
    asked = source.version

    def version(self: Any, store: StoreId) -> str:
        found: str = asked(self, store)
        with writing(site.engine) as db:  # while the page is drawn
            db.execute(update(points).where(AT_ONE).values(name="Caja nueva"))
        lay_out(site.engine, CENTRO, Layout(1, (Line(LINE, REGISTERS),), {LINE: "New line"}))
        keep(site.engine, told(CENTRO, NOW + 1, 7))
        return found

    try:
        monkeypatch.setattr(source, "version", version)
        text = page_of(sign_in("administrator"), f"/stores/{CENTRO}/{page}")
    finally:
        lay_out(site.engine, CENTRO)
        with writing(site.engine) as db:
            db.execute(delete(notices).where(notices.c.at > NOW))
            db.execute(update(points).where(AT_ONE).values(name="Caja 1"))
    its = {"queue": ("New line", "7 min"), "today": ("7 min",), "kiosks": ("Caja nueva",)}
    assert [words for words in its[page] if words not in text] == []


def test_an_alert_that_stands_needs_somebody(site: Site, sign_in: SignIn, clock: Clock) -> None:
    manager = sign_in("manager")
    needs = part_of(page_of(manager, f"/stores/{CENTRO}/today"), "Needs you", "Reasons")
    assert (
        "Line 1 is long and growing since 17:04 · See what holds it up, or open another register."
    ) in needs
    assert (
        "Line 1: 2 more registers would do since 17:06 · "
        "More people come than are served: open it now."
    ) in needs
    assert "13:06" not in needs  # it was over
    before = TodaySource(site.parts).version(CENTRO)
    clock.ms = NOW + 10 * MINUTE  # nobody watches: who knows whether it still stands
    try:
        later = page_of(manager, f"/stores/{CENTRO}/today")
        assert TodaySource(site.parts).version(CENTRO) != before
    finally:
        clock.ms = NOW
    assert "long and growing" not in part_of(later, "Needs you", "Reasons")


def test_with_several_lines_the_one_where_most_wait_is_told_and_the_quickest_lane_named(
    site: Site, sign_in: SignIn, later: int
) -> None:
    lines = (Line(LINE, REGISTERS[:5]), Line(SELF, REGISTERS[5:]))
    lay_out(site.engine, CENTRO, Layout(1, lines, {SELF: "Self-checkout"}, frozenset({LINE, SELF})))
    keep(site.engine, told(CENTRO, later, 5))
    keep(site.engine, told(CENTRO, later, 2, line_id=SELF, waiting=3.0, open=1.0, quickest=True))
    page = page_of(sign_in("manager"))
    today = page_of(sign_in("manager"), f"/stores/{CENTRO}/today")
    lay_out(site.engine, CENTRO)
    assert "Wait now" in today
    assert re.search(r"Caja 6 (?:(?!Caja).)* 29% 2 min", today)
    assert "Self-checkout named as the quickest 2 min" in page
    assert "5 min line-1 14 waiting · 6 of 6 registers open" in today
    assert "Kiosks say “about 5 min · Self-checkout: 2 min”" in today


def test_an_earlier_day_of_today_has_no_queue(sign_in: SignIn) -> None:
    assert "Queue now" not in page_of(sign_in("manager"), f"/stores/{CENTRO}/today?day=2026-11-18")
