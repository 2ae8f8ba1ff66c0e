"""The commands about a store's lines: `semblante-hub lines …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.command_line import Config, settings_of, text_of
from hub.wiring import Office
from shared.errors import LayoutRefused
from shared.places import store_id

lines_commands = typer.Typer(
    help="Where people stand in line, and what they are told.", no_args_is_help=True
)


@lines_commands.command("show")
def show(store: str, config: Config = None) -> None:
    """Print how a store's lines are laid out, as YAML."""
    typer.echo(_office(config).lines(store_id(store)), nl=False)


@lines_commands.command("set")
def lay_out(
    store: str,
    file: Annotated[Path, typer.Argument(help="YAML, as “show” prints it.")],
    config: Config = None,
) -> None:
    """Lay out a store's lines as a file says; what it does not name stays as it is."""
    number, key = _office(config).lay_out(store_id(store), text_of(file, LayoutRefused))
    typer.echo(f"{store} has {number} line{'' if number == 1 else 's'}.")
    if key:
        typer.echo(f"The key of its receiver of alerts, shown this once: {key}")


def _office(config: Path | None) -> Office:
    return Office(settings_of(config))
