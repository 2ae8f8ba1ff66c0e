"""The queue of a store as pages show it: what their templates are filled with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.core.hours import Hours, date_of, find_zone
from hub.core.ports import Store
from hub.core.queue_looking import alerts_of, day_view, ends, now_view
from hub.core.queue_views import Alerted, Known, NowView
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import UNWATCHED_MS, Span
from hub.core.waiting.layout import Layouts
from hub.web.parts import Parts, Places
from hub.web.queue_charts import queue_chart
from hub.web.queue_words import QueueWords
from hub.web.wording import Words
from shared.places import PointId, StoreId


def version_of(parts: Parts, store: StoreId) -> str:
    """Changes with the queue of a store; empty where it has no layout."""
    layout = parts.layouts.layout(store)
    if layout is None or not layout.lines:
        return ""
    now = parts.now()
    stamp = parts.queues.stamp(store, [line.line_id for line in layout.lines], ends(now))
    watched = now - stamp.at <= UNWATCHED_MS
    return f"{layout.serial}.{stamp.at}.{stamp.rest}.{watched:d}"


def queue_now(parts: Parts, store: StoreId) -> NowView | None:
    """The queue of a store now; None where it has no layout."""
    known = known_of(parts, store)
    return None if known is None else _looked(parts, known)


def alerts_now(parts: Parts, queue: NowView) -> list[tuple[Alerted, str]]:
    """The alerts that stand, each with its line's name; none where nobody watches the queue."""
    store, names = queue.store.store_id, {line.line_id: line.name for line in queue.lines}
    standing = parts.queues.alerts(store, Span(queue.now, queue.now + 1)) if queue.watched else []
    return [
        (alert, names[alert.line_id])
        for alert in standing
        if alert.until is None and alert.line_id in names
    ]


def known_of(parts: Parts, store: StoreId) -> Known | None:
    """A store with its layout; None where it has none."""
    return known_in(parts.layouts, parts.places, store)


def known_in(layouts: Layouts, places: Places, name: StoreId) -> Known | None:
    """The same; the store is there, since whoever asks was let in to it."""
    layout = layouts.layout(name)
    if layout is None or not layout.lines:
        return None
    store = next(one for one in places.stores() if one.store_id == name)
    return Known(store, layout, places.points(name))


def _looked(parts: Parts, known: Known) -> NowView:
    return now_view(parts.queues, known, parts.now())


def context_of(parts: Parts, known: Known, language: str, day: int) -> dict[str, Any]:
    """All that the page shows; of a day that is over, its alerts stand for now."""
    past = past_of(parts, known, language, day)
    if past["view"].live:
        return {**past, **present_of(parts, known, language)}
    return {**past, "queue": None, "live": False, "alerts": past["view"].alerts}


def present_of(parts: Parts, known: Known, language: str) -> dict[str, Any]:
    """What stands now; it moves with every word."""
    now, store = parts.now(), known.store
    hours = Hours(store.zone)
    today = Span(hours.day_bounds(hours.hour_of(now).day)[0], now + 1)
    return {
        **_words(parts, known, language),
        "live": True,
        "queue": _looked(parts, known),
        "doubts": parts.queues.doubts(store.store_id),
        "alerts": alerts_of(parts.queues, known, today),
    }


def past_of(parts: Parts, known: Known, language: str, day: int) -> dict[str, Any]:
    """A day, and how right it was."""
    now = parts.now()
    view = day_view(parts.queues, known, now, day)
    return {
        **_words(parts, known, language),
        "view": view,
        "chart": queue_chart(view, now),
        "date": date_of(day),
    }


def _words(parts: Parts, known: Known, language: str) -> dict[str, Any]:
    words = parts.renderer.words[language]
    return {
        "say": QueueWords(words),
        "local": local_time(known.store),
        "when": since_when(words, known.store, parts.now()),
        "place": lambda name: place_name(known, name),
    }


def local_time(store: Store) -> Callable[[int], datetime]:
    """Turns an instant into the store's time."""
    zone = find_zone(store.zone)
    return lambda ms: datetime.fromtimestamp(ms / 1000, zone)


def since_when(words: Words, store: Store, now: int) -> Callable[[int], str]:
    """Says an instant by its time of day; with its date where it is not of today."""
    local = local_time(store)

    def when(ms: int) -> str:
        at = local(ms)
        return words.time(at) if at.date() == local(now).date() else words.moment(at)

    return when


def place_name(known: Known, name: str) -> str:
    """What a line or a register is called."""
    if name in known.lines:
        return known.name_of(LineId(name))
    return known.point_name(PointId(name))
