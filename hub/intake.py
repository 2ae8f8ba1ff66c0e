"""Messages become records, tallies and receipts: counted once, whatever happens on the way.

Laws
1. Everything that one call takes is written in one transaction; a receipt exists only after its
   commit (SEM-RCP-001), and every kiosk that was heard gets one, also for pure duplicates: the
   receipt before may have been lost.
2. What cannot be read or does not belong goes to quarantine and stops nobody else (SEM-MSG-006).
3. A message that makes this program fail is looked for by halving and put in quarantine alone.
4. Where the database fails, ArchiveError is raised: whoever called must not acknowledge, and the
   same messages come again; what a halving had already taken is then a duplicate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import structlog

from hub.core.answering import receipt, refused_record, stranger_in
from hub.core.hearing import Heard, Message, Mute, hear, muted
from hub.core.hours import Hours
from hub.core.ledger import Ledger, Verdict, judge, new_ledger, same_bytes
from hub.core.placing import Anchorage
from hub.core.ports import Advance, Archive, Boot, Entries, LedgerKey, Lost, Page
from hub.core.quarantine import Captive, told
from hub.core.settling import (
    Anchors,
    Site,
    boots_in,
    new_anchors,
    read_records,
    settle,
    settle_again,
)
from hub.core.sitting import Account, duplicates_in, key_of
from hub.core.tallying import NONE, Counted
from hub.core.waiting.facts import Hear, Sold, unheard
from shared.deliveries import Batch, Receipt, Refusal
from shared.errors import ArchiveError, LedgerMoved
from shared.places import StoreId
from shared.topics import Topic

log = structlog.get_logger(__name__)

Receipts = list[tuple[Topic, Receipt]]
Decided = dict[StoreId, Counted]

ATTEMPTS = 3
"""Another intake can be ahead of us once or twice; three times means that two of them run."""


class Intake:
    """Takes messages in; one per thread."""

    def __init__(self, archive: Archive, hear: Hear = unheard) -> None:
        """`hear` is told of each sale that was committed and is of just now."""
        self._archive, self._hear = archive, hear
        self._clockwork: dict[str, Hours] = {}
        self.counted: Counter[str] = Counter()
        """What was committed so far: messages, records, duplicates, lost, refused, faults, and
        quarantined:CODE."""

    def take(self, messages: Sequence[Message], received_at_ms: int) -> Receipts:
        """Take messages in the order in which they came; raises ArchiveError and nothing else."""
        try:
            return self._settle([hear(message) for message in messages], received_at_ms)
        except ArchiveError:
            raise
        except Exception as fault:  # noqa: BLE001 - the consumer survives anything (law 3)
            return self._halve(messages, received_at_ms, fault)

    def _halve(self, messages: Sequence[Message], at: int, fault: Exception) -> Receipts:
        if len(messages) > 1:
            middle = len(messages) // 2
            return self.take(messages[:middle], at) + self.take(messages[middle:], at)
        log.error("intake.message_failed", topic=messages[0].topic[:120], exc_info=fault)
        self.counted["faults"] += 1
        captive = Captive(messages[0].topic, "fault", told(repr(fault)), messages[0].payload)
        try:
            return self._settle([muted(hear(messages[0]), captive)], at)
        except ArchiveError:
            raise
        except Exception as again:
            raise ArchiveError(f"not even its quarantine can be written: {again!r}") from again

    def _settle(self, heard: Sequence[Heard | Mute], at: int) -> Receipts:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._sit(heard, at)
            except LedgerMoved:
                log.warning("intake.ledger_moved", hint=LedgerMoved.hint)
        return self._sit(heard, at)

    def _sit(self, heard: Sequence[Heard | Mute], at: int) -> Receipts:
        with self._archive.page() as page:
            sitting = _Sitting(page, heard, at, self._clockwork)
            sitting.enter()
        self.counted.update(sitting.counted)
        for store, sold in sitting.sales():
            self._hear(store, sold, at)
        return sitting.receipts()


class _Sitting:
    """One transaction: everything heard is judged, then entered."""

    def __init__(
        self, page: Page, heard: Sequence[Heard | Mute], at: int, clockwork: dict[str, Hours]
    ) -> None:
        self._page, self._at, self._clockwork = page, at, clockwork
        self._directory = page.directory({one.topic.kiosk_id for one in heard if one.topic})
        keys = {key_of(one.topic, one.batch) for one in heard if isinstance(one, Heard)}
        self._stored = page.ledgers(keys)
        self._accounts: dict[LedgerKey, Account] = {}
        self._rejected: dict[LedgerKey, str] = {}
        self._refusals: dict[LedgerKey, list[Refusal]] = {}
        self._entries = Entries(at)
        self.counted: Counter[str] = Counter(messages=len(heard))
        for one in heard:
            self._hear(one)

    # ── judging ──────────────────────────────────────────────────────────────────────────────

    def _hear(self, one: Heard | Mute) -> None:
        if isinstance(one, Heard):
            stranger = stranger_in(self._directory, one)
            if stranger is None:
                self._judge(one)
                return
            one = muted(one, stranger)
        self._quarantine(one.captive, one.topic)
        if one.topic is not None and one.batch is not None:
            self._rejected[key_of(one.topic, one.batch)] = one.captive.code

    def _judge(self, heard: Heard) -> None:
        account = self._account(heard)
        account.refused_seen = max(account.refused_seen, heard.batch.refused_seen)
        verdict = judge(account.ledger, heard.batch, heard.topic.kiosk_id)
        account.problem = self._problem(account, heard.batch, verdict)
        if account.problem is not None:
            detail = f"seq {heard.batch.first} to {heard.batch.last}, held {account.ledger.held}"
            captive = Captive(str(heard.topic), account.problem, detail, heard.payload)
            self._quarantine(captive, heard.topic)
            return
        self.counted["duplicates"] += duplicates_in(heard.batch, account.ledger)
        if verdict.records:
            self._take(account, heard, verdict)

    def _take(self, account: Account, heard: Heard, verdict: Verdict) -> None:
        reading = read_records(self._site(account), verdict.records, verdict.start)
        refused = len(reading.refused)
        if refused and refused > self._page.room(account.key.kiosk_id) - account.refused:
            account.problem = "quarantine"
            return
        after = verdict.after
        account.ledger = Ledger(after.held, after.chain, after.lost, after.refused + refused)
        account.readings.append(reading)
        account.refused += refused
        self.counted["records"] += len(verdict.records) - refused
        self.counted["refused"] += refused
        for one in reading.refused:
            self._quarantine(refused_record(one, heard), heard.topic)
        if verdict.lost is not None:
            account.lost.append(verdict.lost)
            self.counted["lost"] += verdict.lost[1] - verdict.lost[0] + 1

    def _site(self, account: Account) -> Site:
        """Where its records go; a ledger that never spoke is opened now."""
        if account.site is None:
            key = account.key
            if account.number is None:
                fresh = new_ledger(key.kiosk_id, key.epoch)
                account.number = self._page.open_ledger(key, fresh, self._at)
            points, hours = self._directory.points[key.store_id], self._hours(key.store_id)
            account.site = Site(key, account.number, points, hours, self._at)
        return account.site

    def _problem(self, account: Account, batch: Batch, verdict: Verdict) -> str | None:
        if verdict.compare is None or account.number is None:
            return verdict.problem
        stored = self._page.bodies(account.key.store_id, account.number, *verdict.compare)
        stored.update((row[2], row[5]) for reading in account.readings for row in reading.rows)
        return verdict.problem if same_bytes(batch, stored) else "cloned"

    def _account(self, heard: Heard) -> Account:
        key = key_of(heard.topic, heard.batch)
        account = self._accounts.pop(key, None)
        if account is None:
            number, ledger = self._stored.get(key, (None, new_ledger(key.kiosk_id, key.epoch)))
            account = Account(key, number, ledger, ledger.held)
        self._accounts[key] = account  # last, so that its receipt goes out last
        return account

    def _quarantine(self, captive: Captive, topic: Topic | None) -> None:
        store = None if topic is None else self._directory.stores.get(topic.kiosk_id)
        if store is not None and topic is not None:
            captive = replace(captive, store_id=store, kiosk_id=topic.kiosk_id)
        self._entries.captives.append(captive)
        self.counted[f"quarantined:{captive.code}"] += 1

    # ── entering ─────────────────────────────────────────────────────────────────────────────

    def enter(self) -> None:
        """Place what was taken, and write everything."""
        accounts = self._accounts.values()
        anchors, fresh = self._anchors(accounts)
        counted = self._counted(accounts, fresh)
        for account in accounts:
            self._enter(account, anchors, counted)
        for boot in fresh:
            hours, decided = self._hours(boot.store_id), counted.get(boot.store_id, NONE)
            stored = self._page.doubtful(boot)
            settle_again(self._entries, boot, stored, hours, anchors, decided)
        self._page.write(self._entries)
        refusing = [account.key for account in accounts if account.ledger.refused]
        self._refusals = self._page.refusals(refusing) if refusing else {}

    def _anchors(
        self, accounts: Iterable[Account]
    ) -> tuple[dict[Boot, list[Anchorage]], list[Boot]]:
        boots: set[Boot] = set()
        for account in accounts:
            for reading in account.readings:
                boots |= boots_in(account.key, reading)
        anchors = self._page.anchors(boots) if boots else {}
        fresh: dict[Boot, None] = {}
        for account in accounts:
            for boot, anchor in new_anchors(account.key, account.anchors, anchors, self._at):
                anchors.setdefault(boot, []).append(anchor)
                self._entries.anchors.append((boot, anchor))
                fresh[boot] = None
        return anchors, list(fresh)

    def _counted(self, accounts: Iterable[Account], fresh: Iterable[Boot]) -> Decided:
        """What was decided about suspects, for those that may have some: nearly always nobody."""
        stores = {boot.store_id for boot in fresh}
        stores |= {a.key.store_id for a in accounts if any(one.waiting for one in a.readings)}
        return self._page.counted(stores) if stores else {}

    def _enter(self, account: Account, anchors: Anchors, counted: Decided) -> None:
        key, entries = account.key, self._entries
        if account.ledger.refused and account.refused_seen:
            entries.noted.append((key, account.refused_seen))
        if account.site is None or account.ledger.held == account.held_before:
            return
        for reading in account.readings:
            settle(entries, account.site, reading, anchors, counted.get(key.store_id, NONE))
        entries.advances.append(Advance(key, account.held_before, account.ledger))
        entries.losses += [Lost(key.store_id, account.site.ledger, *lost) for lost in account.lost]

    def _hours(self, store: StoreId) -> Hours:
        zone = self._directory.zones[store]
        if zone not in self._clockwork:
            self._clockwork[zone] = Hours(zone)
        return self._clockwork[zone]

    def sales(self) -> Iterator[tuple[StoreId, Sold]]:
        """The sales of just now, which the queue heard before, if their pulses came."""
        for key, account in self._accounts.items():
            for reading in account.readings:
                yield from ((key.store_id, sold) for sold in reading.sales)

    # ── answering ────────────────────────────────────────────────────────────────────────────

    def receipts(self) -> Receipts:
        """What to tell every kiosk that was heard; true only once the page is committed."""
        hub, at = self._directory.hub, self._at
        strangers = [
            receipt(hub, at, key, new_ledger(key.kiosk_id, key.epoch), problem)
            for key, problem in self._rejected.items()
        ]
        return strangers + [
            receipt(hub, at, key, one.ledger, one.problem, self._refusals.get(key, ()))
            for key, one in self._accounts.items()
        ]
