"""What is ordered on the page Kiosks, signed, carried out once and answered: all parts real."""

from __future__ import annotations

import json
import time

import pytest

from hub.adapters.diagnoses import SqlDiagnoses
from hub.core.fleet import KioskKey
from hub.core.histories import Kind
from hub.wiring.devices import histories_of, orders_of
from shared.commands import Order
from shared.notices import Presence
from shared.visits import Face
from tests.journeys.test_joining import KIOSK, Store, tap
from tests.journeys.test_joining import office as office  # noqa: PLC0414 - a fixture
from tests.journeys.test_joining import store as store  # noqa: PLC0414 - a fixture
from tests.parts.hub import STORE, wait_until
from tests.parts.ports import free_port

pytestmark = pytest.mark.journey

WHO = KioskKey(STORE, KIOSK)
DAY_MS = 86_400_000


def test_a_kiosk_tells_how_it_is_and_does_what_it_is_told(store: Store) -> None:
    engine = store.hub.office._engine
    orders = orders_of(engine)

    def done(order: Order) -> bool:
        sent = orders.book.of_kiosk(STORE, KIOSK, 5)
        return [one.outcome for one in sent if one.command.order is order] == ["done"]

    def is_online() -> bool:
        view = store.view()
        return view is not None and view.presence is Presence.ONLINE and view.health is not None

    door = free_port()
    store.write_card(store.code(), door)
    assert store.first_boot() == 0
    with store.kiosk(door) as kiosk:
        wait_until(is_online, f"online, with health: {kiosk.last_words()}")
        view = store.view()
        assert view is not None
        assert view.health is not None
        assert view.health.card_full is not None
        left = (view.health.certificate_until or 0) - time.time_ns() // 1_000_000
        assert 25 * DAY_MS < left < 31 * DAY_MS
        tap(door)  # its receipt tells the time where no time server does, as on a builder's machine
        orders.send([WHO], Order.IDENTIFY, "ana")
        wait_until(lambda: done(Order.IDENTIFY), f"identified: {kiosk.last_words()}")
        orders.send([WHO], Order.COLLECT, "ana")
        wait_until(lambda: done(Order.COLLECT), f"sent: {kiosk.last_words()}")
        (file,) = SqlDiagnoses(engine).of_kiosk(STORE, KIOSK)
        text = SqlDiagnoses(engine).text(STORE, KIOSK, file.command) or ""
        assert json.loads(text)["settings"]["place"]["kiosk_id"] == KIOSK
        assert not any(f'"{face}"' in text for face in Face), "somebody answered a moment ago"
        orders.send([WHO], Order.RESTART, "ana")
        wait_until(lambda: kiosk.ended is not None, "it ended by itself")
        assert kiosk.ended == 3, "so that systemd starts it anew"
    with store.kiosk(door) as kiosk:
        wait_until(lambda: done(Order.RESTART), f"began anew, and says so: {kiosk.last_words()}")
        wait_until(is_online, "online again")
        assert kiosk.ended is None, "the broker's last word does not restart it again"
    told = [one.kind for one in histories_of(engine).history(STORE, KIOSK, 50)]
    assert {Kind.CAME, Kind.COMMAND, Kind.ANSWERED, Kind.VERSION} <= set(told)
