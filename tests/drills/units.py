"""What systemd does on a device of a drill: its program is a version, and updates have a unit.

Laws of this page
1. Whatever was cut, `current` leads to a version that is whole: it is looked at before anything
   can mend it.
2. Who cuts an update pulls the plug of all of it: the kiosk dies with its updater, and both begin
   anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from hub.core.fleet import KioskKey
from hub.settings import load_settings
from hub.wiring.devices import orders_of
from hub.wiring.opening import open_database
from hub.wiring.rolling import shelf_of
from kiosk.adapters.disk import Card
from kiosk.adapters.versions import outcomes_on, trial_on
from kiosk.wiring.updating import INBOX, PROOF, ROLL_BACK, UPDATE
from shared.bundles import write_manifest
from shared.commands import Order
from tests.demo.programs import Program, python
from tests.drills.mother import Forked, Mother
from tests.drills.seats import Seat
from tests.drills.shelves import KEYS, PROGRAM, works
from tests.parts.hub import HubProcess
from tests.parts.releases import Releases

UPDATER = "tests.drills.updater"

FIRST, FIRST_SERIAL = "1", 10
OLD, OLD_SERIAL = "0", 5

INSTALL = b"""
import json, pathlib, shutil, sys, tarfile
bundle = pathlib.Path(sys.argv[1])
with tarfile.open(bundle) as tar:
    manifest = tar.extractfile("manifest.json").read()
    folder = bundle.parents[1] / "versions" / json.loads(manifest)["version"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "program").write_bytes(tar.extractfile("wheels/program").read())
(folder / ".complete").touch()
"""
"""As the installer of the tests, beside a kiosk whose folder is nobody's root."""


class Units:
    """Of all devices; looks whenever the drill looks."""

    def __init__(self, folder: Path, hub: HubProcess, mother: Mother | None, removed: str) -> None:
        self._logs, self._mother, self._removed = folder / "logs", mother, removed
        self._hub = hub
        self._releases = Releases()
        self._releases.files = {"install.pyz": INSTALL, "wheels/program": PROGRAM}
        self._keys = self._releases.write_keys(folder / KEYS)
        self._updaters: dict[str, Program] = {}
        self.cuts: dict[str, list[int]] = defaultdict(list)
        """By seat, before which steps its next runs of the updater are killed."""
        self.seen: Counter[str] = Counter()
        self.findings: list[str] = []
        self._made = {FIRST: FIRST_SERIAL}

    def lay(self, seat: Seat) -> None:
        """The card as it was made: with the first version."""
        version = seat.folder / "versions" / FIRST
        version.mkdir(parents=True)
        (seat.folder / INBOX).mkdir()
        (version / "program").write_bytes(PROGRAM)
        manifest = self._releases.manifest(FIRST, FIRST_SERIAL)
        (version / "manifest.json").write_bytes(write_manifest(manifest))
        (version / ".complete").touch()
        (seat.folder / "current").symlink_to(f"versions/{FIRST}")

    def order(self, seat: Seat, version: str, serial: int) -> str:
        """The hub has this release, and orders this kiosk to take it; the command's id."""
        settings = load_settings(self._hub.config)
        if version not in self._made:
            bundle = self._logs.parent / f"{version}.tar"
            shelf_of(settings).add(self._releases.build(bundle, version, serial))
            self._made[version] = serial
        engine = open_database(settings, pooled=False)
        try:
            who = [KioskKey(seat.store, seat.kiosk)]
            sent = orders_of(engine).send(who, Order.UPDATE, "drill", version=version)
        finally:
            engine.dispose()
        return sent[0]

    def outcome(self, seat: Seat, order: str) -> str | None:
        """What became of it; None while it is not over."""
        if trial_on(seat.folder, Card()) is not None:
            return None
        told = {one.id: one.outcome for one in outcomes_on(seat.folder, Card())}
        return told.get(order)

    def tend(self, seat: Seat) -> None:
        """What the path unit does, and the plug."""
        updater = self._updaters.get(seat.name)
        if updater is not None:
            ended = updater.ended
            if ended is None:
                return
            del self._updaters[seat.name]
            if ended == -9:
                self._plug_pulled(seat)
                return
            if ended != 0:
                self.findings.append(f"{seat.name}: its updater ended with {ended}")
        inbox = seat.folder / INBOX
        if any((inbox / name).exists() for name in (UPDATE, ROLL_BACK, PROOF)):
            self._begin(seat)

    def stop(self) -> None:
        """End what runs."""
        for updater in self._updaters.values():
            updater.stop()

    def _begin(self, seat: Seat) -> None:
        cut = self.cuts[seat.name].pop(0) if self.cuts[seat.name] else 0
        words = ["--data", str(seat.folder), "--keys", str(self._keys), "--cut", str(cut),
                 "--without", self._removed]  # fmt: skip
        name = f"{seat.name}-updater"
        if self._mother is None:
            updater = Program(name, python(UPDATER, *words), self._logs)
        else:
            updater = Forked(name, self._mother, UPDATER, words, self._logs)
        updater.start()
        self._updaters[seat.name] = updater

    def _plug_pulled(self, seat: Seat) -> None:
        self.seen["update: the plug was pulled"] += 1
        if not works(seat.folder):
            self.findings.append(f"{seat.name}: cut short in an update, it has no program")
        if seat.runs:
            seat.program.kill()
            seat.program.start()
