"""Forms about questionnaires: what somebody typed becomes plain fields, and nothing is lost.

Names of fields in a form are places: `text.es`, `choice.2.text.en`, `rule.0.among`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from hub.core.editing import free_name, named, of_kind, shifted
from hub.core.notation import LONGEST
from hub.core.questionnaires import Folder, Shown, Version
from hub.core.roles import Viewer
from hub.web.parts import Parts, parts_of
from hub.web.wording import LANGUAGES
from shared.places import StoreId
from shared.questions import CHOOSING, MOST_CHOICES, Kind, Question, Questionnaire
from shared.walking import single_values


async def form_of(request: Request) -> FormData:
    """All that was sent, read once."""
    return await request.form()


Form = Annotated[FormData, Depends(form_of)]


def text_of(form: FormData, name: str) -> str:
    """One field as a text; a file, or nothing, is no text."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts_of(form: FormData, name: str, languages: Sequence[str]) -> dict[str, str]:
    """A text in each language; empty ones are left out."""
    found = {one: " ".join(text_of(form, f"{name}.{one}").split()) for one in languages}
    return {language: text for language, text in found.items() if text}


async def brought_text(form: Form) -> str:
    """What was typed, or what is in the file that was chosen; raises 400 for what is no text."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return text_of(form, "yaml")
    try:
        return (await file.read(4 * LONGEST)).decode("utf-8-sig")
    except UnicodeError as fault:
        raise HTTPException(400) from fault


Brought = Annotated[str, Depends(brought_text)]


def edition_of(form: FormData) -> int:
    """Which edition was looked at; raises 400 where the form does not say it."""
    text = text_of(form, "edition")
    if not (text.isdecimal() and text.isascii() and len(text) < 10):
        raise HTTPException(400)
    return int(text)


def kind_of(text: str) -> Kind:
    """The kind of that name; raises 400."""
    try:
        return Kind(text)
    except ValueError as fault:
        raise HTTPException(400) from fault


def whole_from(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """What the form about the whole says: title, thanks, languages, days and hours."""
    offered = [*LANGUAGES, *(one for one in before["languages"] if one not in LANGUAGES)]
    chosen = [one for one in offered if one in form.getlist("languages")]
    fields = {**before, "languages": chosen}
    for name in ("title", "thanks"):
        kept = {k: v for k, v in before.get(name, {}).items() if k not in before["languages"]}
        fields[name] = kept | texts_of(form, name, [*before["languages"], *chosen])
    for name in ("first_day", "last_day"):
        fields[name] = text_of(form, name) or None
    for name, otherwise in (("opens", 0), ("closes", 24)):
        hour = text_of(form, name)
        fields[name] = int(hour) if hour.isdecimal() and len(hour) < 3 else otherwise
    return fields


def question_from(
    form: FormData, before: Mapping[str, Any], whole: Mapping[str, Any]
) -> dict[str, Any]:
    """What the form about one question says, after what its button asks for was done."""
    languages = whole["languages"]
    fields = dict(before)
    for name in ("text", "low", "high"):
        kept = {k: v for k, v in before.get(name, {}).items() if k not in languages}
        fields[name] = kept | texts_of(form, name, languages)
    fields["required"] = text_of(form, "required") == "yes"
    fields["shuffle"] = text_of(form, "shuffle") == "yes"
    fields["choices"] = _choices(form, before, languages)
    fields["shown_if"] = _rules(form, before, whole)
    return of_kind(fields, kind_of(text_of(form, "kind")))


def _choices(
    form: FormData, before: Mapping[str, Any], languages: Sequence[str]
) -> list[dict[str, Any]]:
    known = list(before.get("choices", ()))
    found = [_choice(form, at, one, languages) for at, one in enumerate(known)]
    act, _, where = text_of(form, "do").partition(".")
    at = int(where) if where.isdecimal() and len(where) < 3 else -1
    if 0 <= at < len(found) and act == "remove-choice":
        del found[at]
    elif 0 <= at < len(found) and act in ("raise-choice", "lower-choice"):
        found = shifted(found, at, -1 if act == "raise-choice" else 1)
    new = texts_of(form, "new", languages)
    if new and len(found) < MOST_CHOICES:
        taken = {one["id"] for one in known}
        text = next(iter(new.values()))
        found.append({"id": named(text, taken, f"choice-{len(taken) + 1}"), "text": new})
    return found


def _choice(
    form: FormData, at: int, before: Mapping[str, Any], languages: Sequence[str]
) -> dict[str, Any]:
    kept = {k: v for k, v in before["text"].items() if k not in languages}
    text = kept | texts_of(form, f"choice.{at}.text", languages)
    fixed = text_of(form, f"choice.{at}.fixed") == "yes"
    return {"id": before["id"], "text": text, "fixed": fixed}


def _rules(
    form: FormData, before: Mapping[str, Any], whole: Mapping[str, Any]
) -> list[dict[str, Any]]:
    act, _, where = text_of(form, "do").partition(".")
    rules = []
    for at, rule in enumerate(before.get("shown_if", ())):
        among = _ticked(form, at, rule, whole)
        if (act, where) != ("remove-rule", str(at)):
            rules.append({"question": rule["question"], "among": among})
    asked = text_of(form, "new-rule")
    other = next((one for one in whole["questions"] if one["id"] == asked), None)
    if other is not None and len(rules) < MOST_CHOICES:
        rules.append({"question": asked, "among": values_of_fields(other)[:1]})
    return rules


def _ticked(
    form: FormData, at: int, rule: Mapping[str, Any], whole: Mapping[str, Any]
) -> list[str | int]:
    other = next((one for one in whole["questions"] if one["id"] == rule["question"]), None)
    if other is None:
        return list(rule["among"])  # nobody could be asked what to tick
    sent = form.getlist(f"rule.{at}.among")
    return [value for value in values_of_fields(other) if str(value) in sent]


def values_of(question: Question) -> list[str | int]:
    """Everything that can be answered, in the order in which it stands; nothing for texts."""
    if question.kind in (Kind.ONE, Kind.MANY):
        return [choice.id for choice in question.choices]
    if question.kind is Kind.FACES:
        return ["sad", "neutral", "happy"]
    return sorted(single_values(question), key=int) if question.kind not in CHOOSING else []


def values_of_fields(question: Mapping[str, Any]) -> list[str | int]:
    """The same of plain fields."""
    ids = tuple(one["id"] for one in question.get("choices", ()))
    if question["kind"] in (Kind.ONE, Kind.MANY):
        return list(ids)
    return values_of(Question(question["id"], Kind(question["kind"]), {}))


def new_questionnaire(form: FormData, taken: frozenset[str]) -> dict[str, Any]:
    """The fields of a questionnaire that begins with its title."""
    languages = [one for one in LANGUAGES if one in form.getlist("languages")]
    title = texts_of(form, "title", languages)
    name = named(next(iter(title.values()), ""), taken, free_name("questionnaire", taken))
    return {"id": name, "title": title, "languages": languages, "questions": []}


def in_full(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with those that were left out, as a form needs them."""
    otherwise: dict[str, Any] = {
        "thanks": {},
        "first_day": None,
        "last_day": None,
        "opens": 0,
        "closes": 24,
    }
    questions = [question_in_full(one) for one in fields["questions"]]
    return {**otherwise, **fields, "questions": questions}


def question_in_full(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same of one question."""
    choices = [{"fixed": False, **choice} for choice in fields.get("choices", ())]
    otherwise: dict[str, Any] = {"low": {}, "high": {}, "shown_if": []}
    otherwise |= {"required": False, "shuffle": False}
    return {**otherwise, **fields, "choices": choices}


# ── who sees what ────────────────────────────────────────────────────────────────────────────────


def found_folder(request: Request, viewer: Viewer, name: str) -> Folder:
    """The questionnaire of that name; 404 where there is none or the viewer must not know of it."""
    parts = parts_of(request)
    folder = parts.questionnaires.folder(name)
    if folder is None:
        raise HTTPException(404)
    if not folder.seen_by(viewer) and not is_visible(folder, viewer, shown_to(parts, viewer)):
        raise HTTPException(404)
    return folder


def found_version(
    request: Request, viewer: Viewer, name: str, number: int
) -> tuple[Folder, Version]:
    """The same with its version of that number (0: the newest); 404 where there is none."""
    folder = found_folder(request, viewer, name)
    version = folder.version(number) if number else folder.newest
    if version is None:
        raise HTTPException(404)
    return folder, version


def own_folder(request: Request, viewer: Viewer, name: str) -> Folder:
    """The same, which the viewer may change; 403 where not."""
    folder = found_folder(request, viewer, name)
    if not folder.changed_by(viewer):
        raise HTTPException(403)
    return folder


def shown_to(parts: Parts, viewer: Viewer) -> Sequence[Shown]:
    """What is shown in the stores that this user sees."""
    return parts.questionnaires.shown([store.store_id for store in parts.seen_by(viewer)])


def is_visible(folder: Folder, viewer: Viewer, shown: Sequence[Shown]) -> bool:
    """Whether this user may know of it: one's own, the chain's, and what one's stores show."""
    return folder.seen_by(viewer) or any(place.name == folder.name for place in shown)


def chosen_stores(request: Request, viewer: Viewer, form: FormData) -> list[StoreId]:
    """The stores that were ticked, of those within reach."""
    ticked = set(form.getlist("stores"))
    seen = parts_of(request).seen_by(viewer)
    return [store.store_id for store in seen if store.store_id in ticked]


def text_in(texts: Mapping[str, str], language: str) -> str:
    """A text in this language, else in any."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def title_of(questionnaire: Questionnaire, language: str) -> str:
    """What a questionnaire is called on a page in this language."""
    return text_in(questionnaire.title, language) or questionnaire.id
