from __future__ import annotations

import threading

from hub.adapters.inbox import Bounds, Inbox, Letter


class NoLine:
    """A connection that nobody answers."""

    def acknowledge(self, mid: int) -> None:
        raise AssertionError(f"{mid} was acknowledged")


def letter(number: int, size: int = 10) -> Letter:
    return Letter("t", b"x" * size, False, 0.0, number, NoLine())


def numbers(letters: list[Letter]) -> list[int]:
    return [one.mid for one in letters]


def test_letters_come_out_as_they_came_in_and_together() -> None:
    inbox = Inbox()
    assert all(inbox.put(letter(number), wait=0) for number in range(5))
    assert numbers(inbox.take(wait=0, linger=0)) == [0, 1, 2, 3, 4]
    assert inbox.take(wait=0, linger=0) == []


def test_a_batch_has_its_bounds_in_letters_and_in_bytes() -> None:
    inbox = Inbox(Bounds(batch_messages=3, batch_bytes=25))
    for number in range(4):
        inbox.put(letter(number, 10), wait=0)
    inbox.put(letter(4, 1000), wait=0)
    inbox.put(letter(5, 10), wait=0)
    batches = [numbers(inbox.take(wait=0, linger=0)) for _ in range(4)]
    assert batches == [[0, 1], [2, 3], [4], [5]], "one that is too large goes alone"


def test_a_full_inbox_says_no() -> None:
    by_count, by_bytes = Inbox(Bounds(messages=2)), Inbox(Bounds(bytes=15))
    assert [by_count.put(letter(n), wait=0) for n in range(3)] == [True, True, False]
    assert [by_bytes.put(letter(n), wait=0) for n in range(2)] == [True, False]


def test_room_is_waited_for() -> None:
    inbox = Inbox(Bounds(messages=1))
    inbox.put(letter(0), wait=0)
    taker = threading.Timer(0.05, lambda: inbox.take(wait=0, linger=0))
    taker.start()
    assert inbox.put(letter(1), wait=10)
    taker.join()


def test_a_letter_that_comes_ends_the_wait_and_followers_are_lingered_for() -> None:
    inbox = Inbox(Bounds(batch_messages=2))
    threading.Timer(0.02, lambda: inbox.put(letter(0), wait=0)).start()
    threading.Timer(0.04, lambda: inbox.put(letter(1), wait=0)).start()
    assert numbers(inbox.take(wait=10, linger=10)) == [0, 1]


def test_emptiness_can_be_waited_for() -> None:
    inbox = Inbox()
    assert inbox.wait_until_empty(0)
    inbox.put(letter(0), wait=0)
    assert not inbox.wait_until_empty(0)
    threading.Timer(0.02, lambda: inbox.take(wait=0, linger=0)).start()
    assert inbox.wait_until_empty(10)


def test_the_lag_is_the_age_of_the_oldest() -> None:
    inbox = Inbox()
    assert inbox.lag() == 0
    inbox.put(letter(0), wait=0)  # heard at the beginning of time
    assert inbox.lag() > 1
    assert inbox.depth == 1
