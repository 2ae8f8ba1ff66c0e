"""Words that nobody honest would say, published with the passwords of the honest."""

from __future__ import annotations

import json
import random
import secrets
import threading

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.mosquitto import HUB_USER
from shared.deliveries import Batch, Receipt
from shared.moments import Moment
from shared.topics import Channel, Topic
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import encode, encode_batch, encode_record
from tests.drills.clock import true_ms
from tests.drills.impostor import Impostor
from tests.drills.rig import Rig
from tests.drills.seats import Seat, tail

_PATIENCE_S = 2.0

_OVERHEAR_S = 0.2
"""What a broker on this machine keeps comes at once."""


def publish(rig: Rig, seat: Seat, dice: random.Random) -> None:
    """One bad message on each of the kiosk's channels, and one on a channel that is not its."""
    bad = dice.choice(
        (
            b"",
            b"\xff\xfe not json",
            b'{"v":1,"epoch":',
            b'{"v":99,"epoch":"0000000000000000"}',
            b'{"v":1,"epoch":"zz","oldest":NaN,"first":1e400,"before":"","chain":"","records":[]}',
            b"[" * 50_000,
            json.dumps({"v": 1, "records": ["x" * 200_000]}).encode(),
            _stranger(dice, seat),
            _stranger(dice, seat),
        )
    )
    other = dice.choice([one for one in rig.seats if one is not seat] or [seat])
    with _Voice(rig, seat.kiosk, rig.password_of(seat)) as voice:
        for channel in (Channel.RECORDS, Channel.STATUS, Channel.PULSE):
            voice.say(str(Topic(seat.store, seat.kiosk, channel)), bad)
        voice.say(str(Topic(other.store, other.kiosk, Channel.RECEIPT)), bad)
        voice.say(str(Topic(other.store, other.kiosk, Channel.RECORDS)), bad)


def forge_receipt(rig: Rig, seat: Seat, dice: random.Random) -> bool:
    """A receipt for more than the hub holds, as from itself; False where no real one is known."""
    known = [note for note in tail(seat.notes, 20_000) if "receipt" in note]
    if not known:
        return False
    last = known[-1]
    upto = last["receipt"] + dice.choice((1, 2, 5, 10_000))
    word = Receipt(
        last["hub"], last["generation"], last["epoch"], upto, secrets.token_hex(16), true_ms()
    )
    with _Voice(rig, HUB_USER, rig.broker.running.hub_password) as voice:
        voice.say(str(Topic(seat.store, seat.kiosk, Channel.RECEIPT)), encode(word))
    return True


def forge_signed(rig: Rig, seat: Seat, impostor: Impostor, dice: random.Random) -> bool:
    """Everything that whoever reads at the broker can make of it; False where nothing was heard."""
    said = False
    with _Voice(rig, HUB_USER, rig.broker.running.hub_password) as voice:
        for kiosk, payload in voice.hear(Channel.RECEIPT, _OVERHEAR_S):
            impostor.overhear(kiosk, payload)
        for what, payload in impostor.words(seat, dice):
            impostor.told(seat, what, payload)  # first: it may arrive, and its word get lost
            voice.say(str(Topic(seat.store, seat.kiosk, Channel.RECEIPT)), payload)
            said = True
    return said


def _stranger(dice: random.Random, seat: Seat) -> bytes:
    """An answer that nobody gave, in an epoch that was never begun, whose chain is a lie."""
    at = Moment(true_ms(), 1_000, True)
    visit = Visit(
        seat.point, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
        input=Input.TOUCH, face=Face.HAPPY, answered=at,
    )  # fmt: skip
    epoch = f"{dice.getrandbits(64):016x}"
    return encode_batch(Batch(epoch, 1, 1, "0" * 32, "1" * 32, (encode_record(visit),)))


class _Voice:
    """A connection past the bad line, with somebody's own name: the broker throws them out."""

    def __init__(self, rig: Rig, user: str, password: str) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=user, clean_session=False)
        self._client.username_pw_set(user, password)
        self._port = rig.broker.running.port

    def __enter__(self) -> _Voice:
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return self

    def say(self, topic: str, payload: bytes) -> None:
        told = self._client.publish(topic, payload, qos=1)
        try:
            told.wait_for_publish(_PATIENCE_S)
        except (RuntimeError, ValueError) as fault:
            raise OSError(str(fault)) from fault

    def hear(self, channel: Channel, seconds: float) -> list[tuple[str, bytes]]:
        """What the broker keeps for all kiosks on that channel."""
        heard: list[tuple[str, bytes]] = []
        pattern = f"semblante/v1/+/+/{channel.value}"
        self._client.on_message = lambda _c, _u, message: heard.append(
            (message.topic.split("/")[3], bytes(message.payload))
        )
        self._client.subscribe(pattern, 1)
        threading.Event().wait(seconds)  # nobody says how much is kept
        self._client.unsubscribe(pattern)  # the session is the hub's
        return [one for one in list(heard) if one[1]]

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
