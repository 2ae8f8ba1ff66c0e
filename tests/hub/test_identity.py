"""Joining and renewing: once, by the right device, at the right point, never by anybody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy import Engine

from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.authority import REVOKED, CertificateAuthority
from hub.adapters.histories import SqlHistories
from hub.adapters.identities import SqlIdentities
from hub.core.guessing import MOST_WRONG
from hub.core.hours import DAY_MS
from hub.core.identity import RENEWALS_A_DAY, Why
from hub.core.measures import JOINS
from hub.core.ports import Point, Store
from hub.identity import LATE_DAYS, Door, Identity
from shared.errors import EnrolmentError, JoinRefused
from shared.joining import Joined, read_code, write_code
from shared.places import KioskId, PointId, StoreId
from tests.fakes.metrics import FakeMetrics
from tests.parts.databases import engine
from tests.parts.devices import Device

__all__ = ["engine"]

NOW = 1_795_392_000_000
CENTRO, CAJA, ENTRADA = StoreId("centro"), PointId("caja-1"), PointId("entrada")
K1, K2 = KioskId("kiosk-1"), KioskId("kiosk-2")
HERE = "10.0.0.7"


class Scene:
    """A store with two points, an authority, and a clock that stands."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.now, self.told, self.metrics = NOW, 0, FakeMetrics()
        self.archive, self.book = SqlArchive(engine), SqlIdentities(engine)
        self.accounts = SqlAccountBook(engine)
        self.authority = CertificateAuthority(folder)
        self.authority.keyring.make(NOW)
        self.archive.add_store(Store(CENTRO, "Mercado Centro", "Europe/Madrid"), NOW)
        for point in (CAJA, ENTRADA):
            self.archive.add_point(Point(CENTRO, point, f"The {point}"))
        door = Door("https://hub.example.com", "broker.example.com", 8883)
        self.identity = Identity(
            self.book, self.authority, door, self.metrics, lambda: self.now, self._tell
        )

    def _tell(self) -> None:
        self.told += 1

    def code(self, kiosk: KioskId = K1, point: PointId = CAJA) -> str:
        """The text of a new code."""
        return self.identity.issue(CENTRO, point, kiosk, "ana").text

    def join(self, code: str, device: Device) -> Joined:
        """A device joins from the store."""
        return self.identity.join(code, device.request(), HERE)

    def renew(self, joined: Joined, old: Device, new: Device) -> Joined:
        """A device renews."""
        asked = new.request()
        return self.identity.renew(joined.certificate, asked, old.prove(asked), HERE)

    def actions(self) -> list[str]:
        """What the audit log says, newest first."""
        return [entry.note.action for entry in self.accounts.entries(20)]


@pytest.fixture
def scene(engine: Engine, tmp_path: Path) -> Scene:
    return Scene(engine, tmp_path / "authority")


def refused(act: Callable[[], object]) -> str:
    """By which code it is refused, and that somebody is told what to do."""
    with pytest.raises(JoinRefused) as fault:
        act()
    assert fault.value.hint
    return fault.value.code


@pytest.mark.assertion("SEM-IDN-001")
def test_a_code_makes_a_device_the_kiosk_of_its_point(scene: Scene) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    assert (joined.store_id, joined.point_id, joined.kiosk_id) == (CENTRO, CAJA, K1)
    assert (joined.store_name, joined.point_name) == ("Mercado Centro", "The caja-1")
    assert (joined.broker_host, joined.broker_port) == ("broker.example.com", 8883)
    assert joined.languages
    leaf = x509.load_pem_x509_certificate(joined.certificate.encode())
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(joined.authority.encode()))
    assert [name.value for name in leaf.subject] == ["centro/kiosk-1"]
    (kiosk,) = scene.archive.kiosks()
    assert (kiosk.kiosk_id, kiosk.point_id) == (K1, CAJA)
    assert scene.told == 0, "nothing is written at the broker"
    assert scene.actions() == ["kiosk joined", "join code made"]
    assert scene.metrics.counted[JOINS, "joined"] == 1


@pytest.mark.assertion("SEM-IDN-002")
def test_a_code_is_kept_as_a_hash_and_lets_in_once(scene: Scene) -> None:
    code, device = scene.code(), Device()
    (kept,) = scene.identity.codes()
    assert code not in repr(kept)
    assert read_code(code).hex() not in repr(kept)
    scene.join(code, device)
    assert refused(lambda: scene.join(code, Device())) == "used"
    (kept,) = scene.identity.codes()
    assert (kept.again, kept.again_at, kept.state(NOW)) == (1, NOW, "used")


@pytest.mark.assertion("SEM-IDN-003")
def test_the_same_key_is_answered_again_until_it_is_that_kiosk_no_more(scene: Scene) -> None:
    code, device = scene.code(), Device()
    first = scene.join(code, device)
    scene.now += 3 * DAY_MS
    again = scene.join(code, device)
    assert again.certificate != first.certificate
    assert scene.identity.codes()[0].again == 0
    scene.identity.revoke(K1, "ana")
    assert refused(lambda: scene.join(code, device)) == "revoked"


def test_two_devices_at_once_and_one_of_them_joins(scene: Scene) -> None:
    code, outcomes = scene.code(), list[str]()
    devices = [Device() for _ in range(4)]
    begin = threading.Barrier(4)

    def come(device: Device) -> None:
        begin.wait(10)
        try:
            scene.join(code, device)
            outcomes.append("joined")
        except JoinRefused as fault:
            outcomes.append(fault.code)

    threads = [threading.Thread(target=come, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["joined", "used", "used", "used"]
    assert len(scene.identity.certificates()) == 1


def test_what_is_no_code_or_nobodys_or_too_old_is_refused(scene: Scene) -> None:
    code = scene.code()
    typo = code.replace(code[0], "1" if code[0] == "0" else "0", 1)
    assert refused(lambda: scene.join(typo, Device())) == "typo"
    other = "0" * 26 + "0"
    assert refused(lambda: scene.join(other, Device())) == "unknown"
    assert refused(lambda: scene.identity.join(code, "x", HERE)) == "csr"
    scene.now += DAY_MS
    assert refused(lambda: scene.join(code, Device())) == "expired"
    assert scene.archive.kiosks() == []


def test_a_code_of_another_kiosk_is_foreign_and_stays_unused(scene: Scene) -> None:
    code, device = scene.code(), Device()
    said = ("centro", "caja-1", "kiosk-2")
    assert refused(lambda: scene.identity.join(code, device.request(), HERE, said)) == "foreign"
    said = ("centro", "caja-1", "kiosk-1")
    assert scene.identity.join(code, device.request(), HERE, said).kiosk_id == K1


def test_a_newer_code_ends_the_one_before(scene: Scene) -> None:
    first, second = scene.code(), scene.code()
    assert refused(lambda: scene.join(first, Device())) == "withdrawn"
    assert scene.join(second, Device()).kiosk_id == K1


def test_what_happened_to_a_kiosk_stands_in_its_history(scene: Scene, engine: Engine) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    scene.now += 1
    scene.renew(joined, device, Device())
    scene.now += 1
    scene.join(scene.code(point=ENTRADA), Device())
    scene.now += 1
    scene.identity.hold(CENTRO, K1, "two devices")
    scene.now += 1
    scene.identity.revoke(K1, "ana")
    scene.archive.retire_kiosk(K1, scene.now + 1)
    told = [(one.kind, one.detail) for one in SqlHistories(engine).history(CENTRO, K1, 20)]
    assert set(told) == {
        ("enrolled", ""),
        ("joined", ""),
        ("moved", "caja-1"),
        ("moved", "entrada"),
        ("renewed", ""),
        ("quarantined", "two devices"),
        ("revoked", "revoked"),
        ("retired", ""),
    }
    assert scene.book.held() == {}


def test_a_code_can_be_withdrawn(scene: Scene) -> None:
    code = scene.code()
    assert scene.identity.withdraw(K1, "ana") == 1
    assert scene.identity.withdraw(K1, "ana") == 0
    assert refused(lambda: scene.join(code, Device())) == "withdrawn"


def test_no_code_is_made_for_what_is_not_there(scene: Scene) -> None:
    with pytest.raises(EnrolmentError, match="no point") as told:
        scene.identity.issue(CENTRO, PointId("caja-9"), K1, "ana")
    assert "store list" in told.value.hint
    with pytest.raises(EnrolmentError, match="no store"):
        scene.identity.issue(StoreId("sur"), CAJA, K1, "ana")
    scene.join(scene.code(), Device())
    scene.archive.retire_kiosk(K1, NOW)
    with pytest.raises(EnrolmentError, match="retired"):
        scene.code()


def test_a_code_of_a_kiosk_that_was_retired_meanwhile_is_refused(scene: Scene) -> None:
    scene.join(scene.code(), Device())
    code = scene.code()
    scene.archive.retire_kiosk(K1, NOW)
    assert refused(lambda: scene.join(code, Device())) == "withdrawn"


@pytest.mark.assertion("SEM-IDN-004")
def test_another_device_replaces_the_one_before_which_is_told_so(scene: Scene) -> None:
    old, new = Device(), Device()
    before = scene.join(scene.code(), old)
    scene.join(scene.code(point=ENTRADA), new)
    assert scene.told == 1
    (kiosk,) = scene.archive.kiosks()
    assert kiosk.point_id == ENTRADA
    assert {one.why for one in scene.identity.certificates()} == {None, Why.REPLACED}
    assert refused(lambda: scene.renew(before, old, Device())) == "replaced"


@pytest.mark.assertion("SEM-IDN-005")
def test_a_certificate_is_renewed_by_its_key_also_after_its_end(scene: Scene) -> None:
    old, new, newest = Device(), Device(), Device()
    joined = scene.join(scene.code(), old)
    assert refused(lambda: scene.renew(joined, new, new)) == "proof"
    renewed = scene.renew(joined, old, new)
    assert renewed.kiosk_id == K1
    scene.now += 90 * DAY_MS
    assert scene.renew(renewed, new, newest).certificate != renewed.certificate
    scene.now += LATE_DAYS * DAY_MS
    assert refused(lambda: scene.renew(joined, old, Device())) == "late"


def test_who_joined_after_a_backup_that_was_restored_can_still_renew(scene: Scene) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    scene.book.forget(NOW + 100 * DAY_MS, 0)
    assert scene.identity.certificates() == []
    assert scene.renew(joined, device, Device()).kiosk_id == K1


def test_who_was_revoked_after_a_backup_that_was_restored_stays_out(scene: Scene) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    serial = scene.identity.certificates()[0].serial
    revoked = scene.authority.revocations({serial: NOW}, NOW)
    scene.authority.keyring.write(REVOKED, revoked)
    assert refused(lambda: scene.renew(joined, device, Device())) == "revoked"


def test_revoked_retired_and_held_kiosks_are_not_renewed(scene: Scene) -> None:
    one, two, three = Device(), Device(), Device()
    first = scene.join(scene.code(), one)
    scene.identity.revoke(K1, "ana")
    assert scene.told == 1
    assert refused(lambda: scene.renew(first, one, Device())) == "revoked"
    with pytest.raises(EnrolmentError, match="no certificate"):
        scene.identity.revoke(K1, "ana")
    second = scene.join(scene.code(K2), two)
    scene.archive.retire_kiosk(K2, NOW)
    assert refused(lambda: scene.renew(second, two, Device())) == "retired"
    third = scene.join(scene.code(KioskId("k-3")), three)
    scene.identity.hold(CENTRO, KioskId("k-3"), "two devices")
    assert refused(lambda: scene.renew(third, three, Device())) == "held"


@pytest.mark.assertion("SEM-IDN-006")
def test_a_held_kiosk_is_let_in_again_by_a_decision(scene: Scene) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    for _ in range(2):
        scene.identity.hold(CENTRO, K1, "two devices")
    assert list(scene.book.held()) == [K1]
    assert scene.identity.release(K1, "ana", as_it_is=True)
    assert scene.renew(joined, device, Device()).kiosk_id == K1
    scene.identity.hold(CENTRO, K1, "two devices")
    assert scene.identity.release(K1, "ana")
    assert refused(lambda: scene.renew(joined, device, Device())) == "revoked"
    assert scene.join(scene.code(), Device()).kiosk_id == K1
    assert not scene.identity.release(K1, "ana")


def test_a_kiosk_that_renews_all_day_has_to_wait(scene: Scene) -> None:
    device = Device()
    joined = scene.join(scene.code(), device)
    for _ in range(RENEWALS_A_DAY - 1):
        scene.renew(joined, device, Device())
    assert refused(lambda: scene.renew(joined, device, Device())) == "busy"
    scene.now += DAY_MS + 1
    assert scene.renew(joined, device, Device()).kiosk_id == K1


def test_who_guesses_has_to_wait_and_nobody_else(scene: Scene) -> None:
    code = scene.code()
    for number in range(MOST_WRONG):
        guess = write_code(number.to_bytes(16))
        with pytest.raises(JoinRefused, match="no such join code"):
            scene.join(guess, Device())
    assert refused(lambda: scene.join(code, Device())) == "busy"
    joined = scene.identity.join(code, Device().request(), "10.0.0.8")
    assert joined.kiosk_id == K1


def test_what_nobody_can_use_any_more_is_forgotten(scene: Scene) -> None:
    scene.join(scene.code(), Device())
    assert scene.book.forget(NOW, NOW) == 0
    assert scene.book.forget(NOW + 31 * DAY_MS, NOW + 2 * DAY_MS) == 2


def test_what_goes_onto_a_card_says_whom_to_trust(scene: Scene) -> None:
    issued = scene.identity.issue(CENTRO, CAJA, K1, "ana")
    assert f'fingerprint = "{scene.authority.fingerprint()}"' in issued.settings
    assert f'join_code = "{issued.text}"' in issued.settings
    assert 'hub = "https://hub.example.com"' in issued.settings
    assert (issued.qr, issued.until) == (issued.settings, NOW + DAY_MS)
