"""What systemd hears, on a real socket of both kinds."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kiosk.adapters.systemd import alive, notify, patience, ready


class Systemd:
    """The socket on which systemd listens."""

    def __init__(self, where: Path | str) -> None:
        self.address = str(where)
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Systemd:
        self._line.bind(self.address.replace("@", "\0", 1))
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def next(self, seconds: float = 5) -> str:
        """The next word that comes."""
        self._line.settimeout(seconds)
        return self._line.recv(1_000).decode()


@pytest.mark.parametrize("abstract", [False, True])
def test_it_hears_that_the_kiosk_is_ready_and_lives(abstract: bool, tmp_path: Path) -> None:
    where = f"@semblante-{os.getpid()}" if abstract else tmp_path / "notify"
    with Systemd(where) as systemd:
        ready({"NOTIFY_SOCKET": systemd.address})
        alive({"NOTIFY_SOCKET": systemd.address})
        assert [systemd.next(), systemd.next()] == ["READY=1", "WATCHDOG=1"]


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "/" + "x" * 300, "@nobody"])
def test_without_systemd_nothing_happens(address: str) -> None:
    notify("READY=1", {"NOTIFY_SOCKET": address})
    notify("READY=1", {})


def test_its_patience_is_known_where_it_is_meant_for_us() -> None:
    assert patience({"WATCHDOG_USEC": "20000000"}) == 20
    assert patience({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": str(os.getpid())}) == 20
    assert patience({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}) is None
    assert patience({}) is patience({"WATCHDOG_USEC": "soon"}) is None
