"""A judge who trusts nobody: the shoppers' notebooks against the hub's rows and the kiosks' files.

1. Who was thanked is stored exactly once, with what the thanks were for; nothing is stored that
   nobody did. Of who walked through the questionnaire `responses.py` says more.
2. Every seq of every ledger is stored, refused or lost, exactly one of these; a loss has an
   explanation. The chain, computed anew over the rows, is the ledger's; and the ledger's end is the
   kiosk's.
3. The tallies are what the notebooks say, by store, register and local hour. Where no clock could
   know the hour, the record counts once, somewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.core.ports import Store
from tests.drills.holdings import Holdings, Standing
from tests.drills.notebook import Notes, Shopper, Walk
from tests.drills.responses import judge_walks, key_of
from tests.drills.spoiling import Spoiled
from tests.drills.verdict import Verdict

NEAR_MS = 3_000
"""A receipt tells the hub's time within so much: the way there, and a commit."""

Hour = tuple[str, str, tuple[int, ...]]
"""Store, point, and local year, month, day, hour and offset."""


@dataclass(frozen=True)
class Excuse:
    """Why what a kiosk had before that instant may be gone: it said so itself."""

    kiosk: str
    before: int
    why: str


class Judge:
    """One look at everything, once all has come to rest."""

    def __init__(
        self,
        notes: Notes,
        held: Holdings,
        stores: Iterable[Store],
        outboxes: dict[tuple[str, str], int],
        excuses: Iterable[Excuse] = (),
        spoiled: Iterable[Spoiled] = (),
        taken: Iterable[bytes] = (),
    ) -> None:
        """`outboxes`: by kiosk and epoch, the last seq that it gave; `taken`: the records on cards
        that somebody took out, because another device went on with them."""
        self._taken = list(taken)
        self._spoiled = {
            (one.kiosk, one.epoch, one.seq): one.body for one in spoiled if one.is_past_mending
        }
        self._gone: list[bytes] = []  # what was spoiled, told and is lost
        self._notes, self._held, self._outboxes = notes, held, outboxes
        self._zones = {str(store.store_id): ZoneInfo(store.zone) for store in stores}
        self._excuses = list(excuses)
        self._expected: Counter[tuple[Hour, str]] = Counter()
        self._somewhere: Counter[tuple[str, str, str]] = Counter()
        self.verdict = Verdict(thanked=len(notes.thanked))

    def judge(self) -> Verdict:
        """The whole verdict."""
        self._fail_all(f"a note about nobody: {note}" for note in self._notes.stray)
        for ledger in self._held.ledgers:
            self._ledger(ledger)
        self._epochs()
        self._people()
        judge_walks(self.verdict, self._notes.walks.values(), self._held, self._walk_excuse)
        self._tallies()
        return self.verdict

    def _fail(self, fault: str) -> None:
        self.verdict.faults.append(fault)

    def _fail_all(self, faults: Iterable[str]) -> None:
        self.verdict.faults.extend(faults)

    # Ledgers

    def _ledger(self, one: Standing) -> None:
        stored = set(one.bodies)
        whole = set(range(1, one.held + 1))
        self.verdict.records += len(stored)
        if stored | one.gone | one.captive != whole or stored & one.gone:
            missing = sorted(whole - stored - one.gone - one.captive)[:5]
            self._fail(f"{one}: not whole up to {one.held}: {missing} are nowhere")
        if (one.lost, one.refused) != (len(one.gone), len(one.captive)):
            self._fail(f"{one}: {one.lost} lost and {one.refused} refused do not add up")
        told = {seq: self._spoiled.get((one.kiosk, one.epoch, seq)) for seq in self._told(one)}
        explained = {seq: body for seq, body in told.items() if body is not None}
        if len(explained) < len(told):
            self._fail(f"{one}: told of damage that never was: {sorted(told)}")
        if one.gone - explained.keys():
            self._fail(f"{one}: {len(one.gone)} lost, and no quota was reached")
        self._gone += [explained[seq] for seq in one.gone & explained.keys()]
        known = one.gone <= explained.keys() and not one.captive
        if known and self._chain(one, explained) != one.chain:
            self._fail(f"{one}: its chain is not that of its rows")

    def _told(self, one: Standing) -> set[int]:
        """Of what damage the kiosk told; where its file was set aside, the notice may be in it."""
        told = set(_told_damaged(one))
        if (one.kiosk, one.epoch) not in self._outboxes:
            told |= {seq for seq in one.gone if (one.kiosk, one.epoch, seq) in self._spoiled}
        return told

    def _chain(self, one: Standing, gone: dict[int, bytes]) -> bytes:
        value = hashlib.sha256(f"semblante/1/{one.kiosk}/{one.epoch}".encode()).digest()[:16]
        bodies = gone | one.bodies  # what was lost was chained as it was before bits turned in it
        for seq in sorted(bodies):
            value = hashlib.sha256(value + bodies[seq]).digest()[:16]
        return value

    def _epochs(self) -> None:
        held = {(one.kiosk, one.epoch): one.held for one in self._held.ledgers}
        for epoch, last in self._outboxes.items():
            if held.get(epoch, 0) != last:
                self._fail(f"{epoch} sealed {last}, and the hub holds {held.get(epoch, 0)}")

    # People

    def _people(self) -> None:
        sales: dict[str, list[Any]] = {}
        visits: dict[str, list[Any]] = {}
        for ledger, _, word in self._held.words():
            if "sale" in word:
                sales.setdefault(word["sale"]["id"], []).append((ledger, word["sale"]))
            elif "visit" in word:
                visits.setdefault(str(word["visit"].get("sale")), []).append(
                    (ledger, word["visit"])
                )
        self.verdict.visits = sum(map(len, visits.values()))
        for shopper in self._notes.shoppers.values():
            self._sale(shopper, sales.pop(shopper.sale, []))
            self._visit(shopper, visits.pop(shopper.sale, []))
        for name, strangers in (("sale", sales), ("visit", visits)):
            self._fail_all(f"a {name} that nobody made: {sale}" for sale in strangers)

    def _sale(self, shopper: Shopper, stored: list[Any]) -> None:
        self._once("sale", shopper, stored)
        for ledger, sale in stored[:1]:
            self._stands(shopper, ledger, sale)
            self._count(shopper, "sales")

    def _visit(self, shopper: Shopper, stored: list[Any]) -> None:
        self._once("visit", shopper, stored)
        for ledger, visit in stored[:1]:
            self._stands(shopper, ledger, visit)
            self._agrees(shopper, visit)
            self._count(
                shopper,
                "suspect" if visit.get("suspect") else visit.get("face") or visit["outcome"],
            )

    def _once(self, what: str, shopper: Shopper, stored: list[Any]) -> None:
        if len(stored) > 1:
            self.verdict.doubled += 1
            self._fail(f"the {what} of {shopper} is stored {len(stored)} times")
        if stored or shopper.thanked is None:
            return
        why = self._excuse(shopper, what)
        if why is not None:
            self.verdict.explained[why] += 1
            return
        self.verdict.lost += 1
        self._fail(f"{shopper} was thanked, and the {what} is not stored")

    def _excuse(self, shopper: Shopper, what: str) -> str | None:
        begins, sale = f'{{"{what}"'.encode(), shopper.sale.encode()
        if any(body.startswith(begins) and sale in body for body in self._gone):
            return "record spoiled"
        if any(body.startswith(begins) and sale in body for body in self._taken):
            return "kept on a card that was taken out"
        return self._outbox_excuse(shopper)

    def _walk_excuse(self, walk: Walk) -> str | None:
        key = walk.seat.kiosk, walk.boot_id, walk.boot
        for why, bodies in (("record spoiled", self._gone),
                            ("kept on a card that was taken out", self._taken)):  # fmt: skip
            words = (json.loads(body) for body in bodies if body.startswith(b'{"response"'))
            if any(key_of(walk.seat.kiosk, word["response"]) == key for word in words):
                return why
        return self._outbox_excuse(walk)

    def _outbox_excuse(self, one: Shopper | Walk) -> str | None:
        for excuse in self._excuses:
            if excuse.kiosk == one.seat.name and one.true <= excuse.before:
                return excuse.why
        return None

    def _stands(self, shopper: Shopper, ledger: Standing, word: dict[str, Any]) -> None:
        there = ledger.store, ledger.kiosk, word["point_id"]
        if there != (shopper.seat.store, shopper.seat.kiosk, shopper.seat.point):
            self._fail(f"what {shopper} did stands at {there}")

    def _agrees(self, shopper: Shopper, visit: dict[str, Any]) -> None:
        face, reason, outcome = visit.get("face"), visit.get("reason"), visit["outcome"]
        if shopper.thanked is not None and (face, reason) not in shopper.claims:
            self._fail(f"{shopper} was thanked for {shopper.claims}; stored is {face} {reason}")
        if face is not None and face not in shopper.touched:
            self._fail(f"{shopper} touched {shopper.touched}; stored is {face}")
        if outcome == "skipped" and not shopper.skipped:
            self._fail(f"{shopper} did not touch “not now”; stored is skipped")
        if outcome == "blocked" and not shopper.touched:
            self._fail(f"{shopper} touched nothing; stored is blocked")

    # Hours

    def _count(self, shopper: Shopper, column: str) -> None:
        seat = shopper.seat
        early, late = self._instants(shopper)
        if early is not None and late is not None:
            hour = self._hour(seat.store, seat.point, early)
            if hour == self._hour(seat.store, seat.point, late):
                self._expected[hour, column] += 1
                return
        self._somewhere[seat.store, seat.point, column] += 1
        self.verdict.somewhere += 1

    def _instants(self, shopper: Shopper) -> tuple[int | None, int | None]:
        """Between which instants the hub must have placed this sale."""
        if shopper.synced:
            return shopper.wall, shopper.wall  # a clock that is sure is believed, even if it lies
        anchors = self._held.anchors.get((shopper.seat.kiosk, shopper.boot_id), [])
        began = shopper.true - shopper.boot
        if not anchors or any(abs(true - boot - began) > NEAR_MS for boot, true in anchors):
            return None, None
        return shopper.true - NEAR_MS, shopper.true + NEAR_MS

    def _hour(self, store: str, point: str, instant: int) -> Hour:
        local = datetime.fromtimestamp(instant / 1000, self._zones[store])
        shift = local.utcoffset()
        assert shift is not None
        parts = (local.year, local.month, local.day, local.hour, int(shift.total_seconds()))
        return store, point, parts

    def _tallies(self) -> None:
        stands: Counter[tuple[Hour, str]] = Counter()
        for ((store, point, hour), column), count in self._held.tallies.items():
            stands[self._hour(store, point, hour), column] += count
        over: Counter[tuple[str, str, str]] = Counter()
        for key in stands.keys() | self._expected.keys():
            rest = stands[key] - self._expected[key]
            if rest < 0:
                self._fail(
                    f"tally {key}: {stands[key]}, and in the notebooks {self._expected[key]}"
                )
            (store, point, _), column = key
            over[store, point, column] += rest
        if +over != +self._somewhere:
            self._fail(f"tallies hold {+over} more, and the notebooks {+self._somewhere}")


def _told_damaged(one: Standing) -> set[int]:
    """The seqs of which the kiosk said that its card had spoiled them."""
    words = (json.loads(body) for body in one.bodies.values() if body.startswith(b'{"loss"'))
    losses = [word["loss"] for word in words if word["loss"]["cause"] == "damaged"]
    return {seq for loss in losses for seq in range(loss["first"], loss["last"] + 1)}
