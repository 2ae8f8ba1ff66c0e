"""Which kiosks of many are shown, and in which order: as somebody wishes it in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hub.core.ailing import order_of
from hub.core.fleet import FleetView
from shared.notices import Presence


class State(StrEnum):
    """By which they are chosen."""

    ANY = ""
    NEEDY = "needy"  # somebody has to look
    ONLINE = "online"
    OFFLINE = "offline"
    NEVER = "never"  # it has not spoken yet


class Sort(StrEnum):
    """By what they are ordered."""

    PLACE = "place"  # store by store, as they stand
    STATE = "state"
    SEEN = "seen"
    UNSENT = "unsent"
    VERSION = "version"
    CARD = "card"
    HEAT = "heat"
    CERTIFICATE = "certificate"


LONGEST: Final = 60
"""Of a text that somebody looks for: no name is longer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see; empty is everything."""

    text: str = ""
    state: State = State.ANY
    version: str = ""
    store: str = ""
    sort: Sort = Sort.PLACE

    @property
    def is_plain(self) -> bool:
        """Whether it is everything, as it stands."""
        return self == Wish()


def wish_of(text: str, state: str, version: str, store: str, sort: str) -> Wish:
    """The wish in an address; what is no wish is none."""
    return Wish(
        text.strip()[:LONGEST],
        State(state) if state in list(State) else State.ANY,
        version[:LONGEST],
        store[:LONGEST],
        Sort(sort) if sort in list(Sort) else Sort.PLACE,
    )


class Placed(NamedTuple):
    """A kiosk with the names of where it stands; `place` orders it in its store."""

    view: FleetView
    store_name: str = ""
    point_name: str = ""
    place: int = 0


def needs_somebody(view: FleetView) -> bool:
    """Whether anything of it stands on Recovery."""
    return bool(
        view.ailments
        or view.alarms
        or view.silence
        or view.lost
        or view.refused
        or view.synced is False
    )


def chosen(kiosks: Iterable[Placed], wish: Wish) -> list[Placed]:
    """Those that are wanted, in the wanted order; what is not known comes last."""
    found = [one for one in kiosks if _is_wanted(one, wish)]
    return sorted(found, key=lambda one: (*_ORDERS[wish.sort](one), *_place(one)))


def _is_wanted(one: Placed, wish: Wish) -> bool:
    view = one.view
    return (
        (not wish.store or view.store_id == wish.store)
        and (not wish.version or view.version == wish.version)
        and _is_in(view, wish.state)
        and _says(one, wish.text)
    )


def _is_in(view: FleetView, state: State) -> bool:
    if state is State.ANY:
        return True
    if state is State.NEEDY:
        return needs_somebody(view)
    if state is State.NEVER:
        return view.presence is None
    return view.presence == state.value


def _says(one: Placed, text: str) -> bool:
    health = one.view.health
    model = "" if health is None else health.model
    words = (one.view.kiosk_id, one.view.store_id, one.store_name, one.point_name, model)
    return not text or text.casefold() in "\n".join(words).casefold()


def _place(one: Placed) -> tuple[str, str, int, str]:
    return one.store_name, one.view.store_id, one.place, one.view.kiosk_id


def _state(one: Placed) -> int:
    """Whom somebody has to look at first."""
    away = one.view.presence is Presence.OFFLINE
    return 0 if needs_somebody(one.view) else 1 if away else 3 if one.view.presence else 2


def _known(number: float | None, sign: int = 1) -> tuple[bool, float]:
    return number is None, sign * (number or 0)


def _health(name: str) -> Callable[[Placed], int | None]:
    def read(one: Placed) -> int | None:
        found: int | None = getattr(one.view.health, name, None)
        return found

    return read


def _card(one: Placed) -> tuple[bool, float]:
    full, worn = _health("card_full")(one), _health("card_worn")(one)
    known = [number for number in (full, worn) if number is not None]
    return _known(max(known, default=None), -1)


_ORDERS: Final[dict[Sort, Callable[[Placed], tuple[Any, ...]]]] = {
    Sort.PLACE: lambda _: (),
    Sort.STATE: lambda one: (_state(one),),
    Sort.SEEN: lambda one: _known(one.view.last_seen),
    Sort.UNSENT: lambda one: _known(one.view.unsent, -1),
    Sort.VERSION: lambda one: (order_of(one.view.version or ""),),
    Sort.CARD: _card,
    Sort.HEAT: lambda one: _known(_health("temperature")(one), -1),
    Sort.CERTIFICATE: lambda one: _known(_health("certificate_until")(one)),
}
