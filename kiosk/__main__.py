"""`semblante-kiosk` and `python -m kiosk`: run the kiosk, try its parts, or prepare it."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk.core.restarting import RestartAsked
from shared.errors import DeviceError, SemblanteError, SettingsError

DEFAULT_FILE: Final = Path("kiosk.toml")

RESTART: Final = 3
"""A technician asked for it at the panel: whoever keeps the kiosk running starts it anew."""

ABSENT: Final = 4
"""All that is wrong is hardware that this machine does not have."""

OUT: Final = 5
"""The hub has just said that this device is a kiosk no more: the glass has to tell it."""

EXTRAS: Final = ("kivy", "gpiozero", "serial", "lgpio")
"""Packages of the extra “kiosk”, by the names under which they are imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 a fault of a part, 2 of the settings or the command, 3 anew."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    own = _WITH_OPTIONS.get(words[0]) if words else None
    chosen = _parser().parse_args([] if own else words)
    try:
        return own(words[1:]) if own else _COMMANDS[chosen.command](chosen.config)
    except SettingsError as fault:
        _tell(fault, fault.faults)
        return 2
    except RestartAsked:
        return RESTART
    except SemblanteError as fault:
        _tell(fault, (str(fault),))
        return 1
    except ModuleNotFoundError as fault:
        if fault.name is None or fault.name.partition(".")[0] not in EXTRAS:
            raise
        print(f"✗ {fault.name} is not installed\n  → Install semblante[kiosk].", file=sys.stderr)
        return 1


def _run(config: Path) -> int:
    with _nothing_swept():
        # Imported here, so that --help and --version answer at once on a small machine.
        from kiosk.adapters.last_errors import LOG, keep_errors  # noqa: PLC0415
        from kiosk.adapters.logs import configure_logs, log_the_uncaught  # noqa: PLC0415
        from kiosk.adapters.systemd import ready  # noqa: PLC0415
        from kiosk.settings import identity_fault, load_settings  # noqa: PLC0415
        from kiosk.wiring.front import greeting_glass  # noqa: PLC0415

        try:
            settings = load_settings(config)
        except SettingsError:
            if _waited_until_ready(config):
                return 0
            raise
        configure_logs(settings.log.format, settings.log.level)
        keep_errors(settings.outbox.path.with_name(LOG))
        log_the_uncaught()
        if identity_fault(settings) is not None:
            if _waited_until_ready(config):
                return 0
            raise DeviceError("this device has not joined yet", hint="Run “semblante-kiosk join”.")
        glass = greeting_glass(settings)
        ready()
        from kiosk.wiring.whole import run  # noqa: PLC0415 the shopper sees something by now
    run(settings, glass)
    return 0


def _waited_until_ready(config: Path) -> bool:
    from kiosk.adapters.logs import configure_logs  # noqa: PLC0415
    from kiosk.wiring.unready import waited_until_ready  # noqa: PLC0415 no kiosk needs it

    configure_logs("console", "info")
    gc.enable()  # it may wait for days
    return waited_until_ready(config)


@contextmanager
def _nothing_swept() -> Iterator[None]:
    """What is imported here stays, and is never looked through for garbage.

    That looking is a twelfth of the time to the first frame, and later a pause under a finger.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _check(config: Path) -> int:
    from kiosk.adapters.logs import configure_logs  # noqa: PLC0415
    from kiosk.core.readings import Part  # noqa: PLC0415
    from kiosk.core.report import Sign, lines_of, worst_of  # noqa: PLC0415
    from kiosk.screen.words import sentences  # noqa: PLC0415
    from kiosk.screen.words.technician import names_of_parts, tell  # noqa: PLC0415
    from kiosk.settings import load_settings  # noqa: PLC0415
    from kiosk.wiring.checks import tried  # noqa: PLC0415

    settings = load_settings(config)
    configure_logs(settings.log.format, "critical")  # what is wrong is printed, with its hint
    place, say = settings.place, sentences("en")
    print(f"✓ kiosk: {place.kiosk_id} stands at {place.store_id}/{place.point_id}")
    readings = tried(settings)
    lines = lines_of(readings)
    for line in lines:
        name = names_of_parts(say)[line.part].lower()
        print(f"{_SIGNS[line.sign]} {name}: {tell(line, 'en', say)}")
        if line.hint is not None:
            print(f"  → {line.hint}")
    if worst_of(lines) is not Sign.FAULT:
        return 0
    # The line of the alarms only names others once more.
    bad = [line.part for line in lines if line.sign is Sign.FAULT and line.part is not Part.ALARMS]
    known = [readings.faults[part].absent for part in bad if part in readings.faults]
    return ABSENT if len(known) == len(bad) and all(known) else 1


_SIGNS: Final = {"well": "✓", "look": "!", "fault": "✗", "unknown": "·"}


def _pin(_config: Path) -> int:
    from kiosk.wiring.preparing import ask_for_pin, hashed_pin  # noqa: PLC0415

    print("# For kiosk.toml; the panel opens where lines end, below: hold that corner for 5 s.")
    print(f'[panel]\npin = "{hashed_pin(ask_for_pin())}"')
    return 0


def _voices(config: Path) -> int:
    from kiosk.settings import load_settings  # noqa: PLC0415
    from kiosk.wiring.preparing import prepare_voices  # noqa: PLC0415

    folder, made = prepare_voices(load_settings(config))
    print(f"✓ {made} sentences in {folder}")
    return 0


def _draw(words: Sequence[str]) -> int:
    from kiosk.wiring.drawing import draw  # noqa: PLC0415

    for file in draw(words):
        print(file)
    return 0


def _join(words: Sequence[str]) -> int:
    from kiosk.wiring.joining import run_join  # noqa: PLC0415

    print(f"✓ {run_join(words)}")
    return 0


def _renew(words: Sequence[str]) -> int:
    from kiosk.wiring.joining import OutOfService, run_renew  # noqa: PLC0415

    try:
        print(f"✓ {run_renew(words)}")
    except OutOfService as fault:
        _tell(fault, (str(fault),))
        return OUT
    return 0


def _first_boot(words: Sequence[str]) -> int:
    from kiosk.wiring.first_booting import run_first_boot  # noqa: PLC0415

    code, told = run_first_boot(words)
    print("\n".join(told))
    return code


def _apply_update(words: Sequence[str]) -> int:
    from kiosk.wiring.maintaining import run_apply_update  # noqa: PLC0415

    return run_apply_update(words)


def _guard(words: Sequence[str]) -> int:
    from kiosk.wiring.maintaining import run_guard  # noqa: PLC0415

    return run_guard(words)


def _learn_till(words: Sequence[str]) -> int:
    from kiosk.wiring.learning import run_learn_till  # noqa: PLC0415

    return run_learn_till(words, lambda line: print(line, flush=True))


_WITH_OPTIONS: Final[dict[str, Callable[[Sequence[str]], int]]] = {
    "draw": _draw,
    "join": _join,
    "renew": _renew,
    "first-boot": _first_boot,
    "apply-update": _apply_update,
    "guard": _guard,
    "learn-till": _learn_till,
}
"""Commands that have options of their own."""

_COMMANDS: Final[dict[str, Callable[[Path], int]]] = {
    "run": _run,
    "check": _check,
    "pin": _pin,
    "voices": _voices,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "semblante-kiosk",
        description="The kiosk beside the till.",
        epilog="Also, each with --help: draw (pictures of a questionnaire), join (become one of "
        "the hub's kiosks), renew (the certificate), learn-till (print, and it proposes [till]), "
        "apply-update and guard (another version).",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    parser.add_argument(
        "command",
        nargs="?",
        default="run",
        choices=_COMMANDS,
        help="run (default), try every part, hash a PIN for the panel, or make what is spoken",
    )
    parser.add_argument(
        "--config", "-c", type=Path, default=DEFAULT_FILE, help="the settings (kiosk.toml here)"
    )
    return parser


class _Version(argparse.Action):
    """Prints the version; read only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        print(version("semblante"))
        parser.exit()


def _tell(fault: SemblanteError, lines: Sequence[str]) -> None:
    for line in lines:
        print(f"✗ {line}", file=sys.stderr)
    print(f"  → {fault.hint}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
