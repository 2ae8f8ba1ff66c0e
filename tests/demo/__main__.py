"""`make demo`: the whole of Semblante on one machine, with simulated shoppers; Ctrl-C ends it."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

from hub.adapters.logs import configure_logs
from tests.demo.ground import Ground
from tests.demo.judge import Judgement
from tests.demo.programs import Program, python
from tests.demo.show import Demo
from tests.demo.told import Changes

ROOT = Path(__file__).parents[2]
USER = "demo"


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
    """One line that is written over; in a log, only its end."""
    if done < 1 and not sys.stdout.isatty():
        return
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
    if result.waiting:
        print(f"  {result.waiting} records wait in their kiosks: sealed as the shop was closed")
    if result.unseen:
        print(f"  {result.unseen} sales were rung up while their kiosk was down")
    print("  everything agrees" if result.agrees else "  THIS DOES NOT AGREE")


def print_hints(ground: Ground, ends: bool) -> None:
    """What somebody at this terminal may do meanwhile."""
    pulled = os.path.relpath(ground.pulled)
    print(f"  to pull the counters over the lines: touch {pulled}; to put them back: rm {pulled}")
    print("" if ends else "  Ctrl-C ends it.", flush=True)


def main() -> int:
    """Run the demo; 0 where everything agrees."""
    options = _options()
    configure_logs("console", "warning")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ground = Ground(options.folder)
    ground.prepare(options.seed, show_progress)
    password = make_user(ground)
    demo = Demo(ground, options.seed)
    try:
        demo.start()
        print(f"  dashboard  {ground.address}\n  sign in    {USER}  {password}", flush=True)
        print(f"  display    {ground.display}")
        print_hints(ground, options.seconds is not None)
        fallen = watch(demo, options.seconds, options.pull)
        if fallen is not None:
            print(f"{fallen.name} ended by itself:\n{fallen.last_words()}", file=sys.stderr)
            return 1
        demo.close_shop()
        result = demo.judgement()
        print_result(result)
        print(f"  {demo.waits().words}")
        return 0 if result.agrees else 1
    finally:
        demo.stop()


def watch(demo: Demo, seconds: float | None, pull: float | None) -> Program | None:
    """Wait for the end, or Ctrl-C, or for a program that falls by itself; returns that one."""
    begun = time.monotonic()
    ends, pulls = begun + (seconds or float("inf")), begun + (pull or float("inf"))
    changes = Changes(demo.engine, demo.ground.stores, demo.opened_ms)
    try:
        while time.monotonic() < ends:
            time.sleep(0.2)
            if time.monotonic() >= pulls:
                demo.pull_the_counters()
                pulls = float("inf")
            print_news(demo, changes)
            if (fallen := demo.fallen()) is not None:
                return fallen
    except KeyboardInterrupt:
        print("\n  closing …", flush=True)
    return None


def print_news(demo: Demo, changes: Changes) -> None:
    """What happened meanwhile, to programs, counters and notices."""
    for name in demo.revive():
        print(f"  {name} was killed; it is started again", flush=True)
    for change in changes.new():
        print(f"  {change}", flush=True)
    if (pulled := demo.look_at_the_counters()) is not None:
        told = "pulled" if pulled else "put back"
        print(f"  the counters were {told}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--for", dest="seconds", type=_seconds, help="such as 40s or 5m")
    parser.add_argument("--pull", type=_seconds, help="pull the counters after so long")
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
