"""What people would wire up as a kiosk: QoS 1 through paho, and forgotten at PUBACK.

The shoppers are the same, and write down the same; the answers wait in paho's memory.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import threading
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.settings import load_settings
from shared.topics import Channel, Topic
from tests.drills.clock import true_ms
from tests.drills.shoppers import FACES, Notebook


def main() -> None:
    """Ask, thank and publish until somebody ends it."""
    options = _options()
    settings = load_settings(options.config)
    place, broker = settings.place, settings.broker
    client = paho.Client(CallbackAPIVersion.VERSION2, place.kiosk_id, clean_session=False)
    client.username_pw_set(place.kiosk_id, broker.password)
    client.reconnect_delay_set(1, 10)
    assert broker.host is not None
    assert broker.port is not None
    client.connect_async(broker.host, broker.port, broker.keepalive)
    client.loop_start()
    notes, dice = Notebook(options.notes), random.Random()
    topic = str(Topic(place.store_id, place.kiosk_id, Channel.RECORDS))
    while True:
        threading.Event().wait(dice.uniform(0.5, 1.5) / options.pace)
        if not options.door.exists():
            sale, face = secrets.token_hex(16), dice.choice(FACES).value
            notes.write(naive=sale, face=face)
            client.publish(topic, json.dumps({"sale": sale, "face": face}), qos=1)
            notes.write(thanked=sale, at=true_ms())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--door", type=Path, required=True)
    parser.add_argument("--pace", type=float, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
