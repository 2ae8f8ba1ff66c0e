"""Five hundred open dashboards that cost next to nothing: one selector, in a process of its own.

A viewer only notes when the first byte of an event came and which version it names. One of them,
the reader, also reads how many answers that version tells of. What was noted is written at the end.
"""

from __future__ import annotations

import argparse
import json
import re
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

_VERSION = re.compile(rb"\nid: (\S+)")
_ANSWERS = re.compile(rb"(\d[\d,.\xa0]*) answers")
_AT_ONCE = 1 << 18
"""Bytes: more than any event has, so that an event costs one call or two."""


@dataclass(slots=True)
class Viewer:
    """One open stream: which version came when."""

    line: socket.socket
    seen: list[tuple[str, float]] = field(default_factory=list)


@dataclass(slots=True)
class Crowd:
    """All viewers, and how many answers each version tells of."""

    viewers: list[Viewer]
    answers: dict[str, int] = field(default_factory=dict)

    def look(self, seconds: float) -> None:
        """Note what comes for so long."""
        with selectors.EpollSelector() as selector:
            for viewer in self.viewers:
                selector.register(viewer.line, selectors.EVENT_READ, viewer)
            ends = time.monotonic() + seconds
            while (left := ends - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    if not self._note(key.data):
                        selector.unregister(key.fileobj)

    def _note(self, viewer: Viewer) -> bool:
        """Whether the stream goes on."""
        chunk = viewer.line.recv(_AT_ONCE)
        at = time.perf_counter()  # the same clock for every process of this machine
        if not chunk:
            return False
        for found in _VERSION.finditer(chunk):
            version = found[1].decode()
            viewer.seen.append((version, at))
            if viewer is self.viewers[0] and (told := _ANSWERS.search(chunk, found.start())):
                self.answers[version] = int(re.sub(rb"\D", b"", told[1]))
        return True


def ask(host: str, port: int, path: str, cookie: str) -> socket.socket:
    """A connection on which the answer begins to come; raises ConnectionError."""
    line = socket.create_connection((host, port), timeout=30)
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
    line.sendall(head.encode())
    if b" 200 " not in line.recv(16):
        raise ConnectionError("the hub does not let the bench look")
    return line


def main() -> None:
    """Connect everybody, say so, look, and write down what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind in (("host", str), ("port", int), ("page", str), ("cookie", str)):
        parser.add_argument(name, type=kind)
    parser.add_argument("viewers", type=int)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    where = asked.host, asked.port
    ask(*where, asked.page, asked.cookie).close()  # whoever looks has opened the page before
    live = f"{asked.page}/live"
    crowd = Crowd([Viewer(ask(*where, live, asked.cookie)) for _ in range(asked.viewers)])
    print("looking", flush=True)
    crowd.look(asked.seconds)
    json.dump(
        {"answers": crowd.answers, "seen": [viewer.seen for viewer in crowd.viewers]}, sys.stdout
    )


if __name__ == "__main__":
    main()
