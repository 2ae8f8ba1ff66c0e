"""How a device is, in one word; what counts as news of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.vitals import EVERY_SECONDS, SILENT_MS, Equipment, Vitals, health_of, is_news
from shared.health import Health, PartState
from shared.moments import Moment

NOW = Moment(1_800_000_000_000, 5_000_000, synced=True)


def test_what_the_machine_says_is_told() -> None:
    vitals = Vitals("Raspberry Pi 5", 54.6, False, 31, 20, True, 0, True, 812)
    told = health_of(vitals, Equipment(till=True, buttons=True), NOW, "1.4.0")
    assert told == Health(
        at=NOW.wall,
        version="1.4.0",
        model="Raspberry Pi 5",
        temperature=55,
        low_power=False,
        card_full=31,
        card_worn=20,
        card_writable=True,
        durable=True,
        memory_free=812,
        up=5_000,
        till=PartState.WELL,
        buttons=PartState.WELL,
    )


@pytest.mark.parametrize("celsius", [9_999.0, -300.0])
def test_what_a_broken_sensor_says_is_left_out(celsius: float) -> None:
    vitals = Vitals(model="x" * 500, celsius=celsius, card_full=-3, card_worn=180)
    told = health_of(vitals, Equipment(), NOW, "v" * 500)
    assert (told.temperature, told.card_full, told.card_worn) == (None, None, None)
    assert (len(told.model), len(told.version)) == (80, 80)


def test_a_part_is_absent_well_silent_or_at_fault() -> None:
    till = Equipment(till=True, began=1_000)
    later = SILENT_MS + 2_000
    assert Equipment().till_at(later, ()) is PartState.ABSENT
    assert till.till_at(2_000, ()) is PartState.WELL
    assert till.till_at(later, ()) is PartState.SILENT
    assert replace(till, heard=later - 1_000).till_at(later, ()) is PartState.WELL
    assert till.till_at(later, {"till"}) is PartState.FAULT


def test_alarms_of_the_glass_the_buttons_and_the_voice_are_faults_of_those_parts() -> None:
    parts = Equipment(buttons=True, sound=True)
    told = health_of(Vitals(), parts, NOW, "1", {"touch", "buttons", "voice"})
    assert {told.screen, told.buttons, told.sound} == {PartState.FAULT}
    assert told.till is PartState.ABSENT


@pytest.mark.parametrize(
    ("ails", "vitals"),
    [
        (False, Vitals()),
        (False, Vitals(card_faults=0, card_writable=True)),
        (True, Vitals(card_faults=1)),
        (True, Vitals(card_writable=False)),
    ],
)
def test_a_card_ails_that_lost_something_or_takes_nothing(ails: bool, vitals: Vitals) -> None:
    assert vitals.card_ails is ails


def test_what_moves_all_the_time_is_no_news_until_it_moved_far() -> None:
    said = Health(NOW.wall, "1", temperature=50, card_full=30, memory_free=800, up=100)
    assert is_news(said, None)
    near = replace(said, at=NOW.wall + 1, up=160, memory_free=3, temperature=54, card_full=34)
    assert not is_news(near, said)
    assert is_news(replace(near, temperature=55), said)
    assert is_news(replace(near, card_full=35), said)
    assert is_news(replace(near, low_power=True), said)
    assert is_news(replace(near, temperature=None), said)
    assert is_news(replace(near, up=100 + EVERY_SECONDS), said)
