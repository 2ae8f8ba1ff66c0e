"""Users, sessions, failed sign-ins and the audit log in the hub's database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from hub.adapters import audit
from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import sessions, sign_ins, user_stores, users
from hub.core.accounts import FORGOTTEN_MS, Entry, Note, Session, User, seconds_to_wait
from hub.core.roles import Role
from shared.places import StoreId

_AT_ONCE = 500
"""Tokens in one statement: as many streams as are asked about in a round, and few parameters."""


class SqlAccountBook:
    """The account book in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ── users ────────────────────────────────────────────────────────────────────────────────

    def user_named(self, name: str) -> tuple[User, str] | None:
        """The user of that name with the password's hash."""
        with reading(self._engine) as db:
            row = db.execute(select(users).where(users.c.name == name)).first()
            return None if row is None else (_user(row, _stores_of(db, row.user_id)), row.password)

    def user(self, user_id: int) -> User | None:
        """The user of that number."""
        with reading(self._engine) as db:
            return _find(db, user_id)

    def users(self) -> Sequence[User]:
        """All users, by name."""
        with reading(self._engine) as db:
            reach: dict[int, set[StoreId]] = {}
            for user_id, store_id in db.execute(select(user_stores)):
                reach.setdefault(user_id, set()).add(StoreId(store_id))
            rows = db.execute(select(users).order_by(users.c.name))
            return [_user(row, frozenset(reach.get(row.user_id, ()))) for row in rows]

    def add(self, user: User, password: str, at: int, note: Note) -> User | None:
        """Keep a new user and return it with its number; None where the name is taken."""
        row = {
            "name": user.name,
            "password": password,
            "role": user.role.value,
            "language": user.language,
            "made_at": at,
        }
        into = inserting(self._engine, users).values(row).on_conflict_do_nothing()
        with writing(self._engine) as db:
            user_id = db.execute(into.returning(users.c.user_id)).scalar()
            if user_id is None:
                return None
            _keep_stores(db, user_id, user.stores)
            audit.append(db, note)
            return _find(db, user_id)

    def change(self, user: User, note: Note) -> bool:
        """Keep role, language, stores and whether disabled; a disabled user's sessions end."""
        values = {
            "role": user.role.value,
            "language": user.language,
            "disabled_at": user.disabled_at,
        }
        works = user.role is Role.ADMINISTRATOR and user.disabled_at is None
        with writing(self._engine) as db:
            if not works and not _administrators(db) - {user.user_id}:
                return False
            db.execute(update(users).where(users.c.user_id == user.user_id).values(values))
            _keep_stores(db, user.user_id, user.stores)
            if user.disabled_at is not None:
                db.execute(delete(sessions).where(sessions.c.user_id == user.user_id))
            audit.append(db, note)
            return True

    def set_password(self, user_id: int, password: str, keep: str | None, note: Note) -> None:
        """Keep a new password's hash; every session but the one with token `keep` ends."""
        others = sessions.c.user_id == user_id
        if keep is not None:
            others &= sessions.c.token != keep
        with writing(self._engine) as db:
            db.execute(update(users).where(users.c.user_id == user_id).values(password=password))
            db.execute(delete(sessions).where(others))
            audit.append(db, note)

    def rehash(self, user_id: int, password: str) -> None:
        """Keep the same password under newer parameters."""
        with writing(self._engine) as db:
            db.execute(update(users).where(users.c.user_id == user_id).values(password=password))

    def set_language(self, user_id: int, language: str) -> None:
        """Keep the language of a user."""
        with writing(self._engine) as db:
            db.execute(update(users).where(users.c.user_id == user_id).values(language=language))

    # ── sessions ─────────────────────────────────────────────────────────────────────────────

    def open_session(self, session: Session, note: Note) -> None:
        """Keep a session."""
        with writing(self._engine) as db:
            db.execute(insert(sessions).values(asdict(session)))
            audit.append(db, note)

    def sessions(self, tokens: Collection[str]) -> Mapping[str, tuple[Session, User]]:
        """The sessions of these tokens, each with the user whose it is."""
        wanted = list(tokens)
        parts = [wanted[first : first + _AT_ONCE] for first in range(0, len(wanted), _AT_ONCE)]
        with reading(self._engine) as db:
            return {each[0].token: each for part in parts for each in _sessions(db, part)}

    def touch(self, token: str, at: int) -> None:
        """Note that a session was used."""
        with writing(self._engine) as db:
            db.execute(update(sessions).where(sessions.c.token == token).values(seen_at=at))

    def end_session(self, token: str, note: Note | None) -> None:
        """Forget a session."""
        with writing(self._engine) as db:
            db.execute(delete(sessions).where(sessions.c.token == token))
            if note is not None:
                audit.append(db, note)

    def end_old_sessions(self, made_before: int, seen_before: int) -> int:
        """Forget sessions that are over; return how many."""
        over = (sessions.c.made_at <= made_before) | (sessions.c.seen_at <= seen_before)
        with writing(self._engine) as db:
            return db.execute(delete(sessions).where(over)).rowcount

    # ── failures ─────────────────────────────────────────────────────────────────────────────

    def try_sign_in(self, keys: Sequence[tuple[str, int]], now: int) -> int:
        """Count one try as failed under each `(key, free tries)`, before it is judged."""
        rows = [{"key": key, "failures": 0, "last_at": now} for key, _ in sorted(keys)]
        with writing(self._engine) as db:
            db.execute(delete(sign_ins).where(sign_ins.c.last_at < now - FORGOTTEN_MS))
            db.execute(inserting(db, sign_ins).on_conflict_do_nothing(), rows)
            # In the same order everywhere: two tries never wait for each other's rows.
            kept = {key: _locked(db, key) for key, _ in sorted(keys)}
            waits = [
                seconds_to_wait(kept[key].failures, kept[key].last_at, free, now)
                for key, free in keys
            ]
            if not any(waits):
                more = {"failures": sign_ins.c.failures + 1, "last_at": now}
                db.execute(update(sign_ins).where(sign_ins.c.key.in_(list(kept))).values(more))
            return max(waits)

    def forgive(self, keys: Sequence[str]) -> None:
        """The try succeeded: take it back, and forget earlier failures of the first key."""
        with writing(self._engine) as db:
            db.execute(delete(sign_ins).where(sign_ins.c.key == keys[0]))
            db.execute(
                update(sign_ins)
                .where(sign_ins.c.key.in_(keys[1:]), sign_ins.c.failures > 0)
                .values(failures=sign_ins.c.failures - 1)
            )

    # ── the audit log ────────────────────────────────────────────────────────────────────────

    def write(self, note: Note) -> None:
        """Append to the audit log alone."""
        with writing(self._engine) as db:
            audit.append(db, note)

    def entries(self, most: int, before: int | None = None) -> Sequence[Entry]:
        """The latest entries, newest first; those before number `before` where given."""
        with reading(self._engine) as db:
            return audit.latest(db, most, before)

    def walk_entries(self, see: Callable[[Entry], None]) -> None:
        """Show every entry to `see`, oldest first."""
        with reading(self._engine) as db:
            audit.walk(db, see)


def _sessions(db: Connection, tokens: Sequence[str]) -> Iterator[tuple[Session, User]]:
    names = [each.name for each in fields(Session)]
    query = select(*(sessions.c[name] for name in names)).where(sessions.c.token.in_(tokens))
    found = [Session(*row) for row in db.execute(query)]
    people = _people(db, {session.user_id for session in found})
    return ((session, people[session.user_id]) for session in found)


def _people(db: Connection, user_ids: Collection[int]) -> Mapping[int, User]:
    mine = select(user_stores).where(user_stores.c.user_id.in_(user_ids))
    reach: dict[int, set[StoreId]] = {user_id: set() for user_id in user_ids}
    for user_id, store_id in db.execute(mine):
        reach[user_id].add(StoreId(store_id))
    rows = db.execute(select(users).where(users.c.user_id.in_(user_ids)))
    return {row.user_id: _user(row, frozenset(reach[row.user_id])) for row in rows}


def _find(db: Connection, user_id: int) -> User | None:
    row = db.execute(select(users).where(users.c.user_id == user_id)).first()
    return None if row is None else _user(row, _stores_of(db, user_id))


def _stores_of(db: Connection, user_id: int) -> frozenset[StoreId]:
    query = select(user_stores.c.store_id).where(user_stores.c.user_id == user_id)
    return frozenset(StoreId(store_id) for store_id in db.execute(query).scalars())


def _user(row: Row[tuple[object, ...]], stores: frozenset[StoreId]) -> User:
    return User(row.user_id, row.name, Role(row.role), row.language, stores, row.disabled_at)


def _keep_stores(db: Connection, user_id: int, stores: Iterable[StoreId]) -> None:
    db.execute(delete(user_stores).where(user_stores.c.user_id == user_id))
    rows = [{"user_id": user_id, "store_id": store_id} for store_id in sorted(stores)]
    if rows:
        db.execute(insert(user_stores), rows)


def _administrators(db: Connection) -> set[int]:
    """Who can manage users; held, so that two of them cannot remove each other at once."""
    query = select(users.c.user_id).where(
        users.c.role == Role.ADMINISTRATOR.value, users.c.disabled_at.is_(None)
    )
    return set(db.execute(query.with_for_update()).scalars())


def _locked(db: Connection, key: str) -> Row[tuple[str, int, int]]:
    """The row of a key, held until the transaction ends (PostgreSQL; SQLite has one writer)."""
    return db.execute(select(sign_ins).where(sign_ins.c.key == key).with_for_update()).one()
