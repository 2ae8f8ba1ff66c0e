"""A certificate instead of a password, at a real mosquitto that asks for one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.identity import IdentityFolder
from shared.topics import Channel
from tests.fakes.broker import Ear
from tests.parts.authority import CENTRO, KIOSK, SmallAuthority
from tests.parts.ports import free_port, wait_for_port


@dataclass
class CertifiedBroker:
    """A mosquitto that lets in whoever this authority has signed, under that name."""

    folder: Path
    authority: SmallAuthority
    life: tuple[float, float] = (-1, 30)
    port: int = 0

    def __enter__(self) -> CertifiedBroker:
        self.port = free_port()
        certificate, key = self.authority.serve(self.folder, self.life)
        (self.folder / "authority.pem").write_text(self.authority.pem)
        (self.folder / "rights").write_text(
            "pattern write semblante/v1/%u/status\npattern read semblante/v1/%u/notice\n"
            "pattern write semblante/v1/%u/notice\n"
        )
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nuser root\nallow_anonymous false\n"
            f"cafile {self.folder}/authority.pem\ncertfile {certificate}\nkeyfile {key}\n"
            "require_certificate true\nuse_identity_as_username true\n"
            f"use_username_as_clientid true\nacl_file {self.folder}/rights\nlog_type none\n"
        )
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert program is not None, "mosquitto is not installed: run “make setup”"
        self._process = subprocess.Popen(
            [program, "-c", str(self.folder / "mosquitto.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for_port(self.port)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(5)


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
