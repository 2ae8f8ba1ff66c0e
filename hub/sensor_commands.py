"""The commands about sensors: `semblante-hub sensor …`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import typer

from hub.command_line import Config, settings_of
from hub.enrolment import Admitted
from hub.settings import Settings
from hub.wiring import Office
from shared.places import sensor_id, store_id
from shared.topics import ROOT, Channel

sensor_commands = typer.Typer(
    help="Sensors: counters, cameras, gates and ticket systems.", no_args_is_help=True
)


@sensor_commands.command("add")
def add(store: str, sensor: str, config: Config = None) -> None:
    """Let a sensor tell of a store's lines; prints its password, once, and how to try it."""
    settings = settings_of(config)
    office = Office(settings)
    admitted = office.add_sensor(sensor_id(sensor), store_id(store))
    typer.echo(told(admitted, office.a_line(admitted.store_id), settings))
    _say_if_untold(admitted.broker_told, "it learns the password when it starts")


@sensor_commands.command("list")
def every(config: Config = None) -> None:
    """All sensors that take part."""
    for one in Office(settings_of(config)).sensors.sensors():
        since = datetime.fromtimestamp(one.enrolled_at / 1_000, UTC)
        typer.echo(f"{one.sensor_id:<32} {one.store_id} · since {since:%Y-%m-%d}")


@sensor_commands.command("remove")
def remove(sensor: str, config: Config = None) -> None:
    """Hear a sensor no more; its password is worth nothing from then on."""
    broker_told = Office(settings_of(config)).remove_sensor(sensor_id(sensor))
    typer.echo(f"{sensor} is heard no more.")
    _say_if_untold(broker_told, "it turns the sensor away when it starts")


def told(admitted: Admitted, line: str, settings: Settings) -> str:
    """The password, and two commands that can be tried as they are."""
    store, sensor, password = admitted.store_id, admitted.sensor_id, admitted.password
    broker = settings.mosquitto.seen_as or settings.broker.host
    word = {"line": line, "number": 7}
    return (
        f"{sensor} may tell of {store}. Its password, which nobody can tell again: {password}\n\n"
        f"curl -H 'Authorization: Bearer {password}' -H 'Content-Type: application/json'"
        f" --data '{json.dumps(word)}' {settings.public_url}/api/v1/stores/{store}/counts\n\n"
        f"mosquitto_pub -h {broker} -p {settings.broker.port} -u {sensor} -P {password} -q 1"
        f" -t {ROOT}/{store}/{sensor}/{Channel.COUNT.value} -m '{json.dumps({'v': 1, **word})}'"
    )


def _say_if_untold(broker_told: bool, then: str) -> None:
    if not broker_told:
        typer.echo(f"! The broker was not running here: {then}.", err=True)
