"""A kiosk learns its till while a technician prints: it is paused meanwhile, and runs again after.

Laws of this page
1. *It runs again whatever happens*: the lesson is a unit of systemd's, which starts the kiosk at
   its end; a line that is cut, a kill, or a technician who leaves are ends like any other.
2. *Nothing of the till goes into the journal*: what is said comes here, by SSH, and stays nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.raspberrypi.installing.layout import CURRENT, HOME, USER
from deploy.raspberrypi.remote.ssh import Remote
from shared.errors import DeviceError

UNIT: Final = "semblante-learn-till.service"
KIOSK: Final = "semblante-kiosk.service"
TRIAL: Final = f"{HOME}/trial.json"

LONGEST: Final = 2_100
"""Seconds: the lesson ends by itself after 25 minutes; ten more for whoever gave it more."""

PROPERTIES: Final = (
    f"Conflicts={KIOSK}",  # the port is read by one: the kiosk stops first …
    f"After={KIOSK}",
    f"ExecStopPost=+-/usr/bin/systemctl --no-block start {KIOSK}",  # … and starts again
    f"RuntimeMaxSec={LONGEST}",
    f"User={USER}",
    f"Group={USER}",
    "SupplementaryGroups=dialout",
    "UMask=0077",
    "LimitCORE=0",  # memory holds receipts
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    f"ReadWritePaths={HOME}",
    "ProtectHome=yes",
    "PrivateTmp=yes",
)

_AGAIN: Final = "The kiosk starts again by itself within a minute; make doctor HOST=… looks."


@dataclass(frozen=True, slots=True)
class LearnTill:
    """`options`: words for `semblante-kiosk learn-till`, such as --port or --check."""

    remote: Remote
    say: Callable[[str], None]
    options: Sequence[str] = ()

    def run(self) -> int:
        """0 where there is a proposal; raises DeviceError where nobody can learn there now."""
        self._look()
        self.say("~ the kiosk is paused: no shopper is asked, no sale counts until this ends")
        try:
            code = self.remote.follow(self.say, *self._words())
        except KeyboardInterrupt:
            self.remote.run("systemctl", "stop", UNIT)
            self.say("\n✗ ended before the end: nothing was changed")
            code = 1
        except DeviceError as fault:
            raise DeviceError(str(fault), hint=f"{fault.hint} {_AGAIN}", code=fault.code) from fault
        return self._resumed() or code

    def _look(self) -> None:
        if self.remote.run("test", "-x", self._program).code:
            raise DeviceError(
                f"{self.remote.name} is no kiosk: there is no {self._program}",
                hint="make provision HOST=… makes it one.",
                code="kiosk",
            )
        if self.remote.run("test", "-e", TRIAL).code == 0:
            raise DeviceError(
                "a version is on trial there, and a pause would fail it",
                hint="Say the same again in ten minutes.",
                code="trial",
            )

    @property
    def _program(self) -> str:
        return f"{CURRENT}/venv/bin/semblante-kiosk"

    def _words(self) -> Sequence[str]:
        settings = [f"--property={one}" for one in PROPERTIES]
        learn = [self._program, "learn-till", "--config", f"{HOME}/kiosk.toml", *self.options]
        started = ["systemd-run", "--quiet", "--collect", "--wait", "--pipe", f"--unit={UNIT}"]
        return [*started, *settings, *learn]

    def _resumed(self) -> int:
        """Wait until it runs; starting what runs is harmless."""
        started = self.remote.run("systemctl", "start", KIOSK, seconds=120)
        if started.code == 0:
            self.say("✓ the kiosk runs again")
            return 0
        self.say(f"✗ the kiosk does not start: {started.last}\n  → make logs HOST=… says why")
        return 1
