"""`semblante-kiosk learn-till`: listens while a technician prints, and proposes the table [till].

Laws of this page
1. A till's text is in memory alone and for as long as the lesson lasts: it is never logged, never
   written, and no error repeats it.
2. What is written was read back by the kiosk's own settings, and lies there whole or not at all.
"""

from __future__ import annotations

import argparse
import errno
import os
import resource
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.durable import write_whole
from kiosk.adapters.till import MOST_AT_ONCE, Port, open_port
from kiosk.core.learnt import Proposal, Undecided
from kiosk.core.lesson import SPEEDS, Lesson, Patience
from kiosk.core.ports import Clock
from kiosk.core.till_file import with_till
from kiosk.core.tills import PortSettings, till_settings_from
from kiosk.core.toml_text import toml_text
from kiosk.settings.reading import faults_in
from shared.errors import DeviceError, HardwareError, SemblanteError, SettingsError

BY_ID: Final = Path("/dev/serial/by-id")
"""Where a serial adapter has a name that stays."""

_RETRY_SECONDS: Final = 0.5
_PORT_KEYS: Final = ("port", "baud", "bits", "parity", "stop_bits", "flow")

_BUSY: Final = (
    "Only one may listen: “systemctl stop semblante-kiosk” first, and start it afterwards; "
    "“make learn-till HOST=…” does both."
)

Say = Callable[[str], None]
Opening = Callable[[PortSettings], Port]


def run_learn_till(words: Sequence[str], say: Say) -> int:
    """The command: 0 where there is a proposal, 1 where there is none."""
    chosen = _parser().parse_args(words)
    values = _values(chosen.config, chosen.check)
    if not chosen.check:
        _check_writable(chosen.config)
    port = _port(values, chosen)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold what the till printed
    try:
        speeds = () if chosen.baud or "://" in port.path else SPEEDS
        patience = Patience(whole=chosen.minutes * 60_000)
        found = learn(port, speeds, say, clock=SystemClock(), patience=patience)
        return _told(found, chosen, say)
    except KeyboardInterrupt:
        say("\nEnded before the end: nothing was changed, nothing was kept.")
        return 1


def learn(
    port: PortSettings,
    speeds: Sequence[int],
    say: Say,
    *,
    clock: Clock,
    patience: Patience | None = None,
    opening: Opening = open_port,
) -> Proposal | Undecided:
    """What is found by listening there; raises HardwareError where the port cannot be opened."""
    lesson = Lesson(port, speeds, clock.now().boot, patience)
    try:
        _hold(lesson, clock, say, opening)
    except SemblanteError:
        raise
    except Exception as fault:  # noqa: BLE001 whatever it was, its text may be the till's
        # Without its text, and without a traceback: they may hold what the till said.
        place = traceback.extract_tb(fault.__traceback__)[-1]
        why = f"{type(fault).__name__} in {place.name}, line {place.lineno}"
        raise DeviceError(f"the lesson broke off: {why}", code="learning") from None
    if lesson.conclusion is None:
        raise DeviceError("the lesson broke off", code="learning")
    return lesson.conclusion


def _hold(lesson: Lesson, clock: Clock, say: Say, opening: Opening) -> None:
    port = _opened(lesson.port, opening)
    _say_all(lesson.begin(), say)
    while lesson.conclusion is None:
        try:
            with closing(port):
                _listen(port, lesson, clock, say)
            if lesson.conclusion is None:  # another speed
                port = opening(lesson.port)
        except (OSError, ValueError):
            _say_all(lesson.lost(), say)
            port = _found_again(lesson, clock, opening) or port
            if lesson.conclusion is None:
                _say_all(lesson.found(clock.now().boot), say)


def _found_again(lesson: Lesson, clock: Clock, opening: Opening) -> Port | None:
    """The port, once it is back; None where the time of the lesson ends before."""
    while lesson.conclusion is None:
        try:
            return opening(lesson.port)
        except (OSError, ValueError):
            time.sleep(_RETRY_SECONDS)
            lesson.expire(clock.now().boot)
    return None


def _listen(port: Port, lesson: Lesson, clock: Clock, say: Say) -> None:
    """Until it is over, or another speed is to be tried."""
    settings = lesson.port
    while lesson.conclusion is None and lesson.port == settings:
        data = port.read(1)
        if data:
            data += port.read(min(port.in_waiting, MOST_AT_ONCE))
        at = clock.now().boot
        _say_all(lesson.heard(data, at) if data else lesson.idle(at), say)


def _opened(settings: PortSettings, opening: Opening) -> Port:
    try:
        return opening(settings)
    except (OSError, ValueError) as fault:
        hint = _BUSY if Path(settings.path).exists() else f"Is it plugged in? ls -l {BY_ID}"
        if getattr(fault, "errno", None) in (errno.EACCES, errno.EPERM):
            hint = "Say it as a user of the group “dialout”: sudo -u semblante …"
        raise HardwareError(f"{settings.path} cannot be opened", hint=hint) from fault


def _told(found: Proposal | Undecided, chosen: argparse.Namespace, say: Say) -> int:
    if isinstance(found, Undecided):
        say(f"✗ no proposal: {found.why}\n  → {found.hint}")
        return 1
    _say_all((f"✓ {line}" for line in found.evidence), say)
    say("What each print counts as, read by these settings:")
    for number, one in enumerate(found.outcomes, 1):
        verdict = "a sale" if one.sales else "no sale"
        by = ", ".join(one.rules) or "nothing was heard"
        say(f"  {number} {one.kind}: {verdict} ({by})")
    say(toml_text({"till": found.table}).rstrip())
    if chosen.check:
        say("Nothing was written (--check).")
    else:
        _write(chosen.config, found.table)
        say(f"✓ written into {chosen.config}; it counts from the kiosk's next start")
    return 0


def _write(file: Path, table: Mapping[str, Any]) -> None:
    before = file.read_text(encoding="utf-8")
    text = with_till(before, table)
    old = faults_in(tomllib.loads(before), file.resolve().parent)
    fresh = [one for one in faults_in(tomllib.loads(text), file.resolve().parent) if one not in old]
    if fresh:
        raise SettingsError(f"{file} stays as it is", fresh)
    write_whole(file, text.encode(), file.stat().st_mode & 0o777)


def _values(file: Path, check: bool) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if check:
            return {}
        hint = "Give it with --config, or say --check: then nothing is written."
        raise DeviceError(f"there is no {file}", hint=hint) from None
    except (OSError, ValueError) as fault:
        raise SettingsError(str(file), [f"cannot be read: {fault}"]) from fault


def _check_writable(file: Path) -> None:
    """Told before anybody prints: who writes it must be its owner, for it changes hands else."""
    held = file.stat()
    if held.st_uid != os.geteuid() or not os.access(file.resolve().parent, os.W_OK):
        hint = "Say it as its owner (sudo -u semblante …), or with --check, which writes nothing."
        raise DeviceError(f"{file} is not yours to write", hint=hint)


def _port(values: Mapping[str, Any], chosen: argparse.Namespace) -> PortSettings:
    """As the options say; else as [till] says; else the only one that is plugged in."""
    till = values.get("till")
    table = {key: till[key] for key in _PORT_KEYS if key in till} if isinstance(till, dict) else {}
    if chosen.port or "port" not in table:
        table["port"] = chosen.port or _only_one()
    if chosen.baud:
        table["baud"] = chosen.baud
    settings, faults = till_settings_from({"kind": "line", "pattern": "x", **table})
    if settings is None:
        raise SettingsError(str(chosen.config), faults)
    return settings.port


def _only_one() -> str:
    found = sorted(BY_ID.iterdir()) if BY_ID.is_dir() else []
    if len(found) == 1:
        return str(found[0])
    why = f"there are {len(found)} serial adapters" if found else "no serial adapter is plugged in"
    names = "; ".join(map(str, found)) or "such as /dev/ttyAMA0, or socket://10.0.0.7:9100"
    raise HardwareError(why, hint=f"Give the port with --port: {names}")


def _say_all(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "semblante-kiosk learn-till",
        description="Listen while three sales, a copy and a refund are printed, and write the "
        "table [till] of kiosk.toml. Nothing that the till prints is kept.",
    )
    parser.add_argument("--config", "-c", type=Path, default=Path("kiosk.toml"))
    parser.add_argument("--port", help="a device or a URL of pyserial; else that of [till]")
    parser.add_argument("--baud", type=int, help="this speed alone; else one after the other")
    parser.add_argument("--check", action="store_true", help="print the proposal, write nothing")
    parser.add_argument("--minutes", type=int, default=25, help="how long at most (25)")
    return parser
