"""Users, for administrators: add, change, disable, set a password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from hub.accounts import SignedIn
from hub.core.accounts import User
from hub.core.roles import Right, Role
from hub.web.auth import OwnForm, Session, having
from hub.web.parts import parts_of
from hub.web.shell import back_to, role_text, show, words_for
from hub.web.wording import LOCALES
from shared.errors import AccountError
from shared.places import StoreId

Short = Annotated[str, Form(max_length=300)]
Stores = Annotated[list[str], Form(default_factory=list, max_length=2000)]


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.USERS))])
    router.add_api_route("/users", users_page, methods=["GET"])
    router.add_api_route("/users", add_user, methods=["POST"])
    router.add_api_route("/users/{user_id}", user_page, methods=["GET"])
    router.add_api_route("/users/{user_id}", change_user, methods=["POST"])
    router.add_api_route("/users/{user_id}/password", set_password, methods=["POST"])
    return router


def users_page(request: Request, session: Session, done: str = "") -> Response:
    """Everybody, and a form for somebody new."""
    return _all(request, session, done=done)


def add_user(
    request: Request,
    session: OwnForm,
    stores: Stores,
    name: Short = "",
    password: Short = "",
    role: Short = "",
    language: Short = "en",
) -> Response:
    """Somebody new."""
    known = _role(role)
    try:
        parts_of(request).accounts.add_user(
            name,
            password,
            known,
            stores=_known_stores(request, stores),
            language=language if language in LOCALES else "en",
            by=session.user.name,
        )
    except AccountError as fault:
        return _all(request, session, fault=fault, name=name[:64])
    return back_to("/users?done=added")


def user_page(request: Request, session: Session, user_id: int, done: str = "") -> Response:
    """One user."""
    return _one(request, session, _found(request, user_id), done=done)


def change_user(
    request: Request,
    session: OwnForm,
    user_id: int,
    stores: Stores,
    role: Short = "",
    disabled: Short = "",
) -> Response:
    """Another role, other stores, disabled or enabled again."""
    user, known = _found(request, user_id), _role(role)
    try:
        parts_of(request).accounts.change_user(
            user.user_id,
            known,
            _known_stores(request, stores),
            disabled=bool(disabled),
            by=session.user.name,
        )
    except AccountError as fault:
        return _one(request, session, user, fault=fault)
    return back_to(f"/users/{user.user_id}?done=changed")


def set_password(
    request: Request, session: OwnForm, user_id: int, password: Short = ""
) -> Response:
    """A new password for somebody who forgot theirs."""
    user = _found(request, user_id)
    try:
        parts_of(request).accounts.set_password(user.user_id, password, by=session.user.name)
    except AccountError as fault:
        return _one(request, session, user, fault=fault)
    return back_to(f"/users/{user.user_id}?done=password")


def _all(
    request: Request,
    session: SignedIn,
    *,
    done: str = "",
    fault: AccountError | None = None,
    name: str = "",
) -> Response:
    return show(
        request,
        session,
        "users.html",
        {
            "users": parts_of(request).accounts.users(),
            "roles": _roles(request, session),
            "places": parts_of(request).places.stores(),
            "done": done,
            "fault": fault,
            "name": name,
        },
        here="users",
        status=400 if fault else 200,
    )


def _one(
    request: Request,
    session: SignedIn,
    user: User,
    *,
    done: str = "",
    fault: AccountError | None = None,
) -> Response:
    return show(
        request,
        session,
        "user.html",
        {
            "user": user,
            "roles": _roles(request, session),
            "places": parts_of(request).places.stores(),
            "done": done,
            "fault": fault,
        },
        here="users",
        status=400 if fault else 200,
    )


def _roles(request: Request, session: SignedIn) -> dict[Role, str]:
    words = words_for(request, session)
    return {role: role_text(words, role) for role in Role}


def _found(request: Request, user_id: int) -> User:
    user = parts_of(request).accounts.user(user_id) if 0 < user_id < 2**31 else None
    if user is None:
        raise HTTPException(404)
    return user


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as fault:
        raise HTTPException(400) from fault


def _known_stores(request: Request, names: list[str]) -> list[StoreId]:
    """The stores that were ticked; what is no store of ours can only be a forged form."""
    return [s.store_id for s in parts_of(request).places.stores() if s.store_id in set(names)]
