"""`make hub` and `python3 -m deploy.hub`: a server from bare Debian, again and again."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from deploy.hub.answering import wait_for_answer
from deploy.hub.certificates import WEB_CERTIFICATE
from deploy.hub.plan import image, plan
from deploy.hub.program import Source
from deploy.hub.settings import agree
from deploy.hub.wishes import Tls, Web, Wishes, wishes
from deploy.plans.course import Walk
from deploy.plans.machine import Machine
from shared.errors import SemblanteError, SettingsError

DONE, FAULT, MISSAID, WOULD_CHANGE, INTERRUPTED = 0, 1, 2, 3, 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make hub", description=__doc__)
    parser.add_argument("--name", default="", help="the name by which browsers and kiosks find it")
    parser.add_argument("--database", default="sqlite", help="sqlite or postgresql")
    parser.add_argument("--web", default="nginx", help="nginx or caddy")
    parser.add_argument("--tls", default="own", help="own, acme, or CERTIFICATE.pem,KEY.pem")
    parser.add_argument("--mail", default="", help="who is told of certificates (TLS=acme)")
    parser.add_argument(
        "--wheels", default="", help="a folder of wheels, where there is no network"
    )
    parser.add_argument("--apart", action="store_true", help="one service for each role of the hub")
    parser.add_argument("--root", type=Path, default=Path("/"), help="a root that is not this one")
    parser.add_argument(
        "--check", action="store_true", help="say what would change; change nothing"
    )
    parser.add_argument("--image", action="store_true", help="only what an image holds: no secret")
    return parser


def main() -> int:
    """0 done (or nothing to do), 1 it could not be done, 2 not said right, 3 it would change."""
    said = _parser().parse_args()
    try:
        wished = wishes(
            name=said.name, database=said.database, web=said.web, tls=said.tls,
            mail=said.mail, wheels=said.wheels, apart=said.apart,
        )  # fmt: skip
        machine = Machine(said.root.resolve())
        return _fulfil(wished, machine, checking=said.check, for_image=said.image)
    except SettingsError as fault:
        return _tell(fault, fault.faults, MISSAID)
    except SemblanteError as fault:
        return _tell(fault, (str(fault),), FAULT)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on where it stopped", file=sys.stderr)
        return INTERRUPTED


def _fulfil(wished: Wishes, machine: Machine, *, checking: bool, for_image: bool) -> int:
    if os.geteuid() != 0:
        raise SettingsError("make hub", ["only root can set up a server: sudo make hub …"])
    agree(machine, wished)
    source = Source(Path(__file__).parents[2])
    steps = (image if for_image else plan)(wished, machine, source)
    course = Walk(_say, time.monotonic, machine.systemd_runs, checking).through(steps)
    if not checking and not for_image:
        _tell_where_it_stands(wished, machine, changed=bool(course.changes))
    print(course.told())
    return WOULD_CHANGE if checking and course.changes else DONE


def _tell_where_it_stands(wished: Wishes, machine: Machine, *, changed: bool) -> None:
    if machine.systemd_runs:
        wait_for_answer(wished.name, _shown(wished, machine))
        print(f"https://{wished.name} answers")
    if changed:
        print("the first user: semblante-hub user add NAME --role administrator")


def _shown(wished: Wishes, machine: Machine) -> Path | None:
    """The certificate that the web server shows; caddy keeps public ones to itself."""
    its_own = wished.tls is Tls.ACME and wished.web is Web.CADDY
    return None if its_own else machine.at(WEB_CERTIFICATE)


def _say(line: str) -> None:
    print(line, flush=True)


def _tell(fault: SemblanteError, lines: tuple[str, ...], code: int) -> int:
    for line in lines:
        print(f"✗ {line}", file=sys.stderr)
    print(f"  → {fault.hint}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
