"""A guest has the glass until it shuts, and is woken when it asked to be."""

from __future__ import annotations

from kiosk.core.cleaning import WIPE_MS, Wiping
from kiosk.core.effects import Cleaning
from kiosk.core.events import Woke
from kiosk.core.hosting import Host
from tests.kiosk.samples import face_touched, moment

AT = moment(10_000)


def hosting() -> Host:
    host = Host()
    wiping = Wiping("es", AT)
    assert host.welcome(wiping, wiping.begin(AT)) == []
    return host


def test_without_a_guest_nothing_is_due_and_nothing_happens() -> None:
    host = Host()
    assert host.tell(face_touched(20_000)) == []
    assert (host.deadline, host.is_due(moment(10**9))) == (None, False)


def test_a_guest_has_its_page_on_the_glass_and_its_time() -> None:
    host = hosting()
    assert host.seen.page == Cleaning("es", 60)
    assert not host.is_due(moment(10_999))
    assert host.is_due(moment(11_000))
    host.tell(Woke(moment(11_000)))
    assert host.seen.page == Cleaning("es", 59)


def test_a_guest_that_shut_has_gone() -> None:
    host = hosting()
    host.tell(Woke(moment(AT.boot + WIPE_MS)))
    assert (host.guest, host.deadline) == (None, None)
