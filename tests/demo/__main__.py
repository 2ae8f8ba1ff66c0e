"""`make demo`: the whole of Semblante on one machine, with simulated shoppers; Ctrl-C ends it."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from hub.adapters.database import open_engine
from tests.demo.ground import Ground
from tests.demo.judge import Judgement, judge, last_ledger, ledgers_after, seen
from tests.demo.programs import Program, python

ROOT = Path(__file__).parents[2]
USER = "demo"
_SETTLING_S = 25
"""Thanks end by themselves after 5 s, a broker may be reconnected to after 10 s."""


class Demo:
    """Starts everything in order, watches it, and stops it in reverse."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.seed = ground, seed
        self.logs = ground.folder / "logs"
        self.programs: list[Program] = []
        self.engine = open_engine(ground.database_url)
        self.before = 0

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
        """A program that ended although nobody asked it to."""
        return next((p for p in self.programs if p.ended is not None), None)

    def close_shop(self) -> None:
        """No more sales; then wait until nobody is being thanked and the hub has everything."""
        by_name = {program.name: program for program in self.programs}
        by_name["till"].stop()
        by_name["neighbours"].signal(signal.SIGUSR1)
        deadline = time.monotonic() + _SETTLING_S
        while time.monotonic() < deadline and not self._settled():
            time.sleep(0.5)
        for name in ("neighbours", "kiosk"):
            by_name[name].stop()

    def stop(self) -> None:
        """Everything, in reverse."""
        for program in reversed(self.programs):
            program.stop()

    def judgement(self) -> Judgement:
        """What came of it."""
        return judge(self.engine, self.logs, self.before)

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
        places = [(store, point) for store in self.ground.stores for point in store.points[:4]]
        files = [self.ground.kiosk_file(store, point, "none") for store, point in places[1:]]
        return [*self._kiosk_command("neighbours", files), "--seconds-between-sales", "9"]

    def _kiosk_command(self, name: str, files: list[Path]) -> list[str]:
        configs = [part for file in files for part in ("--config", str(file))]
        notes = ["--notes", str(self.logs / f"{name}.notes"), "--seed", str(self.seed)]
        born = ["--born", self.ground.born.isoformat()]
        return python("tests.demo.kiosk", *configs, *notes, *born)


def make_user(ground: Ground) -> str:
    """The demo's administrator; the same one while the database lives."""
    kept = ground.folder / "sign-in"
    if kept.exists():
        return kept.read_text()
    password = secrets.token_urlsafe(9)
    settings = str(ground.folder / "hub.toml")
    command = python("hub", "user", "add", USER, "--role", "administrator", "--config", settings)
    subprocess.run(command, input=f"{password}\n", text=True, check=True, capture_output=True)
    kept.write_text(password)
    return password


def show_progress(done: float) -> None:
    """One line that is written over."""
    end = "\n" if done >= 1 else ""
    print(f"\r  taking in four weeks of three stores … {done:4.0%}", end=end, flush=True)


def print_result(result: Judgement) -> None:
    """The closing page."""
    verdict = "tallies = recount" if result.differences == 0 else "TALLIES DIFFER FROM A RECOUNT"
    print(
        f"\n  sales {result.sales} · visits {result.visits} · thanked {result.thanked}"
        f" · answered {result.answered} · records received {result.received}"
        f" · missing {result.missing} · {verdict}"
    )
    print("  everything agrees" if result.agrees else "  THIS DOES NOT AGREE")


def main() -> int:
    """Run the demo; 0 where everything agrees."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ground = Ground(options.folder)
    ground.prepare(options.seed, show_progress)
    password = make_user(ground)
    demo = Demo(ground, options.seed)
    try:
        demo.start()
        print(f"  dashboard  {ground.address}\n  sign in    {USER}  {password}", flush=True)
        print("  Ctrl-C ends it." if options.seconds is None else "", flush=True)
        fallen = watch(demo, options.seconds)
        if fallen is not None:
            print(f"{fallen.name} ended by itself:\n{fallen.last_words()}", file=sys.stderr)
            return 1
        demo.close_shop()
        result = demo.judgement()
        print_result(result)
        return 0 if result.agrees else 1
    finally:
        demo.stop()


def watch(demo: Demo, seconds: float | None) -> Program | None:
    """Wait for the end, or Ctrl-C, or for a program that falls; returns that one."""
    ends = time.monotonic() + (seconds or float("inf"))
    try:
        while time.monotonic() < ends:
            time.sleep(0.2)
            if (fallen := demo.fallen()) is not None:
                return fallen
    except KeyboardInterrupt:
        print("\n  closing …", flush=True)
    return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--for", dest="seconds", type=_seconds, help="such as 40s or 5m")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "demo")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+)\s*(s|m|h)?", text)
    if match is None:
        raise argparse.ArgumentTypeError("say it like 40s, 5m or 2h")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2] or "s"]


if __name__ == "__main__":
    sys.exit(main())
