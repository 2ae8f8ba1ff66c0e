"""Everything that a demo runs: started in order, watched, and stopped in reverse."""

from __future__ import annotations

import os
import shutil
import signal
import time
import urllib.request
from pathlib import Path

from hub.adapters.database import open_engine
from tests.demo.ground import Ground
from tests.demo.judge import Judgement, judge, last_ledger, ledgers_after, seen
from tests.demo.programs import Program, python

_SETTLING_S = 60
"""At most: thanks end after 5 s; after a kill, a hub may need 10 s to start on a busy machine, a
kiosk notices a missing receipt after 10 s and connects again within another 10."""


class Demo:
    """Starts everything in order, watches it, and stops it in reverse."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.seed = ground, seed
        self.logs = ground.folder / "logs"
        self.programs: list[Program] = []
        self.engine = open_engine(ground.database_url)
        self.before = 0
        self.revived: list[str] = []

    def start(self) -> None:
        """Broker, hub, kiosks, and then the tills."""
        self._clear()
        self.before = last_ledger(self.engine)
        broker = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        self._run("broker", [str(broker), "-c", str(self.ground.broker.config)])
        settings = str(self.ground.folder / "hub.toml")
        self._run("hub", python("hub", "run", "--config", settings))
        self._wait_for_hub()
        self._run("kiosk", self._kiosk())
        self._run("neighbours", self._neighbours())
        till = ["--port", str(self.ground.till), "--sales-per-hour", "500"]
        self._run("till", python("tests.demo.till", *till, "--seed", str(self.seed)))

    def fallen(self) -> Program | None:
        """A program that ended although nobody asked it to, and nobody killed it."""
        ended = (p for p in self.programs if p.ended is not None and not p.plug_pulled)
        return next(ended, None)

    def revive(self) -> list[str]:
        """Start what was killed again, as a service manager does; returns its names."""
        killed = [program for program in self.programs if program.plug_pulled]
        for program in killed:
            program.start()
        names = [program.name for program in killed]
        self.revived += names
        return names

    def program(self, name: str) -> Program:
        """One of the programs."""
        return next(program for program in self.programs if program.name == name)

    def close_shop(self) -> None:
        """No more sales; then wait until nobody is being thanked and the hub has everything."""
        self.program("till").stop()
        self.program("neighbours").signal(signal.SIGUSR1)
        deadline = time.monotonic() + _SETTLING_S
        while time.monotonic() < deadline and not self._settled():
            self.revive()
            time.sleep(0.5)
        for name in ("neighbours", "kiosk"):
            self.program(name).stop()

    def stop(self) -> None:
        """Everything, in reverse."""
        for program in reversed(self.programs):
            program.stop()

    def judgement(self) -> Judgement:
        """What came of it."""
        kiosks_killed = not {"kiosk", "neighbours"}.isdisjoint(self.revived)
        return judge(self.engine, self.logs, self.before, kiosks_killed=kiosks_killed)

    def _settled(self) -> bool:
        notes = seen(self.logs)
        held = ledgers_after(self.engine, self.before).received
        got = held["answered"] >= notes.thanked and held["sales"] >= notes.sales
        return got and not notes.somebody_is_thanked

    def _wait_for_hub(self) -> None:
        # Kiosks do not need it; but who looks at the page wants to see the first tap.
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.fallen() is None:
            try:
                urllib.request.urlopen(f"{self.ground.address}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.2)
            else:
                return

    def _clear(self) -> None:
        # Each run has new outboxes, so that what it counts is what it saw.
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir()

    def _run(self, name: str, command: list[str]) -> None:
        program = Program(name, command, self.logs)
        self.programs.append(program)
        program.start()

    def _kiosk(self) -> list[str]:
        store = self.ground.stores[0]
        driver = "x11" if os.environ.get("DISPLAY") else "offscreen"
        file = self.ground.kiosk_file(store, store.points[0], driver)
        return self._kiosk_command("kiosk", [file])

    def _neighbours(self) -> list[str]:
        # All of the first store, and two of each other: enough to see, light enough to run.
        first, *others = self.ground.stores
        places = [(first, point) for point in first.points[1:]]
        places += [(store, point) for store in others for point in store.points[:2]]
        files = [self.ground.kiosk_file(store, point, "none") for store, point in places]
        return [*self._kiosk_command("neighbours", files), "--seconds-between-sales", "9"]

    def _kiosk_command(self, name: str, files: list[Path]) -> list[str]:
        configs = [part for file in files for part in ("--config", str(file))]
        notes = ["--notes", str(self.logs / f"{name}.notes"), "--seed", str(self.seed)]
        born = ["--born", self.ground.born.isoformat()]
        return python("tests.demo.kiosk", *configs, *notes, *born)
