"""Passwords: Argon2id, no hint by time, and no flood of memory."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher

from hub.adapters.passwords import AT_ONCE, ArgonPasswords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Counting(PasswordHasher):
    """Counts verifications, and how many run at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified, self.running, self.most = 0, 0, 0
        self._lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        with self._lock:
            self.verified += 1
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            return bool(super().verify(hash, password))
        finally:
            with self._lock:
                self.running -= 1


def test_the_right_password_matches_and_no_other() -> None:
    passwords = ArgonPasswords(CHEAP)
    kept = passwords.hash("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "correct horse battery")
    assert not passwords.matches(kept, "correct horse batterz")


def test_somebody_unknown_costs_the_same_work_and_never_matches() -> None:
    hasher = Counting()
    passwords = ArgonPasswords(hasher)
    assert not passwords.matches(None, "nobody has this password")
    assert hasher.verified == 1


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$", "$2b$12$abc"])
def test_a_damaged_hash_matches_nothing(kept: str) -> None:
    assert not ArgonPasswords(CHEAP).matches(kept, "anything at all")


def test_the_real_parameters_are_at_least_what_owasp_asks() -> None:
    hasher = PasswordHasher()
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.time_cost >= 2


def test_a_flood_of_sign_ins_waits_instead_of_eating_the_memory() -> None:
    hasher = Counting()
    passwords = ArgonPasswords(hasher)
    threads = [
        threading.Thread(target=passwords.matches, args=(None, "anything")) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert hasher.verified == 20
    assert hasher.most <= AT_ONCE
