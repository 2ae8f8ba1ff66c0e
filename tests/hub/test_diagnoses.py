"""Diagnostic files: from the kiosk that was asked, while it may speak, and only the last few."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.adapters.diagnoses import SqlDiagnoses
from hub.adapters.orders import SqlOrders
from hub.core.diagnosing import KEPT_DAYS, MOST_KEPT
from hub.core.fleet import KioskKey
from hub.core.guessing import MOST_WRONG
from hub.core.hours import DAY_MS, HOUR_MS
from hub.diagnoses import Diagnosing
from hub.orders import Orders
from shared.commands import Order, diagnosis_to_sign
from shared.joining import Joined
from tests.hub.test_identity import CENTRO, ENTRADA, HERE, K1, K2, Scene, refused
from tests.parts.databases import engine
from tests.parts.devices import Device

__all__ = ["engine"]


class Desk(Scene):
    """A joined kiosk, whom somebody may ask for its file."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine, folder)
        self.orders = Orders(SqlOrders(engine), lambda: self.now)
        self.shelf = SqlDiagnoses(engine)
        self.desk = Diagnosing(self.shelf, self.authority, lambda: self.now)
        self.device = Device()
        self.joined = self.join(self.code(), self.device)

    def asks(self, order: Order = Order.COLLECT) -> str:
        """A command to the kiosk; its id."""
        (command,) = self.orders.send([KioskKey(CENTRO, K1)], order, "ana")
        return command

    def sends(
        self,
        command: str,
        said: object = "well",
        by: Device | None = None,
        joined: Joined | None = None,
    ) -> str:
        """The kiosk sends a file; what is kept."""
        document = json.dumps({"said": said})
        proof = (by or self.device).prove_said(diagnosis_to_sign(command, document))
        certificate = (joined or self.joined).certificate
        self.desk.take(certificate, command, document, proof, HERE)
        text = self.shelf.text(CENTRO, K1, command)
        assert text is not None
        return text

    def kept(self) -> list[str]:
        return [one.command for one in self.shelf.of_kiosk(CENTRO, K1)]


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path / "authority")


@pytest.mark.assertion("SEM-CMD-005")
def test_a_kiosk_that_was_asked_is_heard_once_for_each_wish(desk: Desk) -> None:
    command = desk.asks()
    assert json.loads(desk.sends(command)) == {"said": "well"}
    assert json.loads(desk.sends(command, "better")) == {"said": "better"}
    assert desk.kept() == [command], "said again it takes the place of what was there"
    (one,) = desk.shelf.of_kiosk(CENTRO, K1)
    assert (one.made_at, one.name) == (desk.now, f"kiosk-1-{command}.json")
    assert one.size == len(desk.shelf.text(CENTRO, K1, command) or "")


@pytest.mark.assertion("SEM-CMD-005")
def test_nobody_sends_what_nobody_asked_for(desk: Desk) -> None:
    assert refused(lambda: desk.sends("ab" * 8)) == "unasked"
    assert refused(lambda: desk.sends(desk.asks(Order.RESTART))) == "unasked"
    late = desk.asks()
    desk.now += 25 * HOUR_MS
    assert refused(lambda: desk.sends(late)) == "unasked"
    other = Device()
    theirs = desk.join(desk.code(K2, ENTRADA), other)
    command = desk.asks()
    assert refused(lambda: desk.sends(command, by=other, joined=theirs)) == "unasked"
    assert desk.kept() == []


def test_who_is_not_that_kiosk_sends_nothing(desk: Desk) -> None:
    command, stranger = desk.asks(), Device()
    assert refused(lambda: desk.sends(command, by=stranger)) == "proof"
    document = '{"said": "well"}'
    proof = desk.device.prove_said(diagnosis_to_sign(command, document))
    certificate = desk.joined.certificate

    def take(certificate: str, document: str, proof: str) -> Callable[[], object]:
        return lambda: desk.desk.take(certificate, command, document, proof, HERE)

    assert refused(take(certificate, document + " ", proof)) == "proof"
    assert refused(take(certificate, document, proof)) == "busy", "a guess is not made twice"
    assert refused(take(certificate, document, "!")) == "proof"
    assert refused(take("nonsense", document, "?")) == "stranger"
    renewal = desk.device.prove(document)
    assert refused(take(certificate, document, renewal)) == "proof", "a proof for something else"
    assert desk.kept() == []


def test_a_kiosk_that_is_out_or_held_sends_nothing_and_one_that_ended_does(desk: Desk) -> None:
    desk.now += 40 * DAY_MS
    assert desk.sends(desk.asks()), "its certificate ended: that is why somebody asks"
    desk.identity.hold(CENTRO, K1, "two cards")
    assert refused(lambda: desk.sends(desk.asks())) == "held"
    desk.identity.release(K1, "ana", as_it_is=True)
    desk.identity.revoke(K1, "ana")
    assert refused(lambda: desk.sends(desk.asks())) == "revoked"
    desk.archive.retire_kiosk(K1, desk.now)
    assert refused(lambda: desk.sends("ab" * 8)) in ("retired", "revoked")


def test_of_a_kiosk_the_last_few_are_kept_and_for_a_while(desk: Desk) -> None:
    sent = []
    for _ in range(MOST_KEPT + 2):
        desk.now += HOUR_MS
        sent.append(desk.asks())
        desk.sends(sent[-1])
    assert desk.kept() == sent[:1:-1]
    assert desk.shelf.forget(desk.now + KEPT_DAYS * DAY_MS) == MOST_KEPT - 1
    assert desk.kept() == sent[-1:]
    assert desk.shelf.forget(desk.now + KEPT_DAYS * DAY_MS + 1) == 1


def test_who_is_refused_too_often_waits(desk: Desk) -> None:
    command = desk.asks()
    for number in range(MOST_WRONG):
        refused(partial(desk.sends, "ab" * 8, number))
    assert refused(lambda: desk.sends(command)) == "busy"
    desk.now += 60_000
    assert desk.sends(command)
