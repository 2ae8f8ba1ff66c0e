"""Answers from shoppers' own phones: a link is opened, walked through, and becomes one record.

Laws
1. A link that no kiosk of ours signed, or that is older than a day, opens nothing.
2. Only the phone that opened it goes on; what it answers is kept at every step.
3. However often and from wherever it is sent, one link becomes one response: the walk ends in the
   transaction that keeps the record, and the second one finds it ended.
4. Whoever leaves, or does nothing for a while, has answered partially; without any answer there is
   no record.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

import structlog

from hub.core.credentials import network_of
from hub.core.hours import Hours
from hub.core.ledger import judge, new_ledger
from hub.core.measures import PHONES, Meter
from hub.core.ports import Advance, Archive, Directory, Entries, Page
from hub.core.responses import (
    PRODUCER,
    Definitions,
    Walk,
    Walks,
    boot_of,
    key_of,
    missing,
    producer_key,
    taken,
)
from hub.core.settling import Site, read_records, settle
from hub.core.throttling import Throttle
from shared.deliveries import Batch, chain_on
from shared.errors import LedgerMoved, LinkUsed, WordError
from shared.links import LASTS_MS, MINUTE_MS, Link, kiosk_in, read_link
from shared.moments import Moment
from shared.places import KioskId
from shared.questionnaires import Answer, Response
from shared.questions import Questionnaire
from shared.visits import Input
from shared.walking import answered, shown
from shared.wire import encode_record

log = structlog.get_logger(__name__)

ATTEMPTS = 5
"""Another process of this hub can be ahead of us a few times, where many phones end at once."""

IDLE_MS = 15 * 60_000
"""Whoever was interrupted for longer does not come back to it."""

WINDOW_MS = 10 * 60_000
MOST_OF_AN_ADDRESS = 1_200
"""Requests: sixty people behind one store's address, with ten questions each."""

MOST_OF_A_KIOSK = 60
"""Links of one kiosk: more than it has sales in these ten minutes."""

MOST_WRONG = 30
"""Links that are none of ours from one address: a camera that reads badly, and no guessing."""


class Refusal(StrEnum):
    """Why a link opens nothing."""

    FORGED = "forged"
    EXPIRED = "expired"
    GONE = "gone"
    BUSY = "busy"
    USED = "used"
    TAKEN = "taken"


class Ending(StrEnum):
    """What a walk came to."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    EMPTY = "empty"  # nothing was answered, or its kiosk or point is gone: nothing is kept
    USED = "used"  # it had ended before


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens: a questionnaire, and the walk through it once it has begun."""

    link: Link
    questionnaire: Questionnaire
    walk: Walk | None


class Responses:
    """Takes responses in from phones; safe to call from several threads."""

    def __init__(
        self,
        archive: Archive,
        walks: Walks,
        definitions: Definitions,
        key: Callable[[KioskId], str],
        now: Callable[[], int],
        meter: Meter | None = None,
    ) -> None:
        self._archive, self._walks, self._definitions = archive, walks, definitions
        self._key, self._now, self._meter = key, now, meter
        self._one_at_a_time = threading.Lock()
        self._asked = Throttle(MOST_OF_AN_ADDRESS, WINDOW_MS)
        self._wrong = Throttle(MOST_WRONG, WINDOW_MS)
        self._begun = Throttle(MOST_OF_A_KIOSK, WINDOW_MS)
        self._clockwork: dict[str, Hours] = {}

    # ── walking ──────────────────────────────────────────────────────────────────────────────

    def open(self, token: str, secret: str, address: str) -> Opened | Refusal:
        """What this link opens for the phone that holds this secret ('' for none)."""
        network = network_of(address)
        busy = self._wait(self._asked, network)
        link = Refusal.BUSY if busy else self._read(token, network)
        if isinstance(link, Refusal):
            return self._told(link)
        walk = self._walks.find(key_of(link))
        refusal = self._refused(link, walk, secret)
        questionnaire = self._definitions.version(link.questionnaire, link.version)
        if refusal or questionnaire is None:
            return self._told(refusal or Refusal.GONE)
        return Opened(link, questionnaire, walk)

    def begin(self, opened: Opened, language: str, secret: str) -> Walk | Refusal:
        """Begin a walk in this language, bound to this secret."""
        link, now = opened.link, self._now()
        if self._wait(self._begun, link.kiosk_id):
            return self._told(Refusal.BUSY)
        with self._archive.page() as page:
            store = page.directory([link.kiosk_id]).stores.get(link.kiosk_id)
        if store is None:
            return self._told(Refusal.GONE)
        walk = Walk(link, store, language, fingerprint(secret, link), now, now, {})
        if not self._walks.begin(walk):
            return self._told(Refusal.TAKEN)
        self._count("begun")
        return walk

    def answer(self, opened: Opened, question: str, answer: Answer | None) -> Opened | None:
        """Keep an answer (None: passed over); returns None where it answers nothing asked."""
        walk = opened.walk
        asked = () if walk is None else shown(opened.questionnaire, walk.answers)
        found = next((one for one in asked if one.id == question), None)
        if walk is None or found is None:
            return None
        if (given := taken(found, walk.answers, answer)) is None:
            return None
        moved = replace(walk, answers=given, seen=self._now())
        self._walks.keep(moved.key, given, moved.seen)
        return replace(opened, walk=moved)

    def missing(self, opened: Opened) -> str | None:
        """The first question that needs an answer and has none."""
        return missing(opened.questionnaire, opened.walk.answers if opened.walk else {})

    # ── ending ───────────────────────────────────────────────────────────────────────────────

    def finish(self, opened: Opened, *, complete: bool) -> Ending:
        """End a walk and keep what was answered."""
        assert opened.walk is not None  # noqa: S101 - the caller has seen it begin
        return self._end(opened.walk, opened.questionnaire, complete=complete)

    def abandon(self) -> int:
        """End the walks on which nothing was done for long; returns how many."""
        now, ended = self._now(), 0
        for walk in self._walks.idle(now - IDLE_MS):
            link = walk.link
            questionnaire = self._definitions.version(link.questionnaire, link.version)
            ended += self._end(walk, questionnaire, complete=False) is not Ending.USED
        self._walks.forget((now - 2 * LASTS_MS) // MINUTE_MS)  # none of these opens anything
        return ended

    def _end(self, walk: Walk, questionnaire: Questionnaire | None, *, complete: bool) -> Ending:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._try_to_end(walk, questionnaire, complete=complete)
            except LedgerMoved:
                log.info("responses.ledger_moved")
        return self._try_to_end(walk, questionnaire, complete=complete)

    def _try_to_end(
        self, walk: Walk, questionnaire: Questionnaire | None, *, complete: bool
    ) -> Ending:
        now = self._now()
        given = {} if questionnaire is None else answered(questionnaire, walk.answers)
        entries = Entries(now, ended=[walk.key])
        try:
            with self._archive.page() as page:
                kept = bool(given) and self._enter(page, entries, walk, given, complete=complete)
                page.write(entries)
            ending = (Ending.COMPLETE if complete else Ending.PARTIAL) if kept else Ending.EMPTY
        except LinkUsed:
            ending = Ending.USED
        self._count(ending.value)
        return ending

    def _enter(
        self,
        page: Page,
        entries: Entries,
        walk: Walk,
        given: dict[str, Answer],
        *,
        complete: bool,
    ) -> bool:
        """Put the record into the hub's own ledger; False where its kiosk or point is gone."""
        directory = page.directory([walk.link.kiosk_id])
        if directory.stores.get(walk.link.kiosk_id) != walk.store_id:
            return False
        key = producer_key(directory.hub, walk.store_id)
        fresh = new_ledger(PRODUCER, key.epoch)
        number, ledger = page.ledgers([key]).get(key, (None, fresh))
        record = encode_record(_response(walk, given, entries.at, complete=complete))
        seq, chain = ledger.held + 1, chain_on(ledger.chain, record).hex()
        batch = Batch(key.epoch, seq, seq, ledger.chain.hex(), chain, (record,))
        verdict = judge(ledger, batch, PRODUCER)
        if number is None:
            number = page.open_ledger(key, fresh, entries.at)
        points, hours = directory.points[walk.store_id], self._hours(directory, walk)
        site = Site(key, number, points, hours, entries.at)
        reading = read_records(site, verdict.records, verdict.start)
        if reading.refused:
            return False
        settle(entries, site, reading, {})
        entries.advances.append(Advance(key, ledger.held, verdict.after))
        return True

    # ── judging ──────────────────────────────────────────────────────────────────────────────

    def _read(self, token: str, network: str) -> Link | Refusal:
        try:
            return read_link(token, self._key(kiosk_in(token)))
        except WordError:
            busy = self._wait(self._wrong, network)
            return Refusal.BUSY if busy else Refusal.FORGED

    def _refused(self, link: Link, walk: Walk | None, secret: str) -> Refusal | None:
        if walk is None:
            return None if link.is_fresh(self._now()) else Refusal.EXPIRED
        if walk.done_at is not None:
            return Refusal.USED
        return None if _same(walk, secret) else Refusal.TAKEN

    def _hours(self, directory: Directory, walk: Walk) -> Hours:
        zone = directory.zones[walk.store_id]
        if zone not in self._clockwork:
            self._clockwork[zone] = Hours(zone)
        return self._clockwork[zone]

    def _wait(self, throttle: Throttle, key: str) -> int:
        with self._one_at_a_time:
            return throttle.wait_ms(key, self._now())

    def _told(self, refusal: Refusal) -> Refusal:
        self._count(refusal.value)
        return refusal

    def _count(self, outcome: str) -> None:
        if self._meter is not None:
            self._meter.add(PHONES, label=outcome)


def fingerprint(secret: str, link: Link) -> str:
    """What the hub keeps of a phone's secret: of two links nothing says that they were one's."""
    return sha256(
        f"walk {link.kiosk_id} {link.minute} {link.nonce.hex()} {secret}".encode()
    ).hexdigest()


def _same(walk: Walk, secret: str) -> bool:
    return bool(secret) and hmac.compare_digest(walk.secret, fingerprint(secret, walk.link))


def _response(walk: Walk, given: dict[str, Answer], now: int, *, complete: bool) -> Response:
    ended = max(now, walk.begun)
    return Response(
        point_id=walk.link.point_id,
        boot_id=boot_of(walk),
        questionnaire=walk.link.questionnaire,
        version=walk.link.version,
        language=walk.language,
        input=Input.WEB,
        begun=Moment(walk.begun, 0, synced=True),
        ended=Moment(ended, ended - walk.begun, synced=True),
        complete=complete,
        answers=given,
    )
