"""Who is asking, and may they: the dependencies that every endpoint declares.

Laws of this page
1. An endpoint is open only where it says so; the matrix test enumerates all of them.
2. A right that the role lacks is answered 403; a store out of reach 404, as if it did not exist.
3. Whatever changes something carries the session's CSRF token, besides the check of its origin.

Annotations are read by FastAPI when a dependency is made, and some close over a right: so this page
does without postponed annotations.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request, Response

from hub.accounts import SignedIn
from hub.core.roles import Right, Viewer
from hub.web.parts import parts_of
from shared.errors import PlaceError
from shared.places import StoreId, store_id

LONGEST_SECRET = 128
"""Longer than any cookie we gave: not worth hashing."""


class NotSignedIn(Exception):
    """Nobody is signed in here: pages go to the sign-in page, the API answers 401."""


# ── cookies ──────────────────────────────────────────────────────────────────────────────────────


def cookie_name(request: Request, what: str = "session") -> str:
    """The cookie's name; `__Host-` makes the browser insist on https and on this very host."""
    prefix = "__Host-" if parts_of(request).secure else ""
    return f"{prefix}semblante-{what}"


def give_cookie(request: Request, response: Response, value: str, what: str = "session") -> None:
    """Set a cookie that lives as long as the browser window."""
    response.set_cookie(
        cookie_name(request, what),
        value,
        httponly=True,
        samesite="lax",
        secure=parts_of(request).secure,
        path="/",
    )


def take_cookie(request: Request, response: Response, what: str = "session") -> None:
    """Remove a cookie."""
    response.delete_cookie(
        cookie_name(request, what),
        httponly=True,
        samesite="lax",
        secure=parts_of(request).secure,
        path="/",
    )


# ── who is asking ────────────────────────────────────────────────────────────────────────────────


def maybe_signed_in(request: Request) -> SignedIn | None:
    """The session of this browser, if one runs."""
    secret = request.cookies.get(cookie_name(request), "")
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    return parts_of(request).accounts.signed_in(secret)


def signed_in(session: Annotated[SignedIn | None, Depends(maybe_signed_in)]) -> SignedIn:
    """The running session; raises NotSignedIn."""
    if session is None:
        raise NotSignedIn
    return session


Session = Annotated[SignedIn, Depends(signed_in)]


def viewer(session: Session) -> Viewer:
    """The signed-in user."""
    return session.user.viewer


AnyViewer = Annotated[Viewer, Depends(viewer)]


def having(right: Right) -> Callable[[Viewer], Viewer]:
    """A dependency: the signed-in user, who must have this right."""

    def check(viewer: AnyViewer) -> Viewer:
        if not viewer.may(right):
            raise HTTPException(403)
        return viewer

    return check


def store_having(right: Right) -> Callable[[str, Request, Viewer], StoreId]:
    """A dependency: the store named in the path, which the user must reach with this right."""

    def check(
        store_id: str, request: Request, viewer: Annotated[Viewer, Depends(having(right))]
    ) -> StoreId:
        return reachable_store(request, viewer, store_id)

    return check


def reachable_store(request: Request, viewer: Viewer, text: str) -> StoreId:
    """The store of that name; raises 404 where there is none or the viewer must not know of it."""
    try:
        store = store_id(text)
    except PlaceError as fault:
        raise HTTPException(404) from fault
    if not viewer.sees(store) or not parts_of(request).has_store(store):
        raise HTTPException(404)
    return store


AnswersViewer = Annotated[Viewer, Depends(having(Right.ANSWERS))]
KiosksViewer = Annotated[Viewer, Depends(having(Right.KIOSKS))]
AnswersStore = Annotated[StoreId, Depends(store_having(Right.ANSWERS))]
KiosksStore = Annotated[StoreId, Depends(store_having(Right.KIOSKS))]
DesignStore = Annotated[StoreId, Depends(store_having(Right.DESIGN))]


# ── forms ────────────────────────────────────────────────────────────────────────────────────────


def own_form(session: Session, csrf: Annotated[str, Form(max_length=128)] = "") -> SignedIn:
    """The session that sent this form; raises 403 where the form does not carry its token."""
    if not hmac.compare_digest(csrf.encode(), session.csrf.encode()):
        raise HTTPException(403)
    return session


OwnForm = Annotated[SignedIn, Depends(own_form)]


def stranger_token(secret: str) -> str:
    """The token in the sign-in form, made from the cookie that was set beside it."""
    return hashlib.sha256(b"form " + secret.encode()).hexdigest()


def new_stranger() -> str:
    """The cookie's secret for somebody who is not signed in yet."""
    return secrets.token_urlsafe(24)


def stranger_form(request: Request, csrf: Annotated[str, Form(max_length=128)] = "") -> None:
    """Let a sign-in form pass only beside the cookie that it was given with."""
    secret = request.cookies.get(cookie_name(request, "form"), "")
    if not secret or len(secret) > LONGEST_SECRET:
        raise HTTPException(403)
    if not hmac.compare_digest(csrf.encode(), stranger_token(secret).encode()):
        raise HTTPException(403)


def address_of(request: Request) -> str:
    """Where the request comes from, for the throttle and the audit log."""
    return request.client.host if request.client else "unknown"
