"""The versions of the program on this kiosk's card, and which of them is current.

versions/VERSION/    venv, manifest.json, and .complete, written last
current, previous    relative links, renamed into place
trial.json           the version that has to prove itself
confirmed.json       what last proved itself
update-outcome.json  what became of the last order, for the kiosk to tell the hub
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from kiosk.adapters.disk import Disk, drop, point, put
from kiosk.core.readings import NotTaken
from kiosk.core.updating import (
    Confirmed,
    Proof,
    Shelf,
    State,
    Trial,
    outcome_of,
    read_confirmed,
    read_trial,
    write_kept,
)
from shared.bundles import MANIFEST, check_version, read_manifest
from shared.commands import Answer
from shared.errors import DeviceError, WordError
from shared.health import MOST_ANSWERS

VERSIONS: Final = "versions"
COMPLETE: Final = ".complete"
TRIAL: Final = "trial.json"
CONFIRMED: Final = "confirmed.json"
OUTCOMES: Final = "outcomes.json"


class Versions:
    """What stands under one folder (/data/semblante), read and changed step by step."""

    def __init__(self, data: Path, disk: Disk) -> None:
        self._data = data
        self._disk = disk
        self.folder = data / VERSIONS

    def shelf(self) -> Shelf:
        """What stands there now."""
        current, previous = self._named("current"), self._named("previous")
        trial = read_trial(self._disk.read(self._data / TRIAL), current, previous)
        confirmed = read_confirmed(self._disk.read(self._data / CONFIRMED))
        names = self._disk.names(self.folder)
        complete = {name: self._serial(name) for name in names if self._is_complete(name)}
        return Shelf(current, previous, complete, trial, confirmed)

    # The steps of a switch, each of which may be done twice

    def prepare(self, trial: Trial) -> None:
        """Write down what is tried, and what was there before: the links are changed after it."""
        self._write(trial)

    def switch(self, trial: Trial) -> None:
        """Let `previous` be the version that works, and then the one on trial be current."""
        point(self._disk, self._data / "previous", f"{VERSIONS}/{trial.before}")
        point(self._disk, self._data / "current", f"{VERSIONS}/{trial.version}")

    def start(self, trial: Trial, boot: str, now: int) -> Trial:
        """Count a start, before anything of it happens."""
        started = trial.started(boot, now)
        self._write(started)
        return started

    def confirm(self, trial: Trial, shelf: Shelf, by: Proof) -> None:
        """It proved itself."""
        serials = (shelf.complete.get(name, 0) for name in (trial.version, trial.before))
        confirmed = Confirmed(trial.version, max(shelf.highest, *serials), by.value)
        put(self._disk, self._data / CONFIRMED, write_kept(confirmed))

    def fail(self, trial: Trial, why: str) -> Trial:
        """It did not; from now on it is only left."""
        failed = replace(trial, failed=why)
        self._write(failed)
        return failed

    def swap_back(self, trial: Trial) -> None:
        """Let the version before be current again."""
        point(self._disk, self._data / "current", f"{VERSIONS}/{trial.before}")

    def tidy(self, shelf: Shelf) -> None:
        """End the trial: tell what became of it, and remove what nobody may need."""
        trial = shelf.trial
        if trial is None:
            return
        if shelf.state is State.ROLLED_BACK and trial.older is not None:
            point(self._disk, self._data / "previous", f"{VERSIONS}/{trial.older}")
        self.tell(trial.order, outcome_of(shelf), trial.version)
        drop(self._disk, self._data / TRIAL)
        self.prune(self.shelf().kept)

    def tell(self, order: str | None, outcome: str, version: str) -> None:
        """Leave word of what became of an order."""
        if not order:
            return  # whoever sits at the machine reads the log
        others = [one for one in _told(self._disk, self._data) if one["id"] != order]
        word = {"id": order, "outcome": outcome, "version": version}
        last = [*others, word][-MOST_ANSWERS:]
        put(self._disk, self._data / OUTCOMES, json.dumps(last).encode())

    def has_told(self, order: str) -> bool:
        """Whether anything became of it already."""
        return any(one["id"] == order for one in _told(self._disk, self._data))

    def prune(self, kept: frozenset[str]) -> None:
        """Remove all versions but these; one that is being removed is complete no more."""
        for name in self._disk.names(self.folder):
            if name not in kept:
                self.discard(name)

    def discard(self, name: str) -> None:
        """Remove one version."""
        folder = self.folder / name
        if self._is_complete(name):
            drop(self._disk, folder / COMPLETE)
        self._disk.remove_tree(folder)

    # Within

    def _write(self, trial: Trial) -> None:
        put(self._disk, self._data / TRIAL, write_kept(trial))

    def _named(self, link: str) -> str | None:
        target = self._disk.link(self._data / link)
        folder, _, name = (target or "").rpartition("/")
        try:
            return check_version(name) if folder == VERSIONS else None
        except DeviceError:
            return None

    def _is_complete(self, name: str) -> bool:
        return self._disk.read(self.folder / name / COMPLETE) is not None

    def _serial(self, name: str) -> int:
        try:
            return read_manifest(self._disk.read(self.folder / name / MANIFEST) or b"").serial
        except DeviceError:
            return 0  # the version of the first day may have come without


def own_version(prefix: Path) -> tuple[Path, str] | None:
    """Of which folder and version this program is, where it was installed as one."""
    folder = prefix.parent
    return (folder.parent.parent, folder.name) if folder.parent.name == VERSIONS else None


def trial_on(data: Path, disk: Disk) -> str | None:
    """The version that is on trial there, for the health."""
    trial = Versions(data, disk).shelf().trial
    return None if trial is None else trial.version


def outcomes_on(data: Path, disk: Disk) -> tuple[Answer, ...]:
    """What became of the last orders, the oldest first."""
    answers = []
    for word in _told(disk, data):
        with suppress(WordError):
            answers.append(Answer(word["id"], word["outcome"]))
    return tuple(answers)


def not_taken(data: Path, disk: Disk) -> NotTaken | None:
    """The version that was ordered last, where it was refused or left."""
    told = _told(disk, data)
    if not told or (last := told[-1])["outcome"] in {"begun", "done", "done_offline"}:
        return None
    return NotTaken(last["version"][:40], last["outcome"][:40])


def _told(disk: Disk, data: Path) -> list[dict[str, str]]:
    try:
        words = json.loads((disk.read(data / OUTCOMES) or b"")[:10_000])
        return [
            {key: str(word[key]) for key in ("id", "outcome", "version")}
            for word in words[-MOST_ANSWERS:]
        ]
    except (ValueError, KeyError, TypeError):
        return []
