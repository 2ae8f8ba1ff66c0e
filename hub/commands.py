"""The commands about questionnaires, waits and displays, as they are typed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.names import mask_by_list
from hub.command_line import BY, Config, settings_of, text_of
from hub.core.cautioning import cautions
from hub.core.questionnaires import Folder, Shown
from hub.questionnaires import Questionnaires, from_yaml, sound_from_yaml, to_yaml
from hub.wiring import Office
from hub.wiring.joining import join_again
from shared.errors import EnrolmentError, QuestionnaireRefused
from shared.places import StoreId, store_id

questionnaire_commands = typer.Typer(help="Longer questionnaires.", no_args_is_help=True)
waits_commands = typer.Typer(help="Waits beside what shoppers answered.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A questionnaire in YAML.")]
Stores = Annotated[list[str], typer.Option("--store", help="A store; repeatable.")]


def display(
    store: str,
    replace: Annotated[bool, typer.Option("--replace", help="Another one.")] = False,
    config: Config = None,
) -> None:
    """Print the address of a store's display; it is made where there is none."""
    typer.echo(_office(config).display(store_id(store), replace=replace))


@questionnaire_commands.command("check")
def check(file: File) -> None:
    """Say everything that keeps a file from being shown, with lines; nothing is kept."""
    questionnaire = sound_from_yaml(text_of(file, QuestionnaireRefused))
    number, spoken = len(questionnaire.questions), ", ".join(questionnaire.languages)
    typer.echo(f"{questionnaire.id} can be shown: {number} questions in {spoken}.")
    for caution in cautions(questionnaire, mask_by_list()):
        typer.echo(f"to be thought about: {caution}")


@questionnaire_commands.command("import")
def bring(
    file: File,
    store: Annotated[
        str | None, typer.Option(help="It is this store's own, not the whole chain's.")
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Also where it is not finished.")] = False,
    config: Config = None,
) -> None:
    """Keep a file as the draft of its questionnaire; one that cannot be shown is refused."""
    questionnaire = (from_yaml if draft else sound_from_yaml)(text_of(file, QuestionnaireRefused))
    office = _office(config)
    place = None if store is None else _known(office, [store])[0]
    kept = office.questionnaires.bring(questionnaire, BY, place)
    typer.echo(f"{questionnaire.id} is there as version {kept.questionnaire.version}, a draft.")


@questionnaire_commands.command("export")
def export(name: str, config: Config = None) -> None:
    """Print the newest version as YAML."""
    typer.echo(to_yaml(_found(_office(config).questionnaires, name).newest.questionnaire), nl=False)


@questionnaire_commands.command("send")
def send(name: str, store: Stores, config: Config = None) -> None:
    """Let stores show the newest version; from then on it never changes."""
    office = _office(config)
    stores = _known(office, store)
    folder = _found(office.questionnaires, name)
    sent = office.questionnaires.send(folder, folder.newest, stores, BY)
    typer.echo(f"Version {sent.questionnaire.version} of {name} goes to {', '.join(stores)}.")


@questionnaire_commands.command("recall")
def recall(name: str, store: Stores, config: Config = None) -> None:
    """Take a questionnaire back from stores; what was answered stays."""
    office = _office(config)
    stores = _known(office, store)
    office.questionnaires.take_back(_found(office.questionnaires, name), stores, BY)
    typer.echo(f"{name} is shown no more in {', '.join(stores)}.")


@questionnaire_commands.command("list")
def every(config: Config = None) -> None:
    """All questionnaires, their versions, and which kiosks have them."""
    questionnaires = _office(config).questionnaires
    shown = questionnaires.shown()
    for folder in questionnaires.folders():
        typer.echo(f"{folder.name:<32} {_state(folder)} · {folder.store_id or 'every store'}")
        for place in shown:
            if place.name == folder.name:
                typer.echo(f"    {place.store_id:<28} {_told(place)}")


@waits_commands.callback()
def about_waits() -> None:
    """Waits beside what shoppers answered."""


@waits_commands.command("join")
def join(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day of the stores.")],
    config: Config = None,
) -> None:
    """Join every answer since a day anew to the wait in force; what was told stays."""
    answers, waited = join_again(settings_of(config), since.date())
    typer.echo(f"{answers} answers are joined anew, {waited} of them to a wait.")


def _state(folder: Folder) -> str:
    number = folder.newest.questionnaire.version
    return f"version {number}" + (", a draft" if folder.draft else "")


def _told(place: Shown) -> str:
    kiosks = len(place.having) + len(place.lacking)
    return f"version {place.version} · {len(place.having)} of {kiosks} kiosks have it"


def _office(config: Path | None) -> Office:
    return Office(settings_of(config))


def _found(questionnaires: Questionnaires, name: str) -> Folder:
    folder = questionnaires.folder(name)
    if folder is None:
        hint = "See “semblante-hub questionnaire list”."
        raise EnrolmentError(f"there is no questionnaire {name!r:.50}", hint=hint)
    return folder


def _known(office: Office, names: list[str]) -> list[StoreId]:
    known = {store.store_id for store, _ in office.registry.stores()}
    for name in names:
        if store_id(name) not in known:
            hint = "See “semblante-hub store list”."
            raise EnrolmentError(f"there is no store {name}", hint=hint)
    return [StoreId(name) for name in names]
