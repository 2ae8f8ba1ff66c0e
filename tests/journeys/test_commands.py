"""What is ordered on the page Kiosks, signed, carried out once and answered: all parts real."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from hub.adapters.diagnoses import SqlDiagnoses
from hub.core.fleet import KioskKey
from hub.core.histories import Kind
from hub.wiring.devices import histories_of, orders_of
from kiosk.adapters.disk import Card
from kiosk.core.fitting import Machine
from kiosk.core.telling import EVERY_MS
from kiosk.wiring.updating import INBOX, UPDATE, Tools, Updater
from shared.commands import Order
from shared.errors import DeviceError
from shared.health import Health
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


def refuse_the_update(store: Store) -> None:
    """What root's unit does where there is no such bundle: it leaves word, and nobody is called."""

    def fetch(_url: str, _bundle: object) -> None:
        raise DeviceError("there is no such bundle", hint="", code="fetch")

    def nothing(*_: object) -> Any:
        raise AssertionError("nothing was fetched")

    machine, tools = Machine("aarch64", "3.13", 1), Tools(fetch, nothing, nothing)
    Updater(store.data, Card(), machine, tools, boot="b1", now=0).tend()


@pytest.mark.assertion("SEM-CMD-006")
def test_of_two_orders_in_a_row_the_second_waits_for_the_end_of_the_first_and_for_nothing_else(
    store: Store,
) -> None:
    engine = store.hub.office._engine
    orders = orders_of(engine)

    said: list[Health] = []

    def hears(*outcomes: str | None) -> bool:
        """Whether the hub knows this of the two; each word of the kiosk is noted meanwhile."""
        known = orders.book.outcomes([first, second])  # noted after the word that tells it
        view = store.view()
        if view is not None and view.health is not None and view.health not in said:
            said.append(view.health)
        return (known[first], known[second]) == outcomes

    def is_online() -> bool:
        view = store.view()
        return view is not None and view.presence is Presence.ONLINE

    door = free_port()
    store.write_card(store.code(), door)
    assert store.first_boot() == 0
    for folder in (INBOX, "versions"):  # as units of ours find it
        (store.data / folder).mkdir()
    with store.kiosk(door) as kiosk:
        wait_until(is_online, f"online: {kiosk.last_words()}")
        tap(door)  # its receipt tells the time
        [first] = orders.send([WHO], Order.UPDATE, "ana", version="9.9.9")
        time.sleep(0.01)  # of two that were given in one millisecond nobody knows the first
        [second] = orders.send([WHO], Order.IDENTIFY, "ana")
        wait_until((store.data / INBOX / UPDATE).exists, f"handed on: {kiosk.last_words()}")
        wait_until(lambda: hears("begun", None), "the hub knows that it is begun")
        refuse_the_update(store)
        long = 3 * EVERY_MS / 1_000
        wait_until(lambda: hears("fetch", "done"), f"{kiosk.last_words()}", long)
        told = [{one.id: one.outcome for one in health.answers} for health in said]
    news = [one for number, one in enumerate(told) if one and one not in told[:number]]
    assert news == [{first: "begun"}, {first: "fetch"}, {first: "fetch", second: "done"}]
    ups = [health.up or 0 for health in said if health.answers]
    assert ups[-1] - ups[0] < EVERY_MS / 1_000 / 2, "by the kiosk's clock: nobody waited for a look"
