"""What has to be told so that a machine's page and light are really there."""

from __future__ import annotations

from kiosk.core.effects import Asleep, Light, Resting, Seal, Show, Sorry, Thanks, Wake
from kiosk.core.seen import Glass, Seen
from tests.kiosk.samples import visit

THANKS = Thanks("es", (), None, 5.0)
RESTING = Resting("es", ("es",), "Mercado", "Caja 3")


def test_a_machine_takes_note_of_what_is_seen_and_passes_on_the_rest() -> None:
    seen = Seen(Asleep())
    seal = Seal(visit())
    assert seen.take([seal, Show(RESTING), Light(True), Wake(7)]) == [seal]
    assert (seen.page, seen.lit, seen.wake, seen.anew) == (RESTING, True, 7, True)


def test_the_same_page_and_light_are_told_once_and_anew_again() -> None:
    glass = Glass()
    assert glass.told(RESTING, lit=False, anew=False, boot=1) == [Show(RESTING), Light(False)]
    assert glass.told(RESTING, lit=False, anew=False, boot=2) == []
    assert glass.told(RESTING, lit=True, anew=True, boot=3) == [Show(RESTING), Light(True)]


def test_thanks_that_change_a_little_say_how_long_they_have_been_there() -> None:
    glass = Glass()
    glass.told(Sorry("es"), lit=False, anew=True, boot=1_000)
    assert glass.told(THANKS, lit=False, anew=True, boot=10_000) == [Show(THANKS)]
    later = Thanks("es", (), None, 5.0, changeable=False)
    (shown,) = glass.told(later, lit=False, anew=False, boot=13_000)
    assert shown == Show(Thanks("es", (), None, 5.0, changeable=False, gone=3.0))
    assert glass.told(later, lit=False, anew=False, boot=14_000) == []
    assert glass.told(later, lit=False, anew=True, boot=15_000) == [Show(later)]
