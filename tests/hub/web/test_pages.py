"""What stands on the pages."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

import hub as hub_package
from hub.adapters.tables import stores
from hub.core.roles import Role
from hub.web.pages import audit
from hub.web.wording import load_words
from shared.places import StoreId
from tests.hub.web.building import CENTRO, SECRET, Site
from tests.hub.web.conftest import SignIn, csrf_of, signed_in_browser

TODAY = f"/stores/{CENTRO}/today"


def text_of(page: str) -> str:
    """A page as it reads: without markup, blanks folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_today_says_how_it_is_how_sure_that_is_and_on_what_it_rests(sign_in: SignIn) -> None:
    text = text_of(sign_in("manager").get(TODAY).text)
    assert "78.5 ± 1.9" in text
    assert "3.2 above a usual Thursday (75.3 ± 0.9)" in text
    assert "1,284 answers to 4,142 sales (31%) · 95% interval" in text
    assert "17:00 – unusually low (p = 0.002)" in text
    assert "“The wait” named in 61% of sad and neutral answers" in text
    assert "Thursday 19 November · 09:00–21:00, store time · figures of 19:02" in text


def test_registers_stand_in_register_order_and_never_by_rank(sign_in: SignIn) -> None:
    page = sign_in("manager").get(TODAY).text.partition('id="part-registers"')[2]
    assert re.findall(r'<th scope="row">(Caja \d)</th>', page) == [f"Caja {n}" for n in range(1, 7)]


def test_what_is_under_the_floor_is_not_in_the_page_at_all(sign_in: SignIn) -> None:
    page = sign_in("manager").get(TODAY).text
    row = page.partition('<th scope="row">Entrada</th>')[2].partition("</tr>")[0]
    assert "not shown" in text_of(row)
    assert not re.search(r"\d", text_of(row.partition("colspan")[2].partition(">")[2]))


def test_what_has_no_data_source_yet_is_left_out(sign_in: SignIn) -> None:
    text = text_of(sign_in("administrator").get(TODAY).text)
    for word in ("Queue now", "Wait now", "bursts", "Drivers", "Actions"):
        assert word not in text


def test_the_same_page_in_spanish(site: Site, sign_in: SignIn) -> None:
    site.parts.accounts.add_user(
        "marta", SECRET, Role.STORE_MANAGER, stores=[CENTRO], language="es"
    )
    with closing(signed_in_browser(site, "marta")) as browser:
        text = text_of(browser.get(TODAY).text)
    assert "78,5 ± 1,9" in text
    assert "3,2 por encima de un jueves habitual (75,3 ± 0,9)" in text
    assert "«La espera» en el 61 % de las respuestas malas y regulares" in text


def test_an_earlier_day_has_no_stream_and_leads_on_to_the_next(sign_in: SignIn) -> None:
    page = sign_in("manager").get(f"{TODAY}?day=2026-11-17").text
    assert "hx-sse" not in page
    assert "vendor/htmx" not in page
    assert '?day=2026-11-18"' in page
    assert '?day=2026-11-16"' in page


@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-20", "2099-12-31"])
def test_today_and_later_days_lead_to_the_live_page(sign_in: SignIn, day: str) -> None:
    answer = sign_in("manager").get(f"{TODAY}?day={day}")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == TODAY


def test_hidden_cells_of_the_heat_map_have_no_figure(sign_in: SignIn) -> None:
    page = sign_in("manager").get(f"/stores/{CENTRO}/hours").text
    hidden = re.findall(r'<td class="heat hidden">(.*?)</td>', page, re.S)
    assert len(hidden) == 2
    assert all("not shown" in text_of(cell) for cell in hidden)
    assert not any(re.search(r"\d", text_of(cell)) for cell in hidden)


def test_kiosks_tell_how_they_are_and_that_nothing_is_missing(sign_in: SignIn) -> None:
    text = text_of(sign_in("technician").get(f"/stores/{CENTRO}/kiosks").text)
    assert "4 of 6 online · 31 records unsent" in text
    assert "3 missing of 180,370" in text
    assert "0 missing of 39,496" in text
    assert "k-012-05 Caja 5 offline 11 min ago 31" in text
    assert "k-012-06 Caja 6 not seen yet" in text
    assert "clock not set" in text
    assert "2 in quarantine" in text


def test_a_technician_finds_kiosks_and_no_word_about_answers(sign_in: SignIn) -> None:
    technician = sign_in("technician")
    assert technician.get("/").headers["location"] == f"/stores/{CENTRO}/kiosks"
    text = text_of(technician.get(f"/stores/{CENTRO}/kiosks").text)
    for word in ("Today", "Hours", "Satisfaction", "Happy", "Users", "Audit", "norte", "Norte"):
        assert word not in text


def test_the_kiosks_of_all_stores_are_those_within_reach(sign_in: SignIn) -> None:
    assert "k-007-01" in sign_in("analyst").get("/kiosks").text
    assert "k-007-01" not in sign_in("technician").get("/kiosks").text


def test_the_stores_page_lists_those_within_reach(sign_in: SignIn) -> None:
    assert "Norte · 007" in sign_in("analyst").get("/stores").text
    assert "Norte" not in sign_in("manager").get("/stores").text


def test_navigation_shows_what_the_role_may_see_and_where_one_is(sign_in: SignIn) -> None:
    def links(name: str) -> list[str]:
        nav = sign_in(name).get("/settings").text.partition("<nav")[2].partition("</nav>")[0]
        return re.findall(r"<a [^>]*><span>([\w ]+)</span>", nav)

    figures = ["Today", "Hours", "Registers", "Stores", "Questionnaires", "Results"]
    figures += ["Queue", "Kiosks"]
    designs = [*figures, "On the kiosks"]
    assert links("administrator") == [*designs, "Rollouts", "Users", "Audit log", "Settings"]
    assert links("analyst") == [*figures, "Settings"]
    assert links("manager") == [*designs, "Settings"]
    assert links("technician") == ["Kiosks", "Rollouts", "Settings"]
    page = sign_in("manager").get(TODAY).text
    assert page.count('aria-current="page"') == 1


def test_somebody_without_a_store_is_told_whom_to_ask(site: Site) -> None:
    site.parts.accounts.add_user("newcomer", SECRET, Role.STORE_MANAGER)
    with closing(signed_in_browser(site, "newcomer")) as browser:
        assert "An administrator has to say" in browser.get("/").text


def test_the_store_looked_at_last_is_where_one_comes_back_to(site: Site) -> None:
    with closing(signed_in_browser(site, "analyst")) as browser:
        browser.get("/stores/puerto-003/hours")
        assert browser.get("/").headers["location"] == "/stores/puerto-003/today"
        browser.cookies.set("semblante-store", "../../evil")
        assert browser.get("/").headers["location"].startswith("/stores/")


def test_names_are_shown_as_text_and_never_as_markup(site: Site, sign_in: SignIn) -> None:
    evil = '<img src=x onerror="alert(1)">'
    renamed = update(stores).where(stores.c.store_id == "puerto-003")
    with site.engine.begin() as db:
        db.execute(renamed.values(name=evil))
    try:
        for path in ("/stores/puerto-003/kiosks", "/settings", "/users"):
            page = sign_in("administrator").get(path).text
            assert "<img src=x" not in page
            assert "&lt;img src=x" in page
    finally:
        with site.engine.begin() as db:
            db.execute(renamed.values(name="Puerto · 003"))


def test_an_administrator_adds_changes_and_disables_users(site: Site, sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    csrf = csrf_of(browser.get("/users").text)
    form = {"csrf": csrf, "name": "lucas", "password": SECRET, "role": "store_manager"}
    done = browser.post("/users", data={**form, "stores": ["norte-007", "made-up"]})
    assert done.headers["location"] == "/users?done=added"
    lucas = next(user for user in site.parts.accounts.users() if user.name == "lucas")
    assert lucas.stores == {StoreId("norte-007")}

    change = {"csrf": csrf, "role": "technician", "stores": [CENTRO], "disabled": "yes"}
    browser.post(f"/users/{lucas.user_id}", data=change)
    changed = site.parts.accounts.user(lucas.user_id)
    assert changed is not None
    assert changed.role is Role.TECHNICIAN
    assert changed.stores == frozenset({CENTRO})
    assert changed.disabled_at is not None

    log = text_of(browser.get("/audit?check=true").text)
    assert "user changed lucas" in log
    assert "the log is whole" in log


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("analyst", SECRET, "That name is taken"),
        ("no blanks", SECRET, "That cannot be a name"),
        ("fine", "short", "That password will not do"),
        ("fine", "finefinefine", "too easy to guess"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_told(
    sign_in: SignIn, name: str, password: str, told: str
) -> None:
    browser = sign_in("administrator")
    csrf = csrf_of(browser.get("/users").text)
    form = {"csrf": csrf, "name": name, "password": password, "role": "analyst"}
    answer = browser.post("/users", data=form)
    assert answer.status_code == 400
    assert told in answer.text


def test_every_action_that_the_hub_notes_has_its_words() -> None:
    hub = Path(hub_package.__file__).parent
    noted: set[str] = set()
    for path in hub.rglob("*.py"):
        found = re.findall(r'note\((?:[\w.]+, |"—", )?"([a-z -]+)"', path.read_text())
        noted.update(action for action in found if action != "command line")
    assert noted >= {"user added", "signed in", "kiosk enrolled"}
    assert noted - set(audit.actions(load_words()["es"])) == set()


def test_the_last_administrator_cannot_lock_everybody_out(site: Site, sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    form = {"csrf": csrf_of(browser.get("/users").text), "role": "analyst"}
    answer = browser.post("/users/1", data=form)
    assert answer.status_code == 400
    assert "The last administrator must stay" in answer.text
    bad = browser.post("/users/1", data={**form, "role": "emperor"})
    assert bad.status_code == 400


def test_users_numbers_that_cannot_be_are_not_found(sign_in: SignIn) -> None:
    for number in (0, -1, 999, 2**31, 10**30):
        assert sign_in("administrator").get(f"/users/{number}").status_code == 404
