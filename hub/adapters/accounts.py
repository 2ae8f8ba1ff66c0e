"""Users, sessions, failed sign-ins and the audit log in the hub's database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from hub.adapters import audit
from hub.adapters.tables import sessions, sign_ins, user_stores, users
from hub.core.accounts import FORGOTTEN_MS, Entry, Note, Session, User, seconds_to_wait
from hub.core.roles import Role
from shared.errors import ArchiveError
from shared.places import StoreId

TIMES = 8
"""Two hubs may append to the audit log in the same instant: the later one tries again."""

Result = TypeVar("Result")


class SqlAccountBook:
    """The account book in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ── users ────────────────────────────────────────────────────────────────────────────────

    def user_named(self, name: str) -> tuple[User, str] | None:
        """The user of that name with the password's hash."""
        with self._engine.connect() as db:
            row = db.execute(select(users).where(users.c.name == name)).first()
            return None if row is None else (_user(row, _stores_of(db, row.user_id)), row.password)

    def user(self, user_id: int) -> User | None:
        """The user of that number."""
        with self._engine.connect() as db:
            return _find(db, user_id)

    def users(self) -> Sequence[User]:
        """All users, by name."""
        with self._engine.connect() as db:
            reach: dict[int, set[StoreId]] = {}
            for user_id, store_id in db.execute(select(user_stores)):
                reach.setdefault(user_id, set()).add(StoreId(store_id))
            rows = db.execute(select(users).order_by(users.c.name))
            return [_user(row, frozenset(reach.get(row.user_id, ()))) for row in rows]

    def add(self, user: User, password: str, at: int, note: Note) -> User | None:
        """Keep a new user and return it with its number; None where the name is taken."""

        def work(db: Connection) -> User | None:
            if db.execute(select(users.c.user_id).where(users.c.name == user.name)).first():
                return None
            row = {
                "name": user.name,
                "password": password,
                "role": user.role.value,
                "language": user.language,
                "made_at": at,
            }
            user_id = db.execute(insert(users).values(row).returning(users.c.user_id)).scalar_one()
            _keep_stores(db, user_id, user.stores)
            audit.append(db, note)
            return _find(db, user_id)

        return self._write(work)

    def change(self, user: User, note: Note) -> bool:
        """Keep role, language, stores and whether disabled; a disabled user's sessions end."""

        def work(db: Connection) -> bool:
            ours = users.c.user_id == user.user_id
            db.execute(
                update(users)
                .where(ours)
                .values(role=user.role.value, language=user.language, disabled_at=user.disabled_at)
            )
            if not _administrators(db):
                db.rollback()
                return False
            _keep_stores(db, user.user_id, user.stores)
            if user.disabled_at is not None:
                db.execute(delete(sessions).where(sessions.c.user_id == user.user_id))
            audit.append(db, note)
            return True

        return self._write(work)

    def set_password(self, user_id: int, password: str, keep: str | None, note: Note) -> None:
        """Keep a new password's hash; every session but the one with token `keep` ends."""

        def work(db: Connection) -> None:
            db.execute(update(users).where(users.c.user_id == user_id).values(password=password))
            others = sessions.c.user_id == user_id
            if keep is not None:
                others &= sessions.c.token != keep
            db.execute(delete(sessions).where(others))
            audit.append(db, note)

        self._write(work)

    def rehash(self, user_id: int, password: str) -> None:
        """Keep the same password under newer parameters."""
        with self._engine.begin() as db:
            db.execute(update(users).where(users.c.user_id == user_id).values(password=password))

    def set_language(self, user_id: int, language: str) -> None:
        """Keep the language of a user."""
        with self._engine.begin() as db:
            db.execute(update(users).where(users.c.user_id == user_id).values(language=language))

    # ── sessions ─────────────────────────────────────────────────────────────────────────────

    def open_session(self, session: Session, note: Note) -> None:
        """Keep a session."""

        def work(db: Connection) -> None:
            db.execute(
                insert(sessions).values(
                    token=session.token,
                    user_id=session.user_id,
                    csrf=session.csrf,
                    made_at=session.made_at,
                    seen_at=session.seen_at,
                )
            )
            audit.append(db, note)

        self._write(work)

    def session(self, token: str) -> tuple[Session, User] | None:
        """The session of that token, and whose it is."""
        with self._engine.connect() as db:
            row = db.execute(select(sessions).where(sessions.c.token == token)).first()
            user = None if row is None else _find(db, row.user_id)
            if row is None or user is None:
                return None
            return Session(row.token, row.user_id, row.csrf, row.made_at, row.seen_at), user

    def touch(self, token: str, at: int) -> None:
        """Note that a session was used."""
        with self._engine.begin() as db:
            db.execute(update(sessions).where(sessions.c.token == token).values(seen_at=at))

    def end_session(self, token: str, note: Note | None) -> None:
        """Forget a session."""

        def work(db: Connection) -> None:
            db.execute(delete(sessions).where(sessions.c.token == token))
            if note is not None:
                audit.append(db, note)

        self._write(work)

    def end_old_sessions(self, made_before: int, seen_before: int) -> int:
        """Forget sessions that are over; return how many."""
        over = (sessions.c.made_at <= made_before) | (sessions.c.seen_at <= seen_before)
        with self._engine.begin() as db:
            return db.execute(delete(sessions).where(over)).rowcount

    # ── failures ─────────────────────────────────────────────────────────────────────────────

    def try_sign_in(self, keys: Sequence[tuple[str, int]], now: int) -> int:
        """Count one try as failed under each `(key, free tries)`, before it is judged."""

        def work(db: Connection) -> int:
            db.execute(delete(sign_ins).where(sign_ins.c.last_at < now - FORGOTTEN_MS))
            _make_rows(db, [key for key, _ in keys], now)
            kept = {key: _locked(db, key) for key, _ in sorted(keys)}
            waits = [
                seconds_to_wait(kept[key].failures, kept[key].last_at, free, now)
                for key, free in keys
            ]
            if not any(waits):
                db.execute(
                    update(sign_ins)
                    .where(sign_ins.c.key.in_(list(kept)))
                    .values(failures=sign_ins.c.failures + 1, last_at=now)
                )
            return max(waits)

        return self._write(work)

    def forgive(self, keys: Sequence[str]) -> None:
        """The try succeeded: take it back, and forget earlier failures of the first key."""
        with self._engine.begin() as db:
            db.execute(delete(sign_ins).where(sign_ins.c.key == keys[0]))
            db.execute(
                update(sign_ins)
                .where(sign_ins.c.key.in_(keys[1:]), sign_ins.c.failures > 0)
                .values(failures=sign_ins.c.failures - 1)
            )

    # ── the audit log ────────────────────────────────────────────────────────────────────────

    def write(self, note: Note) -> None:
        """Append to the audit log alone."""
        self._write(lambda db: audit.append(db, note))

    def entries(self, most: int, before: int | None = None) -> Sequence[Entry]:
        """The latest entries, newest first; those before number `before` where given."""
        with self._engine.connect() as db:
            return audit.latest(db, most, before)

    def walk_entries(self, see: Callable[[Entry], None]) -> None:
        """Show every entry to `see`, oldest first."""
        with self._engine.connect() as db:
            audit.walk(db, see)

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        for _ in range(TIMES):
            try:
                with self._engine.begin() as db:
                    return work(db)
            except IntegrityError as fault:
                clash = fault
        raise ArchiveError("the users could not be written: others write all the time") from clash


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


def _administrators(db: Connection) -> int:
    query = select(func.count()).where(
        users.c.role == Role.ADMINISTRATOR.value, users.c.disabled_at.is_(None)
    )
    return db.execute(query).scalar_one()


def _make_rows(db: Connection, keys: Iterable[str], now: int) -> None:
    """A row for each key that has none; on SQLite this also takes the lock for writing."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    rows = [{"key": key, "failures": 0, "last_at": now} for key in sorted(keys)]
    db.execute(dialect.insert(sign_ins).on_conflict_do_nothing(), rows)


def _locked(db: Connection, key: str) -> Row[tuple[str, int, int]]:
    """The row of a key, held until the transaction ends (PostgreSQL; SQLite has one writer)."""
    return db.execute(select(sign_ins).where(sign_ins.c.key == key).with_for_update()).one()
