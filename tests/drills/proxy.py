"""A bad line between kiosks, hub and broker: a TCP proxy that can do to it what nets do.

Everything happens in one asyncio loop in a thread of its own; the methods of `Proxy` suit any
thread. Each `Link` is a port of its own in front of the same broker.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

CHUNK: Final = 4_096
PATIENCE_S: Final = 10.0

_GONE: Final = (OSError, EOFError, asyncio.IncompleteReadError)


@dataclass(frozen=True, slots=True)
class Weather:
    """How a line is now. `bites`: the next packet is cut inside and the line reset, or ended."""

    delay_s: float = 0
    bytes_a_second: int | None = None
    deaf: bool = False
    shut: bool = False
    bite: str = ""


class Pipe:
    """One connection through a link; `deaf` once it fell into a black hole, and for ever."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter | None) -> None:
        self.near, self.far = near, far
        self.deaf = False

    def reset(self) -> None:
        """RST on both sides: what was under way is gone."""
        for side in (self.near, self.far):
            if side is None:
                continue
            raw = side.get_extra_info("socket")
            with suppress(OSError):  # one that is closed already needs no reset
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            side.transport.abort()

    def end(self) -> None:
        """FIN on both sides."""
        for side in (self.near, self.far):
            if side is not None:
                side.close()


class Link:
    """One line: a port to connect to, and its weather."""

    def __init__(self, upstream: int, dice: random.Random) -> None:
        self.port = 0
        self.weather = Weather()
        self.counted: Counter[str] = Counter()
        self._upstream, self._dice = upstream, dice
        self._pipes: set[Pipe] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, host: str) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Let go of everything."""
        if self._server is not None:
            self._server.close()
        for pipe in tuple(self._pipes):
            pipe.reset()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def change(self, weather: Weather) -> None:
        """From now on; a black hole swallows the connections that stand, and never lets go."""
        self.weather = weather
        for pipe in tuple(self._pipes):
            if weather.shut:
                pipe.reset()
            pipe.deaf = pipe.deaf or weather.deaf

    async def _accept(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        pipe = Pipe(near, None)
        try:
            await self._carry(reader, pipe)
        except (*_GONE, asyncio.CancelledError):
            pass
        finally:
            self._pipes.discard(pipe)
            self._tasks.discard(task)
            pipe.end()

    async def _carry(self, reader: asyncio.StreamReader, pipe: Pipe) -> None:
        self._pipes.add(pipe)
        self.counted["connections"] += 1
        if self.weather.shut:
            pipe.reset()
            return
        pipe.deaf = self.weather.deaf
        if pipe.deaf:
            await reader.read()  # until whoever called gives up
            return
        back, pipe.far = await asyncio.open_connection("127.0.0.1", self._upstream)
        ways = [
            asyncio.ensure_future(self._pump(reader, pipe.far, pipe)),
            asyncio.ensure_future(self._pump(back, pipe.near, pipe)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pipe: Pipe
    ) -> None:
        while data := await self._read(reader, pipe):
            if pipe.deaf:
                self.counted["swallowed"] += len(data)
                continue
            if self.weather.bite:
                await self._bite(data, writer, pipe)
                return
            await self._wait(len(data))
            writer.write(data)
            await writer.drain()
            self.counted["bytes"] += len(data)

    async def _read(self, reader: asyncio.StreamReader, pipe: Pipe) -> bytes:
        data = await reader.read(CHUNK)
        if not data and pipe.deaf:
            # Nobody on the other side hears that this one hung up.
            await asyncio.sleep(3_600)
        return data

    async def _bite(self, data: bytes, writer: asyncio.StreamWriter, pipe: Pipe) -> None:
        bite, self.weather = self.weather.bite, replace(self.weather, bite="")
        self.counted[bite] += 1
        writer.write(data[: self._dice.randrange(len(data))])
        await writer.drain()
        pipe.reset() if bite == "reset" else pipe.end()

    async def _wait(self, length: int) -> None:
        weather = self.weather
        rate = weather.bytes_a_second
        seconds = weather.delay_s + (length / rate if rate else 0)
        if seconds:
            await asyncio.sleep(seconds)


class Proxy:
    """All lines of a drill, in one loop."""

    def __init__(self, upstream: int, seed: int) -> None:
        self._upstream, self._seed = upstream, seed
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self.links: dict[str, Link] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def add(self, name: str, host: str = "127.0.0.1", upstream: int | None = None) -> int:
        """One more line, which begins at that address of ours; returns its port.

        It leads to the broker's first door, or to the one at `upstream`.
        """
        link = Link(upstream or self._upstream, random.Random(f"{self._seed}/{name}"))
        asyncio.run_coroutine_threadsafe(link.open(host), self._loop).result(PATIENCE_S)
        self.links[name] = link
        return link.port

    def change(self, name: str, how: Callable[[Weather], Weather]) -> None:
        """Change the weather of one line."""
        link = self.links[name]
        self._loop.call_soon_threadsafe(lambda: link.change(how(link.weather)))

    def clear(self) -> None:
        """Fair weather everywhere; what fell into a black hole stays there."""
        for name in self.links:
            self.change(name, lambda _now: Weather())

    def stop(self) -> None:
        """End every line."""
        for link in self.links.values():
            asyncio.run_coroutine_threadsafe(link.close(), self._loop).result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()
