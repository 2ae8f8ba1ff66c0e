"""The commands about bundles and rollouts of the kiosks' program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.command_line import BY, Config, settings_of
from hub.core.fleet import KioskKey
from hub.core.rollouts import OPEN, RINGS, TROUBLE, Rollout, State
from hub.rollouts import LONGEST_REST_HOURS, REST_HOURS, Rollouts, Told
from hub.wiring.rolling import office_rollouts, shelf_of
from shared.errors import DeviceError
from shared.places import store_id

bundle_commands = typer.Typer(help="Versions of the kiosks' program.", no_args_is_help=True)
rollout_commands = typer.Typer(help="How a version comes to kiosks.", no_args_is_help=True)

Check = Annotated[bool, typer.Option("--check", help="Only say what would be done.")]
Stores = Annotated[
    list[str] | None, typer.Option("--store", help="Only there; repeatable. Else everywhere.")
]


@bundle_commands.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="What “deploy.raspberrypi bundle” made.")],
    config: Config = None,
) -> None:
    """Take a bundle, once everything in it is what its manifest says."""
    manifest = shelf_of(settings_of(config)).add(file)
    typer.echo(f"{manifest.version} (serial {manifest.serial}) can be rolled out.")


@bundle_commands.command("list")
def every(config: Config = None) -> None:
    """All bundles that are there, the newest first."""
    for one in shelf_of(settings_of(config)).bundles():
        made = datetime.fromtimestamp(one.made_at / 1_000, UTC)
        size = f"{one.size >> 20} MB"
        typer.echo(f"{one.version:<24} serial {one.serial} · {one.arch} · {size} · {made:%Y-%m-%d}")


@rollout_commands.command("begin")
def begin(
    version: str,
    store: Stores = None,
    first: Annotated[str | None, typer.Option(help="The store to begin with.")] = None,
    hours: Annotated[
        int, typer.Option(min=0, max=LONGEST_REST_HOURS, help="Between two rings.")
    ] = REST_HOURS,
    check: Check = False,
    config: Config = None,
) -> None:
    """Let a version go to kiosks: one store, a tenth of the others, all."""
    rollouts = office_rollouts(settings_of(config))
    stores = None if store is None else [store_id(one) for one in store]
    begins = None if first is None else store_id(first)
    planned = rollouts.planned(version, stores, begins)
    if under_way := _under_way(rollouts, version, planned):
        typer.echo("Nothing was changed: it is on its way already.")
        _tell(rollouts.told(under_way))
        return
    if check:
        typer.echo(f"{version} would go to {len(planned)} kiosks:")
        for ring, count in sorted(Counter(planned.values()).items()):
            typer.echo(f"  ring {ring}: {count}")
        return
    begun = rollouts.begin(version, BY, stores=stores, first=begins, rest_hours=hours)
    _tell(rollouts.told(begun))


@rollout_commands.command("halt")
def halt(config: Config = None) -> None:
    """Let no other kiosk take it; those that have it keep it."""
    rollouts, rollout = _open(config)
    _said(rollouts.halt(rollout, BY), "It is halted.")


@rollout_commands.command("resume")
def resume(config: Config = None) -> None:
    """Let it go on; what is in trouble by now does not halt it again."""
    rollouts, rollout = _open(config)
    _said(rollouts.resume(rollout, BY), "It goes on.")


@rollout_commands.command("back")
def back(check: Check = False, config: Config = None) -> None:
    """Let all kiosks that took the last one go back to the version before."""
    rollouts = office_rollouts(settings_of(config))
    newest = next(iter(rollouts.rollouts()), None)
    if newest is None:
        raise _none()
    if check:
        typer.echo(f"All that took {newest.version} would go back:")
        _tell(rollouts.told(newest))
        return
    _said(rollouts.back(newest, BY), f"All that took {newest.version} go back.")


@rollout_commands.command("show")
def show(config: Config = None) -> None:
    """How the last one is: how many kiosks of each ring are how, and who is in trouble."""
    rollouts = office_rollouts(settings_of(config))
    newest = next(iter(rollouts.rollouts()), None)
    if newest is None:
        raise _none()
    _tell(rollouts.told(newest))


def _open(config: Path | None) -> tuple[Rollouts, Rollout]:
    rollouts = office_rollouts(settings_of(config))
    for rollout in rollouts.rollouts():
        if rollout.state in OPEN:
            return rollouts, rollout
    raise _none()


def _under_way(rollouts: Rollouts, version: str, planned: Collection[KioskKey]) -> Rollout | None:
    """The same rollout, to the same kiosks, where it runs or is halted: it does not begin anew."""
    for rollout in rollouts.rollouts():
        if rollout.version == version and rollout.state in {State.RUNNING, State.HALTED}:
            members = {one.who for one in rollouts.told(rollout).members}
            return rollout if members == set(planned) else None
    return None


def _none() -> DeviceError:
    hint = "Begin one: “semblante-hub rollout begin VERSION”."
    return DeviceError("there is no rollout", hint=hint, code="rollout")


def _said(done: bool, what: str) -> None:
    typer.echo(what if done else "Nothing was changed: it was in another state already.")


def _tell(told: Told) -> None:
    rollout = told.progress.rollout
    ring = f", ring {rollout.ring} of {RINGS}" if rollout.state is State.RUNNING else ""
    why = f" ({rollout.why} in trouble)" if rollout.why else ""
    typer.echo(f"{rollout.version}: {rollout.state.value}{ring}{why}")
    for number in range(1, RINGS + 1):
        counts = told.progress.counts(number)
        how = ", ".join(f"{count} {stage.value}" for stage, count in sorted(counts.items()))
        typer.echo(f"  ring {number}: {how or 'nobody'}")
    for one in told.members:
        if told.progress.stages[one.who] in TROUBLE:
            said = one.outcome or "no word since it was ordered"
            typer.echo(f"  ✗ {one.who.store_id}/{one.who.kiosk_id}: {said}")
