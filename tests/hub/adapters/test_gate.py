"""The door for certificates at a real broker: who comes in, and that whoever is shut out is out."""

from __future__ import annotations

import gc
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.authority import REVOKED, CertificateAuthority, life_of, serials_in
from hub.adapters.gate import Ended, Gate
from hub.adapters.mosquitto import BrokerFiles
from hub.core.accounts import Note
from hub.core.hours import DAY_MS
from hub.core.identity import Why
from shared.places import KioskId, StoreId
from tests.hub.test_identity import NOW
from tests.parts.databases import migrated_sqlite
from tests.parts.devices import Device
from tests.parts.gated import Gated, Peer, running_gate, wait_until


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    folder = tmp_path_factory.mktemp("gated")
    with migrated_sqlite(folder / "hub.db") as engine, running_gate(engine, folder) as running:
        yield running


@pytest.fixture
def ears(gated: Gated) -> Iterator[list[str]]:
    """What the hub hears, by its password at the other door."""
    heard: list[str] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, "hub")
    client.username_pw_set("hub", gated.broker.hub_password)
    client.on_message = lambda _c, _u, message: heard.append(message.topic)
    ready: list[int] = []
    client.on_subscribe = lambda *_: ready.append(1)
    client.connect("127.0.0.1", gated.broker.port)
    client.loop_start()
    wait_until(client.is_connected)
    client.subscribe("semblante/v1/+/+/status", 1)
    wait_until(lambda: ready)
    yield heard
    client.disconnect()
    client.loop_stop()


@pytest.mark.assertion("SEM-IDN-007")
def test_a_kiosk_with_a_certificate_is_heard_and_no_file_was_written_for_it(
    gated: Gated, ears: list[str]
) -> None:
    before = {file: file.stat().st_mtime_ns for file in gated.broker.files.folder.iterdir()}
    peer = gated.join("k-heard")
    peer.connect()
    peer.say("status")
    wait_until(lambda: "semblante/v1/centro/k-heard/status" in ears)
    after = {file: file.stat().st_mtime_ns for file in gated.broker.files.folder.iterdir()}
    assert before == after
    peer.close()


@pytest.mark.assertion("SEM-IDN-008")
def test_who_is_revoked_is_out_at_once_and_does_not_come_back(
    gated: Gated, ears: list[str]
) -> None:
    peer = gated.join("k-lost")
    peer.connect()
    peer.say("status")
    wait_until(lambda: "semblante/v1/centro/k-lost/status" in ears)
    gated.identity.revoke(KioskId("k-lost"), "ana")
    wait_until(lambda: not peer.client.is_connected())
    assert "user centro/k-lost" in gated.broker.files.rights.read_text()
    peer.close()
    with pytest.raises(ssl.SSLError):
        _greet(peer)


def test_a_connection_that_stands_is_deaf_and_dumb_also_where_nobody_ends_it(
    gated: Gated, ears: list[str]
) -> None:
    peer, witness = gated.join("k-quiet"), gated.join("k-loud")
    peer.connect()
    witness.connect()
    peer.say("status")
    wait_until(lambda: len(ears) == 1)
    note = Note(NOW, "ana", "certificate revoked", "k-quiet")
    gated.scene.book.revoke(KioskId("k-quiet"), Why.REVOKED, NOW, note)
    blind = Gate(gated.scene.book, gated.scene.authority, gated.broker.files,
                 ("127.0.0.1", "localhost"), lambda: NOW)  # fmt: skip
    assert blind.follow()
    wait_until(lambda: _is_deaf(peer, witness, ears))
    peer.close()
    witness.close()


def test_another_device_takes_the_place_of_the_one_before(gated: Gated, ears: list[str]) -> None:
    old = gated.join("k-swap")
    old.connect()
    new = gated.join("k-swap")
    new.connect()
    wait_until(lambda: not old.client.is_connected())
    new.say("status")
    wait_until(lambda: "semblante/v1/centro/k-swap/status" in ears)
    new.close()
    old.close()
    with pytest.raises(ssl.SSLError):
        _greet(old)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # paho's, where TLS fails
def test_without_a_certificate_or_with_a_foreign_one_nobody_comes_in(
    gated: Gated, tmp_path: Path
) -> None:
    stranger = CertificateAuthority(tmp_path)
    stranger.keyring.make(NOW)
    device = Device()
    signed = stranger.sign(device.request(), "centro/k-heard", NOW)
    file = tmp_path / "both.pem"
    file.write_text(signed.pem + device.pem())
    for certificate in (None, file):
        context = ssl.create_default_context(cadata=gated.scene.authority.trusted())
        if certificate is not None:
            context.load_cert_chain(certificate)
        client = paho.Client(CallbackAPIVersion.VERSION2, "x", reconnect_on_failure=False)
        client.tls_set_context(context)
        with pytest.raises(OSError):  # noqa: PT011 - whatever it says, it is not let in
            _greet_by(client, gated.port)
    gc.collect()


class Nothing:
    """Nothing has ended."""

    def ended(self, at: int) -> Ended:
        return Ended({}, set())


@pytest.fixture
def files(tmp_path: Path) -> BrokerFiles:
    files = BrokerFiles(tmp_path / "mosquitto")
    files.write(host="127.0.0.1", port=1)
    return files


def gate_at(files: BrokerFiles, authority: CertificateAuthority, now: int) -> Gate:
    return Gate(Nothing(), authority, files, ("hub",), lambda: now)


def test_server_certificates_are_renewed_in_time_and_for_new_names(
    files: BrokerFiles, tmp_path: Path
) -> None:
    authority = CertificateAuthority(tmp_path / "authority")
    assert not gate_at(files, authority, NOW).follow(), "there is no authority yet"
    authority.keyring.make(NOW)
    assert gate_at(files, authority, NOW).follow()
    first = files.certificate.read_text()
    assert not gate_at(files, authority, NOW + 1_000).follow()
    gate_at(files, authority, NOW + 61 * DAY_MS).follow()
    second = files.certificate.read_text()
    assert life_of(second)[1] > life_of(first)[1]
    assert (tmp_path / "authority" / "web.pem").exists()
    Gate(Nothing(), authority, files, ("hub", "other"), lambda: NOW).follow()
    assert files.certificate.read_text() != second


def test_a_key_that_is_another_ones_is_mended(files: BrokerFiles, tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path / "authority")
    authority.keyring.make(NOW)
    gate_at(files, authority, NOW).follow()
    (files.folder / "broker-key.pem").write_text(Device().pem())
    assert gate_at(files, authority, NOW).follow()
    assert not gate_at(files, authority, NOW).follow()


def test_a_password_from_before_ends_with_the_certificate(
    files: BrokerFiles, tmp_path: Path
) -> None:
    class Gone(Nothing):
        def ended(self, at: int) -> Ended:
            return Ended({"abc": NOW}, {"centro/k-1"})

    authority = CertificateAuthority(tmp_path / "authority")
    authority.keyring.make(NOW)
    files.enrol(KioskId("k-1"), StoreId("centro"))
    unseated: list[str] = []
    gate = Gate(Gone(), authority, files, ("hub",), lambda: NOW, unseated.append)
    assert gate.follow()
    assert (files.users(), files.barred()) == (["hub"], {"centro/k-1"})
    assert unseated == ["centro/k-1"]
    assert not gate.follow()
    assert len(unseated) == 1


def test_a_new_root_gives_the_servers_new_certificates(files: BrokerFiles, tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path / "authority")
    authority.keyring.make(NOW)
    gate_at(files, authority, NOW).follow()
    authority.keyring.rotate_root(NOW)
    assert gate_at(files, authority, NOW).follow()
    assert files.certificate.read_text().count("BEGIN CERTIFICATE") == 2
    assert files.authority.read_text().count("BEGIN CERTIFICATE") == 2
    assert files.revoked.read_text().count("BEGIN X509 CRL") == 2


def test_the_list_is_written_anew_each_day_and_never_forgets(
    files: BrokerFiles, tmp_path: Path
) -> None:
    authority = CertificateAuthority(tmp_path / "authority")
    authority.keyring.make(NOW)
    before = authority.keyring.folder / REVOKED
    before.write_text(authority.revocations({"abc": NOW}, NOW))
    gate_at(files, authority, NOW).follow()
    assert serials_in(files.revoked.read_text()) == {"abc": NOW}
    old = NOW - 2 * DAY_MS
    os.utime(before, (old / 1_000, old / 1_000))
    assert gate_at(files, authority, NOW).follow()
    gate_at(files, authority, NOW + 401 * DAY_MS).follow()
    assert serials_in(files.revoked.read_text()) == {}


def _greet(peer: Peer) -> None:
    _greet_by(peer.client, peer._port)


def _greet_by(client: paho.Client, port: int) -> None:
    client.connect("127.0.0.1", port)
    for _ in range(50):  # TLS 1.3 tells a client that it is refused with the first bytes it reads
        if client.loop(0.1) != paho.MQTT_ERR_SUCCESS:
            raise ssl.SSLError("the broker hung up")
    assert client.is_connected()


def _is_deaf(peer: Peer, witness: Peer, ears: list[str]) -> bool:
    ears.clear()
    peer.say("status")
    witness.say("status")
    wait_until(lambda: "semblante/v1/centro/k-loud/status" in ears)
    return "semblante/v1/centro/k-quiet/status" not in ears
