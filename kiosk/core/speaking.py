"""What is said of a page to somebody who does not see it, and all that a kiosk may have to say.

Laws of this page
1. What is said is what is shown: the question, then its choices in the order of this page.
2. Nobody is watched: no face that was touched is ever said, here nobody knows of one.
3. Whatever a page can need of the store's own words is in the `repertoire` of its settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from kiosk.core.effects import Asking, Page, Questioning, Resting, Sorry, Thanks
from kiosk.core.marks import Key, question_keys, thanks_keys
from kiosk.core.sayings import Part, Prompt, Utterance
from shared.notices import KioskSettings
from shared.questions import Kind, Question, Questionnaire
from shared.texts import Texts
from shared.walking import SCALE, STARS

LONGEST: Final = 300
"""Characters: as long as a question may be; of a longer text the beginning is said."""

_KEYS: Final = {
    Key.CHANGE: Prompt.CHANGE,
    Key.INVITATION: Prompt.INVITATION,
    Key.DONE: Prompt.DONE,
    Key.BACK: Prompt.BACK,
    Key.LEAVE: Prompt.LEAVE,
}

Parts = tuple[Part, ...]


def speech(page: Page, asked: Questionnaire | None = None) -> Parts:
    """All of a page, in the order in which one would read it; () where it says nothing.

    `asked` is the questionnaire to which a page may invite.
    """
    match page:
        case Resting():
            return _resting(page, asked)
        case Asking():
            return (*uttered(page.question, page.language, page.languages), Prompt.ASKING)
        case Thanks():
            return (*_thanks(page), *in_hand(page))
        case Questioning():
            return (*_question(page), *in_hand(page))
        case Sorry():
            return (Prompt.SORRY,)
        case _:
            return ()


def in_hand(page: Page) -> Parts:
    """The key to which the buttons have come, and whether it is chosen; () where there is none."""
    if not isinstance(page, Questioning | Thanks) or page.marked is None:
        return ()
    keys = question_keys(page) if isinstance(page, Questioning) else thanks_keys(page)
    if page.marked >= len(keys):
        return ()
    key = keys[page.marked]
    if isinstance(key, Key):
        return (_KEYS[key],) if key in _KEYS else _onward(page)
    return _answer(page, key)


def uttered(texts: Texts, language: str, others: Iterable[str] = ()) -> Parts:
    """The text that is shown for that language, in the language in which it is written."""
    for wanted in (language, *others, *texts):
        if text := " ".join(texts.get(wanted, "").split())[:LONGEST]:
            return (Utterance(wanted, text),)
    return ()


def repertoire(settings: KioskSettings) -> tuple[Utterance, ...]:
    """Every utterance that these settings may need, what most people hear first; none twice."""
    said: list[Part] = []
    for language in settings.languages:
        said += uttered(settings.question, language, settings.languages)
        said += (part for one in settings.reasons for part in uttered(one.text, language))
        if settings.deed is not None:
            said += uttered(settings.deed.said, language, settings.languages)
            said += uttered(settings.deed.done, language, settings.languages)
    if settings.questionnaire is not None:
        for language in settings.languages:
            said += _of_questionnaire(settings.questionnaire, language)
    return tuple(dict.fromkeys(part for part in said if isinstance(part, Utterance)))


def _of_questionnaire(asked: Questionnaire, language: str) -> Iterator[Part]:
    yield from uttered(asked.title, language)
    yield from (_number(number, language) for number in SCALE)
    for question in asked.questions:
        for texts in (question.text, question.low, question.high):
            yield from uttered(texts, language)
        for choice in question.choices:
            yield from uttered(choice.text, language)
    yield from uttered(asked.thanks, language)


def _resting(page: Resting, asked: Questionnaire | None) -> Parts:
    parts: list[Part] = [Prompt.RESTING]
    if page.invited:
        parts += [Prompt.INVITED, *(uttered(asked.title, page.language) if asked else ())]
    if page.deed is not None:
        parts += [Prompt.YOU_SAID, *uttered(page.deed.said, page.language, page.languages)]
        parts += [Prompt.WE_DID, *uttered(page.deed.done, page.language, page.languages)]
    return tuple(parts)


def _thanks(page: Thanks) -> Parts:
    if not page.reasons:
        return uttered(page.words, page.language) or (Prompt.PLAIN_THANKS,)
    how = () if page.marked is None else (Prompt.BY_BUTTONS,)
    reasons = [part for one in page.reasons for part in uttered(one.text, page.language)]
    return (Prompt.THANKS, *how, *reasons)


def _question(page: Questioning) -> Parts:
    """What is asked, how it is answered (by touch or by the buttons), and what can be chosen."""
    how = Prompt(page.question.kind.value)
    if page.marked is not None:
        is_text = page.question.kind is Kind.TEXT
        how = Prompt.TEXT_BY_BUTTONS if is_text else Prompt.BY_BUTTONS
    asked = uttered(page.question.text, page.language)
    return (*asked, how, *_needed(page), *_choices(page))


def _needed(page: Questioning) -> Parts:
    """That an answer must be given, where none is; nobody writes with three buttons."""
    is_passed = page.marked is not None and page.question.kind is Kind.TEXT
    is_needed = page.question.required and not _is_answered(page) and not is_passed
    return (Prompt.NEEDED,) if is_needed else ()


def _choices(page: Questioning) -> Parts:
    match page.question.kind:
        case Kind.SCALE:
            return _ends(page.question, page.language, SCALE)
        case Kind.STARS:
            return _ends(page.question, page.language, STARS)
        case Kind.ONE | Kind.MANY | Kind.RANKING:
            return tuple(part for one in page.choices for part in uttered(one.text, page.language))
        case Kind.FACES | Kind.TEXT:
            return ()
        case never:
            assert_never(never)


def _ends(question: Question, language: str, numbers: range) -> Parts:
    low, high = uttered(question.low, language), uttered(question.high, language)
    first = (_number(numbers[0], language), *low) if low else ()
    return (*first, *((_number(numbers[-1], language), *high) if high else ()))


def _answer(page: Questioning | Thanks, key: str | int) -> Parts:
    if isinstance(page, Thanks):
        reason = next(one for one in page.reasons if one.id == key)
        chosen = (Prompt.CHOSEN,) if page.chosen == key else ()
        return (*uttered(reason.text, page.language), *chosen)
    return (*_named(page, key), *_chosen(page, key))


def _named(page: Questioning, key: str | int) -> Parts:
    if isinstance(key, int):
        numbers = SCALE if page.question.kind is Kind.SCALE else STARS
        ends = {numbers[0]: page.question.low, numbers[-1]: page.question.high}
        return (_number(key, page.language), *uttered(ends.get(key, {}), page.language))
    choice = next((one for one in page.choices if one.id == key), None)
    return uttered(choice.text, page.language) if choice else ()


def _chosen(page: Questioning, key: str | int) -> Parts:
    answer = page.answer
    if not isinstance(answer, list):
        return (Prompt.CHOSEN,) if answer == key else ()
    if key not in answer:
        return ()
    is_ranked = page.question.kind is Kind.RANKING
    place = (_number(answer.index(str(key)) + 1, page.language),) if is_ranked else ()
    return (Prompt.CHOSEN, *place)


def _onward(page: Questioning | Thanks) -> Parts:
    """What the way on is called, as on the glass, and whether it leads anywhere yet."""
    if not isinstance(page, Questioning):
        return (Prompt.DONE,)
    return (_next(page), *_needed(page))


def _next(page: Questioning) -> Prompt:
    if page.number == page.of:
        return Prompt.DONE
    return Prompt.NEXT if page.question.required or _is_answered(page) else Prompt.SKIP


def _is_answered(page: Questioning) -> bool:
    if page.question.kind is Kind.RANKING:
        return isinstance(page.answer, list) and len(page.answer) == len(page.choices)
    return page.answer is not None


def _number(number: int, language: str) -> Utterance:
    return Utterance(language, str(number))
