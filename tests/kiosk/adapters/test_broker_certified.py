"""A certificate instead of a password, at a real mosquitto that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.identity import IdentityFolder
from shared.topics import Channel
from tests.fakes.broker import Ear
from tests.parts.authority import CENTRO, KIOSK, SmallAuthority
from tests.parts.certified import CertifiedBroker


@pytest.fixture(scope="module")
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def served(tmp_path: Path, authority: SmallAuthority) -> Iterator[CertifiedBroker]:
    with CertifiedBroker(tmp_path, authority) as broker:
        yield broker


def address(folder: Path, port: int) -> BrokerAddress:
    return BrokerAddress("127.0.0.1", port, CENTRO, KIOSK, identity=folder)


def outcome(where: BrokerAddress, *, dates: bool = True) -> str:
    """How a first connection begins: “connected”, or why not."""
    ear, broker = Ear(), MqttBroker(where, lambda: dates)
    broker.connect(ear, b"")
    try:
        word, detail = ear.wait_for_any()
    finally:
        broker.close()
    return word if detail is None else str(detail)


def test_the_certificate_is_the_name_and_the_password(
    tmp_path: Path, served: CertifiedBroker, authority: SmallAuthority
) -> None:
    folder = IdentityFolder(tmp_path / "identity")
    folder.accept(authority.joined(folder.request()))
    ear, broker = Ear(), MqttBroker(address(tmp_path / "identity", served.port))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    assert broker.publish(Channel.NOTICE, b"said to itself")
    assert ear.wait_for("received") == [(Channel.NOTICE, b"said to itself")]
    broker.close()


def test_it_is_read_anew_at_each_connection(
    tmp_path: Path, served: CertifiedBroker, authority: SmallAuthority
) -> None:
    folder = IdentityFolder(tmp_path / "identity")
    where = address(tmp_path / "identity", served.port)
    assert "not joined" in outcome(where)
    folder.accept(authority.joined(folder.request(), life=(-9, -1)))
    assert "ended it" in outcome(where)  # TLS 1.3 lets the broker refuse only afterwards
    folder.accept(authority.joined(folder.request()))
    assert outcome(where) == "connected"


def test_a_broker_of_another_authority_is_not_believed(
    tmp_path: Path, served: CertifiedBroker, authority: SmallAuthority
) -> None:
    folder, other = IdentityFolder(tmp_path / "identity"), SmallAuthority()
    folder.accept(other.joined(folder.request()))
    assert "certificate verify failed" in outcome(address(tmp_path / "identity", served.port))
    elsewhere = replace(address(tmp_path / "identity", served.port), host="127.0.0.2")
    assert outcome(elsewhere) != "connected"


def test_a_clock_that_may_be_wrong_does_not_judge_the_dates(
    tmp_path: Path, authority: SmallAuthority
) -> None:
    folder = IdentityFolder(tmp_path / "identity")
    folder.accept(authority.joined(folder.request()))
    with CertifiedBroker(tmp_path, authority, life=(300, 330)) as broker:  # so 1970 looks at 1971
        where = address(tmp_path / "identity", broker.port)
        assert "not yet valid" in outcome(where)
        assert outcome(where, dates=False) == "connected"
