"""`python -m deploy.raspberrypi`: what a technician says to cards and kiosks, one command each."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.hub.course import Walk
from deploy.raspberrypi.bundling.bundle import Wanted, build_bundle
from deploy.raspberrypi.cards.card import CardWishes, card_plan, checksum_of, with_kept_code
from deploy.raspberrypi.cards.rescue import rescue, send
from deploy.raspberrypi.cards.settings_file import settings_file
from deploy.raspberrypi.remote.codes import asking, not_asking, with_code
from deploy.raspberrypi.remote.fleet import Row, provision_all, read_fleet, summary
from deploy.raspberrypi.remote.looking import DOCTOR, LOGS, VERIFY, Sign, look
from deploy.raspberrypi.remote.provision import Provision, Provisioned
from deploy.raspberrypi.remote.ssh import Ssh
from deploy.raspberrypi.wishes import add_wishes, text_of, wishes_of
from shared.errors import SemblanteError, SettingsError

_SENDING: Final = 600.0  # seconds: a card full of records needs three minutes


def main(words: Sequence[str] | None = None) -> int:
    """0 done, 1 it could not be done, 2 it was not said right."""
    chosen = _parser().parse_args(words)
    try:
        return _COMMANDS[chosen.command][1](chosen)
    except SettingsError as fault:
        print("\n".join(f"✗ {one}" for one in fault.faults), file=sys.stderr)
        print(f"  → {fault.hint}", file=sys.stderr)
        return 2
    except SemblanteError as fault:
        print(f"✗ {fault}\n  → {fault.hint}", file=sys.stderr)
        return 1
    except OSError as fault:
        hint = (
            "Say it with sudo -E." if isinstance(fault, PermissionError) else "Mend it; try again."
        )
        print(f"✗ {fault.filename}: {fault.strerror}\n  → {hint}", file=sys.stderr)
        return 1


def _say(line: str) -> None:
    print(line, flush=True)


def _cache() -> Path:
    return Path(os.environ.get("SEMBLANTE_CACHE") or Path.home() / ".cache" / "semblante")


def _bundle(chosen: argparse.Namespace) -> int:
    bundle = _build(chosen.version, chosen.out, chosen.key)
    _say(f"✓ {bundle}: {bundle.stat().st_size / 1e6:.0f} MB")
    return 0


def _build(version: str | None, out: Path, key: Path | None = None) -> Path:
    from deploy.raspberrypi.bundling.signing import signer  # noqa: PLC0415 needs a package more

    now = time.time()
    release = signer(key) if key else None
    return build_bundle(Wanted(int(now), int(now * 1000), version, release), _cache(), out)


def _bundle_of(chosen: argparse.Namespace) -> Path:
    """The one that is named, else one of what stands here, built once a run."""
    return chosen.bundle or _build(None, Path("var/bundles"))


def _card(chosen: argparse.Namespace) -> int:
    wishes, image = wishes_of(chosen), chosen.image
    card = chosen.out or Path(f"var/cards/{wishes.store}-{wishes.point}.img")
    wishes = with_kept_code(wishes, card, time.time())
    ask = not_asking if chosen.check else asking(chosen.hub_ssh, chosen.hub_command)
    wishes = with_code(wishes, ask)
    wanted = CardWishes(
        image, checksum_of(image, chosen.sha256), _bundle_of(chosen), wishes, card,
        chosen.debs, chosen.to, cache=_cache(),
    )  # fmt: skip
    walk = Walk(_say, time.monotonic, systemd=False, checking=chosen.check)
    course = walk.through(card_plan(wanted, _progress))
    _say(f"{chosen.to or card}: {course.told()}")
    return 0


def _progress(at: int, of: int) -> None:
    print(f"\r  {at * 100 // of} %", end="", flush=True)


def _provision(chosen: argparse.Namespace) -> int:
    common, bundle = wishes_of(chosen), _bundle_of(chosen)
    ask = asking(chosen.hub_ssh, chosen.hub_command)

    def one(row: Row) -> Provisioned:
        def settings() -> str:
            return settings_file(with_code(row.wishes, ask).checked(row.host))

        remote = Ssh(row.host, tuple(chosen.ssh_option))
        return Provision(remote, bundle, settings, _say).run(chosen.check)

    if chosen.fleet is None:
        ended = one(Row(0, chosen.host, common))
        _say(summary((ended,)))
        return 0
    rows = read_fleet(text_of(chosen.fleet), chosen.fleet.name, common)
    every = provision_all(rows, one, _say)
    _say(f"\n{summary(every)}")
    return 1 if any(one.fault for one in every) else 0


def _doctor(chosen: argparse.Namespace) -> int:
    seen = look(Ssh(chosen.host, tuple(chosen.ssh_option)), _LOOKS[chosen.command])
    for one in seen:
        _say(one.told())
    return 1 if any(one.sign is Sign.FAULT for one in seen) else 0


_LOOKS: Final = {"doctor": DOCTOR, "verify": VERIFY}


def _logs(chosen: argparse.Namespace) -> int:
    return Ssh(chosen.host, tuple(chosen.ssh_option)).follow(_say, *LOGS)


def _rescue(chosen: argparse.Namespace) -> int:
    found = rescue(chosen.card, chosen.out)
    _say(
        f"✓ {found.kiosk}: {found.records} records in {found.folder}, {found.unsent} never received"
    )
    if not chosen.send or not found.unsent:
        return 0
    left = send(found, chosen.kiosk_command, _SENDING)
    _say(f"✗ {left} are still unsent" if left else "✓ the hub has received all of them")
    return 1 if left else 0


def _retire(chosen: argparse.Namespace) -> int:
    words = ("kiosk", "retire", chosen.device, *(("--force",) if chosen.force else ()))
    _say(asking(chosen.hub_ssh, chosen.hub_command)(words).strip())
    return 0


def _replace(chosen: argparse.Namespace) -> int:
    """The same register, another device: the one before is retired first, so that never two of
    them answer for it. Its card was read by `rescue` before: who is retired is not heard.
    """
    if not chosen.check:
        ask = asking(chosen.hub_ssh, chosen.hub_command)
        _say(ask(("kiosk", "retire", chosen.old, "--force")).strip())
    return _card(chosen)


_COMMANDS: Final[dict[str, tuple[str, Callable[[argparse.Namespace], int]]]] = {
    "bundle": ("build one version of the kiosk as one file", _bundle),
    "card": ("make the card of a kiosk from a stock image", _card),
    "provision": ("make kiosks of machines that run, over SSH", _provision),
    "doctor": ("look at a kiosk that is in use; nothing is changed", _doctor),
    "verify": ("try what only the board itself can say", _doctor),
    "logs": ("what a kiosk said since its start", _logs),
    "rescue": ("read the outbox from the card of a dead kiosk, and send it", _rescue),
    "replace": ("retire a kiosk, and make the card of the one that takes its place", _replace),
    "retire": ("take a kiosk out of service at the hub", _retire),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m deploy.raspberrypi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of = {name: commands.add_parser(name, help=told) for name, (told, _) in _COMMANDS.items()}
    of["bundle"].add_argument("--version", help="its name (our wheel's version if not given)")
    of["bundle"].add_argument("--out", type=Path, default=Path("var/bundles"))
    of["bundle"].add_argument("--key", type=Path, help="the release key (Ed25519, PEM)")
    for name in ("card", "replace", "provision"):
        add_wishes(of[name])
        of[name].add_argument("--bundle", type=Path, help="built of what stands here if not given")
        of[name].add_argument("--check", action="store_true", help="say what would be done")
    for card in (of["card"], of["replace"]):
        card.add_argument("--image", type=Path, required=True, help="stock image (.img, .img.xz)")
        card.add_argument("--sha256", help="its checksum, if no file IMAGE.sha256 is beside it")
        card.add_argument("--out", type=Path, help="the finished image")
        card.add_argument("--to", type=Path, help="the card itself, such as /dev/sdb")
        card.add_argument("--debs", type=Path, help="a folder of packages that travel along")
    of["replace"].add_argument("--old", required=True, help="the kiosk that goes")
    of["provision"].add_argument("--fleet", type=Path, help="stores.csv, a machine a row")
    for name in ("provision", "doctor", "verify", "logs"):
        of[name].add_argument("--host", default="", help="user@machine")
        of[name].add_argument("--ssh-option", action="append", default=[], help="-oPort=2222, say")
    of["rescue"].add_argument("--card", type=Path, required=True, help="/dev/sdb, or its image")
    of["rescue"].add_argument("--out", type=Path, default=Path("var/rescued"))
    of["rescue"].add_argument("--send", action="store_true", help="send what was never received")
    of["rescue"].add_argument("--kiosk-command", default="semblante-kiosk")
    of["retire"].add_argument("--device", required=True)
    of["retire"].add_argument("--force", action="store_true", help="it is stolen, or dead")
    of["retire"].add_argument("--hub-ssh")
    of["retire"].add_argument("--hub-command", default="semblante-hub")
    return parser


if __name__ == "__main__":
    sys.exit(main())
