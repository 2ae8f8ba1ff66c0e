"""The judge, who trusts nobody: notebooks, cards' logs and the hub must tell one story."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.places import StoreId
from tests.simulation.card import Log
from tests.simulation.clock import Reading
from tests.simulation.findings import Entered, Findings, Key
from tests.simulation.kiosk import Machine
from tests.simulation.shopper import Shopper
from tests.simulation.world import Violation

COLUMNS = ("sales", "sad", "neutral", "happy", "skipped", "timed_out", "blocked", "suspect")

Where = tuple[str, str, tuple[int, int, int, int, int]]
"""Store, point, and a trading hour told apart by local date, hour and offset."""

HUB_CLOCK_MS = 5_000
"""An anchor made from receipts is this near; nearer to the turn of an hour, both are right."""


class Judge:
    """Looks at everything once it is over."""

    def __init__(
        self,
        found: Findings,
        machines: Iterable[Machine],
        shoppers: Iterable[Shopper],
        zones: Mapping[StoreId, str],
    ) -> None:
        self.found, self.machines, self.shoppers = found, list(machines), list(shoppers)
        self._zones: dict[str, ZoneInfo] = {store: ZoneInfo(zone) for store, zone in zones.items()}
        self._words: dict[Entered, dict[str, Any]] = {
            one: json.loads(one.body) for one in found.records
        }
        self._notebook: Counter[tuple[Where, str]] = Counter()
        self._somewhere: Counter[tuple[str, str, str]] = Counter()  # counted, the hour unknown
        self._turns: list[tuple[tuple[Where, str], tuple[Where, str]]] = []

    def judge(self) -> None:
        """Raises Violation."""
        self._ledgers()
        self._anchors = self._stored_anchors()
        self._anchored()
        self._visits()
        self._tallies()

    # Ledgers

    def _ledgers(self) -> None:
        logs = {
            (machine.place.store, machine.place.kiosk, log.epoch): log
            for machine in self.machines
            for log in machine.logs
        }
        stored: dict[Key, dict[int, bytes]] = {}
        for one in self.found.records:
            seqs = stored.setdefault(one.key, {})
            if one.seq in seqs:
                raise Violation(f"seq {one.seq} of {one.key} stands twice")
            seqs[one.seq] = one.body
        for key, log in logs.items():
            self._ledger(key, log, stored.pop(key, {}))
        if stored:
            raise Violation(f"records of outboxes that never were: {list(stored)}")

    def _ledger(self, key: Key, log: Log, stored: dict[int, bytes]) -> None:
        standing = self.found.ledgers.get(key)
        held = 0 if standing is None else standing.held
        if held != log.last and log.set_aside is None:
            raise Violation(f"{key}: held up to {held}, and the last record is {log.last}")
        losses = self.found.losses.get(key, [])
        lost = {seq for first, last in losses for seq in range(first, last + 1)}
        refused = self.found.refused.get(key, set())
        if refused and not any(one.world.faults["point unknown"] for one in self.machines):
            raise Violation(f"{key}: refused without a reason: {refused}")
        for seq in range(1, held + 1):
            if (seq in stored) + (seq in lost) + (seq in refused) != 1:
                raise Violation(f"{key}: seq {seq} is not exactly one of stored, lost and refused")
        if lost - log.dropped:
            raise Violation(f"{key}: counted as lost, and never dropped: {lost - log.dropped}")
        if standing is not None and (standing.lost, standing.refused) != (len(lost), len(refused)):
            raise Violation(f"{key}: {standing}, and {len(lost)} lost, {len(refused)} refused")
        for seq, body in stored.items():
            if log.sealed.get(seq) != body:
                raise Violation(f"{key}: seq {seq} is not what the kiosk sealed")
        self._explained(key, log, lost, stored)

    def _explained(self, key: Key, log: Log, lost: set[int], stored: dict[int, bytes]) -> None:
        """Every loss is covered by a loss notice; what a card spoiled is lost alone."""
        if log.set_aside is not None:
            return
        told: set[int] = set()
        unread = (log.sealed[seq] for seq in lost & log.spoiled)  # a notice may be spoiled itself
        for body in (*stored.values(), *unread):
            if body.startswith(b'{"loss"'):
                loss = json.loads(body)["loss"]
                told.update(gone := set(range(loss["first"], loss["last"] + 1)))
                if loss["cause"] == "damaged" and gone - log.spoiled:
                    raise Violation(f"{key}: lost for a bit: {sorted(gone - log.spoiled)}")
        if lost - told:
            raise Violation(f"{key}: lost without a notice: {sorted(lost - told)}")

    def _anchored(self) -> None:
        """Whoever is thanked while the clock is believed comes after an anchor of that boot."""
        for shopper in self.shoppers:
            seen, machine = shopper.thanked, shopper.machine
            if seen is None or not seen.synced or (machine.name, seen.boot_id) in self._anchors:
                continue
            if not any(log.dropped or log.set_aside is not None for log in machine.logs):
                raise Violation(f"{shopper} was thanked at a believed time that no anchor proves")

    # Visits and sales

    def _visits(self) -> None:
        sales: dict[str, list[Entered]] = {}
        visits: dict[str, list[Entered]] = {}
        for one, word in self._words.items():
            if "sale" in word:
                sales.setdefault(word["sale"]["id"], []).append(one)
            elif "visit" in word:
                visits.setdefault(_name(one.key[1], word["visit"]), []).append(one)
        for shopper in self.shoppers:
            if shopper.came is None:
                continue
            name = (
                shopper.sale or f"{shopper.machine.name} {shopper.came.boot_id} {shopper.came.boot}"
            )
            self._visit(shopper, visits.pop(name, []))
            if shopper.sale is not None:
                self._sale(shopper, sales.pop(shopper.sale, []))
        if visits or sales:
            raise Violation(f"stored, and nobody did it: {[*visits.values(), *sales.values()]}")

    def _sale(self, shopper: Shopper, stored: list[Entered]) -> None:
        if len(stored) > 1:
            raise Violation(f"the sale of {shopper} is stored {len(stored)} times")
        if not stored and shopper.thanked is not None:
            self._excuse(shopper, f'{{"sale":{{"id":"{shopper.sale}"', "sale")
        if stored:
            self._count(shopper, "sales")

    def _visit(self, shopper: Shopper, stored: list[Entered]) -> None:
        if len(stored) > 1:
            raise Violation(f"the visit of {shopper} is stored {len(stored)} times")
        if not stored:
            if shopper.thanked is not None:
                self._excuse(shopper, '{"visit"', "answer")
            return
        visit = self._words[stored[0]]["visit"]
        face, outcome = visit.get("face"), visit["outcome"]
        if visit.get("code") != "busy":  # then somebody else had the glass
            self._is_theirs(shopper, face, visit.get("reason"), outcome)
        if (stored[0].key[0], visit["point_id"]) != (
            shopper.machine.place.store,
            shopper.machine.place.point,
        ):
            raise Violation(f"the visit of {shopper} stands elsewhere")
        self._count(shopper, "suspect" if visit.get("suspect") else face or outcome)

    def _is_theirs(
        self, shopper: Shopper, face: str | None, reason: str | None, outcome: str
    ) -> None:
        if shopper.thanked is not None:
            if (face, reason) not in shopper.claims:
                raise Violation(
                    f"{shopper} was thanked for {shopper.claims}, and {face} {reason} is stored"
                )
        elif face is not None and face not in shopper.tapped:
            raise Violation(f"{face} is stored, and {shopper} touched {shopper.tapped}")
        if outcome == "skipped" and not shopper.skipped:
            raise Violation(f"skipped is stored, and {shopper} did not touch it")
        if outcome == "blocked" and not shopper.tapped:
            raise Violation(f"blocked is stored, and {shopper} touched nothing")

    def _excuse(self, shopper: Shopper, begins: str, what: str) -> None:
        """Thanked and not stored: only quota, quarantine or a damaged card explains it."""
        assert shopper.came is not None
        place = shopper.machine.place
        for log in shopper.machine.logs:
            refused = self.found.refused.get((place.store, place.kiosk, log.epoch), set())
            if log.set_aside is not None and shopper.came.true <= log.set_aside:
                return
            for seq in log.dropped | refused:
                if log.sealed[seq].startswith(begins.encode()) and self._is_of(
                    shopper, log.sealed[seq]
                ):
                    return
        raise Violation(f"{shopper} was thanked, and the {what} is not stored")

    def _is_of(self, shopper: Shopper, body: bytes) -> bool:
        word = json.loads(body)
        if "sale" in word:
            return bool(word["sale"]["id"] == shopper.sale)
        came = shopper.came
        assert came is not None
        name = shopper.sale or f"{shopper.machine.name} {came.boot_id} {came.boot}"
        return _name(shopper.machine.name, word["visit"]) == name

    # Tallies

    def _count(self, shopper: Shopper, column: str) -> None:
        came, place = shopper.came, shopper.machine.place
        assert came is not None
        near = self._certainty(shopper.machine, came)
        if near is None:
            self._somewhere[place.store, place.point, column] += 1
            return
        early = self._where(place.store, place.point, came.true - near)
        late = self._where(place.store, place.point, came.true + near)
        if early != late:
            self._somewhere[place.store, place.point, column] += 1
        else:
            self._notebook[early, column] += 1

    def _certainty(self, machine: Machine, came: Reading) -> int | None:
        """How near to true time the hub must have placed it (ms); None where it cannot know."""
        if came.synced:
            return 0 if came.right else None
        anchors = self._anchors.get((machine.name, came.boot_id), [])
        errors = [abs(true - (machine.clock.boots[came.boot_id] + boot)) for boot, true in anchors]
        if not errors or max(errors) > HUB_CLOCK_MS:
            return None
        return 0 if max(errors) <= 2 else HUB_CLOCK_MS

    def _stored_anchors(self) -> dict[tuple[str, str], list[tuple[int, int]]]:
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for one, word in self._words.items():
            if "anchor" in word:
                anchor = word["anchor"]
                found.setdefault((one.key[1], anchor["boot_id"]), []).append(
                    (anchor["boot"], anchor["true"])
                )
        return found

    def _where(self, store: str, point: str, instant: int) -> Where:
        local = datetime.fromtimestamp(instant / 1000, self._zones[store])
        shift = local.utcoffset()
        assert shift is not None
        offset = int(shift.total_seconds())
        return store, point, (local.year, local.month, local.day, local.hour, offset)

    def _tallies(self) -> None:
        if self.found.differences:
            raise Violation("; ".join(self.found.differences[:3]))
        stands: Counter[tuple[Where, str]] = Counter()
        for (store, point, hour), row in self.found.tallies.items():
            where = self._where(store, point, hour)
            for column, count in zip(COLUMNS, row, strict=True):
                stands[where, column] += count
        over: Counter[tuple[str, str, str]] = Counter()
        for key in stands.keys() | self._notebook.keys():
            rest = stands[key] - self._notebook[key]
            (store, point, _), column = key
            if rest < 0:
                raise Violation(
                    f"tally {key}: {stands[key]}, in the notebooks {self._notebook[key]}"
                )
            over[store, point, column] += rest
        if +over != +self._somewhere:
            raise Violation(f"tallies hold {+over} more, and the notebooks {+self._somewhere}")


def _name(kiosk: str, visit: dict[str, Any]) -> str:
    """Whose visit it is: by its sale, else by the instant at which the finger landed."""
    return visit.get("sale") or f"{kiosk} {visit['boot_id']} {visit['asked']['boot']}"
