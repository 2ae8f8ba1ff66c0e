"""The pins of the header, by gpiozero: levels come out with their times, in one thread."""

from __future__ import annotations

import threading
import warnings
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

import structlog
from gpiozero import Device, DigitalInputDevice
from gpiozero.exc import GPIOZeroError, PinFactoryFallback

from kiosk.core.ports import Clock
from shared.errors import HardwareError

log = structlog.get_logger(__name__)

HINT: Final = (
    "Set GPIOZERO_PIN_FACTORY=lgpio, install python3-lgpio, give the program a folder to write in "
    "(LG_WD), put its user in the group gpio, and give every part a pin of its own."
)

MOST_EDGES: Final = 256
"""Waiting for the thread. Of more (a chattering wire) the oldest go: later ones outdate them."""

STOP_SECONDS: Final = 1.0

K = TypeVar("K")
T = TypeVar("T")
K_contra = TypeVar("K_contra", contravariant=True)


def device(kind: Callable[..., T], pin: int, factory: Any = None, **options: Any) -> T:
    """A gpiozero device on a pin; raises HardwareError, also where a driver was only replaced.

    gpiozero takes another driver with a mere warning when the one for this Pi fails; the buttons
    would then be dead without anybody knowing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", PinFactoryFallback)
        try:
            if factory is None:
                Device.ensure_pin_factory()
            return kind(pin, pin_factory=factory, **options)
        except (GPIOZeroError, PinFactoryFallback, ImportError, OSError) as fault:
            raise HardwareError(f"pin {pin}: {fault}", hint=HINT) from fault


class Judging(Protocol[K_contra, T]):
    """The pure rule that levels are told to."""

    @property
    def wakes_at(self) -> int | None:
        """When `idle` should be asked next (boot ms) if no level changes."""

    def level(self, key: K_contra, high: bool, at: int, /) -> list[T]:
        """A pin was seen high or low."""

    def idle(self, at: int, /) -> list[T]:
        """Nothing changed until `at`."""


class Watch(Generic[K, T]):
    """Watches pulled-up input pins, tells their levels to a rule, and reports what that says."""

    def __init__(
        self,
        pins: Mapping[K, int],
        rule: Judging[K, T],
        *,
        clock: Clock,
        report: Callable[[T], None],
        factory: Any = None,
    ) -> None:
        """Raises HardwareError where a pin cannot be had; then none is kept."""
        self._rule = rule
        self._clock = clock
        self._report = report
        self._edges: deque[tuple[K, bool, int]] = deque(maxlen=MOST_EDGES)
        self._changed = threading.Condition()
        self._closing = False
        self._devices: dict[K, Any] = {}
        try:
            for key, pin in pins.items():
                self._attach(key, pin, factory)
        except HardwareError:
            self._release()
            raise
        self._thread = threading.Thread(target=self._run, name="pins", daemon=True)

    def start(self) -> None:
        """Begin to watch; the level that each pin has now is told first."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and give the pins back; safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        self._release()

    def _attach(self, key: K, pin: int, factory: Any) -> None:
        found = device(DigitalInputDevice, pin, factory, pull_up=True)
        self._devices[key] = found
        # Pulled up, so “active” is low: the contact connects the pin to ground.
        found.when_activated = lambda: self._tell(key, False)
        found.when_deactivated = lambda: self._tell(key, True)
        self._tell(key, not found.is_active)

    def _tell(self, key: K, high: bool) -> None:
        at = self._clock.now().boot
        with self._changed:
            self._edges.append((key, high, at))
            self._changed.notify()

    def _run(self) -> None:
        while not self._closing:
            try:
                self._pass_on(self._wait())
            except Exception:
                log.exception("pins_failed")

    def _wait(self) -> list[tuple[K, bool, int]]:
        with self._changed:
            if not self._edges and not self._closing:
                self._changed.wait(self._patience())
            edges = list(self._edges)
            self._edges.clear()
        return edges or self._look()

    def _look(self) -> list[tuple[K, bool, int]]:
        """The levels now: a driver may have dropped the edge that we wait for."""
        at = self._clock.now().boot
        return [(key, not found.is_active, at) for key, found in self._devices.items()]

    def _patience(self) -> float | None:
        due = self._rule.wakes_at
        if due is None:
            return None
        return max(0.001, (due - self._clock.now().boot) / 1_000)

    def _pass_on(self, edges: list[tuple[K, bool, int]]) -> None:
        told = [one for key, high, at in edges for one in self._rule.level(key, high, at)]
        told += self._rule.idle(self._clock.now().boot)
        for one in told:
            self._report(one)

    def _release(self) -> None:
        for found in self._devices.values():
            found.close()
        self._devices.clear()
