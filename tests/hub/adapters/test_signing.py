"""What the hub tells is signed: by its key, for its topic, with serials that only rise."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine

from hub.adapters.authority import CertificateAuthority
from hub.adapters.signing import AHEAD, BELIEVED_MS, Signing, SqlSerials
from hub.core.hours import DAY_MS
from shared.signing import SignedMessage, read_signed
from shared.topics import DOWNWARD
from tests.parts.databases import engine, migrated_sqlite

__all__ = ["engine"]

NOW = 1_795_392_000_000
TOPIC = "semblante/v1/centro/k-1/receipt"


class Line:
    """The broker's line."""

    def __init__(self, *, takes: bool = True) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.takes = takes

    def publish(self, topic: str, payload: bytes) -> bool:
        if self.takes:
            self.told.append((topic, payload))
        return self.takes

    def last(self) -> SignedMessage:
        """The newest message, taken apart."""
        return read_signed(self.told[-1][1])


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    authority = CertificateAuthority(tmp_path / "authority")
    authority.keyring.make(NOW)
    return authority


def verify(authority: CertificateAuthority, topic: str, message: SignedMessage) -> None:
    """As a kiosk does; raises InvalidSignature."""
    keys = {key.id: key.public for key in authority.signing_keys(NOW)}
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[message.key_id]))
    public.verify(message.signature, message.to_sign(topic))


@pytest.mark.assertion("SEM-SIG-001")
def test_whatever_is_told_is_signed_for_its_topic(
    authority: CertificateAuthority, engine: Engine
) -> None:
    line = Line()
    tell = Signing(line.publish, authority, SqlSerials(engine), lambda: NOW)
    assert tell(TOPIC, b'{"v":1}')
    message = line.last()
    assert (line.told[0][0], message.body) == (TOPIC, b'{"v":1}')
    verify(authority, TOPIC, message)
    with pytest.raises(InvalidSignature):
        verify(authority, TOPIC.replace("k-1", "k-2"), message)


@pytest.mark.assertion("SEM-SIG-002")
def test_serials_rise_over_restarts_and_clocks_that_go_back(engine: Engine) -> None:
    given = [SqlSerials(engine).next(NOW * 1_000)]
    serials = SqlSerials(engine)
    for now in (NOW, NOW, NOW - DAY_MS, 0, NOW + 1):
        given.append(serials.next(now * 1_000))
    given.append(SqlSerials(engine).next(0))
    assert given == sorted(set(given))
    assert given[0] == NOW * 1_000
    far = given[-1] + 10 * AHEAD
    assert serials.next(far) == far


def test_two_processes_that_take_turns_never_go_back(engine: Engine) -> None:
    one, other = SqlSerials(engine), SqlSerials(engine)
    given = [one.next(NOW * 1_000)]
    other.begin_anew()
    given.append(other.next(NOW * 1_000 + 5))
    one.begin_anew()
    given.append(one.next(NOW * 1_000 + 9))
    assert given == sorted(set(given))


def test_many_threads_get_different_serials(engine: Engine) -> None:
    serials, given = SqlSerials(engine), list[int]()

    def take() -> None:
        given.extend(serials.next(NOW * 1_000) for _ in range(200))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(given)) == 800


@pytest.mark.assertion("SEM-SIG-003")
def test_an_empty_message_stays_empty(authority: CertificateAuthority, tmp_path: Path) -> None:
    line = Line()
    with migrated_sqlite(tmp_path / "hub.db") as database:
        tell = Signing(line.publish, authority, SqlSerials(database), lambda: NOW)
        assert tell(TOPIC, b"")
    assert line.told == [(TOPIC, b"")]


@pytest.mark.assertion("SEM-SIG-004")
@pytest.mark.parametrize("channel", DOWNWARD)
def test_each_channel_says_until_when_it_may_be_believed(
    authority: CertificateAuthority, tmp_path: Path, channel: str
) -> None:
    line = Line()
    with migrated_sqlite(tmp_path / "hub.db") as database:
        tell = Signing(line.publish, authority, SqlSerials(database), lambda: NOW)
        assert tell(f"semblante/v1/centro/k-1/{channel}", b"{}")
    assert line.last().not_after == NOW + BELIEVED_MS[channel]


def test_what_cannot_be_signed_or_taken_goes_on_waiting(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    line, deaf = Line(), Line(takes=False)
    with migrated_sqlite(tmp_path / "hub.db") as database:
        serials = SqlSerials(database)
        nobody = CertificateAuthority(tmp_path / "nowhere")
        assert not Signing(line.publish, nobody, serials, lambda: NOW)(TOPIC, b"{}")
        assert not Signing(deaf.publish, authority, serials, lambda: NOW)(TOPIC, b"{}")
    assert line.told == []
