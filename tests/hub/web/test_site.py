"""Errors with hints, and files that may be kept for ever."""

from __future__ import annotations

import re
import socket

import pytest
from httpx import Client

from shared.errors import ArchiveError
from tests.hub.web.building import Site
from tests.hub.web.conftest import SignIn


def test_an_address_that_leads_nowhere_gets_a_page_with_a_hint(sign_in: SignIn) -> None:
    answer = sign_in("analyst").get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "Sign out" in answer.text  # the frame is there: one can go on


def test_a_stranger_sees_the_same_page_without_the_frame(stranger: Client) -> None:
    answer = stranger.get("/nowhere", headers={"accept-language": "es"})
    assert answer.status_code == 404
    assert "Aquí no hay nada" in answer.text
    assert "Salir" not in answer.text


def test_a_program_is_told_in_problem_details(stranger: Client) -> None:
    answer = stranger.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_program_that_is_not_signed_in_is_told_so_and_not_sent_elsewhere(
    stranger: Client,
) -> None:
    answer = stranger.get("/settings", headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer.json()["status"]) == (401, 401)


@pytest.mark.parametrize(
    "path",
    [
        "/stores/centro-012/hours?weeks=5",
        "/stores/centro-012/hours?weeks=9999999999999999999999",
        "/stores/centro-012/hours?weeks=NaN",
        "/stores/centro-012/registers?days=-1",
        "/stores?days=2",
        "/stores/centro-012/today?day=yesterday",
        "/stores/centro-012/today?day=2026-02-30",
        "/users/x",
        "/audit?before=x",
        "/audit?before=99999999999999999999999",
        "/stores/centro-012/today?day=0001-01-01",
    ],
)
def test_senseless_values_are_told_so(sign_in: SignIn, path: str) -> None:
    answer = sign_in("administrator").get(path)
    assert answer.status_code == 400
    assert "makes no sense here" in answer.text


@pytest.mark.parametrize(
    "store", ["nowhere", "CENTRO-012", "a" * 40, "..%2F..", "%00", "centro-012'--", "ñ"]
)
def test_a_store_that_is_not_there_is_not_found(sign_in: SignIn, store: str) -> None:
    assert sign_in("administrator").get(f"/stores/{store}/today").status_code == 404


def test_a_foreign_store_is_answered_exactly_like_one_that_does_not_exist(sign_in: SignIn) -> None:
    manager = sign_in("manager")
    foreign = manager.get("/stores/norte-007/today")
    missing = manager.get("/stores/nowhere-99/today")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace("norte-007", "") == missing.text.replace("nowhere-99", "")


def test_a_fault_in_the_hub_tells_nothing_about_it(
    site: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ArchiveError("the secret name of the database")

    browser = sign_in("analyst")
    monkeypatch.setattr(type(site.parts.reports), "hours", fault)
    answer = browser.get("/stores/centro-012/hours")
    assert answer.status_code == 500
    assert "Something is wrong in the hub" in answer.text
    assert "secret name" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "a@evil.example", 'x"', ""])
def test_no_redirect_leads_to_what_the_request_calls_this_hub(
    stranger: Client, sign_in: SignIn, host: str
) -> None:
    for browser, path in (
        (stranger, "/"),
        (stranger, "/stores/"),
        (sign_in("analyst"), "/stores/"),
        (sign_in("analyst"), "/stores/centro-012/today//?day=2026-11-18"),
        (sign_in("analyst"), "/stores/centro-012/today?day=2026-12-31"),
    ):
        answer = browser.get(path, headers={"host": host})
        assert answer.status_code in (303, 307)
        location = answer.headers["location"]
        assert re.match(r"/[a-z]", location), location
        assert "evil" not in location


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/stores/", "/stores"),
        ("/stores//?days=7", "/stores?days=7"),
        ("/stores/centro-012/today/", "/stores/centro-012/today"),
        ("/stores/a%0d%0aX:1/today/", "/stores/a%0D%0AX%3A1/today"),
        ("/stores/a%3Fb%23c/today/", "/stores/a%3Fb%23c/today"),
    ],
)
def test_a_slash_too_many_is_taken_away(sign_in: SignIn, path: str, plain: str) -> None:
    answer = sign_in("analyst").get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, plain)


@pytest.mark.parametrize(
    "path", ["/nowhere/", "//evil.example/", "//evil.example/stores/", "/%2Fevil.example/", "///"]
)
def test_an_address_of_nothing_is_not_made_into_another(site: Site, path: str) -> None:
    host, _, port = site.parts.public_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n".encode())
        told = b"".join(iter(lambda: line.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 404 ")


def test_files_may_be_kept_for_ever_because_their_address_changes_with_them(
    site: Site, stranger: Client
) -> None:
    assets = site.parts.renderer.assets
    for name in ("look.css", "page.js", "vendor/htmx.min.js"):
        answer = stranger.get(assets.url(name))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert stranger.get("/static/000000000000/look.css").status_code == 404
    assert stranger.get(f"{assets.path}/../../site.py").status_code == 404
    assert stranger.get(f"{assets.path}/%2e%2e/%2e%2e/site.py").status_code == 404
