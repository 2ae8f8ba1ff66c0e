"""Who sees a store's display, how often the database is asked for it, and what strangers learn."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from hub.core.accounts import Note
from hub.core.displaying import Screen, Setting, Told
from hub.core.ports import Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.displays import (
    AGAIN_MS,
    MOST_OF_A_STORE,
    MOST_WRONG,
    SETTING_MS,
    WINDOW_MS,
    Displays,
    Refusal,
)
from shared.places import PointId, StoreId

NOW = 1_795_000_000_000 // WINDOW_MS * WINDOW_MS
CENTRO, NORTE = StoreId("centro"), StoreId("norte")
ONE = LineId("line-1")
LAYOUT = Layout(1, (Line(ONE, (PointId("caja-1"),)),))


class Book:
    """A database with two stores, which counts how often it is asked."""

    def __init__(self) -> None:
        self.keys: dict[StoreId, str] = {}
        self.notes: list[Note] = []
        self.asked = {"setting": 0, "told": 0}
        self.minutes = 5

    def key(self, store: StoreId) -> str | None:
        return self.keys.get(store)

    def keep(self, store: StoreId, key: str, at: int, note: Note) -> None:
        self.keys[store] = key
        self.notes.append(note)

    def setting(self, store: StoreId) -> Setting | None:
        self.asked["setting"] += 1
        if store not in self.keys:
            return None
        return Setting(self.keys[store], Store(store, store.title(), "UTC"), LAYOUT, None)

    def told(self, store: StoreId, lines: Sequence[LineId], now: int) -> Mapping[LineId, Told]:
        self.asked["told"] += 1
        return {line: Told(now - 2_000, self.minutes) for line in lines}


class Shop:
    """The displays of this book, at a time that a test moves."""

    def __init__(self) -> None:
        self.book, self.now = Book(), NOW
        self.displays = Displays(self.book, lambda: self.now)
        self.key = self.displays.make(CENTRO, "ana")

    def show(self, key: str, place: str = CENTRO, address: str = "10.0.0.7") -> Screen | Refusal:
        return self.displays.show(place, key, address)

    def shown(self) -> Screen:
        found = self.show(self.key)
        assert isinstance(found, Screen)
        return found


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_whoever_has_the_key_sees_the_waits(shop: Shop) -> None:
    assert [(row.minutes, row.age_ms) for row in shop.shown().rows] == [(5, 2_000)]


def test_a_key_has_128_bits_and_no_two_are_alike(shop: Shop) -> None:
    keys = {shop.displays.make(CENTRO, "ana") for _ in range(50)} | {shop.key}
    assert len(keys) == 51
    assert {len(bytes.fromhex(key)) for key in keys} == {16}


@pytest.mark.parametrize("key", ["", "0" * 32, "é", "\x00", "a" * 10_000])
@pytest.mark.parametrize("place", ["centro", "norte", "nowhere", "", "Ñ", "../x", "x" * 500])
def test_without_it_nothing_is_told_not_even_whether_there_is_such_a_store(
    shop: Shop, place: str, key: str
) -> None:
    assert shop.show(key, place) is Refusal.UNKNOWN


def test_the_key_of_one_store_opens_no_other(shop: Shop) -> None:
    shop.displays.make(NORTE, "ana")
    assert shop.show(shop.key, NORTE) is Refusal.UNKNOWN


def test_a_replaced_key_opens_nothing_from_that_moment_on(shop: Shop) -> None:
    shop.shown()
    before, shop.key = shop.key, shop.displays.make(CENTRO, "ana")
    assert shop.show(before) is Refusal.UNKNOWN
    shop.shown()
    assert [(note.user, note.action, note.target) for note in shop.book.notes] == [
        ("ana", "display address made", CENTRO)
    ] * 2
    assert not any(shop.key in note.detail or shop.key in note.target for note in shop.book.notes)


def test_one_replaced_by_another_process_soon_opens_nothing(shop: Shop) -> None:
    shop.shown()
    shop.book.keys[CENTRO] = "ff" * 16
    shop.now += SETTING_MS
    assert shop.show(shop.key) is Refusal.UNKNOWN


def test_however_many_displays_ask_the_database_is_asked_once_a_second(shop: Shop) -> None:
    seconds = 12
    for _ in range(seconds * 20):
        shop.shown()
        shop.now += 50
    assert shop.book.asked["told"] == seconds * 1_000 // AGAIN_MS
    assert shop.book.asked["setting"] == 1


def test_it_knows_whether_the_database_must_be_asked(shop: Shop) -> None:
    assert not shop.displays.knows(CENTRO)
    shop.shown()
    assert shop.displays.knows(CENTRO)
    shop.now += AGAIN_MS
    assert not shop.displays.knows(CENTRO)
    shop.show("guess", NORTE)
    assert shop.displays.knows(NORTE)  # that there is no display
    shop.now += SETTING_MS
    assert not shop.displays.knows(NORTE)
    assert not shop.displays.knows("../x")


def test_a_notice_out_of_the_store_room_is_as_old_as_it_is(shop: Shop) -> None:
    shop.shown()
    shop.book.minutes = 9
    shop.now += AGAIN_MS - 1
    assert [(row.minutes, row.age_ms) for row in shop.shown().rows] == [(5, 2_999)]
    shop.now += 1
    assert [(row.minutes, row.age_ms) for row in shop.shown().rows] == [(9, 2_000)]


def test_a_clock_that_was_set_back_keeps_nothing_for_ever(shop: Shop) -> None:
    shop.shown()
    shop.now -= 3_600_000
    shop.shown()
    assert shop.book.asked == {"setting": 2, "told": 2}


def test_asking_at_once_from_many_threads_asks_the_database_once(shop: Shop) -> None:
    threads = [threading.Thread(target=shop.shown) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert shop.book.asked["told"] == 1


def test_whoever_guesses_is_soon_told_to_wait_and_the_displays_are_not(shop: Shop) -> None:
    answers = [shop.show("guess") for _ in range(MOST_WRONG + 5)]
    assert answers == [Refusal.UNKNOWN] * MOST_WRONG + [Refusal.BUSY] * 5
    assert shop.show("guess", address="2001:db8::1") is Refusal.UNKNOWN
    shop.shown()
    shop.now += WINDOW_MS
    assert shop.show("guess") is Refusal.UNKNOWN


def test_a_store_is_asked_for_no_oftener_than_its_displays_could(shop: Shop) -> None:
    answers = [shop.show(shop.key) for _ in range(MOST_OF_A_STORE + 1)]
    assert answers[-2:] == [answers[0], Refusal.BUSY]


def test_stores_that_somebody_invents_fill_no_memory(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.displays.MOST_STORES", 100)
    for number in range(1_000):
        shop.show("guess", f"store-{number}", f"10.{number % 250}.0.1")
    assert len(shop.displays._shelves) <= 100
    shop.shown()


@pytest.mark.parametrize("place", ["", "a/b", "Centro", "a\x00b", "..", "x" * 500, "norte\n"])
def test_for_what_can_be_no_store_the_database_is_not_asked(place: str) -> None:
    shop = Shop()
    assert shop.show(shop.key, place) is Refusal.UNKNOWN
    assert shop.book.asked["setting"] == 0
