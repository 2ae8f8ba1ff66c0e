"""Two devices that are one kiosk take turns; a card that was changed or put back does not."""

from __future__ import annotations

from hub.core.cloning import MOST_KIOSKS, Returns
from hub.core.fleet import KioskKey, LastWord, Memory
from hub.core.hours import DAY_MS
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId

WHO = KioskKey(StoreId("centro"), KioskId("k-1"))
HOUR = DAY_MS // 24


def say(epoch: str, connection: int = 1) -> Status:
    return Status(epoch * 16, connection, Presence.ONLINE, "1", 5)


def cloned(story: str, every: int = HOUR) -> list[bool]:
    """For each letter, an epoch that speaks: whether it is seen that two devices are one."""
    returns, found = Returns(), list[bool]()
    memory = Memory()
    for number, epoch in enumerate(story):
        status, at = say(epoch, number + 1), 1_000 + number * every
        found.append(returns.cloned(WHO, status, memory, at))
        known = {**memory.connections, status.epoch: status.connection}
        memory = Memory(LastWord(status, at), known)
    return found


def test_two_epochs_that_take_turns_are_two_devices() -> None:
    assert cloned("abab") == [False, False, False, True]
    assert cloned("ababa")[-1]


def test_a_card_that_was_changed_or_put_back_once_is_one_device() -> None:
    assert not any(cloned("aaabbbccc"))
    assert not any(cloned("aabba"))


def test_what_happened_last_week_is_forgotten() -> None:
    assert not any(cloned("abab", every=2 * DAY_MS))


def test_a_clock_that_goes_back_makes_nobody_a_clone() -> None:
    returns = Returns()
    memory = Memory(LastWord(say("b", 2), 1), {"a" * 16: 1, "b" * 16: 2})
    assert not returns.cloned(WHO, say("a", 3), memory, 10 * DAY_MS)
    assert not returns.cloned(WHO, say("a", 3), memory, DAY_MS)


def test_many_kiosks_do_not_fill_the_memory() -> None:
    returns = Returns()
    memory = Memory(LastWord(say("b", 2), 1), {"a" * 16: 1, "b" * 16: 2})
    for number in range(MOST_KIOSKS + 10):
        returns.cloned(KioskKey(WHO.store_id, KioskId(f"k-{number}")), say("a", 3), memory, 1)
    assert len(returns._lately) <= MOST_KIOSKS
