"""What is wrong with a questionnaire, in the language of whoever designs it.

The core tells faults in English. Here stands each of its sentences once more, with places for what
changes in it; one that is not among them is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from hub.web.wording import Words
from shared.errors import Placed, QuestionnaireRefused
from shared.questions import Questionnaire

Faults = Mapping[str, tuple[str, ...]]
"""What is wrong, by place."""

Line = tuple[int | None, str, str]
"""A fault of a file: its line, its place and its reason."""


def told(words: Words, faults: Iterable[Placed]) -> Faults:
    """The faults by their places, in this language."""
    found: dict[str, tuple[str, ...]] = {}
    for fault in faults:
        found[fault.place] = (*found.get(fault.place, ()), in_words(words, fault.reason))
    return found


def lines_of(words: Words, refused: QuestionnaireRefused) -> list[Line]:
    """The faults of a file in the order in which they were found, in this language."""
    numbers = refused.lines or (None,) * len(refused.faults)
    return [
        (number, fault.place, in_words(words, fault.reason))
        for number, fault in zip(numbers, refused.faults, strict=True)
    ]


def place_words(words: Words, place: str, it: Questionnaire, own: Mapping[str, str]) -> str:
    """Where it is, as the builder calls it: “2 · Would you recommend us? · English”."""
    parts = place.split(".")
    shown = []
    if parts[0] == "questions" and len(parts) > 1:
        names = [question.id for question in it.questions]
        at = names.index(parts[1]) if parts[1] in names else -1
        shown = [words.gettext("Question %(number)s") % {"number": at + 1 if at >= 0 else parts[1]}]
        parts = parts[2:]
    kinds = _kinds(words)
    shown += [kinds.get(part, own.get(part, part)) for part in parts if part != "text"]
    return " · ".join(shown)


def _kinds(words: Words) -> Mapping[str, str]:
    _ = words.gettext
    return {
        "title": _("Title"),
        "thanks": _("Thanks at the end (may be left out)"),
        "languages": _("Languages"),
        "questions": _("Questions"),
        "first_day": _("First day"),
        "last_day": _("Last day"),
        "opens": _("From"),
        "closes": _("Until"),
        "choices": _("Choices"),
        "low": _("Words at the low end (may be left out)"),
        "high": _("Words at the high end (may be left out)"),
        "shown_if": _("When it is asked"),
    }


def in_words(words: Words, reason: str) -> str:
    """One reason in this language."""
    for sentence, pattern in _KNOWN:
        if match := pattern.fullmatch(reason):
            return words.gettext(sentence) % match.groupdict()
    return reason


def N_(text: str) -> str:  # noqa: N802 - the name by which sentences are found
    """A sentence that is translated elsewhere."""
    return text


_SENTENCES: Final = (
    N_("reads like a name: nobody who works there may be named"),
    N_("is asked after one face alone: whoever looks on then knows which it was"),
    N_("needs one"),
    N_("from %(opens)s until %(closes)s is no part of a day"),
    N_("%(day)s is no date like 2026-11-22"),
    N_("lies before first_day"),
    N_("is over already: nobody would be asked"),
    N_("a question of kind %(kind)s has none"),
    N_("needs at least two"),
    N_("nobody puts more than %(most)s in order"),
    N_("is not written"),
    N_("“%(name)s” stands there %(times)s times"),
    N_("is never shown: no answer to “%(name)s” fits all that must hold"),
    N_("there is no question “%(name)s”"),
    N_("waits for its own answer"),
    N_("“%(name)s” comes later; a walk would go in a loop"),
    N_("a text or a ranking decides nothing"),
    N_("“%(name)s” is never answered with %(value)s"),
    N_("take %(size)s bytes of a message; at most %(most)s"),
    N_("is %(size)s characters long; at most %(most)s"),
    N_("are %(number)s; at most %(most)s"),
    N_("holds characters that nobody can see"),
    N_("holds “%(letter)s”, which no kiosk can draw"),
    N_("“%(name)s” is taken"),
    N_("must stay “%(name)s”"),
    N_("was changed by somebody else meanwhile"),
    N_("needs one answer"),
    N_("is missing"),
    N_("nobody knows this field"),
    N_("must have fields with names"),
    N_("must be a list"),
    N_("must be a text for each language, like es: Hola"),
    N_("must be a text"),
    N_("must be true or false"),
    N_("%(value)s is none of %(kinds)s"),
    N_("%(value)s is no answer"),
    N_("%(value)s is no language"),
    N_("is no number from %(least)s to %(most)s"),
    N_("%(value)s is no hour from 0 to 24"),
    N_("needs a register"),
    N_("there is no register “%(name)s”"),
    N_("“%(name)s” stands at another line already"),
    N_("must be less than what is long"),
    N_("is no address like https://example.org/alerts"),
    N_("is an address to which nothing is ever sent"),
    N_("%(value)s is no name: use 1 to 32 of a–z, 0–9, _ and -, beginning with a letter or digit"),
    N_("is no YAML: %(problem)s"),
    N_("holds an anchor or an alias (& or *): write it out"),
    N_("holds a tag (!): only texts, numbers, lists and fields are read"),
    N_("holds more than one document"),
    N_("has the field “%(name)s” twice"),
    N_("has a field whose name is no word"),
    N_("has more than %(most)s parts"),
    N_("goes deeper than %(most)s levels"),
)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)),
        re.DOTALL,
    )


_KNOWN: Final = tuple((sentence, _pattern(sentence)) for sentence in _SENTENCES)
