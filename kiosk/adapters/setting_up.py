"""Sets a machine up as its settings file wishes: name, time, network, keys; twice is as once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kiosk.adapters.durable import link_whole, write_whole
from kiosk.core.device_file import Network
from shared.errors import DeviceError

ZONES: Final = Path("usr/share/zoneinfo")
CONNECTION: Final = Path("etc/NetworkManager/system-connections/semblante.nmconnection")
COUNTRY: Final = Path("etc/modprobe.d/semblante-country.conf")

_NUDGE_SECONDS: Final = 10

Run = Callable[[Sequence[str]], object]
"""Runs a program of the system that may be absent."""


def nudge(words: Sequence[str]) -> None:
    """Tell the running system what was just written; where it cannot be told, the next start does.

    What is not there (an image without Wi-Fi, a test) is not missed.
    """
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 our own words
            words, check=False, capture_output=True, timeout=_NUDGE_SECONDS
        )


class Machine:
    """The system below `root`; each method says whether it had to change anything.

    They raise DeviceError where the system cannot be written.
    """

    def __init__(self, root: Path, run: Run = nudge) -> None:
        self._root = root
        self._run = run

    def knows_zone(self, zone: str) -> bool:
        """Whether there is such a time zone."""
        parts = zone.split("/")
        is_name = all(part and part.strip(".") and part.isprintable() for part in parts)
        return is_name and (self._root / ZONES / zone).is_file()

    def name(self, hostname: str) -> bool:
        """Be called so."""
        hosts = self._root / "etc/hosts"
        lines = hosts.read_text().splitlines() if hosts.exists() else ["127.0.0.1\tlocalhost"]
        others = [line for line in lines if not line.startswith("127.0.1.1")]
        known = self._keep("etc/hosts", [*others, f"127.0.1.1\t{hostname}"], 0o644)
        changed = self._keep("etc/hostname", [hostname], 0o644)
        if changed:
            self._run(["hostname", hostname])
        return changed or known

    def live_in(self, zone: str) -> bool:
        """Tell the time of that zone."""
        link, target = self._root / "etc/localtime", f"/{ZONES / zone}"
        told = self._keep("etc/timezone", [zone], 0o644)
        if link.is_symlink() and str(link.readlink()).lstrip("./") == target.lstrip("/"):
            return told
        with _told(link):
            link_whole(link, target)
        return True

    def connect(self, network: Network) -> bool:
        """Use that Wi-Fi; the radio of a Raspberry Pi stays off until it knows the country."""
        changed = self._keep(str(CONNECTION), _connection(network), 0o600)
        if network.country:
            line = f"options cfg80211 ieee80211_regdom={network.country}"
            changed |= self._keep(str(COUNTRY), [line], 0o644)
        if changed:
            for words in _nudges(network):
                self._run(words)
        return changed

    def let_in(self, keys: Sequence[str], file: Path) -> bool:
        """Let whoever has one of these keys in by SSH, and nobody else."""
        return self._keep(str(file).lstrip("/"), list(keys), 0o600)

    def _keep(self, name: str, lines: list[str], mode: int) -> bool:
        file, data = self._root / name, "".join(f"{line}\n" for line in lines).encode()
        with _told(file):
            if file.is_file() and file.read_bytes() == data and file.stat().st_mode & 0o777 == mode:
                return False
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o755 if mode == 0o644 else 0o700)
            write_whole(file, data, mode)
        return True


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """A fault of the system becomes a sentence."""
    try:
        yield
    except OSError as fault:
        hint = "Is the system's partition mounted read-only, or full?"
        why = fault.strerror or type(fault).__name__
        raise DeviceError(f"{file}: {why}", hint=hint, code="machine") from fault


def _nudges(network: Network) -> list[list[str]]:
    radio = [["iw", "reg", "set", network.country]] if network.country else []
    return [*radio, ["rfkill", "unblock", "wifi"], ["nmcli", "connection", "reload"],
            ["nmcli", "connection", "up", "semblante"]]  # fmt: skip


def _connection(network: Network) -> list[str]:
    """A keyfile of NetworkManager; the name of the Wi-Fi as bytes, for it may hold any."""
    name = "".join(f"{one};" for one in network.ssid.encode())
    lines = ["[connection]", "id=semblante", "type=wifi", "autoconnect-retries=0"]  # 0: for ever
    lines += ["", "[wifi]", "mode=infrastructure", f"ssid={name}"]
    if network.passphrase:
        lines += ["", "[wifi-security]", "key-mgmt=wpa-psk", f"psk={_escaped(network.passphrase)}"]
    return [*lines, "", "[ipv4]", "method=auto", "", "[ipv6]", "method=auto"]


def _escaped(text: str) -> str:
    """As GLib's key files want it: backslashes doubled, spaces at the beginning as \\s."""
    bare = text.lstrip(" ")
    return "\\s" * (len(text) - len(bare)) + bare.replace("\\", "\\\\")
