"""What is tried on a machine that boots: each trial is one row of the report."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.raspberrypi.remote.looking import VERIFY, Seen, Sign, look
from tests.boot.ear import Ear
from tests.boot.machine import Machine
from tests.boot.scripts import COUNT, DURABLE, POST

KIOSK: Final = "semblante-kiosk.service"
INSTALLS_WITHIN: Final = 2_400.0
PATIENCE: Final = 1_200.0
TRIED_WITHIN: Final = 2_400.0
"""Seconds of the host for the ten minutes of a trial, which are the machine's."""

INBOX: Final = "/data/semblante/inbox"
ORDER: Final = "00000000000000b0"
LATER: Final = "2.0.0"
LONG_AGO: Final = "2001-01-01T00:00:00"
BITES_WITHIN: Final = 120.0
"""Seconds of the host until a watchdog of ten has bitten, on a host that has other things to do."""

_PYTHON: Final = "/data/semblante/current/venv/bin/python"

NOT_HERE: Final = frozenset({
    "a glass is connected", "the glass is drawn by the graphics driver", "a touch panel is there",
    "pins are reached", "no password opens SSH",
})  # fmt: skip
"""What `make verify` asks of the board, and this machine does not have."""


class Wrong(Exception):
    """It is not as it should be."""


@dataclass(slots=True)
class Walk:
    """One machine on its way; what a trial returns is told in its row."""

    machine: Machine
    ear: Ear
    later: str = ""
    """Where it may fetch another version."""
    alone: bool = False
    """It goes through its first boot by itself."""
    mark: int = 0
    """The latest time that the kiosk had noted before the plug was pulled (ms)."""

    def first_start(self) -> str:
        """The card starts, and is a kiosk that has joined."""
        self.machine.on()
        told = f"{self.machine.until_up():.0f} s until it answers"
        if self.alone:
            told += f", {self.machine.until_up(INSTALLS_WITHIN):.0f} s until it began anew"
        self._is_there("/data/semblante/.installed")
        self._is_there("/data/semblante/identity/certificate.pem")
        return told

    def starts_the_kiosk(self) -> str:
        """systemd reaches its target and starts the kiosk, which says that it is ready."""
        seconds = self._until("the kiosk runs", self._asks, PATIENCE)
        state = self._show(KIOSK, "Type", "ActiveState", "SubState", "NRestarts", "WatchdogUSec")
        if not {"ActiveState=active", "Type=notify"} <= set(state):
            raise Wrong(" ".join(state))
        if self._show("multi-user.target", "ActiveState") != ["ActiveState=active"]:
            raise Wrong("multi-user.target is not reached")
        failed = self._sh("systemctl --failed --no-legend --plain | cut -d' ' -f1").split()
        ours = [one for one in failed if "semblante" in one]
        if ours:
            raise Wrong(f"failed: {' '.join(ours)}")
        others = f"; failed, not ours: {' '.join(failed)}" if failed else ""
        return f"asks {seconds:.0f} s after the start; {' '.join(state[3:])}{others}"

    def answers_verify(self) -> str:
        """`make verify` asks its questions, of a machine that was booted."""
        seen = look(self.machine, VERIFY)
        faults = [one for one in seen if one.sign is Sign.FAULT and one.name not in NOT_HERE]
        if faults:
            raise Wrong("; ".join(f"{one.name}: {one.what}" for one in faults))
        well = [one for one in seen if one.sign is Sign.WELL]
        return f"{len(well)} of {len(seen)} well; this machine has not: {_names(seen)}"

    def loses_what_it_may(self) -> str:
        """The plug is pulled: what lies on /data is there afterwards, and nothing else.

        The machine begins again in 2001, as a Pi without a battery does not know the time.
        """
        if self.machine.run("sh", "-c", "echo x >/etc/semblante-try").code == 0:
            raise Wrong("a file in /etc could be written")
        tried = ("/data/try", "/tmp/try", "/var/log/try", "/var/tmp/try", "/run/try")
        for path in tried:
            self._sh(f"echo kept >{path}")
        self._sh("sync /data/try")
        self._until("the kiosk asks", self._asks, PATIENCE)
        self._touch("happy")
        records, opened = self._counts()
        self.mark = self._mark()
        self.machine.off()
        self.machine.on(LONG_AGO)
        seconds = self.machine.until_up()
        left = [path for path in tried if self.machine.run("test", "-s", path).code == 0]
        if left != ["/data/try"]:
            raise Wrong(f"left after the cut: {' '.join(left) or 'nothing'}")
        after = self._counts()
        if sum(after) < records + opened:
            raise Wrong(f"{records} records and {opened} open visit became {after}")
        return f"/data alone is left; no answer was lost ({sum(after)} kept); up in {seconds:.0f} s"

    def knows_what_cannot_keep(self) -> str:
        """Under an overlay, and in memory, the kiosk says that its records are not durable."""
        self._expect_durable("/data/semblante/outbox.db", "ext4 True")
        self._expect_durable("/run/outbox.db", "tmpfs False")
        layers = "lowerdir=/data/semblante,upperdir=/run/o/u,workdir=/run/o/w"
        self._sh(f"systemctl stop {KIOSK}; mkdir -p /run/o/u /run/o/w")
        self._sh(f"mount -t overlay -o {layers} overlay /data/semblante")
        try:
            self._expect_durable("/data/semblante/outbox.db", "overlay False")
            self._sh(f"systemctl start --no-block {KIOSK}")
            if self.ear.until(lambda said: '"volatile"' in said, 240) is None:
                raise Wrong("on an overlay no alarm “volatile” came to the hub")
        finally:
            self._sh(f"systemctl stop {KIOSK}; umount /data/semblante")
            self._sh(f"systemctl start --no-block {KIOSK}")
        return "neither is called durable; over an overlay the alarm “volatile” came to the hub"

    def begins_a_frozen_kiosk_anew(self) -> str:
        """The kiosk freezes: systemd ends it and starts another one."""
        self._until("the kiosk runs", self._asks, PATIENCE)
        before, began = self._main(), self._uptime()
        self._sh(f"kill -STOP {before}")
        self._until("another kiosk", lambda: self._main() not in {"0", before}, 300)
        seconds = self._uptime() - began
        told = self._sh(f"journalctl -b -u {KIOSK} --no-pager -o cat | grep -i watchdog | head -1")
        return f"another one after {seconds:.0f} s of the machine (“{told.strip()}”)"

    def keeps_the_time(self) -> str:
        """In 2001 the kiosk goes on from the latest time that it has seen."""
        clock = int(self._sh("date +%s")) * 1_000
        if not clock < self.mark:
            raise Wrong(f"the machine says {_day(clock)}, the mark was {self.mark}")
        if self._mark() < self.mark:
            raise Wrong(f"the mark was {self.mark} and is {self._mark()}")
        self._until("the kiosk asks", self._asks, PATIENCE)
        sold = self._newest_wall()
        if sold < self.mark:
            raise Wrong(f"a sale at {sold}, before the mark {self.mark}")
        after = (sold - self.mark) / 1_000
        return f"the machine says {_day(clock)}; a sale is dated {after:.0f} s after the mark"

    def resets_without_systemd(self) -> str:
        """systemd itself is lost: the watchdog of the machine resets it, and nothing kept goes.

        (A kernel that stands still is not tried: where instructions are the clock, the loop of a
        kernel in panic takes hours for its ten seconds.)
        """
        dog = self._sh("systemctl show --property=RuntimeWatchdogUSec --value").strip()
        name = self._sh("cat /sys/class/watchdog/watchdog0/identity").strip()
        count = self._sh("cat /sys/class/watchdog/watchdog0/timeout").strip()
        before = sum(self._counts())
        self.machine.forget_events()
        self.machine.tell("sh", "-c", "kill -SEGV 1")
        seconds = self.machine.event("WATCHDOG", BITES_WITHIN)
        if seconds is None:
            raise Wrong(f"no reset ({name}, {count} s)")
        up = self.machine.until_up()
        if (after := sum(self._counts())) < before:
            raise Wrong(f"{before} records became {after}")
        return f"reset after {seconds:.0f} s by {name} (systemd {dog}, {count} s); up in {up:.0f} s"

    def tries_another_version(self) -> str:
        """Another version is fetched, verified, laid beside the first, and runs on trial."""
        self._until("the kiosk asks", self._asks, PATIENCE)
        before, began = self._current(), self._uptime()
        word = {"id": ORDER, "version": LATER, "url": self.later}
        wish = f"{INBOX}/update.json"
        self._sh(f"echo '{json.dumps(word)}' >{wish}.new; chown semblante: {wish}.new")
        self._sh(f"mv {wish}.new {wish}")
        try:
            self._until(f"{LATER} is current", lambda: self._current() == LATER, PATIENCE)
        except Wrong as fault:
            log = self._sh("journalctl -b -u semblante-update --no-pager -o cat | tail -5")
            raise Wrong(f"{fault}: {log}") from fault
        laid = self._uptime() - began
        started = f"journalctl -b -u {KIOSK} --no-pager -o cat | grep ' started .* version={LATER}'"
        ran = ("sh", "-c", started)
        self._until(f"{LATER} runs", lambda: self.machine.run(*ran).code == 0, PATIENCE)
        self._until(f"{LATER} asks", self._asks, PATIENCE)
        if (left := self._sh("readlink /data/semblante/previous").strip())[-5:] != before:
            raise Wrong(f"the version before is {left}")
        return f"current {laid:.0f} s after the order, asks after {self._uptime() - began:.0f} s"

    def takes_back_what_proves_nothing(self) -> str:
        """Its hub never answers: the version on trial is left again, by the one before."""
        began = self._uptime()
        self._until("the trial is over", lambda: self._current() != LATER, TRIED_WITHIN)
        took = self._uptime() - began
        self._until("the kiosk asks again", self._asks, PATIENCE)
        told = json.loads(self._run("cat", "/data/semblante/outcomes.json"))
        if ORDER not in json.dumps(told) or "rolled_back" not in json.dumps(told):
            raise Wrong(f"outcomes: {told}")
        return f"{self._current()} again after {took:.0f} s of the machine, and it asks"

    # What the machine is asked.

    def _current(self) -> str:
        return self._sh("basename $(readlink /data/semblante/current)").strip()

    def _asks(self) -> bool:
        return self._post("/sale")

    def _touch(self, face: str) -> None:
        if not self._post("/touch", json.dumps({"face": face})):
            raise Wrong("a touch was not taken")
        self._until("the answer is kept", lambda: self._counts()[1] == 1, 60)

    def _post(self, path: str, body: str = "{}") -> bool:
        return self.machine.run("python3", "-c", POST, path, body).code == 0

    def _counts(self) -> tuple[int, int]:
        records, opened = self._run("python3", "-c", COUNT).split()
        return int(records), int(opened)

    def _newest_wall(self) -> int:
        """Of a sale that is told now."""
        script = COUNT.partition("for")[0] + (
            "print(*(bytes(row[0]).hex() for row in "
            "file.execute('select body from records order by seq desc limit 3')))"
        )
        bodies = [bytes.fromhex(one) for one in self._run("python3", "-c", script).split()]
        walls = [int(one) for body in bodies for one in re.findall(rb'"wall":(\d+)', body)]
        return max(walls, default=0)

    def _expect_durable(self, place: str, wanted: str) -> None:
        if (said := self._run(_PYTHON, "-c", DURABLE, place).strip()) != wanted:
            raise Wrong(f"{place}: {said}, and not {wanted}")

    def _mark(self) -> int:
        said = self.machine.run("cat", "/data/semblante/clock").out.strip()
        return int(said) if said.isdigit() else 0

    def _uptime(self) -> float:
        return float(self._sh("cut -d' ' -f1 /proc/uptime"))

    def _main(self) -> str:
        return self._show(KIOSK, "MainPID")[0].partition("=")[2]

    def _show(self, unit: str, *properties: str) -> list[str]:
        wanted = ",".join(properties)
        return self._run("systemctl", "show", unit, f"--property={wanted}").split("\n")[:-1]

    def _is_there(self, path: str) -> None:
        if self.machine.run("test", "-s" if path.endswith("pem") else "-e", path).code:
            raise Wrong(f"{path} is not there")

    def _sh(self, line: str) -> str:
        return self._run("sh", "-c", line)

    def _run(self, *words: str) -> str:
        done = self.machine.run(*words)
        if done.code:
            raise Wrong(f"{' '.join(words)[:80]} … ended with {done.code}: {done.out[-300:]}")
        return done.out

    def _until(self, what: str, question: Callable[[], bool], seconds: float) -> float:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if question():
                return time.monotonic() - began
            time.sleep(0.5)
        raise Wrong(f"{what}: not within {seconds:.0f} s")


TRIALS: Final[Sequence[Callable[[Walk], str]]] = (
    Walk.first_start,
    Walk.starts_the_kiosk,
    Walk.answers_verify,
    Walk.begins_a_frozen_kiosk_anew,
    Walk.knows_what_cannot_keep,
    Walk.loses_what_it_may,
    Walk.keeps_the_time,
    Walk.tries_another_version,
    Walk.takes_back_what_proves_nothing,
    Walk.resets_without_systemd,
)


def _names(seen: Sequence[Seen]) -> str:
    return ", ".join(f"“{one.name}”" for one in seen if one.sign is not Sign.WELL)


def _day(ms: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(ms / 1_000))
