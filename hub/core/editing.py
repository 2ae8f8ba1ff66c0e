"""Changes to a questionnaire's plain fields: questions added, changed, moved and taken away.

On plain fields, and not on the word: what somebody has typed may not be a word yet, and is not to
be lost for that. Nothing here changes what it is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from shared.questions import CHOOSING, Kind

Fields = Mapping[str, Any]

LONGEST_NAME: Final = 32


def named(text: str, taken: Collection[str], otherwise: str) -> str:
    """A name made of a text, such as `como-fue-la-visita`; `otherwise` where no letter is Latin."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(name) > LONGEST_NAME - 4:
        cut = name[: LONGEST_NAME - 4]
        name = cut.rpartition("-")[0] or cut  # whole words, if there are any
    return free_name(name or otherwise, taken)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, else with the first number that makes it new."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name[: LONGEST_NAME - 4]}-{number}", number + 1
    return found


def question_of(fields: Fields, name: str) -> Fields | None:
    """The question of that name."""
    return next((one for one in fields["questions"] if one["id"] == name), None)


def with_new(fields: Fields, kind: Kind, text: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """With one question more at the end, and its name."""
    taken = {one["id"] for one in fields["questions"]}
    name = named(
        next((one for one in text.values() if one), ""), taken, f"question-{len(taken) + 1}"
    )
    added = {"id": name, "kind": kind.value, "text": dict(text)}
    return {**fields, "questions": [*fields["questions"], added]}, name


def with_question(fields: Fields, changed: Fields) -> dict[str, Any]:
    """With this question in the place of the one of its name."""
    questions = [changed if one["id"] == changed["id"] else one for one in fields["questions"]]
    return {**fields, "questions": questions}


def without_question(fields: Fields, name: str) -> dict[str, Any]:
    """Without that question, and without the conditions that waited for its answer."""
    return {
        **fields,
        "questions": [_freed(one, name) for one in fields["questions"] if one["id"] != name],
    }


def _freed(question: Fields, name: str) -> dict[str, Any]:
    rules = [rule for rule in question.get("shown_if", ()) if rule["question"] != name]
    return {**question, "shown_if": rules}


def moved(fields: Fields, name: str, step: int) -> dict[str, Any]:
    """With that question so many places later (negative: earlier)."""
    names = [one["id"] for one in fields["questions"]]
    if name not in names:
        return dict(fields)
    return {**fields, "questions": shifted(fields["questions"], names.index(name), step)}


def shifted(items: Sequence[Any], at: int, step: int) -> list[Any]:
    """With the item at that place so many places later, as far as there are places."""
    rest = [one for place, one in enumerate(items) if place != at]
    there = max(0, min(len(rest), at + step))
    return [*rest[:there], items[at], *rest[there:]]


def of_kind(question: Fields, kind: Kind) -> dict[str, Any]:
    """The question with another kind; what the new kind has no use for is left out."""
    changed = {**question, "kind": kind.value}
    if kind not in CHOOSING:
        changed.pop("choices", None)
        changed.pop("shuffle", None)
    if kind not in (Kind.SCALE, Kind.STARS):
        changed.pop("low", None)
        changed.pop("high", None)
    return changed
