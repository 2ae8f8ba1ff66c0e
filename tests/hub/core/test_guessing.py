"""Guessing: the same wrong password again costs nothing, many different ones shut the door."""

from __future__ import annotations

import pytest

from hub.core.guessing import MOST_NETWORKS, MOST_WRONG, WINDOW_MS, Guesses, network_of

HERE, THERE = "192.0.2.7", "192.0.2.8"


def test_a_wrong_one_waits_for_the_next_window_and_others_do_not() -> None:
    guesses = Guesses()
    assert guesses.wait_ms(HERE, "old", 5_000) == 0
    guesses.wrong(HERE, "old", 5_000)
    assert guesses.wait_ms(HERE, "old", 6_000) == WINDOW_MS - 6_000
    assert guesses.wait_ms(HERE, "right", 6_000) == 0, "another sensor behind the same address"
    assert guesses.wait_ms(THERE, "old", 6_000) == 0
    assert guesses.wait_ms(HERE, "old", WINDOW_MS) == 0


def test_who_guesses_is_shut_out_and_nobody_else() -> None:
    guesses = Guesses()
    for number in range(MOST_WRONG):
        assert guesses.wait_ms(HERE, str(number), 0) == 0
        guesses.wrong(HERE, str(number), 0)
    assert guesses.wait_ms(HERE, "another", 1) == WINDOW_MS - 1
    assert guesses.wait_ms(THERE, "another", 1) == 0


def test_it_never_remembers_more_than_it_may() -> None:
    guesses = Guesses()
    for number in range(MOST_NETWORKS + 5):
        guesses.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "x", 0)
    assert len(guesses._wrong) == 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
        ("1.2.3.4.5", "unknown"),
    ],
)
def test_one_party_is_an_address_of_ipv4_or_a_network_of_ipv6(address: str, network: str) -> None:
    assert network_of(address) == network
