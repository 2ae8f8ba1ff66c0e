"""A serial port with modem lines that a test moves, and a plug that a test pulls."""

from __future__ import annotations

import threading

from kiosk.core.modem import ModemLine


class FakePort:
    """What kiosk/adapters/till.py uses of a pyserial port."""

    def __init__(self) -> None:
        self.high: set[ModemLine] = set()
        self.closed = False
        self.looked = threading.Event()
        self.pulled = False

    @property
    def in_waiting(self) -> int:
        return 0

    @property
    def cts(self) -> bool:
        return self._look(ModemLine.CTS)

    @property
    def dsr(self) -> bool:
        return self._look(ModemLine.DSR)

    @property
    def cd(self) -> bool:
        return self._look(ModemLine.DCD)

    @property
    def ri(self) -> bool:
        return self._look(ModemLine.RI)

    def read(self, size: int = 1, /) -> bytes:
        return b""

    def close(self) -> None:
        self.closed = True

    def _look(self, line: ModemLine) -> bool:
        if self.pulled:
            raise OSError(5, "Input/output error")
        self.looked.set()
        return line in self.high
