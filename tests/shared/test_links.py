"""A link for a phone: short, signed, and nobody's but its kiosk's."""

from __future__ import annotations

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import WordError
from shared.links import (
    AHEAD_MS,
    LASTS_MS,
    MINUTE_MS,
    Link,
    key_of,
    kiosk_in,
    link,
    read_link,
    token,
)
from shared.notices import Phone
from shared.places import KioskId, PointId

SECRET = bytes(range(32))
KIOSK, OTHER = KioskId("k-012-03"), KioskId("k-012-04")
KEY = key_of(SECRET, KIOSK)
MADE = Link(KIOSK, PointId("caja-3"), "autumn-2026", 12, 29_726_000, b"nonce!")


def test_what_a_kiosk_wrote_is_what_the_hub_reads() -> None:
    assert read_link(token(MADE, KEY), KEY) == MADE
    assert kiosk_in(token(MADE, KEY)) == KIOSK


names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)


@given(
    names,
    names,
    names,
    st.integers(1, 2**31 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=6, max_size=6),
)
def test_every_link_comes_back(
    kiosk: str, point: str, asked: str, version: int, minute: int, nonce: bytes
) -> None:
    made = Link(KioskId(kiosk), PointId(point), asked, version, minute, nonce)
    assert read_link(token(made, KEY), KEY) == made


def test_an_address_of_usual_length_fits_a_small_code() -> None:
    phone = Phone("https://semblante.tiendas-del-sol.es", KEY)
    text = link(phone, MADE)
    assert text.startswith("https://semblante.tiendas-del-sol.es/q/k-012-03.caja-3.autumn-2026.12.")
    assert int(segno.make(text, error="m", boost_error=False).version) <= 6


def test_a_slash_at_the_end_of_the_address_is_not_doubled() -> None:
    assert "//q/" not in link(Phone("http://hub/", KEY), MADE)


def test_another_kiosk_cannot_sign_for_this_one() -> None:
    with pytest.raises(WordError):
        read_link(token(MADE, key_of(SECRET, OTHER)), KEY)


def test_each_kiosk_has_its_own_key_and_a_short_secret_is_none() -> None:
    assert key_of(SECRET, OTHER) != KEY
    assert key_of(bytes(32), KIOSK) != KEY
    with pytest.raises(WordError):
        key_of(b"short", KIOSK)


@pytest.mark.parametrize("at", range(len(token(MADE, KEY))))
def test_a_link_with_any_character_changed_is_no_link(at: int) -> None:
    written = token(MADE, KEY)
    for other in "aA1-_.":
        if other != written[at]:
            with pytest.raises(WordError):
                read_link(written[:at] + other + written[at + 1 :], KEY)


@given(st.text(max_size=200))
def test_no_text_from_outside_is_more_than_refused(text: str) -> None:
    for read in (kiosk_in, lambda text: read_link(text, KEY)):
        try:
            read(text)
        except WordError:
            continue
        assert read is kiosk_in


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ".",
        "....",
        "a.b.c.1." + "A" * 30,
        "a.b.c.².AAAA",
        token(MADE, KEY) + "=",
        token(MADE, KEY) + "A",
        "x" * 10_000,
    ],
)
def test_what_is_no_token_is_refused(wrong: str) -> None:
    with pytest.raises(WordError):
        read_link(wrong, KEY)


def test_a_version_has_one_spelling() -> None:
    names, seal = token(MADE, KEY).rsplit(".", 1)
    with pytest.raises(WordError):
        read_link(f"{names.replace('.12', '.012')}.{seal}", KEY)


def test_it_lasts_a_day_and_a_clock_may_be_a_little_before() -> None:
    made = MADE.minute * MINUTE_MS
    assert MADE.is_fresh(made - AHEAD_MS)
    assert not MADE.is_fresh(made - AHEAD_MS - 1)
    assert MADE.is_fresh(made + LASTS_MS - 1)
    assert not MADE.is_fresh(made + LASTS_MS)


@pytest.mark.parametrize("wrong", [(-1, b"nonce!"), (2**32, b"nonce!"), (1, b"short")])
def test_an_impossible_link_cannot_be_made(wrong: tuple[int, bytes]) -> None:
    with pytest.raises(WordError):
        Link(KIOSK, PointId("caja-3"), "q", 1, *wrong)
