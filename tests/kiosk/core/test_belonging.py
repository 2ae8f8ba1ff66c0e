"""When a kiosk that is not let in asks the hub itself."""

from __future__ import annotations

from kiosk.core.belonging import AGAIN_MS, PATIENCE_MS, wants_to_ask
from kiosk.core.reach import Reach
from shared.moments import Moment


def at(boot: int) -> Moment:
    return Moment(1_795_392_000_000 + boot, boot, True)


def test_only_who_has_been_away_for_a_while_asks() -> None:
    here = Reach().connected(at(1_000))
    assert not wants_to_ask(here, 0, None, at(10 * PATIENCE_MS))
    away = here.parted(at(5_000))
    assert not wants_to_ask(away, 0, None, at(4_999 + PATIENCE_MS))
    assert wants_to_ask(away, 0, None, at(5_000 + PATIENCE_MS))


def test_who_was_never_let_in_counts_from_its_start() -> None:
    assert not wants_to_ask(Reach(), 7, None, at(6 + PATIENCE_MS))
    assert wants_to_ask(Reach(), 7, None, at(7 + PATIENCE_MS))


def test_it_asks_some_times_a_day_and_no_more() -> None:
    away, asked = Reach().parted(at(0)), PATIENCE_MS
    assert not wants_to_ask(away, 0, asked, at(asked + AGAIN_MS - 1))
    assert wants_to_ask(away, 0, asked, at(asked + AGAIN_MS))
    assert AGAIN_MS > 86_400_000 / 20, "the hub renews twenty times a day"
