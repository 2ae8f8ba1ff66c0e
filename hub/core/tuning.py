"""What a store's kiosks show, as the fields of a form: written out, and read with every fault.

What is legal the shared words say; here it is told at the field where it was typed. A store's own
words are never mixed with those that ship: a language that lacks one is a fault. Nothing here
changes what it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.core.editing import named
from hub.core.programme import OpenHours
from hub.core.questionnaires import LARGEST, message_size, next_version
from shared.errors import ProgrammeRefused
from shared.letters import undrawn
from shared.notices import (
    ASK_SECONDS,
    CHANGE_SECONDS,
    LOCKOUT_SECONDS,
    MOST_REASONS,
    PERCENT,
    THANKS_SECONDS,
    Deed,
    KioskSettings,
    Look,
    Reason,
)
from shared.programme import (
    LONGEST_DEED,
    LONGEST_QUESTION,
    LONGEST_REASON,
    TRANSLATED,
    default_programme,
)
from shared.soundness import Fault
from shared.texts import Texts, has_unseen, is_written

Fields = Mapping[str, Any]

TIMES: Final[Mapping[str, range]] = {
    "ask_seconds": ASK_SECONDS,
    "thanks_seconds": THANKS_SECONDS,
    "change_seconds": CHANGE_SECONDS,
    "lockout_seconds": LOCKOUT_SECONDS,
}

DIMMEST: Final = 5
"""Percent of brightness: a dark glass helps nobody."""

LEVELS: Final[Mapping[str, range]] = {
    "brightness": PERCENT[DIMMEST:],
    "brightness_night": PERCENT[DIMMEST:],
    "volume": PERCENT,
}

OPENS, CLOSES = range(24), range(1, 25)
HOURS: Final[Mapping[str, range]] = {"opens": OPENS, "closes": CLOSES}

NUMBERS: Final[Mapping[str, range]] = {**TIMES, **LEVELS, **HOURS}
"""What each number of the form may be."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """A store's programme, and the hours in which it is open."""

    programme: KioskSettings
    hours: OpenHours


def fields_of(tuned: Tuned) -> dict[str, Any]:
    """As a form shows it: numbers as they are typed, and words that ship in all languages."""
    it, ours = tuned.programme, default_programme(1)
    ship = {one.id: one.text for one in ours.reasons}
    numbers = {name: getattr(it, name) for name in TIMES}
    numbers |= {name: getattr(it.keeping, name) for name in LEVELS}
    numbers |= dict(zip(HOURS, tuned.hours, strict=True))
    return {
        "first": it.languages[0],
        "languages": list(it.languages),
        "question": _in_all(it.question, ours.question),
        "reasons": [
            {"id": one.id, "text": _in_all(one.text, ship.get(one.id, {}))} for one in it.reasons
        ],
        "said": dict(it.deed.said) if it.deed else {},
        "done": dict(it.deed.done) if it.deed else {},
        "look": it.keeping.look.value,
        "calm": it.keeping.calm,
        **{name: str(number) for name, number in numbers.items()},
    }


def _in_all(texts: Texts, ship: Texts) -> dict[str, str]:
    """With the other languages, where these are the words that ship."""
    same = all(ship.get(language) == text for language, text in texts.items())
    return {**ship, **texts} if same else dict(texts)


def read(fields: Fields, before: KioskSettings) -> Tuned:
    """What was typed, upon what stands there; raises ProgrammeRefused with every fault."""
    reader = _Reader(fields)
    tuned = reader.tuned(before)
    if tuned is None:
        raise ProgrammeRefused(reader.faults)
    size = message_size(before.questionnaire, tuned.programme)
    if size > LARGEST:
        raise ProgrammeRefused(
            [Fault("programme", f"take {size} bytes of a message; at most {LARGEST}")]
        )
    return tuned


def numbered(before: KioskSettings, changed: KioskSettings, generation: int) -> KioskSettings:
    """With the next version of what is worded otherwise: a visit says which one it was shown."""
    question, reasons = before.question_version, before.reasons_version
    if changed.question != before.question:
        question = next_version(question, generation)
    if changed.reasons != before.reasons:
        reasons = next_version(reasons, generation)
    return replace(changed, question_version=question, reasons_version=reasons)


def changes(before: Fields, after: Fields) -> str:
    """What differs, for the audit log: numbers with both values, texts by their name."""
    told = []
    for name, old in before.items():
        new = after[name]
        if old != new:
            brief = isinstance(old, str | bool)
            told.append(f"{name} {old} → {new}" if brief else name)
    return ", ".join(told)


class _Reader:
    """Reads as far as it can, and notes what it could not."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.faults: list[Fault] = []

    def tuned(self, before: KioskSettings) -> Tuned | None:
        """All of it; None where there is a fault."""
        languages = self._languages()
        question = self._texts("question", self._fields["question"], languages, LONGEST_QUESTION)
        reasons = self._reasons(languages, [one.id for one in before.reasons])
        deed, look = self._deed(), self._look()
        number = {name: self._number(name) for name in NUMBERS}
        if number["opens"] == number["closes"]:
            hour = number["opens"]
            self._fault("closes", f"from {hour} until {hour} is no part of a day")
        if self.faults:
            return None
        keeping = replace(
            before.keeping,
            look=look,
            brightness=number["brightness"],
            brightness_night=number["brightness_night"],
            volume=number["volume"],
            calm=self._fields["calm"],
        )
        programme = replace(
            before,
            languages=languages,
            question=question,
            reasons=reasons,
            ask_seconds=number["ask_seconds"],
            thanks_seconds=number["thanks_seconds"],
            change_seconds=number["change_seconds"],
            lockout_seconds=number["lockout_seconds"],
            deed=deed,
            keeping=keeping,
        )
        return Tuned(programme, (number["opens"], number["closes"]))

    def _languages(self) -> tuple[str, ...]:
        """The first one is what the kiosk rests in."""
        first = self._fields["first"]
        if first not in TRANSLATED:
            self._fault("first", f"“{first:.40}” is no language")
        ticked = [one for one in TRANSLATED if one in self._fields["languages"] and one != first]
        return (first, *ticked)

    def _texts(
        self, place: str, typed: Mapping[str, str], needed: Collection[str], longest: int
    ) -> Texts:
        for language in needed:
            if not is_written(typed.get(language, "")):
                self._fault(f"{place}.{language}", "is not written")
        for language, text in typed.items():
            if len(text) > longest:
                reason = f"is {len(text)} characters long; at most {longest}"
                self._fault(f"{place}.{language}", reason)
            elif has_unseen(text):
                self._fault(f"{place}.{language}", "holds characters that nobody can see")
            elif letter := undrawn(text):
                reason = f"holds “{letter}”, which no kiosk can draw"
                self._fault(f"{place}.{language}", reason)
        return dict(typed)

    def _reasons(self, languages: Sequence[str], before: Collection[str]) -> tuple[Reason, ...]:
        """Those that are written; one that was there keeps its name, under which it is counted."""
        found: dict[str, Texts] = {}
        for at, one in enumerate(self._fields["reasons"][:MOST_REASONS]):
            if not one["text"]:
                continue
            place = f"reasons.{at}.text"
            text = self._texts(place, one["text"], languages, LONGEST_REASON)
            self._once(place, text, found.values())
            name = one["id"]
            if name not in before or name in found:
                name = named(next(iter(text.values())), {*before, *found}, f"reason-{at + 1}")
            found[name] = text
        return tuple(Reason(name, text) for name, text in found.items())

    def _once(self, place: str, text: Texts, others: Collection[Texts]) -> None:
        """Nobody can tell two reasons apart that read the same."""
        for language, said in text.items():
            if any(other.get(language) == said for other in others):
                self._fault(f"{place}.{language}", f"“{said:.40}” stands there 2 times")

    def _deed(self) -> Deed | None:
        """Both halves in the same languages; that line is no shopper's only one."""
        said, done = self._fields["said"], self._fields["done"]
        self._texts("said", said, done, LONGEST_DEED)
        self._texts("done", done, said, LONGEST_DEED)
        return Deed(dict(said), dict(done)) if said and done else None

    def _look(self) -> Look:
        look = self._fields["look"]
        if look in set(Look):
            return Look(look)
        self._fault("look", f"“{look:.40}” is none of {', '.join(Look)}")
        return Look.DAY

    def _number(self, name: str) -> int:
        typed, offered = self._fields[name], NUMBERS[name]
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else -1
        if number not in offered:
            self._fault(name, f"is no number from {offered[0]} to {offered[-1]}")
        return number

    def _fault(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, reason))
