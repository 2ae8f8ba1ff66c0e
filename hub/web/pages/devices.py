"""One kiosk with all that is known of it, and what chosen kiosks are told to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from hub.core.diagnosing import Diagnoses
from hub.core.fleet import FleetView, KioskKey
from hub.core.histories import Histories
from hub.core.hours import find_zone
from hub.core.ordering import LASTS_MS
from hub.core.ports import Store
from hub.core.roles import Right
from hub.core.troubles import troubles_of
from hub.orders import MOST_AT_ONCE, Orders
from hub.web.auth import KiosksStore, KiosksViewer, OwnForm, Session, having
from hub.web.device_words import DeviceWords
from hub.web.pages.kiosks import days_left
from hub.web.pages.recovery import hints, kinds
from hub.web.pages.rollouts import rollouts_for
from hub.web.parts import Parts, parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import Words
from shared.commands import Order
from shared.notices import Presence
from shared.places import KioskId, StoreId

MOST_LINES = 200
"""Of a history on its page: some weeks of a kiosk that is well."""

MOST_COMMANDS = 20

LONGEST_KEY = 80
"""Two names and the stroke between them."""

BY_HAND = frozenset(Order) - {Order.UPDATE}
"""An update names a version: it goes through its rings."""

CLOSED = "storage"
"""The alarm of a kiosk whose outbox cannot be written."""

Ticked = Annotated[list[str], Form(default_factory=list, max_length=MOST_AT_ONCE)]
Wanted = Annotated[str, Form(max_length=20)]


class DevicePages:
    """The endpoints of these pages."""

    def __init__(self, orders: Orders, histories: Histories, diagnoses: Diagnoses) -> None:
        self._orders, self._histories, self._diagnoses = orders, histories, diagnoses

    def kiosk(
        self,
        request: Request,
        session: Session,
        store: KiosksStore,
        kiosk_id: str,
        told: str = "",
    ) -> Response:
        """Everything that is known of one kiosk."""
        parts = parts_of(request)
        view = _view(parts, store, kiosk_id)
        context = _known(parts, view, words_for(request, session))
        at = _local(context["store"])
        sent = self._orders.book.of_kiosk(store, view.kiosk_id, MOST_COMMANDS)
        happened = self._histories.history(store, view.kiosk_id, MOST_LINES)
        context |= {
            "told": bool(told),
            "may_command": session.user.viewer.may(Right.COMMAND),
            "commands": [(one, at(one.made_at), at(one.command.until)) for one in sent],
            "online": view.presence is Presence.ONLINE,
            "closed": is_closed(view),
            "history": [(one, at(one.at)) for one in happened],
            "files": {one.command for one in self._diagnoses.of_kiosk(store, view.kiosk_id)},
        }
        return show(request, session, "kiosks/one.html", context, here="kiosks", store=store)

    def diagnosis(
        self, request: Request, session: Session, store: KiosksStore, kiosk_id: str, command: str
    ) -> Response:
        """The diagnostic file that came because of a command, to be kept and never to be shown."""
        parts = parts_of(request)
        kiosk, wanted = _view(parts, store, kiosk_id).kiosk_id, command[:LONGEST_KEY]
        text = self._diagnoses.text(store, kiosk, wanted)
        if text is None:
            raise HTTPException(404)
        parts.accounts.note(session.user.name, "diagnostic file taken", f"{store}/{kiosk}")
        named = {"content-disposition": f'attachment; filename="{kiosk}-{wanted}.json"'}
        return Response(text, media_type="application/json", headers=named)

    def confirm(
        self,
        request: Request,
        session: OwnForm,
        viewer: KiosksViewer,
        kiosk: Ticked,
        order: Wanted = "",
    ) -> Response:
        """What would be done, before it is."""
        views = _ticked(parts_of(request), viewer.sees, kiosk)
        if order == Order.UPDATE:
            return back_to(rollouts_for(view.store_id for view in views))
        wanted, words = _order(order), words_for(request, session)
        context = {
            "order": wanted.value,
            "say": DeviceWords(words),
            "meaning": meaning(words, wanted),
            "who": [f"{view.store_id}/{view.kiosk_id}" for view in views],
            "lasts": LASTS_MS[wanted] / 1_000,
            "away": sum(view.presence is not Presence.ONLINE for view in views),
            "closed": sum(map(is_closed, views)),
        }
        return show(request, session, "kiosks/confirm.html", context, here="kiosks")

    def give(
        self,
        request: Request,
        session: OwnForm,
        viewer: KiosksViewer,
        kiosk: Ticked,
        order: Wanted = "",
    ) -> Response:
        """Tell them."""
        wanted = _order(order)
        views = _ticked(parts_of(request), viewer.sees, kiosk)
        if not views:
            return back_to("/kiosks")
        who = [KioskKey(view.store_id, view.kiosk_id) for view in views]
        self._orders.send(who, wanted, session.user.name)
        if len(who) == 1:
            return back_to(f"/stores/{who[0].store_id}/kiosks/{who[0].kiosk_id}?told=yes")
        return back_to("/kiosks")


def devices_pages(orders: Orders, histories: Histories, diagnoses: Diagnoses) -> APIRouter:
    """The addresses of these pages."""
    router = APIRouter(include_in_schema=False)
    pages = DevicePages(orders, histories, diagnoses)
    look, tell = [Depends(having(Right.KIOSKS))], [Depends(having(Right.COMMAND))]
    one = "/stores/{store_id}/kiosks/{kiosk_id}"
    router.add_api_route(one, pages.kiosk, methods=["GET"], dependencies=look)
    file = f"{one}/diagnoses/{{command}}"
    router.add_api_route(file, pages.diagnosis, methods=["GET"], dependencies=tell)
    router.add_api_route("/kiosks/confirm", pages.confirm, methods=["POST"], dependencies=tell)
    router.add_api_route("/kiosks/orders", pages.give, methods=["POST"], dependencies=tell)
    return router


def meaning(words: Words, order: Order) -> str:
    """What it does there, for whoever is about to order it."""
    _ = words.gettext
    return {
        Order.IDENTIFY: _(
            "Its glass shows its name in large letters for a minute; never while a shopper answers."
        ),
        Order.RESTART: _("The program begins anew between two shoppers; nothing is lost."),
        Order.REBOOT: _(
            "The machine begins anew between two shoppers, and asks nobody for a minute."
        ),
        Order.COLLECT: _(
            "It sends a file with its state and its last log lines, without any answer in it; "
            "take it from the kiosk's page within a month."
        ),
        Order.RENEW: _("It fetches a new certificate now."),
        Order.ROLL_BACK: _("It goes back to the version that it had before."),
        Order.UPDATE: _("It takes another version."),
    }[order]


def is_closed(view: FleetView) -> bool:
    """Whether it can keep nothing, and so obeys nothing: what is not kept as begun is not begun."""
    return CLOSED in view.alarms


def _order(text: str) -> Order:
    if text not in BY_HAND:
        raise HTTPException(400)
    return Order(text)


def _ticked(parts: Parts, sees: Callable[[StoreId], bool], keys: Sequence[str]) -> list[FleetView]:
    """The kiosks of these names; one that is out of reach is answered as if there were none."""
    wanted = {key[:LONGEST_KEY] for key in keys}
    if not wanted:
        return []
    stores = {StoreId(key.partition("/")[0]) for key in wanted}
    if not all(sees(store) for store in stores):
        raise HTTPException(404)
    known = {f"{view.store_id}/{view.kiosk_id}": view for view in parts.fleet.views(stores)}
    if not wanted <= known.keys():
        raise HTTPException(404)
    return [known[key] for key in sorted(wanted)]


def _view(parts: Parts, store: StoreId, kiosk: str) -> FleetView:
    for view in parts.fleet.views([store]):
        if view.kiosk_id == KioskId(kiosk):
            return view
    raise HTTPException(404)


def _known(parts: Parts, view: FleetView, words: Words) -> dict[str, object]:
    store = next(each for each in parts.places.stores() if each.store_id == view.store_id)
    points = {point.point_id: point.name for point in parts.places.points(store.store_id)}
    at, now = _local(store), parts.now()
    return {
        "view": view,
        "store": store,
        "point": points.get(view.point_id) if view.point_id else None,
        "state": "never" if view.presence is None else view.presence.value,
        "seen": None if view.last_seen is None else at(view.last_seen),
        "said": None if view.health_at is None else at(view.health_at),
        "certificate_days": days_left(view, now),
        "troubles": _troubles(view, words),
        "say": DeviceWords(words),
    }


def _troubles(view: FleetView, words: Words) -> list[tuple[str, str]]:
    named, known, say = kinds(words), hints(words), DeviceWords(words)
    return [
        (
            named[one.kind]
            if one.code == one.kind
            else f"{named[one.kind]}: {say.ailment(one.code)}",
            known.get(one.hint, one.hint),
        )
        for one in troubles_of([view], ())
    ]


def _local(store: object) -> Callable[[int], datetime]:
    assert isinstance(store, Store)  # noqa: S101 - for the types
    zone = find_zone(store.zone)
    return lambda at: datetime.fromtimestamp(at / 1_000, zone)
