"""A whole kiosk client in plain Python, made from docs/protocol.md; it imports nothing of ours."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

Json = dict[str, Any]
API = CallbackAPIVersion.VERSION2

CUT = 50
"""Records in a batch: ours have less than 1 kB each, and a message may have 256 kB."""
WINDOW = 200
"""Records that may be on their way beyond the last receipt."""


def good_clock() -> Json:
    """The moment now, on a machine whose clock is synchronised."""
    return {"wall": int(time.time() * 1000), "boot": int(time.monotonic() * 1000), "synced": True}


class Notebook:
    """An append-only file of lines, each on disk before the call returns."""

    def __init__(self, file: Path, kiosk: str) -> None:
        self.records: list[bytes] = []
        self.connection = self.forgotten = 0
        lines = self._read(file)
        self.epoch = lines[0].decode() if lines else secrets.token_hex(8)
        self._file = file
        start = hashlib.sha256(f"semblante/1/{kiosk}/{self.epoch}".encode()).digest()[:16]
        self.chain = [start]
        if not lines:
            self._append(self.epoch.encode())
        for line in lines[1:]:
            self._learn(*line.split(b" ", 1))

    def write(self, word: bytes, value: bytes) -> None:
        """Write down `record {…}`, `connection N` or `forgotten N`, then believe it."""
        self._append(word + b" " + value)
        self._learn(word, value)

    def _read(self, file: Path) -> list[bytes]:
        """Every whole line; one that a power cut tore was never thanked for, and is cut off."""
        whole, end, _torn = (
            file.read_bytes().rpartition(b"\n") if file.exists() else (b"", b"", b"")
        )
        if file.exists():
            os.truncate(file, len(whole + end))
        return whole.split(b"\n") if whole else []

    def _append(self, line: bytes) -> None:
        with self._file.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _learn(self, word: bytes, value: bytes) -> None:
        if word == b"connection":
            self.connection = int(value)
        elif word == b"forgotten":
            self.forgotten = int(value)
        else:
            self.records.append(value)
            self.chain.append(hashlib.sha256(self.chain[-1] + value).digest()[:16])


class Stranger:
    """One kiosk: it asks after every sale, keeps what it hears, and owes it to the hub."""

    point = "caja-1"
    patience = 10.0
    """Seconds without progress after which the protocol asks for a new connection."""

    def __init__(
        self, host: str, port: int, store: str, kiosk: str, password: str, folder: Path
    ) -> None:
        self.clock: Callable[[], Json] = good_clock
        self.boot_id = secrets.token_hex(16)
        self.notebook = Notebook(folder / f"{kiosk}.notebook", kiosk)
        self.receipt: Json = {}
        self.alarms: set[str] = set()
        self.refused_seen = 0
        self.kiosk, self._password, self._address = kiosk, password, (host, port)
        self._topic = f"semblante/v1/{store}/{kiosk}/"
        self._sale: Json | None = None
        self._news = threading.Condition()
        self._client: mqtt.Client | None = None
        self._sent = self.notebook.forgotten

    # What happens at the register

    def ring_up(self) -> None:
        """The till says that somebody has paid: keep the sale, and ask."""
        if self._sale is not None:
            self._end_visit("timed_out", code="next_sale")
        self._sale = {"id": secrets.token_hex(16), "at": self.clock(), "source": "drawer"}
        self.keep("sale", {"point_id": self.point, "boot_id": self.boot_id, **self._sale})

    def answer(self, face: str, reason: str | None = None) -> str:
        """The shopper touched a face; the thanks come back only when the answer is on disk."""
        self._end_visit("answered", face=face, reason=reason, input="touch", answered=self.clock())
        return "thank you"

    def skip(self) -> None:
        """The shopper touched “not now”."""
        self._end_visit("skipped")

    def synchronise(self, before: Json, now: Json) -> None:
        """The clock became right between these two looks at it: write an anchor."""
        pair = {"boot": now["boot"], "true": now["wall"], "wall": before["wall"]}
        self.keep("anchor", {"boot_id": self.boot_id, "cause": "synchronised", **pair})

    def keep(self, kind: str, words: Json) -> None:
        """Give a record its seq and extend the chain, on disk."""
        self.notebook.write(b"record", json.dumps({kind: words}, ensure_ascii=False).encode())

    def _end_visit(self, outcome: str, **rest: Any) -> None:
        sale = self._sale
        assert sale is not None, "nobody was asked"
        where = {"point_id": self.point, "boot_id": self.boot_id, "language": "es"}
        versions = {"question_version": 1, "reasons_version": 1}
        asked = {"asked": sale["at"], "sale": sale["id"], "sale_at": sale["at"]}
        self.keep("visit", {**where, **versions, **asked, "outcome": outcome, **rest})
        self._sale = None

    # What it owes the hub

    @property
    def owed(self) -> int:
        """How many records no receipt covers."""
        return len(self.notebook.records) - self.notebook.forgotten

    def deliver(self, seconds: float) -> bool:
        """Send, and send again, until a receipt covers everything; False when time is up."""
        deadline = time.monotonic() + seconds
        while self.owed and (left := deadline - time.monotonic()) > 0:
            if not self.connect():
                time.sleep(min(0.2, left))
                continue
            before = self.notebook.forgotten
            self._send_window()
            if not self._progress(before, min(self.patience, left)):
                self.leave()
        return not self.owed

    def batch(self, first: int, last: int) -> bytes:
        """The records `first` to `last`, the very bytes that stand in the notebook."""
        book = self.notebook
        oldest = min(first, book.forgotten + 1)
        head = {"v": 1, "epoch": book.epoch, "oldest": oldest, "first": first}
        head |= {"before": book.chain[first - 1].hex(), "chain": book.chain[last].hex()}
        head |= {"refused_seen": self.refused_seen}
        records = b", ".join(book.records[first - 1 : last])
        return json.dumps(head)[:-1].encode() + b', "records": [' + records + b"]}"

    def publish(self, payload: bytes) -> None:
        """Hand a batch to the broker, whose word for it proves nothing."""
        assert self._client is not None, "not connected"
        self._client.publish(self._topic + "records", payload, qos=1)

    def _send_window(self) -> None:
        book = self.notebook
        end = min(len(book.records), book.forgotten + WINDOW)
        for first in range(max(self._sent, book.forgotten) + 1, end + 1, CUT):
            self._sent = min(first + CUT - 1, end)
            self.publish(self.batch(first, self._sent))

    def _progress(self, before: int, seconds: float) -> bool:
        """Wait for a receipt that lets us forget something, while the connection stands."""
        with self._news:
            self._news.wait_for(lambda: self.notebook.forgotten > before or not self._up(), seconds)
            return self.notebook.forgotten > before

    # The connection

    def connect(self) -> bool:
        """Connect under a new number, unless a connection stands; False if nobody is there."""
        if self._up():
            return True
        self.leave()
        self.notebook.write(b"connection", str(self.notebook.connection + 1).encode())
        # A client that comes back by itself would come with its old will.
        client = mqtt.Client(API, self.kiosk, protocol=mqtt.MQTTv311, reconnect_on_failure=False)
        client.username_pw_set(self.kiosk, self._password)
        client.will_set(self._topic + "status", self._status("offline"), qos=1, retain=True)
        client.on_connect, client.on_message = self._greet, self._hear
        client.on_disconnect = self._wake
        self._client, self._sent = client, self.notebook.forgotten
        try:
            client.connect(*self._address, keepalive=20)
        except OSError:
            self._client = None
            return False
        client.loop_start()
        with self._news:
            return self._news.wait_for(self._up, 5.0)

    def leave(self) -> None:
        """Say “offline” oneself (a polite farewell drops the last will), and go."""
        client, self._client = self._client, None
        if client is not None:
            if client.is_connected():
                client.publish(self._topic + "status", self._status("offline"), qos=1, retain=True)
            client.disconnect()
            client.loop_stop()

    def _up(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def _status(self, presence: str) -> bytes:
        book = self.notebook
        who = {"v": 1, "epoch": book.epoch, "connection": book.connection, "presence": presence}
        held = {"held_from": book.forgotten + 1, "held_to": len(book.records)}
        now = self.clock()
        how = {"at": now["wall"], "synced": now["synced"], "alarms": sorted(self.alarms)}
        last = {"version": "stranger 1", "refused_seen": self.refused_seen}
        return json.dumps({**who, **held, **how, **last}).encode()

    def _greet(self, client: mqtt.Client, *_rest: Any) -> None:
        client.publish(self._topic + "status", self._status("online"), qos=1, retain=True)
        client.subscribe(self._topic + "receipt", qos=1)
        self._wake()

    def _wake(self, *_rest: Any) -> None:
        with self._news:
            self._news.notify_all()

    def _hear(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            with self._news:
                self._read(json.loads(message.payload))
        except (ValueError, TypeError, KeyError, RecursionError):
            self.alarms.add("receipt")
        self._wake()

    def _read(self, receipt: Json) -> None:
        book, upto = self.notebook, receipt["upto"]
        if receipt["v"] != 1 or receipt["epoch"] != book.epoch:
            return  # of another version, or kept by the broker since an older outbox
        self.receipt = receipt
        if receipt.get("problem"):
            self.alarms.add("problem")
        elif not 0 <= upto <= len(book.records) or receipt["chain"] != book.chain[upto].hex():
            self.alarms.add("receipt")
        else:
            self._forget(upto, [one["seq"] for one in receipt.get("refused", [])])

    def _forget(self, upto: int, refused: list[int]) -> None:
        self.alarms.clear()
        self.refused_seen = max(self.refused_seen, *refused, 0)
        if upto > self.notebook.forgotten:
            self.notebook.write(b"forgotten", str(upto).encode())
