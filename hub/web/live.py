"""Figures that move by themselves: one stream for each open page, drawn once for all its viewers.

Laws of this page
1. What is sent changes only with its version: for answers that is the published step, so a stream
   tells no more than the page does (decision 25b).
2. A version is drawn once for each language and handed to every viewer as the same bytes; a slow
   viewer skips versions, and never holds up the others.
3. Where nobody looks, nothing is read.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import structlog

from shared.errors import SemblanteError
from shared.places import StoreId

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
"""How often the database is asked while somebody looks: another process may have counted."""

GAP_SECONDS = 0.05
"""The least time between two looks: a thousand answers a second are twenty looks at most."""

REST, LONGEST_REST_SECONDS = 2, 0.15
"""After a look, so many times its length is left to others (intake first of all), up to a bound
that keeps a step within a quarter of a second."""

BEAT_SECONDS = 15.0
"""Proxies drop what is silent for 30 to 60 s; a session that ended is noticed as fast."""

Parts = Mapping[str, str]
"""The parts of a page, each by the id of the element that it fills."""


class Source(Protocol):
    """One kind of live page. Both methods are called in threads, and may raise SemblanteError."""

    def version(self, store: StoreId) -> str:
        """Names what the page shows now; equal where nothing has changed. Must be cheap."""

    def draw(self, store: StoreId, language: str) -> Parts:
        """The page's parts as they are now."""


class Subject(NamedTuple):
    """What somebody looks at."""

    page: str
    store: StoreId


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a page in one language: whole, and what changed since the one before."""

    version: str
    before: str
    parts: Parts
    whole: bytes
    changed: bytes


@dataclass(slots=True)
class Channel:
    """A page that somebody looks at."""

    viewers: dict[str, int] = field(default_factory=dict)  # by language
    editions: dict[str, Edition] = field(default_factory=dict)
    poked: asyncio.Event = field(default_factory=asyncio.Event)
    turned: asyncio.Event = field(default_factory=asyncio.Event)  # replaced with each edition
    watcher: asyncio.Task[None] | None = None


class Live:
    """All open streams of one process."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._channels: dict[Subject, Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def offer(self, page: str, source: Source) -> None:
        """Make a page live; done once for each while the site is built."""
        self._sources[page] = source

    # ── from anywhere ────────────────────────────────────────────────────────────────────────

    def notify(self, store: StoreId) -> None:
        """Something of this store was counted: look soon. From any thread; returns at once."""
        loop = self._loop
        if loop is None or not any(subject.store == store for subject in tuple(self._channels)):
            return
        with contextlib.suppress(RuntimeError):  # the loop has just been closed
            loop.call_soon_threadsafe(self._poke, store)

    def close(self) -> None:
        """End every stream, so that the server can stop; from any thread."""
        self._closed = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake_all)

    @property
    def viewers(self) -> int:
        """How many streams are open."""
        return sum(sum(channel.viewers.values()) for channel in self._channels.values())

    # ── one viewer ───────────────────────────────────────────────────────────────────────────

    async def stream(
        self, subject: Subject, language: str, version: str, still: Callable[[], bool]
    ) -> AsyncIterator[bytes]:
        """What one browser receives: what is new since `version`, then whatever comes.

        `still` is asked (in a thread) at every beat whether this viewer may go on; beats come
        however much else is sent.
        """
        self._loop = asyncio.get_running_loop()
        channel = self._join(subject, language)
        try:
            yield b"retry: 2000\n\n"
            beat = time.monotonic() + BEAT_SECONDS
            while not self._closed:
                turned, edition = channel.turned, channel.editions.get(language)
                if time.monotonic() >= beat:
                    if not await asyncio.to_thread(still):
                        yield _message("", event="signed-out")
                        return
                    yield _message("", event="beat")
                    beat = time.monotonic() + BEAT_SECONDS
                elif edition is not None and edition.version != version:
                    yield edition.changed if edition.before == version else edition.whole
                    version = edition.version
                else:
                    await _happens(turned, beat - time.monotonic())
        finally:
            self._leave(subject, channel, language)

    def _join(self, subject: Subject, language: str) -> Channel:
        channel = self._channels.setdefault(subject, Channel())
        channel.viewers[language] = channel.viewers.get(language, 0) + 1
        if channel.watcher is None:
            channel.watcher = asyncio.create_task(self._watch(subject, channel))
        channel.poked.set()
        return channel

    def _leave(self, subject: Subject, channel: Channel, language: str) -> None:
        channel.viewers[language] -= 1
        if not channel.viewers[language]:
            del channel.viewers[language]
            channel.editions.pop(language, None)
        if not channel.viewers:
            if channel.watcher is not None:
                channel.watcher.cancel()
            self._channels.pop(subject, None)

    # ── one page ─────────────────────────────────────────────────────────────────────────────

    async def _watch(self, subject: Subject, channel: Channel) -> None:
        """Look whenever somebody says so, and now and then anyway, while there are viewers."""
        while True:
            await _happens(channel.poked, POLL_SECONDS)
            channel.poked.clear()
            began = time.monotonic()
            try:
                await self._look(subject, channel)
            except SemblanteError as fault:  # such as a database that is away: look again later
                log.warning("live.look_failed", page=subject.page, fault=str(fault))
            except Exception:  # a fault in drawing must not end the stream for good
                log.exception("live.look_failed", page=subject.page)
            rest = min(REST * (time.monotonic() - began), LONGEST_REST_SECONDS)
            await asyncio.sleep(max(GAP_SECONDS, rest))

    async def _look(self, subject: Subject, channel: Channel) -> None:
        source = self._sources[subject.page]
        version = await asyncio.to_thread(source.version, subject.store)
        for language in tuple(channel.viewers):
            before = channel.editions.get(language)
            if before is not None and before.version == version:
                continue
            parts = await asyncio.to_thread(source.draw, subject.store, language)
            channel.editions[language] = _edition(version, parts, before)
            self._turn(channel)

    def _poke(self, store: StoreId) -> None:
        for subject, channel in self._channels.items():
            if subject.store == store:
                channel.poked.set()

    def _wake_all(self) -> None:
        for channel in self._channels.values():
            self._turn(channel)

    def _turn(self, channel: Channel) -> None:
        turned, channel.turned = channel.turned, asyncio.Event()
        turned.set()


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event at most so long; whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _edition(version: str, parts: Parts, before: Edition | None) -> Edition:
    known = before.parts if before else {}
    news = {name: text for name, text in parts.items() if known.get(name) != text}
    return Edition(
        version,
        before.version if before else "",
        parts,
        _message(_partials(parts), version),
        _message(_partials(news), version),
    )


def _partials(parts: Parts) -> str:
    """Parts in htmx's own envelope: each is merged into its element, the focus stays."""
    return "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="innerMorph">{text}</hx-partial>'
        for name, text in parts.items()
    )


def _message(data: str, version: str = "", event: str = "") -> bytes:
    """One server-sent event; an empty change is sent all the same, it carries the version."""
    lines = [f"event: {event}"] if event else []
    if version:
        lines.append(f"id: {version}")
    lines += [f"data: {line}" for line in (data.splitlines() or [""])]
    return ("\n".join(lines) + "\n\n").encode()
