"""Who may become which kiosk, and stay it: join codes, certificates, and what refuses them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.hours import DAY_MS
from hub.core.ports import Kiosk
from hub.core.refusals import refused
from shared.errors import JoinRefused
from shared.joining import SigningKey
from shared.places import KioskId, PointId, StoreId

CODE_LIVES_MS: Final = DAY_MS
"""A card that is written today is put in tomorrow morning at the latest."""

ANSWERED_MS: Final = 30 * DAY_MS
"""So long the device that used a code is answered again: power may go before it has kept it all."""

RENEWALS_A_DAY: Final = 20
"""A kiosk renews each ten days; one that asks so often is broken, and fills the book."""


class Why(StrEnum):
    """Why a certificate counts no more."""

    RETIRED = "retired"  # its kiosk takes part no more
    REPLACED = "replaced"  # another device became this kiosk
    REVOKED = "revoked"  # somebody said so
    CLONED = "cloned"  # two devices had it

    @property
    def told(self) -> str:
        """The code by which its device is refused."""
        return "revoked" if self is Why.CLONED else self.value


@dataclass(frozen=True, slots=True)
class JoinCode:
    """What is kept of a code: `code` and `used_by` are SHA-256 of it, and of the key it let in."""

    code: str
    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    made_at: int
    made_by: str
    until: int
    used_at: int | None = None
    used_by: str | None = None
    withdrawn_at: int | None = None
    again: int = 0
    again_at: int | None = None

    def state(self, now: int) -> str:
        """How it is: open, used, withdrawn or expired."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if now < self.until else "expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to join: the code's SHA-256, the key's, and where its settings say that it is."""

    code: str
    key: str
    store_id: str | None = None
    point_id: str | None = None
    kiosk_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate (PEM) as the authority gave it; `key` is the SHA-256 of its public key."""

    serial: str
    key: str
    not_before: int
    not_after: int
    pem: str


@dataclass(frozen=True, slots=True)
class Old:
    """A certificate that somebody renews, of ours and with a proof of its key."""

    serial: str
    name: str
    not_after: int
    revoked: bool = False  # by the authority's own list, which no backup takes back


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as the book knows it."""

    serial: str
    store_id: StoreId
    kiosk_id: KioskId
    key: str
    not_before: int
    not_after: int
    made_at: int
    revoked_at: int | None = None
    why: Why | None = None

    def valid(self, now: int) -> bool:
        """Whether it lets its kiosk in."""
        return self.revoked_at is None and now < self.not_after


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kiosk stands, as the device is told."""

    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    store_name: str
    point_name: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the book knows of a kiosk that renews; `place` is None where it takes part no more."""

    place: Place | None
    held: bool
    revoked: Why | None
    lately: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What a device gets; `replaced` where another one was this kiosk before."""

    place: Place
    signed: Signed
    replaced: bool = False


Sign = Callable[[Place], Signed]
"""Asked inside the transaction: it must be quick, and wait for nothing."""


class IdentityBook(Protocol):
    """What the hub's database keeps. Any method may raise ArchiveError."""

    def add(self, code: JoinCode, note: Note) -> None:
        """Keep a code; codes of the same kiosk that nobody used end. Raises EnrolmentError where
        there is no such point, or the kiosk is another store's, retired, or a sensor's name."""

    def withdraw(self, kiosk: KioskId, at: int, note: Note) -> int:
        """End the open codes of a kiosk; returns how many."""

    def codes(self, stores: Collection[StoreId] | None = None) -> Sequence[JoinCode]:
        """All codes that are remembered, the newest first."""

    def redeem(self, claim: Claim, at: int, sign: Sign) -> Granted:
        """Use a code: the kiosk takes part, stands at its point and has a certificate, or nothing
        of it happened and JoinRefused is raised."""

    def renew(self, old: Old, at: int, latest: int, sign: Sign) -> Granted:
        """Give a kiosk another certificate; raises JoinRefused. `latest` is until when (ms) the
        old one may be renewed."""

    def certificates(self, stores: Collection[StoreId] | None = None) -> Sequence[Certificate]:
        """All that are remembered, by store and kiosk, the newest first."""

    def revoke(self, kiosk: KioskId, why: Why, at: int, note: Note) -> int:
        """End a kiosk's certificates and open codes; returns how many certificates."""

    def hold(self, store: StoreId, kiosk: KioskId, why: str, at: int) -> bool:
        """Take nothing from a kiosk with a certificate until somebody decides; whether that is
        new."""

    def held(self) -> Mapping[KioskId, int]:
        """The kiosks that are held, and since when."""

    def release(self, kiosk: KioskId, note: Note) -> bool:
        """Take from it again; False where it was not held."""


class Authority(Protocol):
    """Whose signature makes a certificate. Any method may raise DeviceError."""

    def key_of(self, request: str) -> str:
        """SHA-256 of the key that signed this request (PEM); raises JoinRefused (`csr`)."""

    def sign(self, request: str, name: str, at: int) -> Signed:
        """A certificate in this name, and of the request only its key; raises JoinRefused."""

    def old(self, certificate: str, request: str, proof: str) -> Old:
        """The certificate to be renewed; raises JoinRefused (`foreign`, `proof`)."""

    def trusted(self) -> str:
        """All roots that count (PEM), the newest first."""

    def fingerprint(self) -> str:
        """SHA-256 of the newest root, in hexadecimal digits."""

    def signing_keys(self, at: int) -> tuple[SigningKey, ...]:
        """By which the hub signs, now or soon, and until lately."""


def hidden(code: bytes) -> str:
    """What is kept of a join code: 128 random bits need no slow hash."""
    return hashlib.sha256(code).hexdigest()


def others_at(
    kiosks: Iterable[Kiosk], store: StoreId, point: PointId, kiosk: str
) -> tuple[KioskId, ...]:
    """Who takes part and stands where this one shall: with it there would be more than one."""
    return tuple(
        sorted(
            one.kiosk_id
            for one in kiosks
            if (one.store_id, one.point_id) == (store, point)
            and one.retired_at is None
            and one.kiosk_id != kiosk
        )
    )


def judge(code: JoinCode | None, claim: Claim, now: int) -> JoinRefused | None:
    """Why a code does not let somebody in; None where it does. Whoever used it is known again."""
    if code is None:
        return refused("unknown")
    if not _is_meant(code, claim):
        return refused("foreign")
    if code.used_by is not None and code.used_by != claim.key:
        return refused("used")
    if now >= code.until + (0 if code.used_by is None else ANSWERED_MS):
        return refused("expired")
    return refused("withdrawn") if code.withdrawn_at is not None else None


def judge_renewal(standing: Standing, late: bool) -> JoinRefused | None:
    """Why a certificate is not renewed; None where it is."""
    if standing.revoked is not None:
        return refused(standing.revoked.told)
    if standing.place is None:
        return refused("retired")
    if standing.held:
        return refused("held")
    if late:
        return refused("late")
    return refused("busy") if standing.lately >= RENEWALS_A_DAY else None


def _is_meant(code: JoinCode, claim: Claim) -> bool:
    said = (
        (claim.store_id, code.store_id),
        (claim.point_id, code.point_id),
        (claim.kiosk_id, code.kiosk_id),
    )
    return all(mine is None or mine == its for mine, its in said)
