"""Signing in and out, one's own password and language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts import SignedIn
from hub.web.auth import (
    LONGEST_SECRET,
    OwnForm,
    Session,
    address_of,
    cookie_name,
    give_cookie,
    maybe_signed_in,
    new_stranger,
    stranger_form,
    stranger_token,
    take_cookie,
)
from hub.web.parts import parts_of
from hub.web.shell import back_to, show
from hub.web.wording import LOCALES
from shared.errors import AccountError, SignInPaused, SignInRefused

MaybeSession = Annotated[SignedIn | None, Depends(maybe_signed_in)]
Short = Annotated[str, Form(max_length=300)]


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sign-in", sign_in_page, methods=["GET"])
    stranger = [Depends(stranger_form)]
    router.add_api_route("/sign-in", sign_in, methods=["POST"], dependencies=stranger)
    router.add_api_route("/sign-out", sign_out, methods=["POST"])
    router.add_api_route("/settings", settings_page, methods=["GET"])
    router.add_api_route("/settings/password", change_password, methods=["POST"])
    router.add_api_route("/settings/language", change_language, methods=["POST"])
    return router


def sign_in_page(request: Request, session: MaybeSession, next_page: str = "/") -> Response:
    """The form; whoever is signed in already goes on."""
    if session is not None:
        return RedirectResponse(_inside(next_page), 303)
    return _form(request, next_page)


def sign_in(
    request: Request, name: Short = "", password: Short = "", next_page: Short = "/"
) -> Response:
    """Let somebody in, with a new session in every case; what was signed in here before ends."""
    accounts = parts_of(request).accounts
    try:
        secret, _ = accounts.sign_in(name, password, address_of(request))
    except SignInPaused as paused:
        answer = _form(request, next_page, name, seconds=paused.seconds, status=429)
        answer.headers["retry-after"] = str(paused.seconds)
        return answer
    except SignInRefused:
        return _form(request, next_page, name, refused=True, status=401)
    before = maybe_signed_in(request)
    if before is not None:
        accounts.sign_out(before)
    answer = back_to(_inside(next_page))
    give_cookie(request, answer, secret)
    take_cookie(request, answer, "form")
    return answer


def sign_out(request: Request, session: OwnForm) -> Response:
    """End the session, here and in the database."""
    parts_of(request).accounts.sign_out(session)
    answer = back_to("/sign-in")
    take_cookie(request, answer)
    answer.headers["clear-site-data"] = '"cache"'
    return answer


def settings_page(request: Request, session: Session, done: str = "") -> Response:
    """What somebody may change about themselves."""
    return show(request, session, "settings.html", {"done": done, "fault": None}, here="settings")


def change_password(
    request: Request, session: OwnForm, old: Short = "", new: Short = "", again: Short = ""
) -> Response:
    """Another password for oneself."""
    accounts = parts_of(request).accounts
    try:
        if new != again:
            return _settings_fault(request, session, "different")
        accounts.change_password(session, old, new, address_of(request))
    except SignInPaused:
        return _settings_fault(request, session, "paused", 429)
    except SignInRefused:
        return _settings_fault(request, session, "wrong")
    except AccountError:
        return _settings_fault(request, session, "weak")
    return back_to("/settings?done=password")


def change_language(
    request: Request, session: OwnForm, language: Short = "", page: Short = "/"
) -> Response:
    """Another language, from any page and back to it."""
    if language in LOCALES:
        parts_of(request).accounts.set_language(session.user.user_id, language)
    return back_to(_inside(page))


def _settings_fault(request: Request, session: SignedIn, fault: str, status: int = 400) -> Response:
    return show(
        request,
        session,
        "settings.html",
        {"done": "", "fault": fault},
        here="settings",
        status=status,
    )


def _form(
    request: Request,
    next_page: str,
    name: str = "",
    *,
    refused: bool = False,
    seconds: int = 0,
    status: int = 200,
) -> Response:
    secret = request.cookies.get(cookie_name(request, "form"), "")
    if not secret or len(secret) > LONGEST_SECRET:
        secret = new_stranger()
    answer = show(
        request,
        None,
        "sign_in.html",
        {
            "csrf": stranger_token(secret),
            "next_page": _inside(next_page),
            "name": name[:64],
            "refused": refused,
            "seconds": seconds,
        },
        status=status,
    )
    give_cookie(request, answer, secret, "form")
    return answer


def _inside(url: str) -> str:
    """The address if it stays on this site, else the first page: no open redirects."""
    plain = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if plain and url.isprintable() and len(url) <= 300 else "/"
