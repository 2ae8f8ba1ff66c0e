"""`make demo`: the whole of Semblante on one machine, with simulated shoppers; Ctrl-C ends it."""

from __future__ import annotations

import argparse
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
    if result.unseen:
        print(f"  {result.unseen} sales were rung up while their kiosk was down")
    print("  everything agrees" if result.agrees else "  THIS DOES NOT AGREE")


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
    """Wait for the end, or Ctrl-C, or for a program that falls by itself; returns that one."""
    ends = time.monotonic() + (seconds or float("inf"))
    try:
        while time.monotonic() < ends:
            time.sleep(0.2)
            for name in demo.revive():
                print(f"  {name} was killed; it is started again", flush=True)
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
