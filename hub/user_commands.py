"""The commands about users of the dashboard."""

from __future__ import annotations

import getpass
import secrets
import sys
from typing import Annotated

import typer

from hub.command_line import BY, Config, settings_of
from hub.core.roles import Role
from hub.wiring import Office
from shared.errors import AccountError
from shared.places import store_id

user_commands = typer.Typer(help="Users of the dashboard.", no_args_is_help=True)


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
    typer.echo(f"{name} may sign in." + (f" Password: {password}" if generate else ""))


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
    typer.echo(f"{name} has a new password." + (f" It is: {password}" if generate else ""))


def _new_password(generate: bool) -> str:
    if generate:
        return secrets.token_urlsafe(12)
    if sys.stdin.isatty():
        return getpass.getpass("New password: ")
    return sys.stdin.readline().rstrip("\n")
