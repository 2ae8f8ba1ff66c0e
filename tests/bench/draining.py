"""Full outboxes that drain as kiosks drain them, while somebody looks at the dashboard.

Each outbox keeps a courier's window: four batches of 100 under way, the next one made and sent when
a receipt comes, and what got none for ten seconds sent again. One client process speaks for all of
them. The hub is one process with its roles `intake` and `web`, as it is by default.
"""

from __future__ import annotations

import http.client
import itertools
import statistics
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from hub.core.roles import Role
from hub.settings import load_settings
from hub.wiring import Office
from tests.bench.end_to_end import STORE, Kiosk, Line, Rig, rig, share_records

WINDOW: Final = 4
A_MESSAGE: Final = 100
ANSWER_S: Final = 10.0
"""As kiosk/core/delivery.py and kiosk/courier have them."""

_PATIENCE_S = 60.0
"""Without a single receipt for so long, nothing comes any more."""

_ASKED_EVERY_S = 0.25
_PAGES = (f"/stores/{STORE}/today", f"/stores/{STORE}/hours", "/stores")
_PASSWORD = "quiet otters swim upstream"


class Outbox:
    """So many messages of one kiosk, of which a window is under way."""

    def __init__(self, kiosk: Kiosk, line: Line, messages: int) -> None:
        self._kiosk, self._line, self._left = kiosk, line, messages
        self._under_way: deque[tuple[int, bytes]] = deque()
        self._since = time.monotonic()

    @property
    def empty(self) -> bool:
        """Whether the hub has said of every record that it holds it."""
        return not self._under_way and not self._left

    def carry(self) -> None:
        """Forget what has its receipt, send what may be sent."""
        held, now = self._line.upto.get(self._kiosk.name, 0), time.monotonic()
        while self._under_way and self._under_way[0][0] <= held:
            self._under_way.popleft()
            self._since = now
        if self._under_way and now - self._since > ANSWER_S:
            self._since = now
            for _, payload in self._under_way:
                self._line.publish(self._kiosk.name, payload)
        while self._left and len(self._under_way) < WINDOW:
            payload = self._kiosk.batch(A_MESSAGE)
            self._left -= 1
            self._under_way.append((self._kiosk.last, payload))
            self._line.publish(self._kiosk.name, payload)


@dataclass
class Visitor:
    """Somebody who looks at one page after the other, and how long each took to come."""

    port: int
    cookie: str
    took_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def look_around(self) -> None:
        """See every page once, uncounted: a hub that has just started has yet to load them."""
        for path in _PAGES:
            self._ask(path)
        self.took_ms.clear()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look while the block lasts."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._leaving.set()
            thread.join(_PATIENCE_S)

    def _look(self) -> None:
        for path in itertools.cycle(_PAGES):
            try:
                self._ask(path)
            except OSError as fault:
                self.failed.append(f"{path}: {fault!r}")
            if self._leaving.wait(_ASKED_EVERY_S):
                return

    def _ask(self, path: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        began = time.perf_counter()
        line.request("GET", path, headers={"Cookie": self.cookie})
        answer = line.getresponse()
        answer.read()
        self.took_ms.append((time.perf_counter() - began) * 1000)
        line.close()
        if answer.status != http.client.OK:
            self.failed.append(f"{path}: {answer.status}")

    def __str__(self) -> str:
        if self.failed or not self.took_ms:
            return f"the dashboard failed: {self.failed[:3]}"
        median, worst = statistics.median(self.took_ms), max(self.took_ms)
        asked = f"the dashboard, asked {len(self.took_ms)} times"
        return f"{asked}: median {median:.0f} ms, worst {worst:.0f} ms"


def drain(records: int) -> tuple[float, Visitor]:
    """Records a second of twenty outboxes with so many records each, and who looked meanwhile."""
    with rig(roles=("intake", "web")) as line:
        visitor = Visitor(line.web_port, _signed_in(line))
        visitor.look_around()
        # The newest record is of just now, so that the pages have something to show.
        begin = time.time_ns() // 1_000_000 - records * 60_000
        share_records(line.kiosks, begin)
        with visitor.looking():
            took = _empty([Outbox(kiosk, line.line, records // 100) for kiosk in line.kiosks], line)
        return len(line.kiosks) * records / took, visitor


def _empty(outboxes: list[Outbox], line: Rig) -> float:
    """Seconds until all are empty."""
    began = news_at = time.perf_counter()
    heard = line.line.heard
    while not all(outbox.empty for outbox in outboxes):
        for outbox in outboxes:
            outbox.carry()
        with line.line.news:
            line.line.news.wait_for(lambda known=heard: line.line.heard != known, 1.0)  # type: ignore[misc]
            now = time.perf_counter()
            news_at = news_at if line.line.heard == heard else now
            heard = line.line.heard
        if now - news_at > _PATIENCE_S:
            raise TimeoutError(f"no receipt comes: {line.hub.last_words()}")
    return time.perf_counter() - began


def _signed_in(line: Rig) -> str:
    """The cookie of an analyst of this hub."""
    accounts = Office(load_settings(line.config)).accounts
    accounts.add_user("bench", _PASSWORD, Role.ANALYST, by="bench")
    secret, _ = accounts.sign_in("bench", _PASSWORD, "127.0.0.1")
    return f"semblante-session={secret}"
