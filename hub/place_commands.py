"""The commands about who belongs where: stores, points and kiosks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.command_line import Config, settings_of
from hub.core.ports import Point, Store
from hub.wiring import Office, kiosk_toml
from hub.wiring.devices import office_diagnoses
from shared.errors import EnrolmentError
from shared.places import kiosk_id, point_id, store_id

store_commands = typer.Typer(help="Stores.", no_args_is_help=True)
point_commands = typer.Typer(help="Points: places in a store where people are asked.")
kiosk_commands = typer.Typer(help="Kiosks.", no_args_is_help=True)


@store_commands.command("add")
def store_add(
    store: str,
    name: Annotated[str, typer.Option(help="As people call it.")],
    zone: Annotated[str, typer.Option(help="Its time zone, e.g. Europe/Madrid; it never changes.")],
    opens: Annotated[int, typer.Option(min=0, max=23, help="Local hour.")] = 9,
    closes: Annotated[int, typer.Option(min=1, max=24, help="Local hour.")] = 21,
    config: Config = None,
) -> None:
    """Make a store, or change its name and hours."""
    office = Office(settings_of(config))
    office.registry.add_store(Store(store_id(store), name, zone, opens, closes))
    office.note("store added", store)
    typer.echo(f"Store {store} is there.")


@store_commands.command("list")
def store_list(config: Config = None) -> None:
    """All stores with their points."""
    for store, points in Office(settings_of(config)).registry.stores():
        typer.echo(f"{store.store_id:<32} {store.name} · {store.zone}")
        for point in points:
            typer.echo(f"    {point.point_id:<28} {point.name} · {point.kind}")


@point_commands.command("add")
def point_add(
    store: str,
    point: str,
    name: Annotated[str, typer.Option(help="As shoppers read it, e.g. “Caja 3”.")],
    kind: Annotated[
        str, typer.Option(help="register, entrance, service …: without a till it always asks.")
    ] = "register",
    position: Annotated[int, typer.Option(help="Its place in the row.")] = 0,
    config: Config = None,
) -> None:
    """Make a point, or change it."""
    office = Office(settings_of(config))
    office.registry.add_point(Point(store_id(store), point_id(point), name, kind, position))
    office.note("point added", f"{store}/{point}")
    typer.echo(f"Point {point} of {store} is there.")


@kiosk_commands.command("enrol")
def kiosk_enrol(
    kiosk: str,
    store: str,
    point: str,
    out: Annotated[Path | None, typer.Option(help="Write the kiosk's settings here.")] = None,
    config: Config = None,
) -> None:
    """Let a kiosk take part, or move it; prints the kiosk.toml that goes onto it."""
    settings = settings_of(config)
    office = Office(settings)
    enrolled = office.enrol(kiosk_id(kiosk), store_id(store), point_id(point))
    text = kiosk_toml(enrolled, settings)
    if out is None:
        typer.echo(text)
    else:
        out.touch(mode=0o600)
        out.write_text(text)
    if not enrolled.broker_told:
        _warn("The broker was not running here: it learns the password when it starts.")


@kiosk_commands.command("list")
def kiosk_list(config: Config = None) -> None:
    """All kiosks, how they are, and what is missing of their records."""
    for view in Office(settings_of(config)).fleet.views():
        presence = "never seen" if view.presence is None else view.presence.value
        counts = f"{view.lost} missing of {view.received + view.lost}, {view.unsent or 0} unsent"
        typer.echo(f"{view.kiosk_id:<32} {view.store_id}/{view.point_id} · {presence} · {counts}")


@kiosk_commands.command("retire")
def kiosk_retire(
    kiosk: str,
    force: Annotated[bool, typer.Option("--force", help="Also with answers still on it.")] = False,
    config: Config = None,
) -> None:
    """Take no more from a kiosk, once it has sent all it holds; what it sent stays counted."""
    retired = Office(settings_of(config)).retire(kiosk_id(kiosk), force=force)
    typer.echo(f"{kiosk} is retired.")
    if retired.left is not None and retired.left.why is not None:
        _warn(f"It {retired.left.why}: keep its card.")
    if not retired.broker_told:
        _warn("The broker was not running here: it turns the kiosk away when it starts.")


@kiosk_commands.command("diagnosis")
def diagnosis(kiosk: str, config: Config = None) -> None:
    """Print the newest diagnostic file that a kiosk sent; it is asked for on the kiosk's page."""
    settings = settings_of(config)
    office, shelf = Office(settings), office_diagnoses(settings)
    wanted = kiosk_id(kiosk)
    store = next((one.store_id for one in office.registry.kiosks() if one.kiosk_id == wanted), None)
    kept = [] if store is None else shelf.of_kiosk(store, wanted)
    text = shelf.text(kept[0].store_id, wanted, kept[0].command) if kept else None
    if text is None:
        hint = "Ask for one on the kiosk's page; files are kept for 30 days."
        raise EnrolmentError(f"{kiosk} has sent no diagnostic file", hint=hint)
    office.note("diagnostic file taken", kiosk)
    typer.echo(text)


def _warn(text: str) -> None:
    typer.echo(f"! {text}", err=True)
