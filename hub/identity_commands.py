"""The commands about join codes, certificates and the authority."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import segno
import typer

from hub.command_line import BY, Config, settings_of
from hub.core.identity import Certificate, others_at
from hub.identity import Issued
from hub.wiring.bureau import Bureau
from hub.wiring.office import Office
from hub.wiring.opening import now_ms
from shared.errors import BrokerError, EnrolmentError
from shared.places import kiosk_id, point_id, store_id

join_commands = typer.Typer(help="Join codes: how a device becomes a kiosk.", no_args_is_help=True)
certificate_commands = typer.Typer(help="Certificates of kiosks.", no_args_is_help=True)
authority_commands = typer.Typer(help="The hub's own authority.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


@join_commands.command("new")
def new(
    store: str,
    point: str,
    kiosk: str,
    file: Annotated[
        Path | None, typer.Option(help="Write the lines for a card's settings file here.")
    ] = None,
    qr: Annotated[Path | None, typer.Option(help="Draw the same as a square: .svg.")] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Make a join code, good once and for a day; it is told this once."""
    settings = settings_of(config)
    where = store_id(store), point_id(point), kiosk_id(kiosk)
    issued = Bureau(settings).identity.issue(*where, BY)
    beside = others_at(Office(settings).registry.kiosks(), *where)
    if qr is not None:
        segno.make(issued.qr, error="m").save(str(qr), scale=6)
    if file is not None:
        file.touch(mode=0o600)
        file.write_text(issued.settings)
    if as_json:
        typer.echo(json.dumps({**_told(issued), "beside": beside}))
    elif file is None:
        typer.echo(issued.settings, nl=False)
    place = f"{kiosk} at {store}/{point}"
    typer.echo(f"{place}: {issued.text} until {_when(issued.until)} UTC", err=True)
    for other in beside:
        typer.echo(_two(other, f"{store}/{point}"), err=True)


@join_commands.command("list")
def codes(config: Config = None) -> None:
    """All join codes of the last month, and what became of them."""
    now = now_ms()
    for one in Bureau(settings_of(config)).identity.codes():
        again = f" · {one.again} more tried it" if one.again else ""
        place = f"{one.store_id}/{one.point_id}"
        typer.echo(f"{one.kiosk_id:<32} {place} · {one.state(now)} · {_when(one.made_at)}{again}")


@join_commands.command("withdraw")
def withdraw(kiosk: str, config: Config = None) -> None:
    """End a kiosk's join code that nobody has used."""
    if not Bureau(settings_of(config)).identity.withdraw(kiosk_id(kiosk), BY):
        hint = "See “semblante-hub join list”."
        raise EnrolmentError(f"{kiosk} has no join code that waits", hint=hint)
    typer.echo(f"Nobody becomes {kiosk} by the code that was made for it.")


@certificate_commands.command("list")
def certificates(config: Config = None) -> None:
    """The newest certificate of each kiosk, until when it counts, and why one counts no more."""
    identity, now = Bureau(settings_of(config)).identity, now_ms()
    newest: dict[str, Certificate] = {}
    for one in identity.certificates():
        newest.setdefault(one.kiosk_id, one)
    for one in newest.values():
        state = f"until {_when(one.not_after)}" if one.valid(now) else one.why or "ended"
        typer.echo(f"{one.kiosk_id:<32} {one.store_id} · {state} · serial {one.serial[:16]}…")


@certificate_commands.command("revoke")
def revoke(kiosk: str, config: Config = None) -> None:
    """Let a kiosk in no more, at once; with a new join code a device may become it again."""
    ended = Bureau(settings_of(config)).identity.revoke(kiosk_id(kiosk), BY)
    typer.echo(f"{ended} certificates of {kiosk} count no more.")


@certificate_commands.command("release")
def release(
    kiosk: str,
    as_it_is: Annotated[
        bool, typer.Option("--as-it-is", help="Whoever has its certificate keeps it.")
    ] = False,
    config: Config = None,
) -> None:
    """Take again from a kiosk that two devices claimed to be; the right one joins anew."""
    if not Bureau(settings_of(config)).identity.release(kiosk_id(kiosk), BY, as_it_is=as_it_is):
        hint = "Held kiosks stand on the page “Recovery”."
        raise EnrolmentError(f"{kiosk} is not held", hint=hint)
    typer.echo(f"{kiosk} counts again." + ("" if as_it_is else " Make it a join code now."))


_MADE = "The authority is made. Start a hub that runs anew: what it says is signed from then on."


@authority_commands.command("init")
def init(config: Config = None) -> None:
    """Make the authority, and what broker and web server need of it; harmless when it is there."""
    bureau = Bureau(settings_of(config))
    made = bureau.make()
    typer.echo(_MADE if made else "The authority was there already.")
    typer.echo(f"Its fingerprint: {bureau.show().fingerprint}")


@authority_commands.command("rotate")
def rotate(
    root: Annotated[bool, typer.Option("--root", help="A new root for certificates.")] = False,
    signing: Annotated[bool, typer.Option("--signing", help="A new key for messages.")] = False,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The old signing key was stolen: it ends now.")
    ] = False,
    config: Config = None,
) -> None:
    """Begin a new root or signing key; kiosks learn of it when they renew, and lose nothing."""
    if not root and not signing:
        raise typer.BadParameter("say --root, or --signing, or both")
    bureau = Bureau(settings_of(config))
    if root:
        bureau.rotate_root()
        typer.echo(f"A new root signs. Its fingerprint: {bureau.show().fingerprint}")
    if signing:
        begins = bureau.rotate_signing(at_once=at_once)
        typer.echo(f"A new key is told to kiosks, and signs from {_when(begins)} UTC on.")


@authority_commands.command("show")
def show(as_json: AsJson = False, config: Config = None) -> None:
    """The fingerprint that kiosks compare, and until when which keys count."""
    shown = Bureau(settings_of(config)).show()
    if as_json:
        told = {"fingerprint": shown.fingerprint, "until": shown.until, "roots": shown.roots}
        keys = [{"id": one.id, "signs_from": one.signs_from, "until": one.until}
                for one in shown.signing]  # fmt: skip
        typer.echo(json.dumps({**told, "names": list(shown.names), "signing_keys": keys}))
        return
    typer.echo(f"fingerprint  {shown.fingerprint}")
    typer.echo(f"until        {_when(shown.until)} · {shown.roots} roots are trusted")
    typer.echo(f"servers      {', '.join(shown.names)}")
    for one in shown.signing:
        ends = "" if one.until is None else f" until {_when(one.until)}"
        typer.echo(f"signing key  {one.id} from {_when(one.signs_from)}{ends}")


def try_broker(config: Config = None) -> None:
    """Try as a kiosk what no kiosk may do, and see that it does not arrive."""
    heard = Bureau(settings_of(config)).look()
    if heard:
        topics = ", ".join(sorted(set(heard)))
        hint = "Run “semblante-hub broker files”, and let the broker read them."
        raise BrokerError(f"a kiosk may write where it must not: {topics}", hint=hint)
    typer.echo("A kiosk is heard under its own name, and under no other.")


def _two(other: str, place: str) -> str:
    return (
        f"! {other} stands at {place}: there would be two kiosks at one point, and both ask.\n"
        f"  → To put this one in its place: “make replace OLD={other} …”. It retires {other}\n"
        "    first, then makes the code; what was sent stays counted.\n"
        "    To take this code back: “semblante-hub join withdraw”."
    )


def _told(issued: Issued) -> dict[str, object]:
    code = issued.code
    return {
        "code": issued.text,
        "hub": issued.url,
        "fingerprint": issued.fingerprint,
        "until": issued.until,
        "store": code.store_id,
        "point": code.point_id,
        "kiosk": code.kiosk_id,
    }


def _when(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1_000, UTC):%Y-%m-%d %H:%M}"
