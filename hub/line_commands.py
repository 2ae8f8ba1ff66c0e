"""The commands about a store's lines: `semblante-hub lines …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.logs import configure_logs
from hub.core.notation import LONGEST
from hub.settings import load_settings
from hub.wiring import Office
from shared.errors import LayoutRefused
from shared.places import store_id
from shared.soundness import Fault

lines_commands = typer.Typer(
    help="Where people stand in line, and what they are told.", no_args_is_help=True
)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The settings; hub.toml here if not given.")
]


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
    number, key = _office(config).lay_out(store_id(store), _text(file))
    typer.echo(f"{store} has {number} line{'' if number == 1 else 's'}.")
    if key:
        typer.echo(f"The key of its receiver of alerts, shown this once: {key}")


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > 4 * LONGEST:  # four bytes are the longest character
            raise LayoutRefused([Fault(file.name, "is too long")])
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeError) as fault:
        raise LayoutRefused([Fault(file.name, f"cannot be read: {fault}")]) from fault


def _office(config: Path | None) -> Office:
    settings = load_settings(config)
    configure_logs(settings.log.format, settings.log.level)
    return Office(settings)
