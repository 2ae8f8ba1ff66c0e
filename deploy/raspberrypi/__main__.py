"""`python -m deploy.raspberrypi`: what a technician says to cards and kiosks, one command each."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.plans.course import Walk
from deploy.raspberrypi.bundling.bundle import Wanted, build_bundle
from deploy.raspberrypi.cards.card import CardWishes, card_plan, checksum_of, with_kept_code
from deploy.raspberrypi.cards.rescue import rescue, send
from deploy.raspberrypi.cards.seeds import SEEDS
from deploy.raspberrypi.cards.settings_file import settings_file
from deploy.raspberrypi.command_line import chosen as chosen_of
from deploy.raspberrypi.installing.carrying import open_bundle
from deploy.raspberrypi.remote.codes import Ask, asking, not_asking, with_code
from deploy.raspberrypi.remote.fleet import Row, provision_all, read_fleet, summary
from deploy.raspberrypi.remote.learning import LearnTill
from deploy.raspberrypi.remote.looking import DOCTOR, LOGS, VERIFY, Sign, look
from deploy.raspberrypi.remote.looking import summary as looked
from deploy.raspberrypi.remote.orders import Orders
from deploy.raspberrypi.remote.provision import Provision, Provisioned
from deploy.raspberrypi.remote.ssh import Ssh
from deploy.raspberrypi.wishes import text_of, wishes_of
from shared.errors import SemblanteError, SettingsError

_SENDING: Final = 90.0  # seconds without a receipt: a hub that takes anything answers in a few
INTERRUPTED: Final = 130


def main(words: Sequence[str] | None = None) -> int:
    """0 done, 1 it could not be done, 2 it was not said right, 130 it was interrupted."""
    try:
        chosen = chosen_of(words)
        return _COMMANDS[chosen.command](chosen)
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
        where = f"{fault.filename}: " if fault.filename else ""
        print(f"✗ {where}{fault.strerror or fault}\n  → {hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n✗ interrupted\n  → The same command goes on where it stopped.", file=sys.stderr)
        return INTERRUPTED


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
    """The one that is named, else one of what stands here: the one before, where nothing of what
    is in it has changed since, so that a kiosk that has it is left as it is.
    """
    if chosen.bundle:
        return Path(chosen.bundle)
    out = Path("var/bundles")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".") as scratch:
        fresh = _build(None, Path(scratch))
        before = out / fresh.name
        if not (before.exists() and _holds_the_same(before, fresh)):
            fresh.replace(before)
    return before


def _holds_the_same(one: Path, other: Path) -> bool:
    try:
        return open_bundle(one).manifest.files == open_bundle(other).manifest.files
    except SemblanteError:
        return False


def _hub(chosen: argparse.Namespace, tell: Callable[[str], None] | None = None) -> Ask:
    return asking(chosen.hub_ssh, chosen.hub_command, chosen.config, tell or _say)


def _card(chosen: argparse.Namespace) -> int:
    return _make_card(chosen, _hub(chosen), lambda: None)


def _make_card(chosen: argparse.Namespace, hub: Ask, first: Callable[[], object]) -> int:
    """`first` is done once everything that can be wrong with the card has been looked at."""
    wishes, image = wishes_of(chosen), chosen.image
    card = chosen.out or Path(f"var/cards/{wishes.store}-{wishes.point}.img")
    checksum = checksum_of(image, chosen.sha256)
    wishes = with_kept_code(wishes, card, time.time())
    wishes = with_code(wishes, not_asking if chosen.check else hub)
    wanted = CardWishes(
        image, checksum, _bundle_of(chosen), wishes, card, chosen.debs, chosen.to, cache=_cache()
    )
    plan = card_plan(wanted, _progress)
    first()
    walk = Walk(_say, time.monotonic, systemd=False, checking=chosen.check)
    _say(f"{chosen.to or card}: {walk.through(plan).told()}")
    return 0


def _progress(at: int, of: int) -> None:
    """On a terminal alone; a file would be full of it."""
    if sys.stdout.isatty():
        print(f"\r  {at * 100 // of} %\r", end="", flush=True)


def _settings(chosen: argparse.Namespace) -> int:
    """Not written over: another code would end the one in the file before."""
    wishes, (name, seed) = wishes_of(chosen), SEEDS[chosen.seed]
    file = (chosen.out or Path(f"var/cards/{wishes.store}-{wishes.point}")) / name
    if file.exists():
        _say(f"✓ {file} is there; its join code was good for a day. Remove it to get another.")
        return 0
    ask = not_asking if chosen.check else _hub(chosen)
    text = seed(settings_file(with_code(wishes, ask).checked("make settings")))
    if not chosen.check:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    _say(f"{'~' if chosen.check else '+'} {file}")
    return 0


def _provision(chosen: argparse.Namespace) -> int:
    common = wishes_of(chosen)
    rows = [Row(0, chosen.host, common)]
    if chosen.fleet is not None:
        rows = [*read_fleet(text_of(chosen.fleet), chosen.fleet.name, common)]
    elif common.join_code:
        common.checked("make provision")
    bundle, ask = _bundle_of(chosen), _hub(chosen)

    def one(row: Row, say: Callable[[str], None]) -> Provisioned:
        def settings() -> str:
            return settings_file(with_code(row.wishes, ask).checked(row.host))

        remote, alone = Ssh(row.host, tuple(chosen.ssh_option)), chosen.fleet is None
        progress = _progress if alone else lambda _at, _of: None
        return Provision(remote, bundle, settings, say, progress).run(chosen.check)

    ended = [one(rows[0], _say)] if chosen.fleet is None else [*provision_all(rows, one, _say)]
    _say(f"\n{summary(ended)}")
    return 1 if any(one.fault for one in ended) else 0


def _doctor(chosen: argparse.Namespace) -> int:
    remote = Ssh(chosen.host, tuple(chosen.ssh_option))
    seen = look(remote, _LOOKS[chosen.command], lambda one: _say(one.told()))
    _say(f"\n{chosen.host}: {looked(seen)}")
    return 1 if any(one.sign is Sign.FAULT for one in seen) else 0


_LOOKS: Final = {"doctor": DOCTOR, "verify": VERIFY}


def _logs(chosen: argparse.Namespace) -> int:
    return Ssh(chosen.host, tuple(chosen.ssh_option)).follow(_say, *LOGS)


def _learn_till(chosen: argparse.Namespace) -> int:
    told = {"--port": chosen.port, "--baud": chosen.baud}
    words = [word for name, one in told.items() if one for word in (name, str(one))]
    check = ["--check"] if chosen.check else []
    remote = Ssh(chosen.host, tuple(chosen.ssh_option))
    return LearnTill(remote, _say, [*words, *check]).run()


def _rescue(chosen: argparse.Namespace) -> int:
    found = rescue(chosen.card, chosen.out)
    before = ", rescued before" if found.again else ""
    _say(f"✓ {found.kiosk}: {found.records} records in {found.folder}{before}")
    if found.set_aside:
        _say(f"! {found.set_aside} damaged outboxes of earlier days lie beside it: keep them")
    _say(f"{'·' if found.unsent else '✓'} {found.unsent} of them the hub never received")
    if not found.unsent or not chosen.send or chosen.check:
        if found.unsent:
            _say("  → “make rescue CARD=… SEND=1” sends them")
        return 0
    sent = send(found, chosen.kiosk_command, _SENDING, lambda left: _say(f"… {left} to be sent"))
    if not sent.left:
        _say("✓ the hub has received all of them")
        return 0
    _say(f"✗ {sent.left} are still unsent: {sent.why}")
    _say(
        "  → Is the hub reached from here, and is this kiosk not retired? The same command goes "
        f"on; {found.folder}/rescue.log tells more."
    )
    return 1


def _retire(chosen: argparse.Namespace) -> int:
    Orders(_hub(chosen), _say, chosen.check).retire(chosen.device, chosen.force)
    return 0


def _update(chosen: argparse.Namespace) -> int:
    Orders(_hub(chosen), _say, chosen.check).update(chosen.version, chosen.store)
    return 0


def _roll_back(chosen: argparse.Namespace) -> int:
    Orders(_hub(chosen), _say, chosen.check).roll_back()
    return 0


def _replace(chosen: argparse.Namespace) -> int:
    """The same register, another device: the one before is retired first, so that never two of
    them answer for it. Its card was read by `rescue` before: who is retired is not heard.
    """
    orders = Orders(_hub(chosen), _say, chosen.check)
    quiet = _hub(chosen, lambda _line: None)  # which warns that two would stand there: one goes
    return _make_card(chosen, quiet, lambda: orders.retire(chosen.old, chosen.force))


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "bundle": _bundle,
    "card": _card,
    "settings": _settings,
    "provision": _provision,
    "doctor": _doctor,
    "verify": _doctor,
    "logs": _logs,
    "rescue": _rescue,
    "replace": _replace,
    "retire": _retire,
    "update": _update,
    "rollback": _roll_back,
    "learn-till": _learn_till,
}


if __name__ == "__main__":
    sys.exit(main())
