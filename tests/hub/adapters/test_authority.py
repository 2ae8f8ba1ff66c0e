"""The authority: what it signs, what it refuses, and that a new root leaves nobody outside."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.adapters.authority import CertificateAuthority, life_of, names_in, serials_in
from hub.core.hours import DAY_MS
from shared.errors import DeviceError, JoinRefused
from tests.parts.devices import Device

NOW = 1_795_392_000_000
NAME = "centro/kiosk-1"


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return made(tmp_path / "authority")


def made(folder: Path, at: int = NOW) -> CertificateAuthority:
    authority = CertificateAuthority(folder)
    assert authority.keyring.make(at)
    return authority


def test_a_certificate_is_ours_in_everything_but_the_key(authority: CertificateAuthority) -> None:
    device = Device()
    signed = authority.sign(device.request("centro/kiosk-2"), NAME, NOW)
    leaf = x509.load_pem_x509_certificate(signed.pem.encode())
    assert [one.value for one in leaf.subject] == [NAME]
    assert leaf.public_key() == device.key.public_key()
    kinds = {one.oid._name for one in leaf.extensions}
    assert "subjectAltName" not in kinds
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    life = leaf.not_valid_after_utc - datetime.fromtimestamp(NOW / 1_000, UTC)
    assert life == timedelta(days=30)
    assert signed.not_after == NOW + 30 * DAY_MS
    assert signed.key == authority.key_of(device.request())


def requests_of_others() -> Iterator[str]:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    pem = form.Encoding.PEM
    yield builder.sign(rsa.generate_private_key(65537, 2048), SHA256()).public_bytes(pem).decode()
    yield builder.sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(pem).decode()
    yield Device(ec.SECP384R1()).request()
    yield Device(ec.SECP256K1()).request()
    yield Device().request()[:300]
    yield "x" * 9_000
    yield "ñ"


OTHERS = ("RSA", "Ed25519", "P-384", "secp256k1", "cut off", "too long", "no ASCII")


@pytest.mark.parametrize("request_", list(requests_of_others()), ids=OTHERS)
def test_only_a_p256_request_is_taken(authority: CertificateAuthority, request_: str) -> None:
    for act in (authority.key_of, lambda it: authority.sign(it, NAME, NOW)):
        with pytest.raises(JoinRefused) as refusal:
            act(request_)
        assert refusal.value.code == "csr"


def test_a_request_that_its_own_key_did_not_sign_is_refused(
    authority: CertificateAuthority,
) -> None:
    der = bytearray(
        x509.load_pem_x509_csr(Device().request().encode()).public_bytes(form.Encoding.DER)
    )
    der[-1] ^= 1
    forged = x509.load_der_x509_csr(bytes(der)).public_bytes(form.Encoding.PEM).decode()
    with pytest.raises(JoinRefused):
        authority.key_of(forged)


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_whatever_make_it_fail(noise: bytes, at: int) -> None:
    asked = REQUEST[:at] + noise.decode("latin-1") + REQUEST[at + len(noise) :]
    with contextlib.suppress(JoinRefused):
        AUTHORITY.key_of(asked)
    with pytest.raises(JoinRefused):
        AUTHORITY.old(asked, REQUEST, "AAAA")


def test_a_renewal_needs_a_certificate_of_ours_and_its_key(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    old, new = Device(), Device()
    signed = authority.sign(old.request(), NAME, NOW)
    asked = new.request()
    found = authority.old(signed.pem, asked, old.prove(asked))
    assert (found.serial, found.name, found.not_after) == (signed.serial, NAME, signed.not_after)
    for proof in (new.prove(asked), old.prove(new.request()), "", "é", "AA=", "x" * 400):
        with pytest.raises(JoinRefused, match="old key"):
            authority.old(signed.pem, asked, proof)
    foreign = made(tmp_path / "another").sign(old.request(), NAME, NOW)
    with pytest.raises(JoinRefused, match="not of this hub"):
        authority.old(foreign.pem, asked, old.prove(asked))


def test_keys_are_for_their_owner_alone_and_making_twice_changes_nothing(
    authority: CertificateAuthority,
) -> None:
    folder = authority.keyring.folder
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.glob("*.pem")}
    assert {mode for name, mode in modes.items() if name != "authority.pem"} == {0o600}
    assert modes["authority.pem"] == 0o644
    before = authority.fingerprint()
    assert not authority.keyring.make(NOW + DAY_MS)
    assert CertificateAuthority(folder).fingerprint() == before


def test_where_there_is_none_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no authority") as fault:
        CertificateAuthority(tmp_path).trusted()
    assert "authority init" in fault.value.hint
    (tmp_path / "index.json").write_text("{}")
    with pytest.raises(DeviceError, match="cannot be read"):
        CertificateAuthority(tmp_path).trusted()


def test_a_server_is_trusted_through_either_root_after_a_rotation(tmp_path: Path) -> None:
    now = int(datetime.now(UTC).timestamp() * 1_000)
    authority = made(tmp_path, now)
    before = authority.trusted()
    authority.keyring.rotate_root(now)
    both = authority.trusted()
    assert both.endswith(before)
    chain, key = authority.server(("localhost", "127.0.0.1"), now)
    assert names_in(chain) == ("localhost", "127.0.0.1")
    newest = both.removesuffix(before)
    assert all(_shakes_hands(tmp_path, chain, key, roots) for roots in (before, newest, both))
    stranger = made(tmp_path / "stranger", now).trusted()
    assert not _shakes_hands(tmp_path, chain, key, stranger)


def test_kiosks_keep_their_certificates_through_a_rotation(tmp_path: Path) -> None:
    authority, device = made(tmp_path), Device()
    old = authority.sign(device.request(), NAME, NOW)
    authority.keyring.rotate_root(NOW + 1)
    asked = Device().request()
    assert authority.old(old.pem, asked, device.prove(asked)).serial == old.serial
    revoked = serials_in(authority.revocations({old.serial: NOW}, NOW))
    assert revoked == {old.serial: NOW}
    assert authority.revocations({}, NOW).count("BEGIN X509 CRL") == 2


def test_a_new_signing_key_is_told_before_it_signs_and_the_old_one_after(tmp_path: Path) -> None:
    authority = made(tmp_path)
    (old,) = authority.signing_keys(NOW)
    begins = authority.keyring.rotate_signing(NOW)
    assert begins == NOW + 35 * DAY_MS
    told = authority.signing_keys(NOW)
    assert told[0] == old
    assert len(told) == 2
    assert authority.signer(begins - 1)[0] == old.id
    assert authority.signer(begins)[0] == told[1].id
    assert authority.signing_keys(begins + 34 * DAY_MS) == told
    assert authority.signing_keys(begins + 36 * DAY_MS) == told[1:]


def test_a_stolen_signing_key_ends_at_once(tmp_path: Path) -> None:
    authority = made(tmp_path)
    (old,) = authority.signing_keys(NOW)
    authority.keyring.rotate_signing(NOW, at_once=True)
    (new,) = authority.signing_keys(NOW)
    assert new != old
    assert authority.signer(NOW)[0] == new.id


def test_a_rotation_by_a_command_is_seen_by_a_hub_that_runs(tmp_path: Path) -> None:
    running = made(tmp_path)
    before = running.fingerprint()
    CertificateAuthority(tmp_path).keyring.rotate_root(NOW)
    assert running.fingerprint() != before


def test_lives_and_lists_can_be_read_again(authority: CertificateAuthority) -> None:
    chain, _ = authority.server(("hub",), NOW)
    assert life_of(chain)[1] == NOW + 90 * DAY_MS
    assert serials_in("rubbish") == {}
    assert serials_in("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n") == {}


def test_the_hub_itself_can_knock_for_an_hour(authority: CertificateAuthority) -> None:
    leaf = x509.load_pem_x509_certificate(authority.visitor("@witness", NOW)[0].encode())
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert [name.value for name in names] == ["@witness"]
    ends = int(leaf.not_valid_after_utc.timestamp() * 1_000)
    assert ends == NOW + 3_600_000


def _shakes_hands(folder: Path, chain: str, key: str, roots: str) -> bool:
    (folder / "chain.pem").write_text(chain)
    (folder / "chain-key.pem").write_text(key)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "chain.pem", folder / "chain-key.pem")
    client = ssl.create_default_context(cadata=roots)
    client.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
    here, there = socket.socketpair()
    with here, there:
        greeting = threading.Thread(target=_greet, args=(server, there))
        greeting.start()
        try:
            here.settimeout(10)
            client.wrap_socket(here, server_hostname="127.0.0.1").close()
        except ssl.SSLError:
            return False
        finally:
            here.close()
            greeting.join(10)
    return True


def _greet(server: ssl.SSLContext, there: socket.socket) -> None:
    there.settimeout(10)
    with contextlib.suppress(OSError):
        server.wrap_socket(there, server_side=True).close()


class _Nothing(CertificateAuthority):
    """An authority without a folder: it reads requests all the same."""

    def __init__(self) -> None:
        super().__init__(Path("/nonexistent"))
        self.keyring.roots = list  # type: ignore[method-assign]


AUTHORITY, REQUEST = _Nothing(), Device().request()
