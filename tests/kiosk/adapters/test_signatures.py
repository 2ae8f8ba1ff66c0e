"""What a broker that was taken over can do: delay and silence, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.signatures import KEPT, Verified, Verifier
from shared.errors import DeviceError, NotKept
from shared.joining import SigningKey
from shared.places import KioskId, StoreId
from shared.topics import DOWNWARD, UPWARD, Channel
from tests.fakes.broker import Ear
from tests.fakes.clock import FakeClock
from tests.parts.authority import CENTRO, FAR, KIOSK, SmallAuthority

BODY = b'{"v":1,"say":"hello"}'


class Memory:
    """What an outbox remembers; a test lets it fail."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.failing = False

    def remember(self, name: str, value: bytes) -> None:
        if self.failing:
            raise NotKept("the card is gone")
        self.kept[name] = value

    def recall(self, name: str) -> bytes | None:
        return self.kept.get(name)


class Attacked:
    """A kiosk's ear behind its verifier, and everything that it was told."""

    def __init__(self, *hubs: SmallAuthority) -> None:
        self.memory, self.clock = Memory(), FakeClock()
        self.clock.synced = True
        self.keys: list[SigningKey] = [hub.signing_key for hub in hubs]
        self.alarms = 0
        self.restart()

    def restart(self) -> None:
        """The program begins anew; its disk is as it was."""
        self.ear = Ear()
        self.verifier = Verifier(
            CENTRO, KIOSK, lambda: tuple(self.keys), self.memory, self.clock, self._alarm
        )
        self.line = Verified(self.ear, self.verifier)

    def hears(self, channel: Channel, payload: bytes) -> bool:
        """Whether anything of it is acted on."""
        before = len(self.ear.all("received"))
        self.line.received(channel, payload)
        return len(self.ear.all("received")) > before

    def _alarm(self) -> None:
        self.alarms += 1


@pytest.fixture(scope="module")
def hub() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def kiosk(hub: SmallAuthority) -> Attacked:
    return Attacked(hub)


@pytest.mark.parametrize("channel", DOWNWARD)
def test_what_the_hub_signed_is_passed_on_bare(
    channel: Channel, kiosk: Attacked, hub: SmallAuthority
) -> None:
    assert kiosk.hears(channel, hub.signed(channel, BODY))
    assert kiosk.ear.all("received") == [(channel, BODY)]
    assert not kiosk.verifier.counts
    assert kiosk.alarms == 0


def test_no_bit_can_be_turned(kiosk: Attacked, hub: SmallAuthority) -> None:
    payload = hub.signed(Channel.COMMAND, BODY)
    for at in range(len(payload) * 8):
        turned = bytearray(payload)
        turned[at // 8] ^= 1 << at % 8
        assert not kiosk.hears(Channel.COMMAND, bytes(turned)), at
    assert kiosk.verifier.counts == {"forged": len(payload) * 8}
    assert kiosk.alarms == 1, "an alarm is raised once, however many there are"
    assert kiosk.hears(Channel.COMMAND, payload)


@given(cut=st.integers(0, 10_000), more=st.binary(max_size=20))
@settings(deadline=None, max_examples=60)
def test_nothing_can_be_cut_off_or_added(cut: int, more: bytes) -> None:
    hub = SmallAuthority()
    kiosk, payload = Attacked(hub), hub.signed(Channel.NOTICE, BODY)
    changed = payload[: cut % len(payload)] + more
    assert kiosk.hears(Channel.NOTICE, changed) == (changed in (b"", payload))


@given(rubbish=st.binary(max_size=400))
@settings(deadline=None, max_examples=100)
def test_rubbish_is_never_heard(rubbish: bytes) -> None:
    kiosk = Attacked(SmallAuthority())
    assert kiosk.hears(Channel.SETTINGS, rubbish) == (rubbish == b"")


@pytest.mark.parametrize(
    "forge",
    [
        lambda hub: BODY,
        lambda hub: hub.signed(Channel.RECEIPT, BODY),
        lambda hub: hub.signed(Channel.COMMAND, BODY, kiosk=KioskId("k-2")),
        lambda hub: hub.signed(Channel.COMMAND, BODY, store=StoreId("puerto")),
        lambda hub: SmallAuthority().signed(Channel.COMMAND, BODY),
        lambda hub: b"\n".join([hub.signed(Channel.COMMAND, b"x").partition(b"\n")[0], BODY]),
    ],
    ids=["unsigned", "other channel", "other kiosk", "other store", "unknown key", "other body"],
)
def test_what_was_not_said_here_is_an_alarm(
    forge: Callable[[SmallAuthority], bytes], kiosk: Attacked, hub: SmallAuthority
) -> None:
    assert not kiosk.hears(Channel.COMMAND, forge(hub))
    assert kiosk.verifier.counts == {"forged": 1}
    assert kiosk.alarms == 1


@pytest.mark.parametrize("channel", DOWNWARD)
def test_an_older_word_is_passed_over_and_the_same_one_is_heard_again(
    channel: Channel, kiosk: Attacked, hub: SmallAuthority
) -> None:
    older, newer = (hub.signed(channel, BODY, serial=serial) for serial in (7, 8))
    assert [kiosk.hears(channel, one) for one in (older, newer, older, newer)] == [
        True, True, False, True,
    ]  # fmt: skip
    assert kiosk.verifier.counts == {"replayed": 1}
    assert kiosk.alarms == 0, "a broker that lost its memory says old things"


@pytest.mark.parametrize("channel", DOWNWARD)
def test_settings_and_commands_cannot_be_replayed_after_a_restart(
    channel: Channel, kiosk: Attacked, hub: SmallAuthority
) -> None:
    older, newer = (hub.signed(channel, BODY, serial=serial) for serial in (7, 8))
    kiosk.hears(channel, newer)
    kiosk.restart()
    assert kiosk.hears(channel, older) == (channel not in KEPT)
    assert kiosk.hears(channel, newer)


def test_each_channel_has_a_count_of_its_own(kiosk: Attacked, hub: SmallAuthority) -> None:
    assert kiosk.hears(Channel.RECEIPT, hub.signed(Channel.RECEIPT, BODY, serial=900))
    assert kiosk.hears(Channel.SETTINGS, hub.signed(Channel.SETTINGS, BODY, serial=5))


def test_what_is_late_is_passed_over_where_the_clock_is_right(
    kiosk: Attacked, hub: SmallAuthority
) -> None:
    now = kiosk.clock.now().wall
    late = hub.signed(Channel.COMMAND, BODY, not_after=now - 1)
    assert not kiosk.hears(Channel.COMMAND, late)
    assert kiosk.verifier.counts == {"late": 1}
    kiosk.clock.synced = False
    assert kiosk.hears(Channel.COMMAND, late), "a clock that may be wrong judges nobody"


def test_an_empty_message_takes_back_and_needs_no_signature(kiosk: Attacked) -> None:
    assert kiosk.hears(Channel.NOTICE, b"")
    assert kiosk.ear.all("received") == [(Channel.NOTICE, b"")]


def test_what_cannot_be_remembered_is_not_acted_on(kiosk: Attacked, hub: SmallAuthority) -> None:
    command = hub.signed(Channel.COMMAND, BODY)
    kiosk.memory.failing = True
    assert not kiosk.hears(Channel.COMMAND, command)
    assert kiosk.hears(Channel.RECEIPT, hub.signed(Channel.RECEIPT, BODY))
    kiosk.memory.failing = False
    assert kiosk.hears(Channel.COMMAND, command), "the broker hands it out again"


def test_a_serial_that_was_spoiled_on_the_card_counts_as_none(
    kiosk: Attacked, hub: SmallAuthority
) -> None:
    for spoiled in (b"", b"-1", b"9" * 50, b"\xff", "９".encode()):
        kiosk.memory.kept[KEPT[Channel.SETTINGS]] = spoiled
        kiosk.restart()
        assert kiosk.hears(Channel.SETTINGS, hub.signed(Channel.SETTINGS, BODY))


def test_a_new_key_of_the_hub_is_found_on_disk(kiosk: Attacked, hub: SmallAuthority) -> None:
    turned = SmallAuthority()
    assert kiosk.hears(Channel.NOTICE, hub.signed(Channel.NOTICE, BODY, serial=1))
    kiosk.keys.append(turned.signing_key)
    assert kiosk.hears(Channel.NOTICE, turned.signed(Channel.NOTICE, BODY, serial=2))
    kiosk.keys.remove(hub.signing_key)
    kiosk.line.connected()
    assert not kiosk.hears(Channel.NOTICE, hub.signed(Channel.NOTICE, BODY, serial=3))


def test_keys_that_cannot_be_read_let_nothing_through(hub: SmallAuthority) -> None:
    def fail() -> tuple[SigningKey, ...]:
        raise DeviceError("the card is gone")

    ear, clock = Ear(), FakeClock()
    line = Verified(ear, Verifier(CENTRO, KIOSK, fail, Memory(), clock, lambda: None))
    line.received(Channel.RECEIPT, hub.signed(Channel.RECEIPT, BODY, not_after=FAR))
    assert ear.all("received") == []


def test_what_the_connection_says_is_passed_on(kiosk: Attacked) -> None:
    kiosk.line.connected()
    kiosk.line.refused(UPWARD[0], "not authorized")
    kiosk.line.disconnected("cut")
    assert [word for word, _ in kiosk.ear.told] == ["connected", "refused", "disconnected"]
