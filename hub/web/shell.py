"""What every page has around it: navigation, store picker, language and the user's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.accounts import SignedIn
from hub.core.ports import Store
from hub.core.roles import Right, Role, Viewer
from hub.web.parts import Parts, parts_of
from hub.web.wording import Words, best_language
from shared.notices import Presence
from shared.places import StoreId

STORE_COOKIE = "semblante-store"
"""Which store was looked at last: a convenience, judged anew at every use."""


OF_A_STORE = ("today", "hours", "registers", "suspects", "queue", "kiosks", "programme")
"""Pages that are about one store."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    text: str
    url: str
    here: bool
    badge: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that the layout shows; `here` is the page's name, `store` what it is about."""

    language: str
    viewer: Viewer | None
    role: str
    csrf: str
    here: str
    path: str
    links: tuple[Link, ...] = ()
    stores: tuple[tuple[Store, str], ...] = ()  # each with the address of this page for it
    store: Store | None = None


def language_of(request: Request) -> str:
    """The language of somebody who is not signed in: chosen, else as the browser asks."""
    chosen = request.query_params.get("language", "")
    if chosen in parts_of(request).renderer.words:
        return chosen
    return best_language(request.headers.get("accept-language", ""))


def words_for(request: Request, session: SignedIn | None) -> Words:
    """The words of whoever asks."""
    language = session.user.language if session else language_of(request)
    return parts_of(request).renderer.words[language]


def show(
    request: Request,
    session: SignedIn | None,
    template: str,
    context: Mapping[str, object],
    *,
    here: str = "",
    store: StoreId | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A whole page."""
    frame = frame_of(request, session, here, store)
    renderer = parts_of(request).renderer
    text = renderer.render(frame.language, template, frame=frame, **context)
    response = HTMLResponse(text, status)
    if store is not None:
        response.set_cookie(STORE_COOKIE, store, httponly=True, samesite="lax")
    return response


def back_to(url: str) -> RedirectResponse:
    """Show another page after a form was taken (303: by GET)."""
    return RedirectResponse(url, 303)


def frame_of(
    request: Request, session: SignedIn | None, here: str, store_id: StoreId | None
) -> Frame:
    """The frame of a page for this user."""
    words = words_for(request, session)
    if session is None:
        return Frame(words.language, None, "", "", here, request.url.path)
    parts, viewer = parts_of(request), session.user.viewer
    stores = parts.seen_by(viewer)
    store = chosen_store(request, stores, store_id)
    return Frame(
        language=words.language,
        viewer=viewer,
        role=role_text(words, viewer.role),
        csrf=session.csrf,
        here=here,
        path=request.url.path,
        links=_links(parts, viewer, words.gettext, here, store),
        stores=tuple((each, _address(here, each, viewer)) for each in stores),
        store=store,
    )


def chosen_store(
    request: Request, stores: list[Store], store_id: StoreId | None = None
) -> Store | None:
    """The store that a page is about, else the one looked at last, else the first."""
    wanted = store_id or request.cookies.get(STORE_COOKIE)
    found = [store for store in stores if store.store_id == wanted] or stores
    return found[0] if found else None


def role_text(words: Words, role: Role) -> str:
    """A role in words."""
    _ = words.gettext
    return {
        Role.ADMINISTRATOR: _("Administrator"),
        Role.ANALYST: _("Analyst"),
        Role.STORE_MANAGER: _("Store manager"),
        Role.TECHNICIAN: _("Technician"),
    }[role]


def _address(here: str, store: Store, viewer: Viewer) -> str:
    """This page for another store; pages about no store lead to the store's first page."""
    first = "today" if viewer.may(Right.ANSWERS) else "kiosks"
    page = here if here in OF_A_STORE else first
    return f"/stores/{store.store_id}/{page}"


def _links(
    parts: Parts, viewer: Viewer, _: Callable[[str], str], here: str, store: Store | None
) -> tuple[Link, ...]:
    links: list[Link] = []

    def add(page: str, text: str, url: str, right: Right | None, badge: str | None = None) -> None:
        if right is None or viewer.may(right):
            links.append(Link(text, url, page == here, badge))

    if store is not None:
        base = f"/stores/{store.store_id}"
        add("today", _("Today"), f"{base}/today", Right.ANSWERS)
        add("hours", _("Hours"), f"{base}/hours", Right.ANSWERS)
        add("registers", _("Registers"), f"{base}/registers", Right.ANSWERS)
        add("stores", _("Stores"), "/stores", Right.ANSWERS)
        add("questionnaires", _("Questionnaires"), "/questionnaires", Right.ANSWERS)
        add("results", _("Results"), "/results", Right.ANSWERS)
        add("queue", _("Queue"), f"{base}/queue", Right.ANSWERS)
        away = _away(parts, store)
        badge = _("%d off") % away if away else None
        add("kiosks", _("Kiosks"), f"{base}/kiosks", Right.KIOSKS, badge)
        add("programme", _("On the kiosks"), f"{base}/programme", Right.DESIGN)
    add("rollouts", _("Rollouts"), "/rollouts", Right.COMMAND)
    add("users", _("Users"), "/users", Right.USERS)
    add("audit", _("Audit log"), "/audit", Right.AUDIT)
    add("settings", _("Settings"), "/settings", None)
    return tuple(links)


def _away(parts: Parts, store: Store) -> int:
    views = parts.fleet.views([store.store_id])
    return sum(view.presence is Presence.OFFLINE for view in views)
