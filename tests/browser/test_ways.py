"""What people do: sign in, look, walk by keyboard, change the language, watch figures move."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

import hub.web.live
from hub.core.accounts import FREE_TRIES
from hub.core.roles import Role
from tests.browser.conftest import REGISTERS, Open, forgiven, read_in, sign_in
from tests.hub.web.building import CENTRO, SECRET, STORES, Clock, Site
from tests.hub.web.seed import add_answers
from tests.parts.chromium import Complaints

TODAY = f"/stores/{CENTRO}/today"
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_one_signs_in_and_stands_before_today(site: Site, open_page: Open) -> None:
    page = open_page(None)
    read_in(site, "manager", "en")
    sign_in(page, "manager")
    expect(page).to_have_url(re.compile(f"{TODAY}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_role("navigation", name="Pages")).not_to_contain_text("Users")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_throttled(
    site: Site, open_page: Open, complaints: Complaints, clock: Clock
) -> None:
    site.parts.accounts.add_user("forgetful", SECRET, Role.ANALYST)
    page = open_page(None)
    with forgiven(complaints, "401", "429"):
        for _ in range(FREE_TRIES):
            sign_in(page, "forgetful", "wrong wrong wrong")
            expect(page.get_by_role("alert")).to_contain_text("Name or password are wrong")
        sign_in(page, "forgetful")
        expect(page.get_by_role("alert")).to_contain_text("Try again in 1 second")
    clock.ms += 1000
    try:
        sign_in(page, "forgetful")
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    finally:
        clock.ms -= 1000


def test_a_step_arrives_on_the_open_page_and_the_focus_stays(site: Site, open_page: Open) -> None:
    page = open_page("manager")
    answers = page.locator("#part-answers")
    before = answers.inner_text()
    page.get_by_text("As a table").click()
    page.evaluate("window.mark = 'not reloaded'")
    add_answers(site.engine, STORES[0], REGISTERS, site.parts.now(), happy=5)
    site.parts.live.notify(CENTRO)
    expect(answers).not_to_have_text(before, use_inner_text=True)
    assert page.evaluate("window.mark") == "not reloaded"
    expect(page.get_by_role("region", name="By hour, as a table")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "As a table"
    expect(page.locator(".live")).to_have_text("Live")


def test_a_slow_line_does_not_lose_the_stream(site: Site, open_page: Open) -> None:
    page = open_page("manager")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(400)  # as far apart as two files come on a bad line
        route.continue_()

    page.route("**/hx-sse.min.js", slowly)
    with page.expect_request("**/today/live*"):
        page.goto(TODAY)


def test_a_single_answer_is_not_to_be_seen(site: Site, open_page: Open) -> None:
    page = open_page("manager")
    before = page.locator("main").inner_text()
    add_answers(site.engine, STORES[0], REGISTERS[:1], site.parts.now(), happy=1)
    site.parts.live.notify(CENTRO)
    page.wait_for_timeout(1_500)  # nothing must come: longer than the database is asked anew
    assert page.locator("main").inner_text() == before


def test_who_is_signed_out_elsewhere_is_led_to_the_door(
    site: Site, open_page: Open, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.2)
    site.parts.accounts.add_user("leaving", SECRET, Role.ANALYST)
    page = open_page("leaving")
    expect(page.locator(".live")).to_have_text("Live")  # before, its stream is refused: below
    leaving = next(u for u in site.parts.accounts.users() if u.name == "leaving")
    site.parts.accounts.change_user(leaving.user_id, Role.ANALYST, (), disabled=True, by="test")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert complaints.found == []


def test_who_is_signed_out_before_the_figures_live_is_led_to_the_door_too(
    site: Site, open_page: Open, complaints: Complaints
) -> None:
    accounts = site.parts.accounts
    accounts.add_user("gone", SECRET, Role.ANALYST)
    page = open_page("gone")
    gone = next(u for u in accounts.users() if u.name == "gone")

    def shut(route: Route) -> None:
        accounts.change_user(gone.user_id, Role.ANALYST, (), disabled=True, by="test")
        route.continue_()

    page.route("**/today/live*", shut)
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert any("401" in one for one in complaints.found)
    complaints.found.clear()


def test_the_keyboard_reaches_everything(open_page: Open) -> None:
    page = open_page("administrator", at=TODAY)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the figures")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.goto(TODAY)
    everything = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input')]
            .filter(e => e.type !== "hidden" && e.tabIndex >= 0 && e.checkVisibility()).length"""
    )
    reached = set()
    for _ in range(everything + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => { const e = document.activeElement;
                    if (e !== document.body && !e.matches('.skip')) {
                      const s = getComputedStyle(e.matches('input[type=date]') ? e.parentNode : e);
                      if (s.outlineStyle === 'none') throw new Error('no focus: ' + e.outerHTML);
                    }
                    return [...document.querySelectorAll('*')].indexOf(e); }"""
            )
        )
    assert len(reached) >= everything
    page.keyboard.press("Escape")


def test_menus_open_by_key_and_close_by_escape(open_page: Open) -> None:
    page = open_page("analyst")
    picker = page.locator(".store-picker summary")
    picker.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Norte · 007")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Norte · 007")).to_be_hidden()
    expect(picker).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Norte · 007").click()
    expect(page).to_have_url(re.compile("/stores/norte-007/today$"))


def test_the_language_changes_at_once_and_the_page_stays(open_page: Open) -> None:
    page = open_page("manager", at=f"/stores/{CENTRO}/registers")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cajas")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Registers")


def test_days_are_turned_over_one_by_one(open_page: Open) -> None:
    page = open_page("manager")
    page.get_by_role("link", name="The day before").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Day")
    expect(page.locator(".page-title")).to_contain_text("Wednesday 18 November")
    expect(page.locator(".live")).to_have_count(0)
    page.get_by_label("Choose a day").fill("2026-11-12")
    expect(page.locator(".page-title")).to_contain_text("Thursday 12 November")
    page.get_by_role("link", name="The day after").click()
    expect(page.locator(".page-title")).to_contain_text("Friday 13 November")


def test_the_figures_leave_as_a_file(open_page: Open, tmp_path: Path) -> None:
    page = open_page("analyst", at=f"/stores/{CENTRO}/registers")
    page.get_by_text("Export").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    kept = tmp_path / "figures.csv"
    coming.value.save_as(kept)
    assert "caja-1" in kept.read_text()


def test_on_a_phone_the_navigation_folds_and_opens(open_page: Open) -> None:
    page = open_page("manager", **PHONE)
    nav = page.get_by_role("navigation", name="Pages")
    expect(nav).to_be_hidden()
    button = page.get_by_role("button", name="Menu")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    nav.get_by_role("link", name="Hours").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hours")


def test_everything_can_be_read_without_scripts(open_page: Open) -> None:
    page = open_page("manager", **PHONE, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    expect(page.get_by_role("button", name="Go")).to_be_visible()


def test_an_administrator_adds_somebody_who_then_signs_in(open_page: Open) -> None:
    page = open_page("administrator")
    page.get_by_role("link", name="Users").click()
    page.get_by_label("Name").fill("rosa")
    page.get_by_label("First password").fill(SECRET)
    page.get_by_label("Role").select_option("technician")
    page.get_by_label("Norte · 007").check()
    page.get_by_role("button", name="Add the user").click()
    expect(page.get_by_role("status")).to_have_text("The user was added.")
    other = open_page(None)
    sign_in(other, "rosa")
    expect(other.get_by_role("heading", level=1)).to_have_text("Kiosks")
    expect(other.locator("main")).to_contain_text("k-007-01")
