"""A real mosquitto with the rights that the hub writes, on a free loopback port."""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.adapters.mosquitto import HUB_USER, BrokerFiles
from shared.places import KioskId, SensorId, StoreId, kiosk_id
from tests.parts.ports import free_port, wait_for_port

CENTRO = StoreId("centro")
"""The store of most tests."""


class RunningBroker:
    """mosquitto as a child process: it can be killed, started again and told of new kiosks."""

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.files = BrokerFiles(folder)
        self.port = free_port()
        run_as = getpass.getuser() if os.geteuid() == 0 else None
        hub_password = self.files.write(host=self.host, port=self.port, run_as=run_as)
        assert hub_password is not None
        self.passwords = {HUB_USER: hub_password}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def hub_password(self) -> str:
        """What the user “hub” signs in with."""
        return self.passwords[HUB_USER]

    def enrol(self, kiosk: KioskId, store: StoreId = CENTRO) -> str:
        """Let this kiosk connect and write for this store; returns its password."""
        self.passwords[kiosk] = self.files.enrol(kiosk, store)
        self.files.reload()
        return self.passwords[kiosk]

    def enrol_sensor(self, sensor: SensorId, store: StoreId = CENTRO) -> str:
        """The same for a sensor."""
        self.passwords[sensor] = secrets.token_hex(20)
        self.files.enrol_sensor(sensor, store, self.passwords[sensor])
        self.files.reload()
        return self.passwords[sensor]

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert program is not None, "mosquitto is not installed: run “make setup”"
        self._process = subprocess.Popen(
            [program, "-c", str(self.files.config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port)

    @property
    def process_id(self) -> int:
        """Its number, while it runs."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end (it saves its state first)."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Pull its plug: kill -9, whatever it has not saved is gone."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None


@contextmanager
def running_broker(folder: Path, kiosks: Iterable[str] = ()) -> Iterator[RunningBroker]:
    """A broker that knows the user “hub” and these kiosks, for the length of the block."""
    broker = RunningBroker(folder)
    for name in kiosks:
        broker.enrol(kiosk_id(name))
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
