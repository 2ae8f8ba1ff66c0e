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
from tests.demo.judge import Judgement, judge, kept, last_ledger, ledgers_after, seen
from tests.demo.programs import Program, python
from tests.demo.told import Waits, judge_waits

_SETTLING_S = 60
"""At most: thanks end after 5 s; after a kill, a hub may need 10 s to start on a busy machine, a
kiosk notices a missing receipt after 10 s and connects again within another 10."""

SALES_AN_HOUR = "300"
"""At the till with the window: between two shoppers there is time to see the page at rest."""


class Demo:
    """Starts everything in order, watches it, and stops it in reverse."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.seed = ground, seed
        self.logs = ground.folder / "logs"
        self.programs: list[Program] = []
        self.engine = open_engine(ground.database_url)
        self.before = 0
        self.revived: list[str] = []
        self.opened_ms = 0
        self.pulled_ms: int | None = None
        self.last_pulled_ms: int | None = None

    def start(self) -> None:
        """Broker, hub, kiosks, the counters over the lines, and then the tills."""
        self._clear()
        self.opened_ms = _now_ms()
        self.before = last_ledger(self.engine)
        broker = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        self._run("broker", [str(broker), "-c", str(self.ground.broker.config)])
        settings = str(self.ground.folder / "hub.toml")
        self._run("hub", python("hub", "run", "--config", settings))
        self._wait_for_hub()
        self._run("kiosk", self._kiosk())
        self._run("neighbours", self._neighbours())
        self._run("counter", self._counter())
        till = ["--port", str(self.ground.till), "--sales-per-hour", SALES_AN_HOUR]
        self._run("till", python("tests.demo.till", *till, "--seed", str(self.seed)))

    def pull_the_counters(self) -> None:
        """As somebody does who touches that file."""
        self.ground.pulled.touch()

    def look_at_the_counters(self) -> bool | None:
        """Whether they were pulled (True) or put back (False) since this was last asked."""
        pulled = self.ground.pulled.exists()
        if pulled == (self.pulled_ms is not None):
            return None
        self.pulled_ms = _now_ms() if pulled else None
        self.last_pulled_ms = self.pulled_ms or self.last_pulled_ms
        return pulled

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
        for name in ("counter", "neighbours", "kiosk"):
            self.program(name).stop()

    def stop(self) -> None:
        """Everything, in reverse."""
        for program in reversed(self.programs):
            program.stop()

    def judgement(self) -> Judgement:
        """What came of it."""
        kiosks_killed = not {"kiosk", "neighbours"}.isdisjoint(self.revived)
        return judge(self.engine, self.logs, self.before, kiosks_killed=kiosks_killed)

    def waits(self) -> Waits:
        """What was told of the waits."""
        return judge_waits(self.engine, self.ground.stores, self.opened_ms, self.last_pulled_ms)

    def _settled(self) -> bool:
        notes = seen(self.logs)
        ledgers = ledgers_after(self.engine, self.before)
        received, left = ledgers.received, kept(self.logs, ledgers.held)
        got = received["answered"] >= notes.thanked and received["sales"] >= notes.sales
        return got and not left.waiting and not notes.somebody_is_thanked

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
        self.ground.pulled.unlink(missing_ok=True)

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
        places = [(store, point) for store in self.ground.stores for point in store.running]
        files = [self.ground.kiosk_file(store, point, "none") for store, point in places[1:]]
        return [*self._kiosk_command("neighbours", files), "--rings-up"]

    def _counter(self) -> list[str]:
        files = {
            "--settings": self.ground.counter_file,
            "--logs": self.logs,
            "--pulled": self.ground.pulled,
            "--seed": self.seed,
        }
        arguments = [str(part) for pair in files.items() for part in pair]
        return python("tests.demo.counter", *arguments)

    def _kiosk_command(self, name: str, files: list[Path]) -> list[str]:
        configs = [part for file in files for part in ("--config", str(file))]
        notes = ["--notes", str(self.logs / f"{name}.notes"), "--seed", str(self.seed)]
        born = ["--born", self.ground.born.isoformat()]
        return python("tests.demo.kiosk", *configs, *notes, *born)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
