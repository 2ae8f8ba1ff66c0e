from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from hub.adapters.leases import SqlLeases
from hub.jobs import LEASE_MS, SHORT_LEASE_MS

DUE = 1_000


def test_one_of_many_gets_the_work(engine: Engine) -> None:
    leases = SqlLeases(engine)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda n: leases.take("verify", f"hub-{n}", 2_000, due=DUE), range(8)))
    assert got.count(True) == 1


def test_what_is_done_is_due_again_only_later(engine: Engine) -> None:
    leases = SqlLeases(engine)
    assert leases.take("verify", "a", 2_000, due=DUE)
    leases.done("verify", "a", 2_500)
    assert not leases.take("verify", "b", 3_000, due=DUE)
    assert leases.take("verify", "b", 9_000, due=8_000)


def test_a_lease_that_ran_out_is_taken_over_and_cannot_be_given_back(engine: Engine) -> None:
    leases = SqlLeases(engine)
    assert leases.take("verify", "a", 2_000, due=DUE)
    assert not leases.take("verify", "b", 2_000 + LEASE_MS - 1, due=DUE)
    assert leases.take("verify", "b", 2_000 + LEASE_MS, due=DUE)
    leases.done("verify", "a", 2_000 + LEASE_MS + 1)
    assert not leases.take("verify", "c", 2_000 + LEASE_MS + 2, due=DUE), "b is at it"


def test_short_work_is_leased_for_a_short_time(engine: Engine) -> None:
    leases = SqlLeases(engine)
    assert leases.take("late", "a", 2_000, due=DUE, lasts=SHORT_LEASE_MS)
    assert not leases.take("late", "b", 2_000 + SHORT_LEASE_MS - 1, due=DUE)
    assert leases.take("late", "b", 2_000 + SHORT_LEASE_MS, due=DUE)


def test_what_was_not_done_may_be_tried_by_anybody(engine: Engine) -> None:
    leases = SqlLeases(engine)
    assert leases.take("verify", "a", 2_000, due=DUE)
    leases.release("verify", "a")
    assert leases.take("verify", "b", 2_001, due=DUE)


def test_different_work_is_leased_apart(engine: Engine) -> None:
    leases = SqlLeases(engine)
    assert leases.take("verify", "a", 2_000, due=DUE)
    assert leases.take("retention", "b", 2_000, due=DUE)
