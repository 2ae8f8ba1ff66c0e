"""`semblante-hub` and `python -m hub`: the commands of whoever runs a hub."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.logs import log_the_uncaught
from hub.command_line import Config, settings_of
from hub.commands import display, questionnaire_commands, waits_commands
from hub.core.restoring import told_backup, told_restore
from hub.identity_commands import (
    authority_commands,
    certificate_commands,
    join_commands,
    try_broker,
)
from hub.line_commands import lines_commands
from hub.place_commands import kiosk_commands, point_commands, store_commands
from hub.rollout_commands import bundle_commands, rollout_commands
from hub.sensor_commands import sensor_commands
from hub.settings import load_settings
from hub.user_commands import user_commands
from hub.wiring import Hub, Office
from shared.errors import QuestionnaireRefused, SemblanteError, SettingsError

cli = typer.Typer(
    help="The hub: takes in what kiosks send, counts it, and shows it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
settings_commands = typer.Typer(help="The settings.", no_args_is_help=True)
broker_commands = typer.Typer(help="The broker's files.", no_args_is_help=True)
cli.add_typer(store_commands, name="store")
cli.add_typer(point_commands, name="point")
cli.add_typer(kiosk_commands, name="kiosk")
cli.add_typer(user_commands, name="user")
cli.add_typer(settings_commands, name="settings")
cli.add_typer(broker_commands, name="broker")
cli.add_typer(questionnaire_commands, name="questionnaire")
cli.command("display")(display)
cli.add_typer(sensor_commands, name="sensor")
cli.add_typer(waits_commands, name="waits")
cli.add_typer(lines_commands, name="lines")
cli.add_typer(bundle_commands, name="bundle")
cli.add_typer(rollout_commands, name="rollout")
cli.add_typer(join_commands, name="join")
cli.add_typer(certificate_commands, name="certificate")
cli.add_typer(authority_commands, name="authority")
broker_commands.command("test")(try_broker)


@cli.command()
def run(config: Config = None) -> None:
    """Run the hub until Ctrl-C or SIGTERM."""
    settings = settings_of(config)
    log_the_uncaught()
    Hub(settings).serve()


@cli.command()
def migrate(config: Config = None) -> None:
    """Make the database, or bring it to this version; harmless when it is."""
    Office(settings_of(config)).migrate()
    print("The database is ready.")


@cli.command()
def verify(config: Config = None) -> None:
    """Recount every tally from the raw records and compare; exit code 1 where any differs."""
    with _bar("Recounting") as progress:
        report = Office(settings_of(config)).verify(progress)
    for difference in report.differences:
        print(f"✗ {difference}")
    if report.differences:
        print(f"{len(report.differences)} differ; “semblante-hub rebuild” counts them anew.")
        raise typer.Exit(1)
    print(f"Every tally equals the recount of {report.records} records.")


@cli.command()
def rebuild(config: Config = None) -> None:
    """Count all tallies anew from the raw records; the intake waits meanwhile."""
    with _bar("Counting") as progress:
        records = Office(settings_of(config)).rebuild(progress)
    print(f"All tallies are counted anew from {records} records.")


@cli.command()
def quarantine(config: Config = None) -> None:
    """What lies in quarantine, by code."""
    for code, times in Office(settings_of(config)).quarantine().items():
        print(f"{times:>8}  {code}")


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file; nothing is overwritten.")],
    config: Config = None,
) -> None:
    """Write the whole database to a file, also while the hub runs, and read it again."""
    print(f"{file} holds {told_backup(Office(settings_of(config)).backup(file))}.")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup of this kind of database.")],
    config: Config = None,
) -> None:
    """Let the database be what it was at this backup; the hub must not run."""
    for line in told_restore(Office(settings_of(config)).restore(file)):
        print(line)


@settings_commands.command("check")
def settings_check(config: Config = None) -> None:
    """Read the settings, and say everything that is wrong with them."""
    _ = load_settings(config).broker_password
    print("The settings are right.")


@broker_commands.command("files")
def broker_files(config: Config = None) -> None:
    """Write the broker's configuration and rights, and the hub's password if it has none."""
    config_file = Office(load_settings(config)).write_broker_files()
    print(f"Start it with: mosquitto -c {config_file}")


@contextmanager
def _bar(label: str) -> Iterator[Callable[[float], None]]:
    """A progress bar, on standard error so that the answer can be piped; told from 0 to 1."""
    with typer.progressbar(length=1000, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(round(done * 1000) - bar.pos)


def main() -> None:
    """Run one command: 0 done, 1 it could not be done, 2 it was not said right."""
    try:
        cli()
    except SettingsError as fault:
        _tell(fault, fault.faults)
        sys.exit(2)
    except SemblanteError as fault:
        _tell(fault, fault.told() if isinstance(fault, QuestionnaireRefused) else (str(fault),))
        sys.exit(1)


def _tell(fault: SemblanteError, lines: tuple[str, ...]) -> None:
    for line in lines:
        print(f"✗ {line}", file=sys.stderr)
    print(f"  → {fault.hint}", file=sys.stderr)


if __name__ == "__main__":
    main()
