"""`semblante-hub` and `python -m hub`: the commands of whoever runs a hub."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.logs import configure_logs
from hub.adapters.migrations import migrate as migrate_database
from hub.settings import Settings, load_settings
from hub.wiring import Hub, open_database
from shared.errors import SemblanteError, SettingsError

cli = typer.Typer(
    help="The hub: takes in what kiosks send, counts it, and shows it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The settings; hub.toml here if not given.")
]


@cli.command()
def run(config: Config = None) -> None:
    """Run the hub until Ctrl-C."""
    settings = _settings(config)
    Hub(settings).serve()


@cli.command()
def migrate(config: Config = None) -> None:
    """Make the database, or bring it to this version; harmless when it is."""
    migrate_database(open_database(_settings(config)))
    print("The database is ready.")


def _settings(config: Path | None) -> Settings:
    settings = load_settings(config)
    configure_logs(settings.log.format, settings.log.level)
    return settings


def main() -> None:
    """Run one command: 0 done, 1 it could not be done, 2 it was not said right."""
    try:
        cli()
    except SettingsError as fault:
        _tell(fault, fault.faults)
        sys.exit(2)
    except SemblanteError as fault:
        _tell(fault, [str(fault)])
        sys.exit(1)


def _tell(fault: SemblanteError, lines: list[str] | tuple[str, ...]) -> None:
    for line in lines:
        print(f"✗ {line}", file=sys.stderr)
    print(f"  → {fault.hint}", file=sys.stderr)


if __name__ == "__main__":
    main()
