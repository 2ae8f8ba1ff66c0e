"""How the glass is lit by the hour: each change told once."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.clock import TrueTime
from kiosk.core.effects import Dim, Dress
from kiosk.core.lighting import AWAKE_MS, Lighting
from shared.moments import Moment
from shared.notices import Keeping, KioskSettings, Look
from tests.kiosk import samples

NINE = 9 * 3_600_000
"""Nine o'clock on the first day of 1970, in UTC and as boot time."""


def kept(**what: object) -> KioskSettings:
    keeping = Keeping(opens=9, closes=21, brightness=80, look=Look.AUTO)
    return replace(samples.settings(), keeping=replace(keeping, **what))  # type: ignore[arg-type]


def lighting() -> Lighting:
    time = TrueTime()
    time.observe(at(0))
    return Lighting(time)


def at(boot: int) -> Moment:
    return Moment(boot, boot, True)


def test_what_was_told_is_not_told_again() -> None:
    light = lighting()
    assert light.effects(kept(), at(NINE), asleep=False) == [Dress(False, False), Dim(80)]
    assert light.effects(kept(), at(NINE + 1), asleep=False) == []
    assert light.effects(kept(calm=True), at(NINE + 2), asleep=False) == [Dress(False, True)]
    assert light.effects(kept(calm=True), at(NINE - 1), asleep=False) == [
        Dress(True, True),
        Dim(40),
    ]
    assert light.effects(kept(calm=True), at(NINE - 1), asleep=True) == [Dim(0)]


def test_it_sleeps_a_while_after_the_last_touch_and_never_while_the_store_is_open() -> None:
    light = lighting()
    light.touched(at(NINE - AWAKE_MS - 1))
    assert not light.may_sleep(kept(), at(NINE - 2))
    assert light.may_sleep(kept(), at(NINE - 1))
    assert not light.may_sleep(kept(), at(NINE))


def test_it_looks_again_when_it_may_sleep_and_at_the_full_hour() -> None:
    light = lighting()
    light.touched(at(NINE - 100_000))
    soon = NINE - 100_000 + AWAKE_MS
    assert light.changes_at(kept(), at(NINE - 100_000), idle=True) == soon
    assert light.changes_at(kept(), at(NINE - 100_000), idle=False) == NINE
    assert light.changes_at(kept(), at(soon), idle=True) == NINE
    assert light.changes_at(samples.settings(), at(soon), idle=True) is None
