"""Users: added, let in, followed and shown out; every change leaves a note in the audit log."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from hub.core.accounts import (
    FIRST_HASH,
    FREE_TRIES,
    FREE_TRIES_OF_ACCOUNT,
    FREE_TRIES_OF_ADDRESS,
    IDLE_MS,
    LONGEST_MS,
    AccountBook,
    Entry,
    Note,
    Passwords,
    Session,
    User,
    entry_hash,
)
from hub.core.credentials import (
    check_password,
    check_user_name,
    digest,
    is_user_name,
    network_of,
    throttle_key,
)
from hub.core.measures import SIGN_INS, Meter
from hub.core.roles import Role
from shared.errors import AccountError, SignInPaused, SignInRefused
from shared.places import StoreId

SEEN_STEP_MS = 60_000
"""A session's last use is written once a minute: pages are read without a write each time."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A running session, seen from inside: whose, and the token that its forms must carry."""

    user: User
    token: str
    csrf: str


class Accounts:
    """The whole of what the hub does with users."""

    def __init__(
        self,
        book: AccountBook,
        passwords: Passwords,
        now: Callable[[], int],
        languages: Sequence[str] = ("en", "es"),
        meter: Meter | None = None,
    ) -> None:
        self._book = book
        self._passwords = passwords
        self._now = now
        self._languages = tuple(languages)
        self._meter = meter

    # ── users ────────────────────────────────────────────────────────────────────────────────

    def add_user(
        self,
        name: str,
        password: str,
        role: Role,
        *,
        stores: Iterable[StoreId] = (),
        language: str = "en",
        by: str = "command line",
    ) -> User:
        """Make a user; raises AccountError where name or password will not do."""
        user = User(
            0, check_user_name(name), role, self._check_language(language), frozenset(stores)
        )
        kept = self._passwords.hash(check_password(password, user.name))
        note = self._note(by, "user added", user.name, _reach(user))
        added = self._book.add(user, kept, note.at, note)
        if added is None:
            raise AccountError(
                f"the name {user.name} is taken", hint="Choose another name.", code="taken"
            )
        return added

    def change_user(
        self, user_id: int, role: Role, stores: Iterable[StoreId], *, disabled: bool, by: str
    ) -> User:
        """Give a user another role and other stores, or disable or enable them."""
        before = self._found(user_id)
        since = (before.disabled_at or self._now()) if disabled else None
        after = replace(before, role=role, stores=frozenset(stores), disabled_at=since)
        detail = f"{_reach(before)} → {_reach(after)}"
        if not self._book.change(after, self._note(by, "user changed", after.name, detail)):
            raise AccountError(
                "the last administrator must stay",
                hint="Make another administrator first.",
                code="last-administrator",
            )
        return after

    def set_password(self, user_id: int, password: str, by: str) -> None:
        """Set a new password for somebody; their sessions end."""
        user = self._found(user_id)
        kept = self._passwords.hash(check_password(password, user.name))
        self._book.set_password(user_id, kept, None, self._note(by, "password set", user.name))

    def change_password(self, signed_in: SignedIn, old: str, new: str, address: str) -> None:
        """Change one's own password; every other session of the user ends.

        Wrong old passwords count like failed sign-ins: a borrowed session is no free guess.
        """
        user = signed_in.user
        keys = self._take_a_try(user.name, address)
        if not self._is_password_of(user.name, old):
            self._count("refused")
            raise SignInRefused("the present password is not this one")
        self._book.forgive(keys)
        kept = self._passwords.hash(check_password(new, user.name))
        note = self._note(user.name, "password changed", user.name)
        self._book.set_password(user.user_id, kept, signed_in.token, note)

    def set_language(self, user_id: int, language: str) -> None:
        """Remember the language that a user reads."""
        self._book.set_language(user_id, self._check_language(language))

    def users(self) -> Sequence[User]:
        """All users, by name."""
        return self._book.users()

    def user(self, user_id: int) -> User | None:
        """The user of that number."""
        return self._book.user(user_id)

    # ── sessions ─────────────────────────────────────────────────────────────────────────────

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, SignedIn]:
        """Let somebody in: the secret for the cookie, and the session.

        Raises SignInPaused or SignInRefused; both take as long for names that do not exist.
        """
        name = name.strip().lower()
        keys = self._take_a_try(name, address)
        found = self._named(name)
        matches = self._passwords.matches(found[1] if found else None, password)
        if found is None or not matches or found[0].disabled_at is not None:
            # Also for a name that is nobody's (and may be a password): a write takes its time.
            whose = found[0].name if found else "—"
            self._book.write(self._note("—", "sign-in refused", whose, address))
            self._count("refused")
            raise SignInRefused("name or password are wrong")
        self._book.forgive(keys)
        self._freshen(found[0], found[1], password)
        self._count("accepted")
        return self._open(found[0], address)

    def signed_in(self, secret: str) -> SignedIn | None:
        """Whose session this cookie is, if it still runs; and note that it was used."""
        token = digest(secret)
        found = self._running(token)
        if found is None:
            return None
        session, user = found
        if self._now() - session.seen_at >= SEEN_STEP_MS:
            self._book.touch(token, self._now())
        return SignedIn(user, token, session.csrf)

    def still_signed_in(self, tokens: Collection[str]) -> dict[str, User]:
        """The users of those of these sessions that run, without calling that a use of them."""
        found = self._book.sessions(tokens).items()
        return {token: user for token, (session, user) in found if self._runs(session, user)}

    def sign_out(self, signed_in: SignedIn) -> None:
        """End a session."""
        name = signed_in.user.name
        self._book.end_session(signed_in.token, self._note(name, "signed out", name))

    def end_old_sessions(self) -> int:
        """Forget the sessions that are over (a job does this now and then)."""
        now = self._now()
        return self._book.end_old_sessions(now - LONGEST_MS, now - IDLE_MS)

    # ── the audit log ────────────────────────────────────────────────────────────────────────

    def note(self, by: str, action: str, target: str, detail: str = "") -> None:
        """Write down something that somebody did."""
        self._book.write(self._note(by, action, target, detail))

    def audit(self, most: int = 200, before: int | None = None) -> Sequence[Entry]:
        """The latest entries of the audit log, newest first."""
        return self._book.entries(most, before)

    def verify_audit(self) -> int | None:
        """The number of the first entry that was changed, removed or put in; None if whole."""
        check = _AuditCheck()
        self._book.walk_entries(check)
        return check.broken

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _note(self, by: str, action: str, target: str, detail: str = "") -> Note:
        return Note(self._now(), by, action, target, detail[:500])

    def _count(self, outcome: str) -> None:
        if self._meter is not None:  # a command counts nothing: nobody could read it
            self._meter.add(SIGN_INS, label=outcome)

    def _found(self, user_id: int) -> User:
        user = self._book.user(user_id)
        if user is None:
            raise AccountError(f"there is no user {user_id}", hint="They may have been renamed.")
        return user

    def _check_language(self, language: str) -> str:
        if language not in self._languages:
            raise AccountError(
                f"no language {language!r:.20}", hint=f"One of: {', '.join(self._languages)}."
            )
        return language

    def _take_a_try(self, name: str, address: str) -> list[str]:
        network = network_of(address)
        tries = {
            throttle_key("name", f"{name} {network}"): FREE_TRIES,  # the first is forgiven whole
            throttle_key("address", network): FREE_TRIES_OF_ADDRESS,
            throttle_key("account", name): FREE_TRIES_OF_ACCOUNT,
        }
        seconds = self._book.try_sign_in(list(tries.items()), self._now())
        if seconds:
            self._count("paused")
            raise SignInPaused(seconds)
        return list(tries)

    def _named(self, name: str) -> tuple[User, str] | None:
        """The user of that name; the database is not asked for what can be nobody's."""
        return self._book.user_named(name) if is_user_name(name) else None

    def _is_password_of(self, name: str, password: str) -> bool:
        found = self._named(name)
        return self._passwords.matches(found[1] if found else None, password)

    def _freshen(self, user: User, kept: str, password: str) -> None:
        if self._passwords.outdated(kept):
            self._book.rehash(user.user_id, self._passwords.hash(password))

    def _open(self, user: User, address: str) -> tuple[str, SignedIn]:
        secret, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._now()
        session = Session(digest(secret), user.user_id, csrf, now, now)
        self._book.open_session(session, self._note(user.name, "signed in", user.name, address))
        return secret, SignedIn(user, session.token, csrf)

    def _running(self, token: str) -> tuple[Session, User] | None:
        found = self._book.sessions([token]).get(token)
        return found if found is not None and self._runs(*found) else None

    def _runs(self, session: Session, user: User) -> bool:
        return not session.over(self._now()) and user.disabled_at is None


class _AuditCheck:
    """Walks the log and remembers the first entry that does not follow from the one before."""

    def __init__(self) -> None:
        self.broken: int | None = None
        self._last, self._hash = 0, FIRST_HASH

    def __call__(self, entry: Entry) -> None:
        expected = entry_hash(self._hash, self._last + 1, entry.note)
        if self.broken is None and not hmac.compare_digest(expected, entry.hash):
            self.broken = self._last + 1
        self._last, self._hash = entry.entry, entry.hash


def _reach(user: User) -> str:
    stores = "all stores" if user.role.every_store else ", ".join(sorted(user.stores)) or "no store"
    return f"{user.role}, {stores}" + (", disabled" if user.disabled_at is not None else "")
