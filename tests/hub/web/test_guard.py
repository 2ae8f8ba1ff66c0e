"""What stands around every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from httpx import Client
from starlette.types import Message

from hub.web.guard import LARGEST_BODY, BoundedBody
from tests.hub.web.conftest import SignIn


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/settings", "/static/x/look.css"])
def test_every_answer_carries_the_security_headers(sign_in: SignIn, path: str) -> None:
    headers = sign_in("analyst").get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_no_page_has_inline_script_or_style(sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    for path in ("/stores/centro-012/today", "/stores/centro-012/hours", "/users", "/nowhere"):
        page = browser.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


def test_a_body_over_its_bound_is_refused(stranger: Client) -> None:
    answer = stranger.post("/sign-in", data={"name": "x" * LARGEST_BODY})
    assert answer.status_code == 413


def test_a_body_that_says_that_it_is_too_large_is_refused_before_it_is_read() -> None:
    answers: list[Message] = []

    async def nobody(*_: object) -> None:
        raise AssertionError("it was passed on")

    async def send(message: Message) -> None:
        answers.append(message)

    async def receive() -> Message:
        raise AssertionError("it was read")

    told = [(b"content-length", b"%d" % (LARGEST_BODY + 1))]
    asyncio.run(BoundedBody(nobody)({"type": "http", "headers": told}, receive, send))
    assert answers[0]["status"] == 413


def test_a_body_that_does_not_tell_its_length_is_cut_off_at_the_bound(stranger: Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(3):
            yield b"name=" + b"x" * (LARGEST_BODY // 2)

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert stranger.post("/sign-in", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"\xff\xfe%%%=&&&&"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b""),
        ("application/json", b"{"),
        ("text/plain", b"name=1"),
    ],
)
def test_a_form_that_is_no_form_gets_an_answer_and_no_fault(
    stranger: Client, kind: str, body: bytes
) -> None:
    answer = stranger.post("/sign-in", content=body, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500
