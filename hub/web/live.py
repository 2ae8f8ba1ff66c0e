"""Figures that move by themselves: one stream for each open page, drawn once for all its viewers.

Laws of this page
1. What is sent changes only with its version: for answers that is the published step, so a stream
   tells no more than the page does (decision 25b). A version is asked for before its page is drawn:
   a drawing may hold more than its version says, never less; two of one name need not be alike.
2. A version is drawn once for each language and handed to every viewer as the same bytes; a slow
   viewer skips versions, and never holds up the others.
3. Where nobody looks, nothing is read.
4. At every beat it is asked whether a viewer may go on, of all who are due in one question; until
   the answer is there, and where it cannot be had, a viewer is sent nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import structlog

from hub.web.editions import SIGNED_OUT, Edition, Parts, edition_of
from hub.web.viewers import Ticket, Viewer
from shared.errors import SemblanteError
from shared.places import StoreId

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
"""How often the database is asked while somebody looks: another process may have counted."""

GAP_SECONDS = 0.05
"""The least time between two looks: a thousand answers a second are twenty looks at most."""

REST, LONGEST_REST_SECONDS = 2, 0.15
"""After a look, so many times the work that it was is left to others (intake first of all), up to a
bound that keeps a step within a quarter of a second. Not so many times as it lasted: on a busy
machine it lasts longer because others are at work already."""

BEAT_SECONDS = 15.0
"""Proxies drop what is silent for 30 to 60 s; a session that ended is noticed as fast."""

ROUNDS = 15
"""In so many rounds a beat goes through the viewers: a crowd that came together does not beat
together, and who is due is asked for in one question a second."""


class Source(Protocol):
    """One kind of live page. Both methods are called in threads, and may raise SemblanteError."""

    def version(self, store: StoreId) -> str:
        """Names what the page shows now; equal where nothing has changed. Must be cheap."""

    def draw(self, store: StoreId, language: str) -> Parts:
        """The page's parts as they are now."""


Judge = Callable[[Sequence[Ticket]], Sequence[bool]]
"""Who of these may still look. Called in threads, and may raise SemblanteError."""


class Subject(NamedTuple):
    """What somebody looks at."""

    page: str
    store: StoreId


@dataclass(slots=True)
class Channel:
    """A page that somebody looks at; viewers and editions by language."""

    viewers: dict[str, set[Viewer]] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)
    poked: asyncio.Event = field(default_factory=asyncio.Event)
    watcher: asyncio.Task[None] | None = None


class Live:
    """All open streams of one process."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._judge: Judge = _nobody
        self._channels: dict[Subject, Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beating: asyncio.Task[None] | None = None
        self._closed = False

    def offer(self, page: str, source: Source) -> None:
        """Make a page live; done once for each while the site is built."""
        self._sources[page] = source

    def judge_by(self, judge: Judge) -> None:
        """Ask this whether viewers may go on; without it nobody may."""
        self._judge = judge

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
                self._loop.call_soon_threadsafe(self._end_all)

    @property
    def viewers(self) -> int:
        """How many streams are open."""
        return sum(1 for _ in self._everybody())

    # ── one viewer ───────────────────────────────────────────────────────────────────────────

    def join(self, subject: Subject, viewer: Viewer) -> None:
        """Let this viewer look, in the running loop, until `leave`, which the caller owes."""
        self._loop = asyncio.get_running_loop()
        channel = self._channels.setdefault(subject, Channel())
        channel.viewers.setdefault(viewer.language, set()).add(viewer)
        viewer.read(channel.editions, time.monotonic() + BEAT_SECONDS)
        if self._closed:
            viewer.end()
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        if channel.watcher is None:
            channel.watcher = asyncio.create_task(self._watch(subject, channel))
        if viewer.language not in channel.editions:
            channel.poked.set()

    def leave(self, subject: Subject, viewer: Viewer) -> None:
        """This viewer's connection is gone."""
        channel = self._channels[subject]
        channel.viewers[viewer.language].discard(viewer)
        if not channel.viewers[viewer.language]:
            del channel.viewers[viewer.language]
            channel.editions.pop(viewer.language, None)
        if not channel.viewers:
            _stop(channel.watcher)
            del self._channels[subject]
        if not self._channels:
            _stop(self._beating)
            self._beating = None

    def _everybody(self) -> Iterator[Viewer]:
        for channel in tuple(self._channels.values()):
            for viewers in tuple(channel.viewers.values()):
                yield from tuple(viewers)

    def _end_all(self) -> None:
        for viewer in self._everybody():
            viewer.end()

    # ── who may go on ────────────────────────────────────────────────────────────────────────

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS / ROUNDS)
            now = time.monotonic()
            if due := [viewer for viewer in self._everybody() if viewer.due <= now]:
                await self._ask(due, now + BEAT_SECONDS)

    async def _ask(self, due: Sequence[Viewer], again: float) -> None:
        for viewer in due:
            viewer.hold()
        try:
            may = await asyncio.to_thread(self._judge, [viewer.ticket for viewer in due])
        except SemblanteError as fault:  # such as a database that is away: ask again next round
            log.warning("live.ask_failed", fault=str(fault))
        except Exception:
            log.exception("live.ask_failed")
        else:
            for viewer, goes_on in zip(due, may, strict=True):
                viewer.let_on(again) if goes_on else viewer.end(SIGNED_OUT)

    # ── one page ─────────────────────────────────────────────────────────────────────────────

    async def _watch(self, subject: Subject, channel: Channel) -> None:
        """Look whenever somebody says so, and now and then anyway, while there are viewers."""
        while True:
            await _happens(channel.poked, POLL_SECONDS)
            channel.poked.clear()
            work = 0.0
            try:
                work = await self._look(subject, channel)
            except SemblanteError as fault:  # such as a database that is away: look again later
                log.warning("live.look_failed", page=subject.page, fault=str(fault))
            except Exception:  # a fault in drawing must not end the stream for good
                log.exception("live.look_failed", page=subject.page)
            await asyncio.sleep(max(GAP_SECONDS, min(REST * work, LONGEST_REST_SECONDS)))

    async def _look(self, subject: Subject, channel: Channel) -> float:
        """Let everybody see what is new; the seconds of work that it took to draw it."""
        source, known = self._sources[subject.page], dict(channel.editions)
        languages = tuple(channel.viewers)
        # One trip for all of it: beside a busy intake each may wait some milliseconds for the lock.
        found, work = await asyncio.to_thread(_draw, source, subject.store, languages, known)
        for language, edition in found.items():
            if viewers := channel.viewers.get(language):
                channel.editions[language] = edition
                for viewer in viewers:
                    viewer.wake()
        return work

    def _poke(self, store: StoreId) -> None:
        for subject, channel in self._channels.items():
            if subject.store == store:
                channel.poked.set()


def _draw(
    source: Source, store: StoreId, languages: Collection[str], known: Mapping[str, Edition]
) -> tuple[dict[str, Edition], float]:
    """The new editions, where there are any, and the seconds of this thread's work."""
    began = time.thread_time()
    version = source.version(store)
    behind = [name for name in languages if name not in known or known[name].version != version]
    found = {
        name: edition_of(version, source.draw(store, name), known.get(name)) for name in behind
    }
    return found, time.thread_time() - began


def _nobody(tickets: Sequence[Ticket]) -> Sequence[bool]:
    return [False] * len(tickets)


def _stop(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event at most so long; whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
