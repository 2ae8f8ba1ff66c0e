"""A cloned card at the intake: held until somebody decides, and nothing of it is lost."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.fleet import SqlFleet
from hub.adapters.identities import SqlIdentities
from hub.adapters.tables import quarantine
from hub.adapters.troubles import SqlTroubles
from hub.core.accounts import Note
from hub.core.fleet import KioskKey, LastWord, is_news
from hub.core.hours import DAY_MS
from hub.core.identity import Claim, JoinCode, Place, Signed, Why
from hub.core.troubles import Kind, Trouble
from hub.intake import Intake
from shared.deliveries import Receipt
from shared.errors import JoinRefused
from shared.notices import Presence, Status
from shared.places import KioskId
from shared.visits import Face
from tests.fakes.kiosk import FakeKiosk, sale, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, furnish
from tests.parts.databases import engine

__all__ = ["engine"]

NOW = time.time_ns() // 1_000_000
NOTE = Note(NOW, "ana", "done", "k-1")


def sign(place: Place) -> Signed:
    return Signed(f"5e{place.kiosk_id.encode().hex()}", "key", NOW, NOW + 30 * DAY_MS, "PEM")


@pytest.fixture
def book(engine: Engine) -> SqlIdentities:
    """The places of the archive's tests, with a certificate for the first kiosk."""
    furnish(SqlArchive(engine))
    book = SqlIdentities(engine)
    code = JoinCode("c0de", CENTRO, CAJA_1, K1, NOW, "ana", NOW + DAY_MS)
    book.add(code, NOTE)
    book.redeem(Claim("c0de", "key"), NOW, sign)
    return book


def take(engine: Engine, kiosk: FakeKiosk) -> Receipt:
    """The intake hears everything that this kiosk holds."""
    ((_, receipt),) = Intake(SqlArchive(engine)).take([kiosk.message()], NOW)
    return receipt


def twins() -> tuple[FakeKiosk, FakeKiosk]:
    """A card and its copy, of which each went on by itself."""
    one, other = FakeKiosk(), FakeKiosk()
    for card in (one, other):
        card.seal(sale(), sale())
    one.seal(visit(face=Face.SAD), sale())
    other.seal(visit(face=Face.HAPPY))
    return one, other


@pytest.mark.assertion("SEM-IDN-010")
def test_a_cloned_card_is_held_and_nothing_of_either_is_taken_or_lost(
    engine: Engine, book: SqlIdentities
) -> None:
    one, other = twins()
    assert take(engine, one).problem is None
    assert take(engine, other).problem == "cloned"
    assert list(book.held()) == [K1]
    one.seal(sale())
    receipt = take(engine, one)
    assert (receipt.problem, receipt.upto) == ("held", 0)
    with reading(engine) as db:
        codes = {row.code for row in db.execute(quarantine.select())}
    assert codes == {"cloned", "held"}
    assert book.release(K1, NOTE)
    assert (take(engine, one).problem, take(engine, one).upto) == (None, 5)


def test_it_stands_among_what_needs_somebody(engine: Engine, book: SqlIdentities) -> None:
    one, other = twins()
    take(engine, one)
    take(engine, other)
    with pytest.raises(JoinRefused, match="another device"):
        book.redeem(Claim("c0de", "other key"), NOW, sign)
    found = [one for one in SqlTroubles(engine).look([CENTRO]).troubles
             if one.kind is Kind.IDENTITY]  # fmt: skip
    assert found == [
        Trouble(Kind.IDENTITY, "cloned", 1, CENTRO, K1, NOW),
        Trouble(Kind.IDENTITY, "used_again", 1, CENTRO, K1, NOW),
    ]
    assert all("decide" in one.hint or "card" in one.hint for one in found)
    assert SqlTroubles(engine).look([]).troubles == ()


def test_a_kiosk_with_a_password_is_not_held(engine: Engine) -> None:
    furnish(SqlArchive(engine))
    one, other = twins()
    take(engine, one)
    assert take(engine, other).problem == "cloned"
    assert SqlIdentities(engine).held() == {}
    assert not SqlIdentities(engine).hold(CENTRO, K1, "epochs", NOW)


def test_what_ended_is_told_with_the_names_that_are_shut_out(
    engine: Engine, book: SqlIdentities
) -> None:
    assert book.ended(NOW).serials == {}
    book.revoke(K1, Why.REVOKED, NOW + 1, NOTE)
    ended = book.ended(NOW)
    assert (list(ended.serials.values()), ended.names) == ([NOW + 1], {"centro/k-1"})
    assert book.ended(NOW + 31 * DAY_MS).names == set()
    book.add(JoinCode("c0d2", CENTRO, CAJA_1, K1, NOW, "ana", NOW + DAY_MS), NOTE)
    again = Signed("5e2", "key 2", NOW, NOW + 30 * DAY_MS, "PEM")
    book.redeem(Claim("c0d2", "key 2"), NOW, lambda _: again)
    assert (len(book.ended(NOW).serials), book.ended(NOW).names) == (1, set())


def test_retiring_a_kiosk_ends_its_certificate(engine: Engine, book: SqlIdentities) -> None:
    SqlArchive(engine).retire_kiosk(K1, NOW)
    assert [one.why for one in book.certificates()] == [Why.RETIRED]


def test_the_broker_is_told_at_once_where_a_kiosk_that_was_revoked_joins_anew(
    engine: Engine, book: SqlIdentities
) -> None:
    """Its name is shut out there: the next look, a minute later, would be too late for shoppers."""
    book.revoke(K1, Why.REVOKED, NOW + 1, NOTE)
    book.add(JoinCode("c0d2", CENTRO, CAJA_1, K1, NOW, "ana", NOW + DAY_MS), NOTE)
    again = Signed("5e2", "key 2", NOW, NOW + 30 * DAY_MS, "PEM")
    assert book.redeem(Claim("c0d2", "key 2"), NOW + 2, lambda _: again).replaced
    first = JoinCode("c0d3", CENTRO, CAJA_1, KioskId("k-77"), NOW, "ana", NOW + DAY_MS)
    book.add(first, NOTE)
    assert not book.redeem(Claim("c0d3", "key 3"), NOW, sign).replaced


def test_who_joins_anew_is_heard_although_a_clone_of_it_had_come_more_often(
    engine: Engine, book: SqlIdentities
) -> None:
    fleet, who = SqlFleet(engine), KioskKey(CENTRO, K1)
    clones, ours = (
        Status("5eed5eed5eed5eed", connection, presence, "1.2.3", NOW)
        for connection, presence in ((40, Presence.OFFLINE), (3, Presence.ONLINE))
    )
    fleet.remember({who: LastWord(clones, NOW)}, {})
    assert not is_news(ours, fleet.memories({who})[who])
    book.add(JoinCode("c0d2", CENTRO, CAJA_1, K1, NOW, "ana", NOW + DAY_MS), NOTE)
    again = Signed("5e2", "key 2", NOW, NOW + 30 * DAY_MS, "PEM")
    book.redeem(Claim("c0d2", "key 2"), NOW, lambda _: again)
    assert is_news(ours, fleet.memories({who})[who])
