"""Webhooks: taken or refused by a real receiver, and never sent where they must not go."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.webhooks import Webhooks
from shared.errors import WebhookFailed
from tests.parts.receiver import Receiver, make_certificate, receiving

HERE = (ip_network("127.0.0.0/8"),)
HEADERS = {"Content-Type": "application/json", "Semblante-Signature": "sha256=ab"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def safe(certificate: Path) -> Iterator[Receiver]:
    with receiving(certificate) as receiver:
        yield receiver


def here(receiver: Receiver) -> Any:
    """A name that leads to this machine alone, whatever it is."""

    def resolve(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    return resolve


def test_what_is_sent_arrives_whole(receiver: Receiver) -> None:
    Webhooks(HERE).post(receiver.address, b'{"a":1}', HEADERS)
    came = receiver.next()
    assert (came.path, came.body) == ("/alerts?shop=1", b'{"a":1}')
    assert came.headers["Host"] == f"localhost:{receiver.port}"
    assert came.headers["Semblante-Signature"] == "sha256=ab"
    assert came.headers["Content-Type"] == "application/json"


def test_by_https_the_receiver_is_who_it_says_it_is(safe: Receiver, certificate: Path) -> None:
    Webhooks(HERE, certificate).post(safe.address, b"{}", HEADERS)
    assert safe.next().body == b"{}"


def test_a_certificate_that_nobody_vouches_for_is_not_believed(safe: Receiver) -> None:
    with pytest.raises(WebhookFailed, match="CERTIFICATE_VERIFY_FAILED"):
        Webhooks(HERE).post(safe.address, b"{}", {})
    assert safe.arrived.empty()


def test_a_certificate_for_another_name_is_not_believed(safe: Receiver, certificate: Path) -> None:
    other = safe.address.replace("localhost", "alerts.example.org")
    with pytest.raises(WebhookFailed, match="Hostname mismatch"):
        Webhooks(HERE, certificate, resolve=here(safe)).post(other, b"{}", {})
    assert safe.arrived.empty()


@pytest.mark.parametrize("status", [300, 302, 307, 400, 404, 410, 429, 500, 503])
def test_whatever_is_no_yes_is_a_no(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    with pytest.raises(WebhookFailed, match=f"answered {status}"):
        Webhooks(HERE).post(receiver.address, b"{}", {})


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_yes_is_one(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    Webhooks(HERE).post(receiver.address, b"{}", {})
    assert receiver.arrived.qsize() == 1


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as other:
        receiver.answers, receiver.location = [307], other.address
        with pytest.raises(WebhookFailed, match="answered 307"):
            Webhooks(HERE).post(receiver.address, b"{}", {})
        assert other.arrived.empty()


def test_nothing_is_sent_into_networks_that_the_settings_do_not_name(receiver: Receiver) -> None:
    for inside in ((), (ip_network("10.0.0.0/8"),)):
        with pytest.raises(WebhookFailed, match="where nothing may be sent") as refused:
            Webhooks(inside).post(receiver.address, b"{}", {})
        assert "alerts.networks" in refused.value.hint
    assert receiver.arrived.empty()


def test_a_name_that_leads_to_several_machines_is_used_where_it_may_be(receiver: Receiver) -> None:
    asked = []

    def resolve(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        places = ["169.254.169.254", "fe80::1%eth0", "10.0.0.1", "127.0.0.1"]
        return [(0, 0, 0, "", (place, port)) for place in places]

    Webhooks(HERE, resolve=resolve).post(receiver.address, b"{}", {})
    assert asked == ["localhost"]  # once: what was judged is what is connected to
    assert receiver.arrived.qsize() == 1


def test_a_name_is_never_looked_up_again_once_its_addresses_were_judged(
    receiver: Receiver,
) -> None:
    name = f"http://nobody-knows-it.invalid:{receiver.port}/alerts"
    Webhooks(HERE, resolve=here(receiver)).post(name, b"{}", {})
    assert receiver.next().headers["Host"] == f"nobody-knows-it.invalid:{receiver.port}"


def test_where_one_address_of_a_name_is_dead_the_next_is_tried(receiver: Receiver) -> None:
    def resolve(_host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (place, port)) for place in ("127.9.9.9", "127.0.0.1")]

    Webhooks(HERE, resolve=resolve).post(receiver.address, b"{}", {})
    assert receiver.arrived.qsize() == 1


def test_many_dead_addresses_of_a_name_cost_no_more_time_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = []

    def connect(_place: tuple[str, int], seconds: float) -> socket.socket:
        waited.append(seconds)
        raise TimeoutError

    def resolve(_host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (f"127.0.0.{n}", port)) for n in range(1, 9)]

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(WebhookFailed, match="TimeoutError"):
        Webhooks(HERE, seconds=3, resolve=resolve).post("http://shop.example/", b"{}", {})
    assert waited == [1, 1, 1]


@pytest.mark.parametrize(
    "address", ["", "gopher://x", "http://", "http://localhost:99999/", "http://u:p@localhost/"]
)
def test_what_is_no_address_leads_nowhere(address: str) -> None:
    with pytest.raises(WebhookFailed, match="no address"):
        Webhooks(HERE).post(address, b"{}", {})


def test_where_nobody_listens_it_is_said(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
            Webhooks(HERE).post(f"http://localhost:{free.getsockname()[1]}/", b"{}", {})


def test_a_name_that_nobody_knows_is_said() -> None:
    def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(WebhookFailed, match="Name or service not known"):
        Webhooks(resolve=resolve).post("https://nowhere.example/", b"{}", {})


def test_one_that_never_answers_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(WebhookFailed):
            Webhooks(HERE, seconds=0.3).post(
                f"http://localhost:{server.getsockname()[1]}/", b"{}", {}
            )
    assert time.monotonic() - began < 3


def test_one_that_gives_a_byte_at_a_time_is_not_waited_for(receiver: Receiver) -> None:
    def drip(file: Any) -> None:
        with contextlib.suppress(OSError):
            file.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):  # five seconds, if it were listened to
                file.write(b"X: y\r\n")
                time.sleep(0.05)

    receiver.before = drip
    began = time.monotonic()
    with pytest.raises(WebhookFailed, match="took too long"):
        Webhooks(HERE, seconds=0.4).post(receiver.address, b"{}", {})
    assert time.monotonic() - began < 3


def test_an_answer_without_end_is_not_read(receiver: Receiver) -> None:
    def flood(file: Any) -> None:
        file.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                file.write(b"10000\r\n" + bytes(65_536) + b"\r\n")

    receiver.before = flood
    Webhooks(HERE).post(receiver.address, b"{}", {})


@pytest.mark.parametrize("nonsense", [b"\x00" * 200, b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_what_is_no_answer_is_a_no(receiver: Receiver, nonsense: bytes) -> None:
    def speak(file: Any) -> None:
        file.write(nonsense)
        raise ConnectionAbortedError

    receiver.before = speak
    with pytest.raises(WebhookFailed):
        Webhooks(HERE, seconds=1).post(receiver.address, b"{}", {})
