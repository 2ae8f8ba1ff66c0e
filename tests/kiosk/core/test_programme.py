"""What a kiosk asks before it ever met a hub."""

from __future__ import annotations

from kiosk.core.programme import FIRST_SERIAL, first_settings
from shared.programme import LANGUAGES, default_programme


def test_it_is_what_the_hub_asks_by_default_so_that_answers_can_be_counted_together() -> None:
    first = first_settings(LANGUAGES, "", "", always_on=False)
    assert first == default_programme(FIRST_SERIAL)


def test_the_kiosks_own_file_says_where_it_stands_and_which_languages_are_spoken_there() -> None:
    first = first_settings(("en",), "Centro", "Caja 3", always_on=True)
    assert (first.store_name, first.point_name) == ("Centro", "Caja 3")
    assert (first.languages, first.always_on) == (("en",), True)
