"""Users, sessions, the throttle and the audit log, on a real database."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, delete, insert, select, text, update

from hub.accounts import Accounts
from hub.adapters import tables
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.passwords import ArgonPasswords
from hub.core.accounts import (
    FREE_TRIES,
    FREE_TRIES_OF_ACCOUNT,
    FREE_TRIES_OF_ADDRESS,
    IDLE_MS,
    LONGEST_MS,
    Note,
    Session,
    entry_hash,
)
from hub.core.measures import SIGN_INS
from hub.core.roles import Role
from shared.errors import AccountError, SignInPaused, SignInRefused
from shared.places import StoreId
from tests.fakes.metrics import FakeMetrics

SECRET = "correct horse battery"
HOME = "192.0.2.1"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Now:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.ms = 1_795_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def accounts(engine: Engine, now: Now) -> Accounts:
    """On SQLite and on PostgreSQL, with two stores."""
    with engine.begin() as db:
        for store in ("centro", "norte"):
            row = {"store_id": store, "name": store, "zone": "UTC", "made_at": 0}
            db.execute(insert(tables.stores).values(row))
    return Accounts(SqlAccountBook(engine), ArgonPasswords(CHEAP), now)


def test_an_added_user_signs_in_and_is_recognised_by_the_cookie(accounts: Accounts) -> None:
    accounts.add_user("Ana", SECRET, Role.STORE_MANAGER, stores=[StoreId("centro")], language="es")
    secret, signed_in = accounts.sign_in(" ANA ", SECRET, HOME)
    assert signed_in.user.name == "ana"
    again = accounts.signed_in(secret)
    assert again is not None
    assert again.user.stores == {"centro"}
    assert again.user.language == "es"
    assert again.csrf == signed_in.csrf


def test_the_database_holds_neither_the_password_nor_the_cookie(
    accounts: Accounts, engine: Engine
) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    secret, _ = accounts.sign_in("ana", SECRET, HOME)
    with engine.connect() as db:
        kept = [
            str(row) for table in tables.metadata.sorted_tables for row in db.execute(select(table))
        ]
    assert not [row for row in kept if secret in row or SECRET in row]
    assert [row for row in kept if "$argon2id$" in row]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", SECRET),
        ("a", SECRET),
        ("ana maria", SECRET),
        ("ana\n", "short"),
        ("a" * 65, SECRET),
        ("ana", "short"),
        ("ana", "x" * 300),
        ("ana", "ana-ana-ana-ana"),
        ("ana", "aaaaaaaaaaaaaaaa"),
    ],
)
def test_bad_names_and_weak_passwords_are_refused_with_a_hint(
    accounts: Accounts, name: str, password: str
) -> None:
    with pytest.raises(AccountError) as refusal:
        accounts.add_user(name, password, Role.ANALYST)
    assert refusal.value.hint
    assert accounts.users() == []


def test_a_name_is_given_once(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    with pytest.raises(AccountError, match="taken"):
        accounts.add_user("ANA", SECRET, Role.TECHNICIAN)


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(
    accounts: Accounts, name: str
) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    with pytest.raises(SignInRefused, match="name or password are wrong"):
        accounts.sign_in(name, "wrong wrong wrong", HOME)


def test_a_refusal_is_noted_also_for_unknown_names_and_without_what_was_typed(
    accounts: Accounts,
) -> None:
    """A write that only known names cost would tell them from unknown ones by the time it takes."""
    accounts.add_user("ana", SECRET, Role.ANALYST)
    for name in ("ana", "my-password-by-mistake"):
        with pytest.raises(SignInRefused):
            accounts.sign_in(name, "wrong wrong wrong", HOME)
    noted = [(e.note.action, e.note.target, e.note.detail) for e in accounts.audit()]
    assert noted[:2] == [("sign-in refused", "—", HOME), ("sign-in refused", "ana", HOME)]


@pytest.mark.parametrize("name", ["\x00", "ana\x00", "a" * 300, "ａｎａ", "", "' or 1=1"])
def test_a_name_that_can_be_nobodys_is_refused_like_any_other(
    accounts: Accounts, name: str
) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    with pytest.raises(SignInRefused):
        accounts.sign_in(name, SECRET, HOME)


def test_who_guesses_elsewhere_does_not_lock_the_owner_out(accounts: Accounts, now: Now) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    for _ in range(FREE_TRIES + 4):
        _fail(accounts, 1, "203.0.113.9")
        now.ms += 60_000
    accounts.sign_in("ana", SECRET, HOME)


def test_who_guesses_from_many_addresses_is_paused_all_the_same(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    for number in range(FREE_TRIES_OF_ACCOUNT):
        _fail(accounts, 1, f"203.0.113.{number}")
    with pytest.raises(SignInPaused):
        accounts.sign_in("ana", "wrong wrong wrong", "198.51.100.1")


def test_every_failure_beyond_the_free_ones_doubles_the_wait(accounts: Accounts, now: Now) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _fail(accounts, FREE_TRIES)
    waits = []
    for _ in range(12):
        with pytest.raises(SignInPaused) as paused:
            accounts.sign_in("ana", SECRET, HOME)  # even the right password must wait
        waits.append(paused.value.seconds)
        now.ms += paused.value.seconds * 1000
        _fail(accounts, 1)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_a_pause_outlives_a_restart_and_ends_with_the_right_password(
    accounts: Accounts, engine: Engine, now: Now
) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _fail(accounts, FREE_TRIES)
    restarted = Accounts(SqlAccountBook(engine), ArgonPasswords(CHEAP), now)
    with pytest.raises(SignInPaused):
        restarted.sign_in("ana", SECRET, HOME)
    now.ms += 1000
    restarted.sign_in("ana", SECRET, HOME)
    _fail(restarted, FREE_TRIES)  # all of them free again


def test_a_clock_that_was_set_back_locks_nobody_out(accounts: Accounts, now: Now) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _fail(accounts, FREE_TRIES - 1)
    now.ms -= 86_400_000
    accounts.sign_in("ana", SECRET, HOME)
    _fail(accounts, FREE_TRIES)
    now.ms -= 86_400_000
    with pytest.raises(SignInPaused) as paused:
        accounts.sign_in("ana", SECRET, HOME)
    assert paused.value.seconds == 1


def test_one_address_guessing_many_names_is_paused(accounts: Accounts) -> None:
    for number in range(FREE_TRIES_OF_ADDRESS):
        with pytest.raises(SignInRefused):
            accounts.sign_in(f"user{number}", "wrong wrong wrong", "2001:db8::1")
    with pytest.raises(SignInPaused):  # the neighbour address belongs to the same attacker
        accounts.sign_in("another", "wrong wrong wrong", "2001:db8::ffff")
    with pytest.raises(SignInRefused):
        accounts.sign_in("another", "wrong wrong wrong", "2001:db8:1::1")


def test_tries_sent_at_once_are_not_all_free(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)

    def attempt(_: int) -> type[AccountError]:
        with pytest.raises(AccountError) as refusal:
            accounts.sign_in("ana", "wrong wrong wrong", HOME)
        return refusal.type

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(attempt, range(24)))
    assert seen.count(SignInRefused) == FREE_TRIES


def test_the_throttle_keeps_no_name_that_somebody_typed(accounts: Accounts, engine: Engine) -> None:
    with pytest.raises(SignInRefused):
        accounts.sign_in("my-password-by-mistake", SECRET, HOME)
    with engine.connect() as db:
        rows = [str(row) for row in db.execute(select(tables.sign_ins))]
        noted = [str(row) for row in db.execute(select(tables.audit))]
    assert len(rows) == 3
    assert not [row for row in rows if "my-password" in row or HOME in row]
    assert not [row for row in noted if "my-password" in row]


def test_a_session_ends_when_idle_and_when_old(accounts: Accounts, now: Now) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    secret, _ = accounts.sign_in("ana", SECRET, HOME)
    began = now.ms
    while now.ms < began + LONGEST_MS - IDLE_MS:
        now.ms += IDLE_MS - 60_000
        assert accounts.signed_in(secret) is not None
    now.ms = began + LONGEST_MS
    assert accounts.signed_in(secret) is None
    idle, _ = accounts.sign_in("ana", SECRET, HOME)
    now.ms += IDLE_MS
    assert accounts.signed_in(idle) is None
    assert accounts.end_old_sessions() == 2


def test_looking_on_is_no_use_of_a_session(accounts: Accounts, now: Now) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _, signed_in = accounts.sign_in("ana", SECRET, HOME)
    now.ms += IDLE_MS - 1
    assert accounts.still_signed_in([signed_in.token]) == {signed_in.token: signed_in.user}
    now.ms += 1
    assert accounts.still_signed_in([signed_in.token]) == {}


def test_of_many_sessions_it_is_told_in_one_go_which_still_run(
    accounts: Accounts, engine: Engine, now: Now
) -> None:
    """More of them than one statement takes; each user with their own stores, one disabled."""
    book = SqlAccountBook(engine)
    accounts.add_user("root", SECRET, Role.ADMINISTRATOR)
    for name in ("ana", "eva", "leo"):
        stores = [StoreId("norte")] if name == "eva" else [StoreId("centro")]
        user = accounts.add_user(name, SECRET, Role.STORE_MANAGER, stores=stores)
        with engine.begin() as db:
            rows = [Session(f"{name}{n}", user.user_id, "", now.ms, now.ms) for n in range(300)]
            db.execute(insert(tables.sessions), [asdict(row) for row in rows])
    book.change(replace(user, disabled_at=0), Note(now.ms, "test", "user changed", "leo"))
    asked = [f"{name}{n}" for name in ("ana", "eva", "leo", "nobody") for n in range(300)]
    found = accounts.still_signed_in(asked)
    assert found.keys() == set(asked[:600])
    assert found["ana299"].stores == {"centro"}
    assert found["eva0"].stores == {"norte"}


def test_signing_out_ends_the_session_at_once(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    secret, signed_in = accounts.sign_in("ana", SECRET, HOME)
    accounts.sign_out(signed_in)
    assert accounts.signed_in(secret) is None


def test_a_new_password_ends_every_other_session(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    elsewhere, _ = accounts.sign_in("ana", SECRET, HOME)
    here, signed_in = accounts.sign_in("ana", SECRET, HOME)
    accounts.change_password(signed_in, SECRET, "another long secret", HOME)
    assert accounts.signed_in(here) is not None
    assert accounts.signed_in(elsewhere) is None
    accounts.sign_in("ana", "another long secret", HOME)


def test_a_borrowed_session_cannot_guess_the_password_for_free(accounts: Accounts) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _, signed_in = accounts.sign_in("ana", SECRET, HOME)
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            accounts.change_password(signed_in, "wrong wrong wrong", "another long secret", HOME)
    with pytest.raises(SignInPaused):
        accounts.change_password(signed_in, SECRET, "another long secret", HOME)


def test_a_disabled_user_is_out_at_once_and_stays_out(accounts: Accounts) -> None:
    accounts.add_user("root", SECRET, Role.ADMINISTRATOR)
    ana = accounts.add_user("ana", SECRET, Role.ANALYST)
    secret, _ = accounts.sign_in("ana", SECRET, HOME)
    accounts.change_user(ana.user_id, Role.ANALYST, (), disabled=True, by="root")
    assert accounts.signed_in(secret) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("ana", SECRET, HOME)


def test_two_administrators_cannot_remove_each_other_at_once(accounts: Accounts) -> None:
    both = [accounts.add_user(name, SECRET, Role.ADMINISTRATOR) for name in ("root", "toor")]

    def demote(user_id: int) -> bool:
        try:
            accounts.change_user(user_id, Role.ANALYST, (), disabled=False, by="the other")
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, [user.user_id for user in both])) == [False, True]


@pytest.mark.parametrize(("role", "disabled"), [(Role.ANALYST, False), (Role.ADMINISTRATOR, True)])
def test_the_last_administrator_stays(accounts: Accounts, role: Role, disabled: bool) -> None:
    root = accounts.add_user("root", SECRET, Role.ADMINISTRATOR)
    with pytest.raises(AccountError, match="last administrator"):
        accounts.change_user(root.user_id, role, (), disabled=disabled, by="root")
    assert accounts.user(root.user_id) == root


def test_a_change_of_role_and_stores_holds_for_running_sessions(accounts: Accounts) -> None:
    accounts.add_user("root", SECRET, Role.ADMINISTRATOR)
    ana = accounts.add_user("ana", SECRET, Role.STORE_MANAGER, stores=[StoreId("centro")])
    secret, _ = accounts.sign_in("ana", SECRET, HOME)
    accounts.change_user(
        ana.user_id, Role.TECHNICIAN, [StoreId("norte")], disabled=False, by="root"
    )
    signed_in = accounts.signed_in(secret)
    assert signed_in is not None
    assert signed_in.user.role is Role.TECHNICIAN
    assert signed_in.user.stores == {"norte"}


def test_weaker_hashes_are_made_anew_at_the_next_sign_in(
    accounts: Accounts, engine: Engine, now: Now
) -> None:
    accounts.add_user("ana", SECRET, Role.ANALYST)
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    Accounts(SqlAccountBook(engine), ArgonPasswords(stronger), now).sign_in("ana", SECRET, HOME)
    with engine.connect() as db:
        kept = db.execute(select(tables.users.c.password)).scalar_one()
    assert "t=2" in kept


def test_the_audit_log_tells_who_did_what(accounts: Accounts) -> None:
    root = accounts.add_user("root", SECRET, Role.ADMINISTRATOR)
    accounts.add_user("ana", SECRET, Role.STORE_MANAGER, stores=[StoreId("centro")], by=root.name)
    accounts.sign_in("ana", SECRET, HOME)
    told = [(e.note.user, e.note.action, e.note.target, e.note.detail) for e in accounts.audit()]
    assert told == [
        ("ana", "signed in", "ana", HOME),
        ("root", "user added", "ana", "store_manager, centro"),
        ("command line", "user added", "root", "administrator, all stores"),
    ]


@pytest.mark.parametrize(
    "tamper",
    [
        update(tables.audit).where(tables.audit.c.entry == 3).values(user="somebody else"),
        delete(tables.audit).where(tables.audit.c.entry == 3),
        text("update audit set detail = 'x' where entry = 3"),
    ],
)
def test_a_changed_or_removed_audit_entry_is_found(
    accounts: Accounts, engine: Engine, tamper: object
) -> None:
    for number in range(5):
        accounts.note("ana", "exported", f"file {number}")
    assert accounts.verify_audit() is None
    with engine.begin() as db:
        db.execute(tamper)  # type: ignore[call-overload]
    assert accounts.verify_audit() == 3


def test_who_rewrites_an_audit_entry_with_its_hash_must_rewrite_all_that_follow(
    accounts: Accounts, engine: Engine
) -> None:
    for number in range(5):
        accounts.note("ana", "exported", f"file {number}")
    by_entry = {entry.entry: entry for entry in accounts.audit()}
    note = replace(by_entry[3].note, user="somebody else")
    forged = {"user": note.user, "hash": entry_hash(by_entry[2].hash, 3, note)}
    with engine.begin() as db:
        db.execute(update(tables.audit).where(tables.audit.c.entry == 3).values(forged))
    assert accounts.verify_audit() == 4


def test_a_log_that_was_cut_at_its_end_is_told_by_its_last_hash_alone(
    accounts: Accounts, engine: Engine
) -> None:
    """Why docs/threats.md says: copy the last hash to somewhere else."""
    for number in range(5):
        accounts.note("ana", "exported", f"file {number}")
    last = accounts.audit()[0].hash
    with engine.begin() as db:
        db.execute(delete(tables.audit).where(tables.audit.c.entry == 5))
    assert accounts.verify_audit() is None
    assert accounts.audit()[0].hash != last


def test_two_writers_at_once_leave_one_unbroken_audit_log(accounts: Accounts) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: accounts.note("ana", "exported", f"file {n}"), range(40)))
    assert len(accounts.audit()) == 40
    assert accounts.verify_audit() is None


def test_the_pause_is_told_in_whole_seconds_with_a_hint(accounts: Accounts) -> None:
    _fail(accounts, FREE_TRIES)
    with pytest.raises(SignInPaused) as paused:
        accounts.sign_in("ana", SECRET, HOME)
    assert re.search(r"\b1 s\b", paused.value.hint)


def _fail(accounts: Accounts, times: int, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ana", "wrong wrong wrong", address)


# ── what can be watched ──────────────────────────────────────────────────────────────────────────


def test_what_became_of_attempts_to_sign_in_can_be_watched(engine: Engine, now: Now) -> None:
    metrics = FakeMetrics()
    accounts = Accounts(SqlAccountBook(engine), ArgonPasswords(CHEAP), now, meter=metrics)
    accounts.add_user("ana", SECRET, Role.ANALYST)
    _, signed_in = accounts.sign_in("ana", SECRET, HOME)
    for name in ("ana", "nobody"):
        with pytest.raises(SignInRefused):
            accounts.sign_in(name, "wrong password", HOME)
    with pytest.raises(SignInRefused):
        accounts.change_password(signed_in, "wrong password", "another quiet otter", HOME)
    assert metrics.counted == {(SIGN_INS, "accepted"): 1, (SIGN_INS, "refused"): 3}
    for _ in range(FREE_TRIES + 2):
        with pytest.raises((SignInRefused, SignInPaused)):
            accounts.sign_in("ana", "wrong password", HOME)
    assert metrics.counted[SIGN_INS, "paused"] >= 1
