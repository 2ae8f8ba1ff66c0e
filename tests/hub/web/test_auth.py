"""Signing in: cookies, redirects, throttling, sessions that end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from httpx import Client, Response

from hub.core.accounts import FREE_TRIES, IDLE_MS
from hub.core.roles import Role
from tests.hub.web.building import SECRET, Clock, Site, make_site
from tests.hub.web.conftest import browser_of, csrf_of, signed_in_browser
from tests.parts.web import listening, serving


@pytest.fixture
def browser(site: Site) -> Iterator[Client]:
    with closing(browser_of(site)) as browser:
        yield browser


def post_sign_in(browser: Client, name: str, password: str, next_page: str = "/") -> Response:
    csrf = csrf_of(browser.get("/sign-in").text)
    form = {"name": name, "password": password, "csrf": csrf, "next_page": next_page}
    return browser.post("/sign-in", data=form)


def test_the_cookie_is_for_this_host_and_no_script_can_read_it(browser: Client) -> None:
    cookie = post_sign_in(browser, "analyst", SECRET).headers.get_list("set-cookie")[0]
    assert cookie.startswith("semblante-session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie


def test_behind_https_the_cookie_is_bound_to_the_host_and_to_https(
    site: Site, clock: Clock
) -> None:
    with listening() as (listener, url):
        secure = make_site(site.engine, site.parts.reports, clock, public_url="https://hub.example")
        with (
            serving(secure.app, secure.parts.live, listener),
            Client(base_url=url, headers={"origin": "https://hub.example"}) as browser,
        ):
            page = browser.get("/sign-in")
            form_cookie = page.headers["set-cookie"]
            assert form_cookie.startswith("__Host-semblante-form=")
            assert page.headers["strict-transport-security"] == "max-age=31536000"
            form = {"name": "analyst", "password": SECRET, "csrf": csrf_of(page.text)}
            answer = browser.post(
                "/sign-in", data=form, headers={"cookie": form_cookie.partition(";")[0]}
            )
            cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-semblante-session=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie


def test_a_session_that_was_there_before_signing_in_is_not_taken_over(browser: Client) -> None:
    browser.cookies.set("semblante-session", "chosen-by-an-attacker")
    post_sign_in(browser, "analyst", SECRET)
    assert browser.cookies.get("semblante-session", domain="127.0.0.1") != "chosen-by-an-attacker"


def test_signing_in_anew_ends_the_session_before(site: Site, browser: Client) -> None:
    post_sign_in(browser, "analyst", SECRET)
    before = browser.cookies["semblante-session"]
    csrf = csrf_of(browser.get("/sign-in?next_page=/").text)  # signed in: it goes on
    assert csrf == ""
    del browser.cookies["semblante-session"]
    page = browser.get("/sign-in").text
    browser.cookies.set("semblante-session", before)
    form = {"name": "analyst", "password": SECRET, "csrf": csrf_of(page)}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert site.parts.accounts.signed_in(before) is None


def test_after_signing_in_one_is_where_one_wanted_to_go(browser: Client) -> None:
    wanted = browser.get("/stores/centro-012/hours?weeks=8")
    assert wanted.status_code == 303
    location = wanted.headers["location"]
    assert location == "/sign-in?next_page=%2Fstores%2Fcentro-012%2Fhours%3Fweeks%3D8"
    page = browser.get(location).text
    assert 'name="next_page" value="/stores/centro-012/hours?weeks=8"' in page
    answer = post_sign_in(browser, "analyst", SECRET, "/stores/centro-012/hours?weeks=8")
    assert answer.headers["location"] == "/stores/centro-012/hours?weeks=8"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\n/evil", ""],
)
def test_no_address_of_another_site_is_followed_after_signing_in(
    browser: Client, elsewhere: str
) -> None:
    assert post_sign_in(browser, "analyst", SECRET, elsewhere).headers["location"] == "/"


def test_a_wrong_password_says_so_in_ones_language_and_keeps_the_name(browser: Client) -> None:
    csrf = csrf_of(browser.get("/sign-in?language=es").text)
    form = {"name": "Analyst", "password": "wrong wrong wrong", "csrf": csrf}
    answer = browser.post("/sign-in?language=es", data=form)
    assert answer.status_code == 401
    assert "El nombre o la contraseña no son correctos" in answer.text
    assert 'value="Analyst"' in answer.text
    assert "wrong wrong wrong" not in answer.text


def test_too_many_failures_are_told_with_the_seconds_to_wait(site: Site, browser: Client) -> None:
    site.parts.accounts.add_user("throttled", SECRET, Role.ANALYST)
    for _ in range(FREE_TRIES):
        assert post_sign_in(browser, "throttled", "wrong wrong wrong").status_code == 401
    answer = post_sign_in(browser, "throttled", SECRET)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert "Try again in 1 second." in answer.text


def test_what_was_typed_is_shown_as_text_and_never_as_markup(browser: Client) -> None:
    answer = post_sign_in(browser, "<script>alert(1)</script>", "wrong wrong wrong")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_signing_out_ends_the_session_also_for_a_copied_cookie(site: Site, browser: Client) -> None:
    post_sign_in(browser, "analyst", SECRET)
    copied = browser.cookies["semblante-session"]
    csrf = csrf_of(browser.get("/settings").text)
    assert browser.post("/sign-out", data={"csrf": csrf}).headers["location"] == "/sign-in"
    assert site.parts.accounts.signed_in(copied) is None
    assert browser.get("/settings").status_code == 303


def test_half_an_hour_without_use_leads_back_to_the_sign_in_page(
    browser: Client, clock: Clock
) -> None:
    post_sign_in(browser, "analyst", SECRET)
    clock.ms += IDLE_MS
    try:
        assert browser.get("/settings").headers["location"].startswith("/sign-in")
    finally:
        clock.ms -= IDLE_MS


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "%00", "ñ"])
def test_a_senseless_cookie_is_nobody(browser: Client, cookie: str) -> None:
    headers = {b"cookie": f"semblante-session={cookie}".encode()}
    assert browser.get("/settings", headers=headers).status_code == 303


def test_another_password_works_at_once_and_the_old_one_no_more(site: Site) -> None:
    site.parts.accounts.add_user("changer", SECRET, Role.ANALYST)
    with closing(signed_in_browser(site, "changer")) as browser:
        form = {"csrf": csrf_of(browser.get("/settings").text), "old": SECRET}
        new = {"new": "four quite new words", "again": "four quite new words"}
        for wrong in (
            {**form, "new": "short", "again": "short"},
            {**form, **new, "again": "another thing"},
            {**form, **new, "old": "wrong wrong wrong"},
        ):
            assert browser.post("/settings/password", data=wrong).status_code == 400
        done = browser.post("/settings/password", data={**form, **new})
        assert done.headers["location"] == "/settings?done=password"
        assert browser.get("/settings").status_code == 200
    with closing(browser_of(site)) as other:
        assert post_sign_in(other, "changer", SECRET).status_code == 401
        assert post_sign_in(other, "changer", "four quite new words").status_code == 303


def test_the_language_follows_the_user(site: Site) -> None:
    site.parts.accounts.add_user("reader", SECRET, Role.ANALYST)
    with closing(signed_in_browser(site, "reader")) as browser:
        form = {"csrf": csrf_of(browser.get("/settings").text), "page": "/settings"}
        browser.post("/settings/language", data={**form, "language": "es"})
        assert '<html lang="es">' in browser.get("/settings").text
        browser.post("/settings/language", data={**form, "language": "xx"})
    with closing(signed_in_browser(site, "reader")) as another:
        assert "Contraseña actual" in another.get("/settings").text
