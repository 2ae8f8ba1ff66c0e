"""Who becomes which kiosk, and stays it: join codes, certificates, and their end."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from hub.core.accounts import Note
from hub.core.guessing import Guesses
from hub.core.hours import DAY_MS
from hub.core.identity import (
    CODE_LIVES_MS,
    Authority,
    Certificate,
    Claim,
    Granted,
    IdentityBook,
    JoinCode,
    Place,
    Signed,
    Why,
    hidden,
)
from hub.core.measures import JOINS, Meter
from hub.core.refusals import refused
from shared.errors import EnrolmentError, JoinRefused
from shared.joining import CODE_BYTES, Joined, certificate_name, read_code, write_code
from shared.places import KioskId, PointId, StoreId, kiosk_id, point_id, store_id

log = structlog.get_logger(__name__)

LATE_DAYS: Final = 180
"""So long after its end a certificate can still be renewed by its key: a store that was closed for
a season comes back by itself. What ends an identity is revocation, and not the calendar."""

Said = tuple[str | None, str | None, str | None]
"""Store, point and kiosk as a device's settings name them, where they do."""

NOTHING: Final[Said] = (None, None, None)

_GUESSED: Final = frozenset(
    {"typo", "unknown", "csr", "proof", "stranger", "used", "expired", "withdrawn", "foreign",
     "retired", "revoked", "replaced", "late"}
)  # fmt: skip
"""Refusals that a guesser would meet: too many of them from one network, and it has to wait. Who
asks the same again is not heard within the minute either: the answer would be the same."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where kiosks find the hub: its address for their requests, and the broker's."""

    url: str
    broker_host: str
    broker_port: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A new join code, said this once: `text` for people, `settings` for the card, `qr` the same
    lines for a square."""

    code: JoinCode
    text: str
    settings: str
    fingerprint: str
    url: str

    @property
    def until(self) -> int:
        """When it ends."""
        return self.code.until

    @property
    def qr(self) -> str:
        """What the square holds."""
        return self.settings


class Identity:
    """Lets devices become kiosks, and says when they are it no more; safe from several threads."""

    def __init__(
        self,
        book: IdentityBook,
        authority: Authority,
        door: Door,
        meter: Meter,
        now_ms: Callable[[], int],
        told: Callable[[], object] = lambda: None,
    ) -> None:
        """`told` lets the broker know where a certificate ended."""
        self._book, self._authority, self._door = book, authority, door
        self._meter, self._now_ms, self._told = meter, now_ms, told
        self._guesses, self._lock = Guesses(), threading.Lock()

    # ── what people do ───────────────────────────────────────────────────────────────────────

    def issue(self, store: StoreId, point: PointId, kiosk: KioskId, by: str) -> Issued:
        """A new join code for this kiosk at this point; one that nobody used ends.

        Raises EnrolmentError where there is no such point, or the name is taken or retired, and
        DeviceError where there is no authority.
        """
        fingerprint, now = self._authority.fingerprint(), self._now_ms()
        raw = secrets.token_bytes(CODE_BYTES)
        place = store_id(store), point_id(point), kiosk_id(kiosk)
        code = JoinCode(hidden(raw), *place, now, by, now + CODE_LIVES_MS)
        self._book.add(code, Note(now, by, "join code made", f"{kiosk} at {store}/{point}"))
        text = write_code(raw)
        lines = {
            "store": store,
            "point": point,
            "kiosk": kiosk,
            "hub": self._door.url,
            "fingerprint": fingerprint,
            "join_code": text,
        }
        settings = "".join(f'{key} = "{value}"\n' for key, value in lines.items())
        return Issued(code, text, settings, fingerprint, self._door.url)

    def withdraw(self, kiosk: KioskId, by: str) -> int:
        """End a kiosk's code that nobody used; returns how many there were."""
        now = self._now_ms()
        return self._book.withdraw(kiosk, now, Note(now, by, "join code withdrawn", kiosk))

    def codes(self, stores: Collection[StoreId] | None = None) -> Sequence[JoinCode]:
        """All codes that are remembered, the newest first."""
        return self._book.codes(stores)

    def certificates(self, stores: Collection[StoreId] | None = None) -> Sequence[Certificate]:
        """All that are remembered, by store and kiosk, the newest first."""
        return self._book.certificates(stores)

    def revoke(self, kiosk: KioskId, by: str, why: Why = Why.REVOKED) -> int:
        """Let nobody be this kiosk any more, until another device joins; how many certificates.

        Raises EnrolmentError where it had none.
        """
        now = self._now_ms()
        ended = self._book.revoke(kiosk, why, now, Note(now, by, "certificate revoked", kiosk))
        if not ended:
            hint = "See “semblante-hub certificate list”."
            raise EnrolmentError(f"{kiosk} has no certificate that counts", hint=hint)
        log.warning("identity.revoked", kiosk=kiosk, why=why.value, by=by)
        self._told()
        return ended

    def hold(self, store: StoreId, kiosk: KioskId, why: str) -> None:
        """Two devices are this kiosk: nothing of theirs counts until somebody decides."""
        if self._book.hold(store, kiosk, why, self._now_ms()):
            hint = "Decide which one it is: “semblante-hub certificate release”."
            log.error("identity.cloned", store=store, kiosk=kiosk, why=why, hint=hint)

    def release(self, kiosk: KioskId, by: str, *, as_it_is: bool = False) -> bool:
        """Take from a kiosk again. Whoever has its certificate has it no more, and the right one
        joins anew, unless everything stays `as_it_is`. False where it was not held."""
        now = self._now_ms()
        released = self._book.release(kiosk, Note(now, by, "kiosk let in again", kiosk))
        if released and not as_it_is:
            note = Note(now, by, "certificate revoked", kiosk)
            self._book.revoke(kiosk, Why.CLONED, now, note)
            self._told()
        return released

    # ── what devices do ──────────────────────────────────────────────────────────────────────

    def join(self, text: str, request: str, address: str, said: Said = NOTHING) -> Joined:
        """Let whoever has this code be its kiosk, once; raises JoinRefused, and
        DeviceError where there is no authority.

        The same key is answered again: power may go before an answer is kept.
        """
        now = self._now_ms()
        with self._guarded(address, "\n".join([text, *map(str, said)]), now):
            code, key = hidden(read_code(text)), self._authority.key_of(request)
            claim = Claim(code, key, *said)
            granted = self._book.redeem(claim, now, self._signing(request, now))
        if granted.replaced:
            self._told()
        place = granted.place
        log.info("identity.joined", store=place.store_id, kiosk=place.kiosk_id, address=address)
        return self._joined(granted, "joined", now)

    def renew(self, certificate: str, request: str, proof: str, address: str) -> Joined:
        """Another certificate for whoever proves the key of one; raises JoinRefused."""
        now = self._now_ms()
        with self._guarded(address, proof, now):
            self._authority.key_of(request)
            old = self._authority.old(certificate, request, proof)
            latest = old.not_after + LATE_DAYS * DAY_MS
            granted = self._book.renew(old, now, latest, self._signing(request, now))
        return self._joined(granted, "renewed", now)

    def trusted(self) -> str:
        """All roots that count (PEM), the newest first; raises DeviceError."""
        return self._authority.trusted()

    @contextmanager
    def _guarded(self, address: str, guess: str, now: int) -> Iterator[None]:
        """Turn away who guesses; what is refused is counted, and told where somebody should know.

        What was said is remembered by its hash: nobody fills the memory with long words.
        """
        guess = hidden(guess.encode())
        self._authority.fingerprint()  # where there is no authority, nobody's words are judged
        with self._lock:
            if self._guesses.wait_ms(address, guess, now):
                self._meter.add(JOINS, label="busy")
                raise refused("busy")
        try:
            yield
        except JoinRefused as fault:
            self._meter.add(JOINS, label=fault.code)
            if fault.code in _GUESSED:
                with self._lock:
                    self._guesses.wrong(address, guess, now)
            log.warning("identity.refused", code=fault.code, address=address, hint=fault.hint)
            raise

    def _signing(self, request: str, now: int) -> Callable[[Place], Signed]:
        def sign(place: Place) -> Signed:
            name = certificate_name(place.store_id, place.kiosk_id)
            return self._authority.sign(request, name, now)

        return sign

    def _joined(self, granted: Granted, outcome: str, now: int) -> Joined:
        self._meter.add(JOINS, label=outcome)
        place, door = granted.place, self._door
        return Joined(
            store_id=place.store_id,
            point_id=place.point_id,
            kiosk_id=place.kiosk_id,
            certificate=granted.signed.pem,
            authority=self._authority.trusted(),
            signing_keys=self._authority.signing_keys(now),
            broker_host=door.broker_host,
            broker_port=door.broker_port,
            store_name=place.store_name,
            point_name=place.point_name,
            languages=place.languages,
        )
