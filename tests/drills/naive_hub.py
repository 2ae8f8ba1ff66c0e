"""What people would wire up as a hub: a subscriber with a lasting session that inserts rows."""

from __future__ import annotations

import argparse
import json
import sqlite3
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.mosquitto import HUB_USER
from shared.topics import Channel, every

TABLE = "CREATE TABLE IF NOT EXISTS naive (sale TEXT, face TEXT)"


def main() -> None:
    """Insert whatever comes until somebody ends it."""
    options = _options()
    db = sqlite3.connect(options.database, check_same_thread=False)
    db.execute(TABLE)
    client = paho.Client(CallbackAPIVersion.VERSION2, HUB_USER, clean_session=False)
    client.username_pw_set(HUB_USER, options.password)
    client.reconnect_delay_set(1, 10)

    def greet(*_: Any) -> None:
        client.subscribe(every(Channel.RECORDS), qos=1)

    def insert(_client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        word = json.loads(message.payload)
        with db:
            db.execute("INSERT INTO naive VALUES (?, ?)", (word["sale"], word["face"]))

    client.on_connect, client.on_message = greet, insert
    client.connect_async("127.0.0.1", options.port)
    client.loop_forever(retry_first_connection=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--password", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
