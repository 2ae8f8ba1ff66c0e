"""The page Kiosks: filter and order, one kiosk, what kiosks are told, and join codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx import Client
from sqlalchemy import Engine, delete, event

from hub.adapters import tables
from hub.adapters.database import writing
from hub.adapters.diagnoses import SqlDiagnoses
from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import SqlHistories
from hub.adapters.orders import SqlOrders
from hub.core.fleet import KioskKey, LastWord
from hub.core.histories import Kind
from hub.core.refusals import REFUSALS
from hub.orders import Orders
from hub.web.device_words import DeviceWords
from hub.web.pages.codes import codes_pages
from hub.web.pages.devices import devices_pages
from hub.web.wording import load_words
from shared.commands import Order
from shared.notices import Presence, Status
from shared.places import KioskId, PointId
from tests.fakes.codes import FakeCodes
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NORTE, NOW, Clock, Site, make_site, make_users
from tests.hub.web.conftest import SignIn, csrf_of
from tests.hub.web.seed_devices import keep_file, seed_awaited, seed_devices, seed_many
from tests.parts.web import listening, serving

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def codes() -> FakeCodes:
    return FakeCodes(NOW + DAY_MS, taken={"k-taken"})


@pytest.fixture(scope="module")
def book(engine: Engine) -> SqlOrders:
    return SqlOrders(engine)


@pytest.fixture(scope="module")
def site(
    engine: Engine, clock: Clock, reports: HandmadeReports, codes: FakeCodes, book: SqlOrders
) -> Iterator[Site]:
    seed_devices(engine, CENTRO, NOW)
    pages = devices_pages(Orders(book, clock), SqlHistories(engine), SqlDiagnoses(engine))
    with listening() as (listener, url):
        routers = [pages, codes_pages(codes)]
        site = make_site(engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


def rows(text: str) -> list[str]:
    """The kiosks of a list, in their order."""
    parts = text.split('name="kiosk" value="')[1:]
    return [part.partition('"')[0].partition("/")[2] for part in parts]


def test_it_tells_how_each_device_is(sign_in: SignIn) -> None:
    text = sign_in("technician").get(f"/stores/{CENTRO}/kiosks").text
    for told in ("card nearly full", "too little power", "card read-only", "93% full", "80% worn"):
        assert told in text
    for told in ("83\u00a0°C", "trying 0.2.0", "3 days", "21 days"):
        assert told in text


@pytest.fixture
def awaited(engine: Engine) -> Iterator[None]:
    seed_awaited(engine, CENTRO, NOW)
    yield
    with writing(engine) as db:
        db.execute(delete(tables.join_codes))
        turned = tables.kiosk_events.c.kind == Kind.TURNED_AWAY.value
        db.execute(delete(tables.kiosk_events).where(turned))


@pytest.mark.usefixtures("awaited")
def test_who_has_not_come_and_who_was_turned_away_stands_at_the_point(sign_in: SignIn) -> None:
    client = sign_in("technician")
    for address in (f"/stores/{CENTRO}/kiosks", "/kiosks"):
        told = client.get(address).text.partition("Awaited")[2]
        assert "k-new" in told
        assert "waits for its device until" in told
        assert "Nobody came with its join code" in told
        assert "Turned away: a device came with a join code that is too old." in told
        assert "Make a new join code." in told
    history = client.get(f"/stores/{CENTRO}/kiosks/k-012-06").text
    assert "turned away: a device came with a join code that is too old" in history
    assert "Awaited" not in client.get(f"/stores/{CENTRO}/kiosks?state=offline").text


def test_where_everybody_came_nobody_is_awaited(sign_in: SignIn) -> None:
    assert "Awaited" not in sign_in("technician").get("/kiosks").text


def test_every_refusal_that_a_device_meets_has_its_words() -> None:
    say = DeviceWords(load_words()["es"])
    elsewhere = {"csr", "proof", "stranger", "busy", "held", "unasked", "diagnosis"}
    english = DeviceWords(load_words()["en"])
    for code in REFUSALS.keys() - elsewhere:
        assert code != say.refused(code)[0] != english.refused(code)[0]
    assert say.refused("new")[0] == "new"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=offline", ["k-012-05"]),
        ("state=never", ["k-012-06"]),
        ("q=caja+3", ["k-012-03"]),
        ("sort=heat&state=online", ["k-012-02", "k-012-01", "k-012-03", "k-012-04"]),
        ("sort=certificate&q=k-012-0", ["k-012-04", "k-012-01", "k-012-02", "k-012-03", "k-012-05",
                                        "k-012-06"]),
        ("state=nonsense&sort=%00", [f"k-012-0{n}" for n in range(1, 7)]),
        ("q=%3Cscript%3E", []),
    ],
)  # fmt: skip
def test_filter_and_order_stand_in_the_address(
    sign_in: SignIn, query: str, found: list[str]
) -> None:
    answer = sign_in("technician").get(f"/stores/{CENTRO}/kiosks?{query}")
    assert answer.status_code == 200
    assert rows(answer.text) == found
    assert "<script>" not in answer.text


def test_only_the_whole_list_as_it_stands_moves_by_itself(sign_in: SignIn) -> None:
    browser = sign_in("technician")
    assert "hx-sse" in browser.get(f"/stores/{CENTRO}/kiosks").text
    assert "hx-sse" not in browser.get(f"/stores/{CENTRO}/kiosks?sort=heat").text


def test_one_kiosk_has_a_page_with_all_that_is_known(sign_in: SignIn) -> None:
    text = sign_in("technician").get(f"/stores/{CENTRO}/kiosks/k-012-04").text
    for told in ("Raspberry Pi 5", "1,412 MB", "11 d", "too weak", "certificate renewed", "joined"):
        assert told in text
    assert "told: Restart the program · technician" in text
    assert "answered: Restart the program – done" in text
    assert "alarm: too little power" in text


@pytest.mark.parametrize("name", ["k-007-01", "k-nobody", "%2e%2e", "k" * 500])
def test_a_kiosk_of_another_store_or_of_none_is_not_there(sign_in: SignIn, name: str) -> None:
    assert sign_in("technician").get(f"/stores/{CENTRO}/kiosks/{name}").status_code == 404


def tell(browser: Client, path: str, order: str, *who: str) -> int:
    csrf = csrf_of(browser.get("/settings").text)
    form = {"csrf": csrf, "order": order, "kiosk": list(who)}
    return browser.post(path, data=form).status_code


def test_kiosks_are_told_after_a_page_that_says_what_it_does(
    sign_in: SignIn, book: SqlOrders
) -> None:
    browser = sign_in("technician")
    who = [f"{CENTRO}/k-012-01", f"{CENTRO}/k-012-05"]
    csrf = csrf_of(browser.get("/settings").text)
    form = {"csrf": csrf, "order": "restart", "kiosk": who}
    text = browser.post("/kiosks/confirm", data=form).text
    assert "The program begins anew between two shoppers; nothing is lost." in text
    assert "1 of them is not connected" in text
    assert book.pending(NOW) == {}, "nothing happens before it is confirmed"
    assert browser.post("/kiosks/orders", data=form).status_code == 303
    told = book.pending(NOW)
    assert {key.kiosk_id: one.order for key, one in told.items()} == {
        "k-012-01": Order.RESTART,
        "k-012-05": Order.RESTART,
    }
    text = browser.get(f"/stores/{CENTRO}/kiosks/k-012-01").text
    assert "on its way" in text
    audit = sign_in("administrator").get("/audit").text
    assert "kiosks told" in audit


def test_a_diagnostic_file_is_taken_from_its_command_and_never_shown(
    site: Site, sign_in: SignIn, book: SqlOrders
) -> None:
    browser = sign_in("technician")
    tell(browser, "/kiosks/orders", "collect", f"{CENTRO}/k-012-02")
    (one,) = book.of_kiosk(CENTRO, KioskId("k-012-02"), 1)
    here = f"/stores/{CENTRO}/kiosks/k-012-02"
    file = f"{here}/diagnoses/{one.command.id}"
    assert file not in browser.get(here).text
    assert browser.get(file).status_code == 404
    keep_file(site.engine, CENTRO, "k-012-02", one.command.id, NOW)
    assert f'href="{file}" download' in browser.get(here).text
    answer = browser.get(file)
    assert answer.json() == {"version": "0.1.0"}
    named = f'attachment; filename="k-012-02-{one.command.id}.json"'
    assert answer.headers["content-disposition"] == named
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "diagnostic file taken" in sign_in("administrator").get("/audit").text
    for name in ("analyst", "manager"):
        looks = sign_in(name)
        assert file not in looks.get(here).text
        assert looks.get(file).status_code == 403
    assert browser.get(f"{here}/diagnoses/..%2f..%2fetc").status_code == 404


def test_who_only_looks_tells_nobody(sign_in: SignIn) -> None:
    for name in ("analyst", "manager"):
        browser = sign_in(name)
        assert tell(browser, "/kiosks/orders", "restart", f"{CENTRO}/k-012-01") == 403
        assert "/kiosks/confirm" not in browser.get(f"/stores/{CENTRO}/kiosks").text
        assert browser.get(f"/stores/{CENTRO}/codes").status_code == 403


@pytest.mark.parametrize(
    ("order", "who", "status"),
    [
        ("restart", (f"{NORTE}/k-007-01",), 404),
        ("restart", (f"{CENTRO}/k-012-01", f"{NORTE}/k-007-01"), 404),
        ("restart", (f"{CENTRO}/k-nobody",), 404),
        ("restart", ("/", "x" * 5_000), 404),
        ("format", (f"{CENTRO}/k-012-01",), 400),
        ("", (), 400),
    ],
)
def test_what_is_out_of_reach_or_no_order_is_refused(
    sign_in: SignIn, order: str, who: tuple[str, ...], status: int
) -> None:
    for path in ("/kiosks/confirm", "/kiosks/orders"):
        assert tell(sign_in("technician"), path, order, *who) == status


def test_an_update_leads_to_its_rollout_with_the_stores_of_those_that_are_ticked(
    sign_in: SignIn, book: SqlOrders
) -> None:
    browser = sign_in("administrator")
    assert 'value="update"' in browser.get("/kiosks").text
    csrf = csrf_of(browser.get("/settings").text)
    who = [f"{CENTRO}/k-012-01", f"{CENTRO}/k-012-02", f"{NORTE}/k-007-01"]
    form = {"csrf": csrf, "order": "update", "kiosk": who}
    answer = browser.post("/kiosks/confirm", data=form)
    assert answer.headers["location"] == f"/rollouts?store={CENTRO}&store={NORTE}"
    assert browser.post("/kiosks/orders", data=form).status_code == 400
    assert all(one.order is not Order.UPDATE for one in book.pending(NOW).values())
    strange = form | {"kiosk": [f"{NORTE}/k-007-01"]}
    csrf = csrf_of(sign_in("technician").get("/settings").text)
    answer = sign_in("technician").post("/kiosks/confirm", data=strange | {"csrf": csrf})
    assert answer.status_code == 404


def test_it_says_what_becomes_of_a_command_for_who_is_away_or_out_of_order(
    site: Site, sign_in: SignIn, book: SqlOrders
) -> None:
    browser = sign_in("technician")
    csrf = csrf_of(browser.get("/settings").text)
    away, closed = f"{CENTRO}/k-012-05", KioskKey(CENTRO, KioskId("k-012-03"))
    status = Status("ab" * 8, 9, Presence.ONLINE, "0.1.0", NOW, alarms=("storage",))
    SqlFleet(site.engine).remember({closed: LastWord(status, NOW)})
    form = {"csrf": csrf, "order": "renew", "kiosk": [away, f"{CENTRO}/k-012-03"]}
    page = browser.post("/kiosks/confirm", data=form).text
    assert "It is good for 1" in page
    assert "d; what nobody has begun by then is never done." in page
    assert "1 of them is not connected" in page
    assert "1 of them is out of order, for it can keep nothing" in page
    browser.post("/kiosks/orders", data=form)
    assert "waits: the kiosk is away" in browser.get(f"/stores/{CENTRO}/kiosks/k-012-05").text
    text = browser.get(f"/stores/{CENTRO}/kiosks/k-012-03").text
    assert "waits: the kiosk is out of order" in text
    assert "until 20 Nov 2026" in text
    book.expire(NOW + 2 * DAY_MS)
    for name in ("k-012-05", "k-012-03"):
        text = browser.get(f"/stores/{CENTRO}/kiosks/{name}").text
        assert "not done in time, and not any more" in text
        assert "waits: the kiosk" not in text


def test_nobody_ticked_is_told_nothing(sign_in: SignIn) -> None:
    browser = sign_in("technician")
    assert tell(browser, "/kiosks/confirm", "restart") == 200
    assert tell(browser, "/kiosks/orders", "restart") == 303


def test_join_codes_are_made_for_ticked_points_and_shown_once(
    sign_in: SignIn, codes: FakeCodes
) -> None:
    browser = sign_in("technician")
    page = browser.get(f"/stores/{CENTRO}/codes").text
    assert 'value="k-012-01"' in page
    assert 'value="centro-012-entrada"' in page
    at = ["caja-1", "caja-2", "entrada"]
    form = {
        "csrf": csrf_of(page),
        "at": at,
        "kiosk": ["k-taken", "k-012-02", "new-one"],
        "point": ["caja-1", "entrada"],
        "two": ["caja-1"],
    }
    sheet = browser.post(f"/stores/{CENTRO}/codes", data=form).text
    assert codes.made == [(CENTRO, PointId("entrada"), KioskId("new-one"), "technician")]
    assert sheet.count('class="join"') == 1
    assert "data:image/svg+xml" in sheet
    assert "20 Nov 2026, 19:25" in sheet
    assert "Caja 1: k-taken is already enrolled. Choose another name." in sheet
    again = browser.get(f"/stores/{CENTRO}/codes").text
    assert "data:image/svg+xml" not in again


def test_where_another_kiosk_stands_nothing_is_made_before_somebody_wants_two(
    sign_in: SignIn, codes: FakeCodes
) -> None:
    browser, before = sign_in("technician"), len(codes.made)
    csrf = csrf_of(browser.get(f"/stores/{CENTRO}/codes").text)
    form = {
        "csrf": csrf,
        "at": ["caja-1", "caja-2"],
        "kiosk": ["k-new", "k-012-02"],
        "point": ["caja-1", "caja-2"],
    }
    page = browser.post(f"/stores/{CENTRO}/codes", data=form).text
    assert len(codes.made) == before
    assert "At 1 point another kiosk stands already. No code was made yet." in page
    assert "make replace" in page
    assert 'value="k-new"' in page, "what was typed stays"
    assert page.count(" checked") == 2
    assert page.count('name="two"') == 1
    assert 'name="two" value="caja-1"' in page
    sheet = browser.post(f"/stores/{CENTRO}/codes", data=form | {"two": ["caja-1"]}).text
    assert sheet.count('class="join"') == 2, "the same name again is the same kiosk"
    assert [one[2] for one in codes.made[before:]] == ["k-new", "k-012-02"]


def test_a_form_without_a_point_or_with_a_name_that_cannot_be_says_so(sign_in: SignIn) -> None:
    browser = sign_in("technician")
    csrf = csrf_of(browser.get(f"/stores/{CENTRO}/codes").text)
    nothing = browser.post(f"/stores/{CENTRO}/codes", data={"csrf": csrf, "at": [], "kiosk": []})
    assert nothing.status_code == 400
    assert "Tick at least one point." in nothing.text
    form = {"csrf": csrf, "at": ["caja-1"], "kiosk": ["../etc"], "point": ["caja-1", "caja-99"],
            "two": ["caja-1"]}  # fmt: skip
    sheet = browser.post(f"/stores/{CENTRO}/codes", data=form)
    assert sheet.status_code == 200
    assert 'class="join"' not in sheet.text
    assert 'class="fault"' in sheet.text


def queries_of(browser: Client, engine: Engine, address: str) -> tuple[int, list[str]]:
    """How often the page asks the database, and the kiosks on it."""
    asked: list[str] = []

    def note(_db: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    answer = browser.get(address, timeout=60)
    event.remove(engine, "before_cursor_execute", note)
    return len(asked), rows(answer.text)


def test_a_thousand_kiosks_take_no_more_queries_than_seven(site: Site, sign_in: SignIn) -> None:
    """What it takes in seconds says `make bench`."""
    browser = sign_in("administrator")
    few, shown = queries_of(browser, site.engine, "/kiosks?sort=heat")
    assert len(shown) == 7
    seed_many(site.engine, NOW)
    many, shown = queries_of(browser, site.engine, "/kiosks?sort=heat")
    assert len(shown) == 1_007
    assert many == few
