"""A device that is no kiosk yet: shows on its glass what is in the way, and looks again.

It asks nobody anything, and it does not end before something has changed: whoever keeps it
running would only start it anew, over and over.
"""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.absent import NoScreen
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.first_boot_report import NAME, Stage, read_report
from kiosk.adapters.identity import REFUSED
from kiosk.adapters.systemd import ready
from kiosk.core.fault_lines import at_lines
from kiosk.core.restarting import RestartAsked
from kiosk.core.unready import Obstacle, Unready
from kiosk.settings import ScreenSettings, identity_fault, language_in, load_settings, screen_in
from kiosk.wiring.front import EarlyGlass, glass_of
from kiosk.wiring.heartbeat import beating
from kiosk.wiring.outward import VERSION
from kiosk.wiring.signals import ended_by_signal
from shared.errors import HardwareError, SettingsError
from shared.programme import LANGUAGES

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
"""Between two looks at a few names on the card."""

WITHOUT: Final = {
    "unjoined": Obstacle("this device has not joined yet", code="unjoined"),
    "foreign": Obstacle("this device has joined as another kiosk", code="foreign"),
    "revoked": Obstacle("the hub has taken this kiosk out of service", code="revoked"),
    "replaced": Obstacle("another device has become this kiosk", code="replaced"),
    "retired": Obstacle("this kiosk takes part no more", code="retired"),
    "setting_up": Obstacle("this device is being set up", code="setting_up"),
}
"""What stands in the way of a device whose settings are well, or are not there yet."""


def unready_page(config: Path) -> Unready | None:
    """What is in the way, or None where this device is a kiosk."""
    obstacles, language = _obstacles(config)
    if not obstacles:
        return None
    source = "" if obstacles[0] in WITHOUT.values() else config.name
    report, trying = read_report(config.resolve().parent), False
    if report is not None and report.stage is not Stage.DONE and report.troubles:
        # Whoever made the card mends that file: kiosk.toml is made of it.
        source, trying = report.source, report.stage is Stage.TRYING
        told, language = report.troubles, report.language or language
        obstacles = tuple(Obstacle(one.text, one.hint, one.code, one.line) for one in told)
    return Unready(language, source, obstacles, trying, f"Semblante {VERSION}")


def waited_until_ready(config: Path) -> bool:
    """Show what is in the way until that has changed, and raise RestartAsked; True where a signal
    ended it. False at once where nobody keeps this program running and no glass is known: then
    whoever called it tells what is wrong, and ends.
    """
    seen = _seen(config)  # first: whatever changes from here on is looked at again
    page, screen = unready_page(config), screen_in(config)
    if page is None or ((screen is None or screen.driver == "none") and not _is_kept_running()):
        return False
    for one in page.obstacles:
        log.error("not_ready", file=page.source, line=one.line, why=one.text)
    shown = _shown(screen or ScreenSettings("kmsdrm", (800, 480), True, 0), page)
    if _changed_meanwhile(_Watch(config, shown, seen), shown):
        raise RestartAsked("the settings have changed")
    return True


def _changed_meanwhile(watch: _Watch, shown: EarlyGlass) -> bool:
    with ExitStack() as stack:
        stack.enter_context(ended_by_signal(shown.stop))
        beating(shown, None, stack)
        watch.start()
        stack.callback(watch.close)
        ready()
        shown.run()
        return watch.changed


class _Watch:
    """Looks at the files every two seconds; ends the glass when this device may be a kiosk."""

    def __init__(self, config: Path, glass: EarlyGlass, seen: tuple[object, ...]) -> None:
        self.changed = False
        self._seen = seen
        self._config, self._glass = config, glass
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unready", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            now = _seen(self._config)
            if now != self._seen:
                self._seen = now
                self._look()

    def _look(self) -> None:
        page = unready_page(self._config)
        if page is not None:
            self._glass.show(page)
        else:
            self.changed = True
            self._glass.stop()


def _obstacles(config: Path) -> tuple[tuple[Obstacle, ...], str]:
    if not config.exists():  # the first boot writes it
        return (WITHOUT["setting_up"],), LANGUAGES[0]
    try:
        settings = load_settings(config)
    except SettingsError as fault:
        lines = at_lines(_text(config), fault.faults)
        return tuple(Obstacle(one.text, line=one.line) for one in lines), language_in(config)
    code = identity_fault(settings)
    return (() if code is None else (WITHOUT[code],)), settings.place.languages[0]


def _shown(screen: ScreenSettings, page: Unready) -> EarlyGlass:
    """The page on the glass; without one it is only waited for the change."""
    try:
        made = glass_of(screen, SystemClock())
        made.greet(page)
    except (HardwareError, ModuleNotFoundError) as fault:
        log.error("no_glass", why=str(fault))
        made = NoScreen()
    return made


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _seen(config: Path) -> tuple[object, ...]:
    folder = config.resolve().parent
    identity = folder / "identity"
    return tuple(map(_mark, (config, folder / NAME, identity / "current", identity / REFUSED)))


def _mark(file: Path) -> object:
    try:
        found = file.lstat()
    except OSError:
        return None
    # (Also when it was given to the kiosk's user, which changes nothing in it.)
    return found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino


def _is_kept_running() -> bool:
    return bool(os.environ.get("NOTIFY_SOCKET"))
