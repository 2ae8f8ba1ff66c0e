"""Everything that the queue can say has its words, in every language."""

from __future__ import annotations

import pytest

from hub.core.queue_views import Alerted, Doubted, LineNow
from hub.core.waiting.alarming import Kind
from hub.core.waiting.choosing import Because, Method
from hub.core.waiting.doubting import Doubt
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import Told
from hub.core.waiting.noticing import Withdrawn
from hub.core.waiting.trusting import Fault
from hub.web.queue_words import QueueWords
from hub.web.wording import LOCALES, load_words
from shared.notices import Wording
from shared.places import PointId

WORDS = {language: QueueWords(words) for language, words in load_words().items()}


@pytest.mark.parametrize("language", LOCALES)
def test_every_reason_is_said_in_words(language: str) -> None:
    say = WORDS[language]
    for word in Method:
        assert say.basis(word) != word.value
    for why in Because:
        assert say.because(why) != why.value
    for gone in Withdrawn:
        assert say.withdrawn(gone) != gone.value


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("what", [*Doubt, *Fault])
def test_every_doubt_says_what_is_wrong_and_what_to_do(language: str, what: str) -> None:
    say = WORDS[language]
    text = say.doubt(Doubted("line-1", what, 3, 5), "Line 1", "14:02")
    assert text != what
    assert "%" not in text
    assert say.remedy(what)


def test_what_is_not_known_is_shown_as_it_is() -> None:
    say = WORDS["en"]
    assert say.doubt(Doubted("x", "100%", 1, None), "x", "") == "100%"
    assert (say.remedy("new_kind"), say.basis("oracle"), say.because("so")) == ("", "oracle", "so")
    assert say.withdrawn(None) == ""


def test_a_counter_that_repeats_itself_is_told_with_its_time_and_its_remedy() -> None:
    say = WORDS["en"]
    doubt = Doubted("line-1", Doubt.COUNTER_STUCK, 1, 5)
    assert say.doubt(doubt, "Line 1", "14:02") == (
        "The counter at Line 1 repeats itself since 14:02."
    )
    assert say.remedy(doubt.what) == "Clean it or restart it."


def test_minutes_are_told_as_kiosks_tell_them() -> None:
    say = WORDS["en"]
    assert [say.minutes(one) for one in (0, 1, 5)] == ["less than 1 min", "1 min", "5 min"]
    assert say.notice(5, Wording.ABOUT) == "about 5 min"
    assert say.notice(5, Wording.UP_TO) == "up to 5 min"
    assert say.notice(0, Wording.UP_TO) == "less than 1 min"


def test_a_register_with_a_lane_of_its_own_says_its_wait_or_that_it_is_closed() -> None:
    def said(minutes: int | None, withdrawn: str | None = None) -> str:
        its = 1.0, 2.0, 3.0, 1.0, 1.0
        told = Told(LineId("a"), 5, minutes, withdrawn, "sales", "agrees", *its)
        return WORDS["en"].at_register(LineNow(LineId("a"), "a", (PointId("p"),), told))

    assert [said(7), said(0), said(None, "closed"), said(None, "wide")] == [
        "7 min",
        "less than 1 min",
        "closed",
        "–",
    ]
    assert WORDS["en"].at_register(LineNow(LineId("a"), "a", (PointId("p"),))) == "–"


def test_an_alert_says_how_many_registers_would_do() -> None:
    def said(kind: Kind, registers: int) -> str:
        return WORDS["en"].alert(Alerted(LineId("a"), kind, 1, None, registers), "Line 1")

    assert said(Kind.LINE_LONG, 0) == "Line 1 is long and growing"
    assert said(Kind.REGISTER_NEEDED, 1) == "Line 1: 1 more register would do"
    assert said(Kind.REGISTER_NEEDED, 2) == "Line 1: 2 more registers would do"
    assert said(Kind.REGISTER_NEEDED, 3) == "Line 1: at least 3 more registers are needed"
    assert said(Kind.REGISTER_NEEDED, 0) == "Line 1 needs another register"
