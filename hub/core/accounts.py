"""What a user, a session and an audit entry are, how long they last, and what must keep them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.roles import Role, Viewer
from shared.places import StoreId

IDLE_MS = 30 * 60_000
"""A session nobody used for half an hour is over (OWASP's upper bound for such data)."""

LONGEST_MS = 12 * 3_600_000
"""The longest shift: after it everybody signs in again."""

FREE_TRIES = 5
"""Failures of one account from one address that cost nothing: people do mistype."""

FREE_TRIES_OF_ACCOUNT = 50
"""Failures of one account from everywhere: who guesses from one address cannot lock its owner out,
who guesses from many is paused all the same."""

FREE_TRIES_OF_ADDRESS = 20
"""A whole store office sits behind one address."""

LONGEST_PAUSE_MS = 15 * 60_000
"""More would let a stranger lock somebody out for good."""

FORGOTTEN_MS = 24 * 3_600_000
"""Failures older than a day count no longer."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a name and a role."""

    user_id: int
    name: str
    role: Role
    language: str
    stores: frozenset[StoreId] = frozenset()
    disabled_at: int | None = None

    @property
    def viewer(self) -> Viewer:
        """This user as pages see them."""
        return Viewer(self.user_id, self.name, self.role, self.language, self.stores)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; `token` is the SHA-256 of what its cookie holds."""

    token: str
    user_id: int
    csrf: str
    made_at: int
    seen_at: int

    def over(self, now: int) -> bool:
        """Whether it was idle too long, or is too old."""
        return now - self.seen_at >= IDLE_MS or now - self.made_at >= LONGEST_MS


@dataclass(frozen=True, slots=True)
class Note:
    """What the audit log shall say about a change; kept in the transaction of the change."""

    at: int
    user: str
    action: str
    target: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A note in its place in the audit log; `hash` covers the entry before it."""

    entry: int
    note: Note
    hash: str


FIRST_HASH = "0" * 64
"""What the first entry of the audit log is chained to."""


def entry_hash(before: str, entry: int, note: Note) -> str:
    """The hash of an entry, which no earlier entry can be changed without breaking."""
    words = [before, entry, note.at, note.user, note.action, note.target, note.detail]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def pause(failures: int, free: int) -> int:
    """How long (ms) after that many failures the next try must wait: 0, then 1, 2, 4 … s."""
    if failures < free:
        return 0
    doublings = min(failures - free, 20)  # 2**20 s is far beyond the cap
    return min(1000 << doublings, LONGEST_PAUSE_MS)


def seconds_to_wait(failures: int, last_at: int, free: int, now: int) -> int:
    """Whole seconds until the next try is allowed; 0 where it is allowed now.

    Never more than the pause itself: a clock that was set back must not lock everybody out.
    """
    whole = pause(failures, free)
    left = min(last_at + whole - now, whole)
    return max(0, -(-left // 1000))


class AccountBook(Protocol):
    """Where users, sessions, failures and the audit log are kept; each call is a transaction."""

    def user_named(self, name: str) -> tuple[User, str] | None:
        """The user of that name with the password's hash."""

    def user(self, user_id: int) -> User | None:
        """The user of that number."""

    def users(self) -> Sequence[User]:
        """All users, by name."""

    def add(self, user: User, password: str, at: int, note: Note) -> User | None:
        """Keep a new user and return it with its number; None where the name is taken."""

    def change(self, user: User, note: Note) -> bool:
        """Keep role, language, stores and whether disabled; a disabled user's sessions end.

        False, changing nothing, where no working administrator would be left.
        """

    def set_password(self, user_id: int, password: str, keep: str | None, note: Note) -> None:
        """Keep a new password's hash; every session but the one with token `keep` ends."""

    def rehash(self, user_id: int, password: str) -> None:
        """Keep the same password under newer parameters."""

    def set_language(self, user_id: int, language: str) -> None:
        """Keep the language of a user."""

    def open_session(self, session: Session, note: Note) -> None:
        """Keep a session."""

    def sessions(self, tokens: Collection[str]) -> Mapping[str, tuple[Session, User]]:
        """The sessions of these tokens, each with the user whose it is."""

    def touch(self, token: str, at: int) -> None:
        """Note that a session was used."""

    def end_session(self, token: str, note: Note | None) -> None:
        """Forget a session."""

    def end_old_sessions(self, made_before: int, seen_before: int) -> int:
        """Forget sessions that are over; return how many."""

    def try_sign_in(self, keys: Sequence[tuple[str, int]], now: int) -> int:
        """Count one try as failed under each `(key, free tries)`, before it is judged.

        Returns 0, or the seconds to wait where a key is paused; nothing is counted then. Counting
        first means that a hundred tries sent at once cannot all be free.
        """

    def forgive(self, keys: Sequence[str]) -> None:
        """The try succeeded: take it back, and forget earlier failures of the first key."""

    def write(self, note: Note) -> None:
        """Append to the audit log alone."""

    def entries(self, most: int, before: int | None = None) -> Sequence[Entry]:
        """The latest entries, newest first; those before number `before` where given."""

    def walk_entries(self, see: Callable[[Entry], None]) -> None:
        """Show every entry to `see`, oldest first."""


class Passwords(Protocol):
    """Turning a password into a hash, slowly on purpose."""

    def hash(self, password: str) -> str:
        """The hash to keep."""

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; as slow where there is nothing to compare with."""

    def outdated(self, kept: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
