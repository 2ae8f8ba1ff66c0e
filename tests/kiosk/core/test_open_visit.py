"""The open visit: what is wished stands when it is kept, and a late word changes nothing."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.effects import KeepOpen
from kiosk.core.events import KeepFailed, Kept
from kiosk.core.open_visit import OpenVisit
from tests.kiosk.samples import moment, visit

ASKED = visit()
WISHED = replace(ASKED, reason="wait")


def wished() -> tuple[OpenVisit, int]:
    held = OpenVisit()
    held.ask(ASKED)
    kept = held.wish(WISHED)
    assert kept == KeepOpen(kept.ticket, WISHED)
    return held, kept.ticket


def test_a_wish_is_what_would_be_sealed_and_does_not_stand_yet() -> None:
    held, _ = wished()
    assert (held.stands, held.last, held.is_on_its_way) == (ASKED, WISHED, True)
    assert held.reason is None


def test_what_was_kept_stands() -> None:
    held, ticket = wished()
    assert held.is_told(Kept(moment(1), ticket))
    held.kept()
    assert (held.stands, held.is_on_its_way, held.reason) == (WISHED, False, "wait")
    assert not held.is_told(Kept(moment(1), ticket))


def test_what_was_refused_leaves_what_stood() -> None:
    held, ticket = wished()
    assert held.is_told(KeepFailed(moment(1), ticket, "disk full"))
    held.refused()
    assert (held.stands, held.last) == (ASKED, ASKED)


def test_the_word_about_a_closed_visit_is_about_nobody() -> None:
    held, ticket = wished()
    assert held.close() == WISHED
    assert (held.stands, held.last) == (None, None)
    assert not held.is_told(Kept(moment(1), ticket))
    held.ask(ASKED)
    assert held.wish(WISHED).ticket > ticket
    assert not held.is_told(Kept(moment(1), ticket))
