"""`make drill`: real programs under real faults; `LONG=1` until a million records have passed."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.drills import cable, flapping, long, naive, report, soak, teeth
from tests.drills.drill import Course, run
from tests.drills.faults import ANYWHERE, CABLES, CERTIFIED
from tests.drills.seats import WALKS, Manner

ROOT = Path(__file__).parents[2]

FLEETS = (("sqlite", False), ("postgres", False), ("sqlite", True), ("postgres", True))
"""Of the short drill: each database, with passwords and with certificates."""


def main() -> int:
    """Run what was asked for; 0 where nothing was lost, doubled, or otherwise wrong."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for asked, drill in (
            (options.teeth, _teeth), (options.cables, _cables), (options.naive, _naive),
            (options.soak, _soak), (options.flapping, _flapping),
            (options.report, _report_again), (options.long, _long),
        ):  # fmt: skip
            if asked:
                return drill(options)
        return _short(options)
    except KeyboardInterrupt:
        print(
            "\nended; the same command goes on after the last round"
            if options.long or options.soak
            else ""
        )
        return 130


def _short(options: argparse.Namespace) -> int:
    rounds = []
    alone = options.certificates
    command = f"make drill SEED={options.seed}"
    if alone:
        command = f"python -m tests.drills --certificates --seed {options.seed}"
    with tempfile.TemporaryDirectory(prefix="semblante-drill-") as folder:
        for database, certified in FLEETS[2:] if alone else FLEETS:
            fleet = "certificates" if certified else "passwords"
            print(f"{database}, {fleet}, seed {options.seed}: {options.seconds:.0f} s of faults …")
            manner = Manner(pace=options.pace or 6, receipt_timeout=4, longest_wait=4, walks=WALKS)
            course = Course(
                Path(folder) / f"{database}-{fleet}", options.seed, options.seconds,
                options.rate or 1.5, database, options.kiosks or 4, options.windows or 0,
                manner=manner, certified=certified, kinds=CERTIFIED if certified else ANYWHERE,
            )  # fmt: skip
            rounds.append(run(course, _line).as_json())
        print("\r\033[K" + report.write(Path(folder), rounds, command, options.seed))
    if alone and options.into:
        page = report.seen_page(rounds, command)
        report.adopt(page, options.into, report.SEEN_BEGIN, report.SEEN_END)
    return 0 if all(one["passed"] for one in rounds) else 1


def _cables(options: argparse.Namespace) -> int:
    """In a network that nobody else sees, or not at all."""
    if not cable.may_be_laid():
        print("no network namespace may be made here: the cables were not drilled")
        return 0
    if not cable.is_alone():
        return subprocess.run(
            cable.alone([sys.executable, *sys.orig_argv[1:]]), check=False
        ).returncode
    with tempfile.TemporaryDirectory(prefix="semblante-cables-") as folder:
        manner = Manner(pace=options.pace or 4, receipt_timeout=10, longest_wait=10, walks=WALKS)
        course = Course(
            Path(folder), options.seed, options.seconds, options.rate or 0.5,
            kiosks=options.kiosks or 2, manner=manner, kinds=tuple(CABLES), cabled=True,
        )  # fmt: skip
        rounds = [run(course, _line).as_json()]
        command = f"python -m tests.drills --cables --seed {options.seed}"
        print("\r\033[K" + report.write(Path(folder), rounds, command, options.seed))
    return 0 if rounds[0]["passed"] else 1


def _long(options: argparse.Namespace) -> int:
    goal = long.Goal(options.records, options.faults)
    print(f"seed {options.seed}, in {options.folder}; the same command goes on where it ended")
    field = long.Field(
        options.kiosks or long.KIOSKS,
        1 if options.windows is None else options.windows,
        options.pace or long.PACE,
        options.rate or long.RATE,
    )
    rounds = long.go(options.folder, options.seed, goal, _say, field)
    return _report(options, rounds)


def _report_again(options: argparse.Namespace) -> int:
    return _report(options, long.read(options.folder / "rounds.jsonl"))


def _report(options: argparse.Namespace, rounds: list[report.Round]) -> int:
    command = f"make drill LONG=1 SEED={options.seed}"
    page = report.write(options.folder, rounds, command, options.seed)
    print(page)
    if options.into:
        report.adopt(page, options.into)
    return 0 if rounds and all(one["passed"] for one in rounds) else 1


def _soak(options: argparse.Namespace) -> int:
    hours = float(options.soak.removesuffix("h"))
    looks = soak.go(options.folder, hours * 3_600, options.pace or 1, _say)
    print(soak.page(looks))
    return 0 if soak.passed(looks) else 1


def _flapping(options: argparse.Namespace) -> int:
    print(flapping.page(options.seconds, options.pace or 1))
    return 0


def _naive(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="semblante-naive-") as folder:
        course = Course(
            Path(folder), options.seed, options.seconds, options.rate or 1.5, "sqlite",
            options.kiosks or 4,
            manner=Manner(pace=options.pace or 6),
        )  # fmt: skip
        print("\r\033[K" + naive.run(course, _line).page(options.seed))
    return 0


def _teeth(_options: argparse.Namespace) -> int:
    print("| safeguard removed | the judge says | and with it |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="semblante-teeth-") as folder:
        return 1 if teeth.chew(Path(folder), _say) else 0


def _line(text: str) -> None:
    """Progress that is written over; a log has no use for it."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end="", flush=True)


def _say(text: str) -> None:
    print(text, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20, help="of faults, for each database")
    parser.add_argument("--rate", type=float, default=0, help="faults in a second")
    parser.add_argument("--kiosks", type=int, default=0)
    parser.add_argument("--windows", type=int, default=None, help="so many kiosks have a real one")
    parser.add_argument("--pace", type=float, default=0, help="shoppers in a second, each kiosk")
    parser.add_argument("--long", action="store_true", help="until the goal is reached")
    parser.add_argument("--records", type=int, default=1_000_000, help="the goal of --long")
    parser.add_argument("--faults", type=int, default=10_000, help="the goal of --long")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "drill")
    parser.add_argument("--soak", default="", metavar="2h", help="work and nothing else, so long")
    parser.add_argument("--report", action="store_true", help="of the rounds that were run")
    parser.add_argument("--into", type=Path, help="the document that takes the report over")
    parser.add_argument("--naive", action="store_true", help="what people would wire up instead")
    parser.add_argument("--cables", action="store_true", help="kiosks in networks of their own")
    parser.add_argument("--certificates", action="store_true", help="the fleet with them alone")
    parser.add_argument("--flapping", action="store_true", help="what a flapping line costs")
    parser.add_argument("--teeth", action="store_true", help="remove each safeguard in turn")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
