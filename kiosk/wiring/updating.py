"""What the update unit does, and what comes before every start of a kiosk on trial.

Whatever was interrupted is taken up where it stands on the disk (kiosk/core/updating.py): so both
begin with `_resume`, and a plug that is pulled anywhere leaves a version that can be started.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.disk import Disk, drop
from kiosk.adapters.versions import Versions
from kiosk.core.fitting import UNPACKED, Machine, check_fits, check_room
from kiosk.core.updating import Proof, Shelf, State, Trial, trial_of, version_to_go_back_to
from shared.bundles import Manifest, check_version
from shared.errors import DeviceError, OutboxError

log = structlog.get_logger(__name__)

INBOX: Final = "inbox"
UPDATE: Final = "update.json"
ROLL_BACK: Final = "roll_back.json"
PROOF: Final = "proof.json"
DOWNLOADS: Final = "downloads"

_LONGEST_ORDER: Final = 4_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order as the kiosk handed it over: the command's id, and which bundle, from where."""

    order: str
    version: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """What touches more than names and small files; each may raise DeviceError.

    `install` is given the bundle, what it is, and the folder of the version; what it leaves there
    counts once it has made `.complete`.
    """

    fetch: Callable[[str, Path], None]
    verify: Callable[[Path], Manifest]
    install: Callable[[Path, Manifest, Path], None]


class Updater:
    """One run of it, on one folder; `boot` and `now` are the boot's id and its time in ms."""

    def __init__(
        self, data: Path, disk: Disk, machine: Machine, tools: Tools, *, boot: str, now: int
    ) -> None:
        self._disk = disk
        self._machine = machine
        self._tools = tools
        self._boot = boot
        self._now = now
        self._inbox = data / INBOX
        self._downloads = data / DOWNLOADS
        self.versions = Versions(data, disk)

    def tend(self) -> None:
        """Do all that is owed: what was interrupted, a proof, and what was ordered."""
        self._resume()
        self._judge()
        self._obey(ROLL_BACK, self._go_back)
        self._obey(UPDATE, self._update)

    def guard(self) -> None:
        """Before a start of the kiosk: count it, or leave a version that had its tries."""
        self._resume()
        self._judge()
        trial = self._on_trial()
        if trial is None:
            return
        if trial.is_over(self._boot, self._now):
            self._give_up(trial, "no proof")
        else:
            started = self.versions.start(trial, self._boot, self._now)
            log.info("trial_started", version=trial.version, tries=started.tries)

    def leave_overdue(self) -> bool:
        """Leave a version that runs and does not prove itself; whether it was left."""
        trial = self._on_trial()
        if trial is None or not trial.is_overdue(self._boot, self._now):
            return False
        self._give_up(trial, "overdue")
        return True

    # What stands on the disk is taken up

    def _resume(self) -> None:
        shelf = self.versions.shelf()
        if shelf.state is State.PREPARED and shelf.trial is not None:
            self.versions.switch(shelf.trial)
        if shelf.state is State.FAILED and shelf.trial is not None:
            self.versions.swap_back(shelf.trial)
        shelf = self.versions.shelf()
        if shelf.state in (State.CONFIRMED, State.ROLLED_BACK):
            self.versions.tidy(shelf)

    def _judge(self) -> None:
        content = self._disk.read(self._inbox / PROOF)
        if content is None:
            return
        shelf = self.versions.shelf()
        word = _words(content)
        trial = shelf.trial
        waits = shelf.state in (State.SWITCHED, State.ON_TRIAL)
        if trial is not None and waits and word.get("version") == trial.version:
            by = Proof.OFFLINE if word.get("by") == Proof.OFFLINE else Proof.RECEIPT
            log.info("version_confirmed", version=trial.version, by=by.value)
            self.versions.confirm(trial, shelf, by)
        drop(self._disk, self._inbox / PROOF)
        self._resume()

    def _on_trial(self) -> Trial | None:
        shelf = self.versions.shelf()
        return shelf.trial if shelf.state in (State.SWITCHED, State.ON_TRIAL) else None

    def _give_up(self, trial: Trial, why: str) -> None:
        log.error("version_failed", version=trial.version, why=why, back_to=trial.before)
        self.versions.fail(trial, why)
        self._resume()

    # What was ordered

    def _obey(self, name: str, carry_out: Callable[[Wanted], None]) -> None:
        content = self._disk.read(self._inbox / name)
        if content is None:
            return
        wanted = _wanted(content)
        if not self._is_served(name, wanted.order):
            try:
                carry_out(wanted)
            except DeviceError as fault:
                self._refuse(wanted, fault)
            except OSError as fault:
                full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
                code = "no_space" if full else "card"
                self._refuse(wanted, DeviceError(str(fault), hint=OutboxError.hint, code=code))
        self._resume()
        drop(self._disk, self._inbox / name)  # last: whoever is woken by it goes on from here

    def _is_served(self, name: str, order: str) -> bool:
        """Whether it was interrupted after it had been carried out, and before it was removed."""
        trial = self._on_trial()
        if trial is not None and name == ROLL_BACK:
            return trial.order == order
        return self.versions.has_told(order) or (trial is not None and trial.order == order)

    def _refuse(self, wanted: Wanted, fault: DeviceError) -> None:
        log.error("update_refused", code=fault.code, why=str(fault), hint=fault.hint)
        self.versions.tell(wanted.order, fault.code, wanted.version)

    def _go_back(self, wanted: Wanted) -> None:
        trial = self._on_trial()
        if trial is not None:
            self.versions.tell(wanted.order, "done", trial.before)
            self._give_up(trial, "told to")
            return
        shelf = self.versions.shelf()
        self._try(version_to_go_back_to(shelf), shelf, wanted)

    def _update(self, wanted: Wanted) -> None:
        shelf = self.versions.shelf()
        if shelf.trial is not None:
            hint = "It takes ten minutes at most; order the update again then."
            raise DeviceError(f"{shelf.trial.version} is on trial just now", hint=hint, code="busy")
        version = check_version(wanted.version)
        if version == shelf.current:
            self.versions.tell(wanted.order, "done", version)
            return
        self.versions.prune(shelf.kept | {version})
        if version not in shelf.complete:
            self._install(wanted, shelf)
        self._check_serial(version)
        self._try(version, self.versions.shelf(), wanted)

    def _install(self, wanted: Wanted, shelf: Shelf) -> None:
        bundle = self._downloads / f"{wanted.version}.tar"
        self._disk.make_folder(self._downloads)
        try:
            manifest = self._verified(wanted, bundle)
            check_fits(manifest, wanted.version, self._machine, shelf.highest)
            check_room(UNPACKED * manifest.size, self._disk.free(self._downloads))
            self.versions.discard(wanted.version)
            self._tools.install(bundle, manifest, self.versions.folder / wanted.version)
        finally:
            self._disk.remove(bundle)  # a bad one is fetched anew; a good one is installed
        self._disk.settle()

    def _verified(self, wanted: Wanted, bundle: Path) -> Manifest:
        """What is fetched. What lay here since a power cut may be torn: it is tried first."""
        names = self._disk.names(self._downloads)
        if bundle.name not in names:
            self._tools.fetch(wanted.url, bundle)
        try:
            return self._tools.verify(bundle)
        except DeviceError:
            self._disk.remove(bundle)
            if not any(name.startswith(bundle.name) for name in names):
                raise
        self._tools.fetch(wanted.url, bundle)
        return self._tools.verify(bundle)

    def _check_serial(self, version: str) -> None:
        """Of a version that lay here already, too: it may be older than what has run since."""
        shelf = self.versions.shelf()
        if version not in shelf.complete:
            hint = "Look at the log of the unit semblante-update."
            raise DeviceError(f"{version} could not be installed", hint=hint, code="incomplete")
        if shelf.complete[version] < shelf.highest:
            raise DeviceError(
                f"{version} is older than what has run here",
                hint="Only the version before can be gone back to: “roll back”.",
                code="downgrade",
            )

    def _try(self, version: str, shelf: Shelf, wanted: Wanted) -> None:
        drop(self._disk, self._inbox / PROOF)
        trial = trial_of(version, shelf, wanted.order)
        log.info("trial_prepared", version=version, before=trial.before)
        self.versions.prepare(trial)


def orders_in_hand(data: Path, disk: Disk) -> frozenset[str]:
    """Which orders are still being carried out there, or are on trial. What became of one is told
    before it is let go of: who asks here first, and then for outcomes, misses none."""
    left = [disk.read(data / INBOX / name) for name in (UPDATE, ROLL_BACK)]
    named = {_wanted(content).order for content in left if content is not None}
    trial = Versions(data, disk).shelf().trial
    if trial is not None and trial.order is not None:
        named.add(trial.order)
    return frozenset(named)


def _wanted(content: bytes) -> Wanted:
    words = _words(content)
    return Wanted(words.get("id", ""), words.get("version", ""), words.get("url", ""))


def _words(content: bytes) -> dict[str, str]:
    """The texts of a small JSON object; the kiosk wrote it, and may have been taken over."""
    try:
        values = json.loads(content[:_LONGEST_ORDER])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {key: value for key, value in values.items() if isinstance(value, str)}
