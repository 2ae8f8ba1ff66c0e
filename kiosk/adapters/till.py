"""The till on a serial port: bytes or modem lines come in, sales go out as events, and no text."""

from __future__ import annotations

import termios
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import serial
import structlog
import uuid6

from kiosk.core.clock import instant
from kiosk.core.documents import Seen
from kiosk.core.events import SaleSeen
from kiosk.core.modem import ModemLine
from kiosk.core.ports import Clock, Post, Trouble
from kiosk.core.readers import ContactReader, Reader
from kiosk.core.tills import PortSettings, TillSettings, contact_from, reader_from
from shared.sales import SaleSource

log = structlog.get_logger(__name__)

TROUBLE: Final = "till"
"""The port cannot be opened or read; the reader goes on trying."""

RETRY_SECONDS: Final = 2.0
"""A plug that was pulled and put back is found again within the next sale."""

TICK_SECONDS: Final = 0.1
"""How long a read waits: so soon is a stop noticed, and a silence."""

MOST_AT_ONCE: Final = 4_096
"""Bytes in one read: what a kernel holds for a serial port."""

STOP_SECONDS: Final = 1.0

_PARITIES: Final = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}


class Port(Protocol):
    """What is used of a pyserial port."""

    @property
    def in_waiting(self) -> int:
        """How many bytes can be read at once."""

    @property
    def cts(self) -> bool:
        """Clear to send."""

    @property
    def dsr(self) -> bool:
        """Data set ready."""

    @property
    def cd(self) -> bool:
        """Carrier detect."""

    @property
    def ri(self) -> bool:
        """Ring indicator."""

    def read(self, size: int = 1, /) -> bytes:
        """Up to so many bytes, after the port's timeout at the latest."""

    def close(self) -> None:
        """Give the port back."""


def open_port(settings: PortSettings) -> Port:
    """The port, by device path or pyserial URL; raises OSError (SerialException) or ValueError."""
    try:
        return _open(settings)
    except termios.error as fault:  # pyserial lets some of them through
        raise OSError(*fault.args) from fault


def _open(settings: PortSettings) -> Port:
    port: Port = serial.serial_for_url(
        settings.path,
        baudrate=settings.baud,
        bytesize=settings.bits,
        parity=_PARITIES[settings.parity],
        stopbits=settings.stop_bits,
        xonxoff=settings.flow == "xon_xoff",
        rtscts=settings.flow == "rts_cts",
        timeout=TICK_SECONDS,
        exclusive=True,  # a second reader would take half of the bytes
    )
    return port


class SerialTill:
    """Hears one till in a thread of its own, and finds it again when it was unplugged."""

    def __init__(
        self,
        settings: TillSettings,
        *,
        clock: Clock,
        post: Post,
        trouble: Trouble,
        opening: Callable[[PortSettings], Port] = open_port,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._settings = settings
        by_contact = settings.kind is SaleSource.MODEM
        self._reader = contact_from(settings) if by_contact else reader_from(settings)
        self._clock = clock
        self._post = post
        self._trouble = trouble
        self._opening = opening
        self._retry_seconds = retry_seconds
        self._closing = threading.Event()
        self._lost: bool | None = None  # not known before the first try
        self._counts: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, name="till", daemon=True)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each rule gave its verdict."""
        return dict(self._counts)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop, within STOP_SECONDS; safe to call twice."""
        was_closed = self._closing.is_set()
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        if not was_closed:  # for whoever wonders where the sales are
            log.info("till_closed", verdicts=self.counts)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen()
            except (OSError, ValueError) as fault:  # ValueError: no such kind of port or setting
                self._tell_lost(str(fault))
            except Exception as fault:  # noqa: BLE001 the till must be heard again whatever it was
                # No traceback: where it prints variables, it prints what the till said.
                place = traceback.extract_tb(fault.__traceback__)[-1]
                self._tell_lost(f"{type(fault).__name__} in {place.name}, line {place.lineno}")
            self._closing.wait(self._retry_seconds)

    def _listen(self) -> None:
        port = self._opening(self._settings.port)
        self._reader.reset()
        try:
            if isinstance(self._reader, ContactReader):
                self._watch(port, self._reader)
            else:
                self._read(port, self._reader)
        finally:
            port.close()

    def _read(self, port: Port, reader: Reader) -> None:
        self._tell_found()
        while not self._closing.is_set():
            data = port.read(1)
            if data:
                data += port.read(min(port.in_waiting, MOST_AT_ONCE))
            at = self._clock.now().boot
            self._report(reader.feed(data, at) if data else reader.idle(at))

    def _watch(self, port: Port, contact: ContactReader) -> None:
        level = _LEVELS[self._settings.line]
        # Three looks within the time that a level must hold; a modem line costs one call a look.
        pause = min(max(self._settings.contact.debounce_ms / 3_000, 0.005), 0.02)
        self._report(contact.level(level(port), self._clock.now().boot))
        self._tell_found()  # only now: a port without such lines fails at the first look
        while not self._closing.wait(pause):
            at = self._clock.now().boot
            self._report(contact.level(level(port), at) + contact.idle(at))

    def _report(self, seen: list[Seen]) -> None:
        for one in seen:
            self._counts[one.rule] += 1
            log.debug("till_told", rule=one.rule, sale=one.sale)
            if one.sale:
                at = instant(self._clock.now(), one.at)
                self._post(SaleSeen(at, uuid6.uuid7().hex, one.source))

    def _tell_found(self) -> None:
        log.info("till_connected", port=self._settings.port.path)
        self._lost = False
        self._trouble(None)

    def _tell_lost(self, why: str) -> None:
        if not self._lost:  # once, not at every try
            log.error("till_not_heard", port=self._settings.port.path, why=why)
            self._trouble(TROUBLE)
        self._lost = True


_LEVELS: Final[Mapping[ModemLine, Callable[[Port], bool]]] = {
    ModemLine.CTS: lambda port: port.cts,
    ModemLine.DSR: lambda port: port.dsr,
    ModemLine.DCD: lambda port: port.cd,
    ModemLine.RI: lambda port: port.ri,
}
