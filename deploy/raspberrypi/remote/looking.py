"""How a kiosk is: `make doctor` looks at what is set up, `make verify` at what holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from deploy.raspberrypi.remote.ssh import Remote, come_in


class Sign(Enum):
    """How a line stands, as its first letter."""

    WELL = "✓"
    FAULT = "✗"
    ABSENT = "·"


@dataclass(frozen=True, slots=True)
class Look:
    """One question to a machine: `words` answer it by `wanted` being in what they say (or, where
    that is empty, by ending well). `absent` says that the part is not on every board; of a
    question that is `whole` everything that was said is told.
    """

    name: str
    words: Sequence[str]
    wanted: str = ""
    hint: str = ""
    absent: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer."""

    sign: Sign
    name: str
    what: str = ""
    hint: str = ""
    whole: str = ""

    def told(self) -> str:
        """In a line, and a second one for what to do."""
        line = f"{self.sign.value} {self.name}" + (f": {self.what}" if self.what else "")
        line += self.whole
        return f"{line}\n  → {self.hint}" if self.sign is Sign.FAULT and self.hint else line


def look(
    remote: Remote, questions: Sequence[Look], tell: Callable[[Seen], None] = lambda _seen: None
) -> tuple[Seen, ...]:
    """Every question, also after one that was answered badly, told as it is answered; raises
    DeviceError where the machine is not reached, or lets nobody work as root.
    """
    come_in(remote)
    seen = []
    for question in questions:
        seen.append(_one(remote, question))
        tell(seen[-1])
    return tuple(seen)


def summary(seen: Sequence[Seen]) -> str:
    """How it is, in one line."""
    amiss = sum(one.sign is Sign.FAULT for one in seen)
    absent = sum(one.sign is Sign.ABSENT for one in seen)
    told = f"{amiss} of {len(seen)} are amiss" if amiss else f"all {len(seen)} looks are well"
    return told + (f"; {absent} could not be looked at here" if absent else "")


def _one(remote: Remote, question: Look) -> Seen:
    said = remote.run(*question.words, seconds=120)
    right = question.wanted in _words(said.out) if question.wanted else said.code == 0
    lines = (said.out + said.err).strip().splitlines()
    whole = "".join(f"\n    {line}" for line in lines) if question.whole else ""
    if right:
        return Seen(Sign.WELL, question.name, whole=whole)
    sign = Sign.ABSENT if question.absent else Sign.FAULT
    what = "" if whole or not lines else lines[-1].strip()[:200]
    return Seen(sign, question.name, what, question.hint, whole)


def _words(text: str) -> set[str]:
    """Everything that may be asked for: lines, words, options of a mount, values."""
    lines = {line.strip() for line in text.splitlines()}
    return lines | {word for line in lines for word in re.split(r"[\s,]", line)}


def _mounted(path: str, *options: str) -> tuple[str, ...]:
    return ("findmnt", "--noheadings", "--output", "FSTYPE,OPTIONS", *options, path)


def _shell(*lines: str) -> tuple[str, ...]:
    return ("sh", "-c", "; ".join(lines))


DOCTOR: Sequence[Look] = (
    Look("the data are mounted", _shell(
         "test -e /run/systemd/generator/data.mount || exit 0",
         "findmnt --noheadings --output SOURCE,FSTYPE /data"),
         hint="do not throw the card away: make rescue CARD=… first, then make replace"),
    Look("first boot is over", ("test", "-e", "/data/semblante/.installed"),
         hint="make logs HOST=… shows where it stands; it goes on by itself every minute"),
    Look("a version is complete", ("test", "-e", "/data/semblante/current/.complete"),
         hint="make provision HOST=… puts one there"),
    Look("it has joined its hub", ("test", "-e", "/data/semblante/identity/certificate.pem"),
         hint="the glass says why not; a new join code comes from the page “Kiosks”"),
    Look("the kiosk runs", ("systemctl", "is-active", "semblante-kiosk.service"),
         hint="make logs HOST=… says why it ended"),
    Look("no unit has failed", _shell(
         "failed=$(systemctl list-units --failed --plain --no-legend 'semblante-*') || exit 1",
         'echo $failed', 'test -z "$failed"'),
         hint="make logs HOST=… says why"),
    Look("the certificate is looked after", ("systemctl", "is-active", "semblante-renew.timer"),
         hint="make provision HOST=… enables it"),
    Look("the clock was set", ("timedatectl", "show", "--property=NTPSynchronized"),
         "NTPSynchronized=yes",
         hint="open UDP 123 to a time server, or name the store's own in timesyncd.conf"),
    Look("the card has room", _shell(
         "used=$(df --output=pcent /data | tail -1 | tr -dc 0-9)",
         "echo $used % is used", "test $used -lt 90"),
         hint="a card of 16 GB is enough for years: is something else kept on /data?"),
    Look("power and temperature", ("vcgencmd", "get_throttled"), "throttled=0x0",
         hint="use the board's own power supply, and let air to it", absent=True),
    Look("every part answers", ("runuser", "-u", "semblante", "--",
         "/data/semblante/current/venv/bin/semblante-kiosk", "check",
         "--config", "/data/semblante/kiosk.toml"),
         hint="each line with ✗ names a part: look at its cable, and at its table in kiosk.toml",
         whole=True),
)  # fmt: skip
"""What can be looked at while shoppers use the kiosk: nothing is changed or stopped."""

VERIFY: Sequence[Look] = (
    Look("the root is only read", _mounted("/"), "ro",
         hint="restart once after first boot; then look into /etc/fstab"),
    Look("a write to the root fails", _shell(
         "touch /.semblante-try 2>/dev/null || exit 0", "rm /.semblante-try", "exit 1"),
         hint="it is mounted for writing: restart once after first boot"),
    Look("the data lie on ext4, not in memory", _mounted("/data"), "ext4",
         hint="an overlay keeps answers in memory alone: never switch it on in raspi-config"),
    Look("a write to the data holds", ("sh", "-c",
         "echo try >/data/.try && sync /data/.try && grep -q try /data/.try && rm /data/.try"),
         hint="the card fails: replace it (make rescue reads what it holds)"),
    Look("what was written before the last start is there", ("test", "-s", "/data/semblante/clock"),
         hint="written by the kiosk every ten minutes; a card that forgets it forgets answers"),
    Look("the watchdog of the board is on", ("systemctl", "show", "--property=RuntimeWatchdogUSec"),
         "RuntimeWatchdogUSec=10s", hint="dtparam=watchdog=on is missing in config.txt"),
    Look("there is a watchdog", ("test", "-c", "/dev/watchdog0"),
         hint="dtparam=watchdog=on is missing in config.txt"),
    Look("the kiosk feeds its own", ("systemctl", "show", "semblante-kiosk.service",
         "--property=WatchdogUSec"), "WatchdogUSec=20s",
         hint="make provision HOST=… writes the unit anew"),
    Look("a glass is connected", ("sh", "-c", "grep -lx connected /sys/class/drm/card*-*/status"),
         hint="the ribbon cable of the panel, or the HDMI cable"),
    Look("the glass is drawn by the graphics driver", ("sh", "-c",
         "journalctl -b -u semblante-kiosk | grep -i kmsdrm | head -1 | grep ."),
         hint="the kiosk forces kmsdrm; its log says what is missing"),
    Look("a touch panel is there", ("sh", "-c",
         "udevadm info --export-db | grep ID_INPUT_TOUCHSCREEN=1"),
         hint="the panel's touch cable (I²C or USB)"),
    Look("pins are reached", ("python3", "-c",
         "import lgpio; lgpio.gpiochip_close(lgpio.gpiochip_open(0))"),
         hint="python3-lgpio of Raspberry Pi OS is missing", absent=True),
    Look("the journal is in memory", ("test", "!", "-d", "/var/log/journal"),
         hint="Storage=volatile is not in force: restart"),
    Look("no password opens SSH", ("sshd", "-T"), "passwordauthentication no",
         hint="/etc/ssh/sshd_config.d/semblante.conf is missing"),
    Look("the magic keys are off", ("cat", "/proc/sys/kernel/sysrq"), "0", hint="sysctl --system"),
    Look("no sign-in on the glass", ("systemctl", "is-enabled", "getty@tty1.service"), "masked",
         hint="make provision HOST=… masks it"),
    Look("sticks are not read", ("sh", "-c",
         "! grep -E '^(usb_storage|uas) ' /proc/modules"),
         hint="pull the stick and restart"),
)  # fmt: skip
"""What only the board itself can say; see docs/devices.md for which boards were walked."""

LOGS = ("sh", "-c", """
journalctl --no-pager --boot --lines=200 --unit='semblante-*' --unit=data.mount
test ! -s /data/semblante/errors.log || {
  echo; echo Errors, also of earlier starts:; tail -n 50 /data/semblante/errors.log
}
""")  # fmt: skip
"""Nothing in it is a shopper's: no program of ours logs an answer or a till's text."""
