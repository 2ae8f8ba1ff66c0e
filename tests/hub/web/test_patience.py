"""Requests that arrive a byte at a time, over real and slow connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from httpx import Client

import hub.web.patience
from tests.hub.web.building import CENTRO, Site
from tests.hub.web.conftest import SignIn, csrf_of

PATIENCE = 0.4
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that waits a little, and not half a minute."""
    monkeypatch.setattr(hub.web.patience, "PATIENCE_SECONDS", PATIENCE)


@contextmanager
def line_to(site: Site) -> Iterator[socket.socket]:
    host, _, port = site.parts.public_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        yield line


def heard(line: socket.socket, dripping: bytes = b"") -> bytes:
    """All that the hub says until it ends the connection, while bytes drip out one by one."""
    over = threading.Event()

    def drip() -> None:
        try:
            while dripping and not over.wait(PATIENCE / 10):
                line.sendall(dripping)
        except OSError:
            pass  # the hub has hung up

    dripper = threading.Thread(target=drip)
    dripper.start()
    told = b""
    try:
        while piece := line.recv(65536):
            told += piece
    except ConnectionResetError:
        pass  # it hung up while a byte was on its way
    over.set()
    dripper.join(10)
    return told


def test_a_body_that_drips_is_answered_408_and_the_connection_ends(site: Site) -> None:
    with line_to(site) as line:
        line.sendall(HEAD + b"Content-Length: 5000\r\n\r\nname=")
        told = heard(line, b"x")
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in told.lower()


def test_a_body_in_endless_small_pieces_is_answered_408(site: Site) -> None:
    with line_to(site) as line:
        line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        assert heard(line, b"1\r\nx\r\n").startswith(b"HTTP/1.1 408 ")


def test_a_body_that_never_comes_is_answered_408(site: Site) -> None:
    with line_to(site) as line:
        line.sendall(HEAD + b"Content-Length: 10\r\n\r\n")
        assert heard(line).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: "])
def test_a_head_that_does_not_end_ends_the_connection(site: Site, begun: bytes) -> None:
    with line_to(site) as line:
        line.sendall(begun)
        assert heard(line, b"x" if begun else b"") == b""


def test_a_body_that_nobody_asked_for_keeps_no_connection_open(site: Site) -> None:
    """The answer is there at once; what still drips in is not waited for."""
    with line_to(site) as line:
        line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: hub\r\nContent-Length: 5000\r\n\r\n")
        assert heard(line, b"x").startswith(b"HTTP/1.1 200 ")


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(site: Site) -> None:
    with line_to(site) as line:
        line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: hub\r\n\r\n")
        line.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
        told = heard(line, b"x")
    assert told.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in told


def test_a_form_that_is_slow_but_in_time_is_taken(site: Site, stranger: Client) -> None:
    token = csrf_of(stranger.get("/sign-in").text)
    cookies = "; ".join(f"{name}={value}" for name, value in stranger.cookies.items()).encode()
    body = b"name=nobody&password=wrong-password&csrf=" + token.encode()
    with line_to(site) as line:
        line.sendall(HEAD + b"Connection: close\r\nCookie: " + cookies + b"\r\n")
        line.sendall(b"Origin: " + site.parts.public_url.encode() + b"\r\n")
        threading.Event().wait(PATIENCE / 2)  # a slow line: half the time for the head …
        line.sendall(b"Content-Length: %d\r\n\r\n" % len(body))
        threading.Event().wait(PATIENCE * 0.7)  # … and more than half for the body
        line.sendall(body)
        assert heard(line).startswith(b"HTTP/1.1 401 ")


def test_an_answer_may_take_as_long_as_it_likes(site: Site, sign_in: SignIn) -> None:
    """A live stream goes on long after the time in which a request must arrive."""
    with sign_in("analyst").stream("GET", f"/stores/{CENTRO}/today/live") as answer:
        pieces = answer.iter_bytes()
        next(pieces)
        threading.Event().wait(PATIENCE * 2)
        site.parts.live.notify(CENTRO)
        assert site.parts.live.viewers == 1
        assert not answer.is_closed
