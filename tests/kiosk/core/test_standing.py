"""The status says what the courier knows, and what the outbox and the clock say."""

from __future__ import annotations

from kiosk.core.ports import Held
from kiosk.core.standing import Standing
from shared.moments import Moment
from shared.notices import Presence

EPOCH = "e0" * 8


def test_a_status_holds_everything_of_its_three_sources() -> None:
    standing = Standing("1.2.3", connection=7, settings_serial=9).alarmed("till", "receipt")
    status = standing.status(
        Presence.ONLINE, Held(EPOCH, 5, 9, 3, received=6, again=8), Moment(1_000, 2_000, True)
    )
    assert (status.epoch, status.connection, status.version) == (EPOCH, 7, "1.2.3")
    assert (status.held_from, status.held_to, status.unsent) == (5, 9, 3)
    assert (status.received, status.again) == (6, 8)
    assert (status.settings_serial, status.refused_seen) == (9, 3)
    assert (status.at, status.synced, status.presence) == (1_000, True, Presence.ONLINE)
    assert status.alarms == ("receipt", "till")


def test_alarms_are_raised_once_and_taken_back() -> None:
    standing = Standing("1")
    assert standing.alarmed("till").alarmed("till").mended("till") == standing
    assert standing.mended("till") == standing
