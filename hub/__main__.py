"""`semblante-hub` and `python -m hub`: the commands of whoever runs a hub."""

from __future__ import annotations

import getpass
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.logs import log_the_uncaught
from hub.command_line import BY, Config, settings_of
from hub.commands import display, questionnaire_commands, waits_commands
from hub.core.ports import Point, Store
from hub.core.restoring import told_backup, told_restore
from hub.core.roles import Role
from hub.identity_commands import (
    authority_commands,
    certificate_commands,
    join_commands,
    try_broker,
)
from hub.line_commands import lines_commands
from hub.rollout_commands import bundle_commands, rollout_commands
from hub.sensor_commands import sensor_commands
from hub.settings import load_settings
from hub.wiring import Hub, Office, kiosk_toml
from shared.errors import AccountError, QuestionnaireRefused, SemblanteError, SettingsError
from shared.places import kiosk_id, point_id, store_id

cli = typer.Typer(
    help="The hub: takes in what kiosks send, counts it, and shows it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
store_commands = typer.Typer(help="Stores.", no_args_is_help=True)
point_commands = typer.Typer(help="Points: places in a store where people are asked.")
kiosk_commands = typer.Typer(help="Kiosks.", no_args_is_help=True)
user_commands = typer.Typer(help="Users of the dashboard.", no_args_is_help=True)
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
    print(f"Store {store} is there.")


@store_commands.command("list")
def store_list(config: Config = None) -> None:
    """All stores with their points."""
    for store, points in Office(settings_of(config)).registry.stores():
        print(f"{store.store_id:<32} {store.name} · {store.zone}")
        for point in points:
            print(f"    {point.point_id:<28} {point.name} · {point.kind}")


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
    print(f"Point {point} of {store} is there.")


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
        print(text)
    else:
        out.touch(mode=0o600)
        out.write_text(text)
    if not enrolled.broker_told:
        print("! The broker was not running here: it learns the password when it starts.",
              file=sys.stderr)  # fmt: skip


@kiosk_commands.command("list")
def kiosk_list(config: Config = None) -> None:
    """All kiosks, how they are, and what is missing of their records."""
    for view in Office(settings_of(config)).fleet.views():
        presence = "never seen" if view.presence is None else view.presence.value
        counts = f"{view.lost} missing of {view.received + view.lost}, {view.unsent or 0} unsent"
        print(f"{view.kiosk_id:<32} {view.store_id}/{view.point_id} · {presence} · {counts}")


@kiosk_commands.command("retire")
def kiosk_retire(
    kiosk: str,
    force: Annotated[bool, typer.Option("--force", help="Also with answers still on it.")] = False,
    config: Config = None,
) -> None:
    """Take no more from a kiosk, once it has sent all it holds; what it sent stays counted."""
    retired = Office(settings_of(config)).retire(kiosk_id(kiosk), force=force)
    print(f"{kiosk} is retired.")
    if retired.left is not None and retired.left.why is not None:
        print(f"! It {retired.left.why}: keep its card.", file=sys.stderr)
    if not retired.broker_told:
        print("! The broker was not running here: it turns the kiosk away when it starts.",
              file=sys.stderr)  # fmt: skip


@user_commands.command("add")
def user_add(
    name: str,
    role: Annotated[Role, typer.Option(help="What the user is for.")],
    store: Annotated[list[str] | None, typer.Option(help="A store to see; repeatable.")] = None,
    language: Annotated[str, typer.Option(help="es or en.")] = "en",
    generate: Annotated[bool, typer.Option(help="Make a password and print it.")] = False,
    config: Config = None,
) -> None:
    """Make a user; the password is asked for, or read as one line from a pipe."""
    office = Office(settings_of(config))
    password = _new_password(generate)
    stores = [store_id(one) for one in store or ()]
    office.accounts.add_user(name, password, role, stores=stores, language=language, by=BY)
    print(f"{name} may sign in." + (f" Password: {password}" if generate else ""))


@user_commands.command("password")
def user_password(
    name: str,
    generate: Annotated[bool, typer.Option(help="Make a password and print it.")] = False,
    config: Config = None,
) -> None:
    """Give a user a new password; its sessions end."""
    accounts = Office(settings_of(config)).accounts
    found = [user for user in accounts.users() if user.name == name]
    if not found:
        raise AccountError(f"there is no user {name}", hint="See the page “Users”.")
    password = _new_password(generate)
    accounts.set_password(found[0].user_id, password, BY)
    print(f"{name} has a new password." + (f" It is: {password}" if generate else ""))


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


def _new_password(generate: bool) -> str:
    if generate:
        return secrets.token_urlsafe(12)
    if sys.stdin.isatty():
        return getpass.getpass("New password: ")
    return sys.stdin.readline().rstrip("\n")


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
