"""The page Rollouts: how a release comes to the kiosks, ring by ring, and where it is halted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response

from hub.core.ports import Store
from hub.core.roles import Right, Viewer
from hub.core.rollouts import OPEN, RINGS, TROUBLE, Member, Rollout, Stage, State
from hub.rollouts import REST_HOURS, Rollouts, Told
from hub.web.auth import OwnForm, Session, having
from hub.web.device_words import outcomes_of_updates
from hub.web.parts import parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import Words
from shared.errors import DeviceError, WordError
from shared.places import StoreId

HERE: Final = "/rollouts"

MOST_OVER: Final = 10
"""Rollouts that are over, on the page: some years of releases."""

MOST_NAMED: Final = 50
"""Kiosks in trouble that are named: more of them is one trouble, and not fifty."""

MOST_STORES: Final = 5_000
"""Ticked in one form; more stores are all of them."""

MOST_IN_ADDRESS: Final = 100
"""Stores named in an address: 4 kB, which every proxy takes."""

Commander = Annotated[Viewer, Depends(having(Right.COMMAND))]
Typed = Annotated[str, Form(max_length=40)]
Ticked = Annotated[list[str], Form(default_factory=list, max_length=MOST_STORES)]
Asked = Annotated[list[str], Query(default_factory=list, max_length=MOST_IN_ADDRESS)]


@dataclass(frozen=True, slots=True)
class RingRow:
    """One ring: how many of its kiosks are how."""

    number: int
    every: int
    counts: Mapping[Stage, int]
    opened: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One rollout as the page shows it; `own`: whoever looks may act on it."""

    rollout: Rollout
    begun: datetime
    changed: datetime
    rings: tuple[RingRow, ...]
    troubles: tuple[tuple[Member, Stage], ...]
    trouble: int
    judged: int
    open: bool
    own: bool


def rollouts_pages(rollouts: Rollouts) -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.COMMAND))])
    pages = _Pages(rollouts)
    router.add_api_route(HERE, pages.page, methods=["GET"])
    router.add_api_route(f"{HERE}/panel", pages.panel, methods=["GET"])
    router.add_api_route(HERE, pages.begin, methods=["POST"])
    router.add_api_route(f"{HERE}/{{number}}/{{what}}", pages.act, methods=["POST"])
    return router


class _Pages:
    """What answers at them."""

    def __init__(self, rollouts: Rollouts) -> None:
        self._rollouts = rollouts

    def page(
        self, request: Request, session: Session, viewer: Commander, store: Asked, said: str = ""
    ) -> Response:
        """All rollouts, and a form for the next one; `store` are those that were chosen for it."""
        words = words_for(request, session)
        seen = parts_of(request).seen_by(viewer)
        _check_seen(store, seen)
        context = _context(self._rollouts, viewer, words) | {
            "bundles": self._rollouts.bundles(),
            "stores": seen,
            "chosen": frozenset(store),
            "rest": REST_HOURS,
            "said": _said(words).get(said, ""),
        }
        return show(request, session, "rollouts.html", context, here="rollouts")

    def panel(self, request: Request, session: Session, viewer: Commander) -> Response:
        """The same as it is by now, for a page that stands open."""
        context = _context(self._rollouts, viewer, words_for(request, session))
        return show(request, session, "rollouts/panel.html", context, here="rollouts")

    def begin(
        self, request: Request, session: OwnForm, viewer: Commander, store: Ticked,
        version: Typed = "", first: Typed = "",
        rest: Annotated[int, Form(ge=0, le=336)] = REST_HOURS,
    ) -> Response:  # fmt: skip
        """Let a release go, to the ticked stores or to all within reach."""
        seen = parts_of(request).seen_by(viewer)
        _check_seen([*store, *([first] if first else [])], seen)
        if first and store and first not in store:
            return back_to(rollouts_for(map(StoreId, store), "first"))
        stores = _stores(viewer, store, seen)
        begins = StoreId(first) if first else None
        try:
            self._rollouts.begin(
                version, session.user.name, stores=stores, first=begins, rest_hours=rest
            )
        except (DeviceError, WordError):
            return back_to(rollouts_for(map(StoreId, store), "refused"))
        if store:
            note = parts_of(request).accounts.note
            note(session.user.name, "rollout for chosen stores", _listed(store))
        return back_to(HERE)

    def act(self, session: OwnForm, viewer: Commander, number: int, what: str) -> Response:
        """Halt it, let it go on, or take it back."""
        ways = self._rollouts
        acts = {"halt": ways.halt, "resume": ways.resume, "back": ways.back}
        if what not in acts:
            raise HTTPException(404)
        rollout = _own(ways, viewer, number)
        done = rollout is not None and acts[what](rollout, session.user.name)
        return back_to(HERE if done else f"{HERE}?said=moved")


def rollouts_for(stores: Iterable[StoreId], said: str = "") -> str:
    """The address at which a rollout for these stores begins; for all, where they are many."""
    named = sorted(set(stores))
    wish = [("store", one) for one in named] if len(named) <= MOST_IN_ADDRESS else []
    if named and not wish:
        said = said or "many"
    query = urlencode([*wish, *([("said", said)] if said else [])])
    return f"{HERE}?{query}" if query else HERE


def _check_seen(asked: Sequence[str], seen: Sequence[Store]) -> None:
    """A store that is out of reach is answered as if there were none."""
    if not set(asked) <= {one.store_id for one in seen}:
        raise HTTPException(404)


def _stores(
    viewer: Viewer, ticked: Sequence[str], seen: Sequence[Store]
) -> Collection[StoreId] | None:
    """Whose kiosks are to have it; None for all that there are."""
    if ticked:
        return [one.store_id for one in seen if one.store_id in ticked]
    return None if viewer.role.every_store else [one.store_id for one in seen]


def _listed(stores: Sequence[str]) -> str:
    """Which, for the audit log: all of them where they are few."""
    names = sorted(set(stores))
    return ", ".join(names[:20]) + (f" … {len(names)} in all" if len(names) > 20 else "")


def _own(rollouts: Rollouts, viewer: Viewer, number: int) -> Rollout | None:
    """One all of whose stores are within reach; any other is answered as if there were none."""
    for rollout in rollouts.rollouts():
        if rollout.number == number and _reaches(viewer, rollouts.told(rollout)):
            return rollout
    return None


def _reaches(viewer: Viewer, told: Told) -> bool:
    return all(viewer.sees(store) for store in told.stores)


def _context(rollouts: Rollouts, viewer: Viewer, words: Words) -> dict[str, object]:
    shown = [
        _card(told, viewer)
        for rollout in rollouts.rollouts()[: MOST_OVER + 1]
        if any(map(viewer.sees, (told := rollouts.told(rollout)).stores))
    ]
    return {
        "cards": shown,
        "running": any(card.open for card in shown),
        "returning": any(card.rollout.state is State.BACK for card in shown),
        "states": _states(words),
        "stages": _stages(words),
        "rings": _rings(words),
        "outcomes": outcomes_of_updates(words),
        "last_ring": RINGS,
    }


def _card(told: Told, viewer: Viewer) -> Card:
    progress, rollout = told.progress, told.progress.rollout
    rings = []
    for number in range(1, RINGS + 1):
        counts = progress.counts(number)
        rings.append(RingRow(number, sum(counts.values()), counts, number <= rollout.ring))
    troubles = [
        (one, progress.stages[one.who])
        for one in told.members
        if progress.stages[one.who] in TROUBLE and viewer.sees(StoreId(one.who.store_id))
    ]
    return Card(
        rollout, _at(rollout.made_at), _at(rollout.changed_at), tuple(rings),
        tuple(troubles[:MOST_NAMED]), progress.trouble, progress.judged, rollout.state in OPEN,
        _reaches(viewer, told),
    )  # fmt: skip


def _at(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1_000, UTC)


def _said(words: Words) -> Mapping[str, str]:
    _ = words.gettext
    return {
        "refused": _("It was not begun: kiosks are going back just now, or none is there for it."),
        "first": _("It was not begun: the first store is none of those that are ticked."),
        "many": _("So many stores do not fit: tick them here, or let it go to all."),
        "moved": _("It was not done: meanwhile it is in another state."),
    }


def _states(words: Words) -> Mapping[State, str]:
    _ = words.gettext
    return {
        State.RUNNING: _("on its way"),
        State.HALTED: _("halted"),
        State.BACK: _("going back"),
        State.DONE: _("everywhere"),
        State.ENDED: _("no longer on its way"),
    }


def _stages(words: Words) -> Mapping[Stage, str]:
    _ = words.gettext
    return {
        Stage.UPDATED: _("updated"),
        Stage.ORDERED: _("at it"),
        Stage.WAITING: _("waiting"),
        Stage.AWAY: _("away"),
        Stage.FAILED: _("failed"),
        Stage.SILENT: _("silent"),
        Stage.RETURNING: _("going back"),
        Stage.RETURNED: _("back again"),
    }


def _rings(words: Words) -> Mapping[int, str]:
    _ = words.gettext
    return {1: _("One store"), 2: _("A tenth"), 3: _("All others")}
