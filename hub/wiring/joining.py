"""Waits beside what shoppers answered: the job of every hour, and the command that does it anew."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.layouts import SqlLayouts
from hub.adapters.leases import SqlLeases
from hub.adapters.paces import SqlPaces
from hub.adapters.wait_scores import SqlWaitScores
from hub.adapters.wait_whatifs import SqlWhatIfs
from hub.core.hours import day_number
from hub.joins import Joins
from hub.settings import Settings
from hub.whatifs import WhatIfs
from hub.wiring.opening import now_ms, open_accounts, open_database
from shared.errors import ArchiveError

LEASE = "waits"
"""The work of a hub's job and of the command is the same: one of them at a time."""


def joins_of(settings: Settings, engine: Engine) -> Joins:
    """What joins answers to waits."""
    places, layouts = SqlArchive(engine), SqlLayouts(engine)
    floor = settings.privacy.floor
    return Joins(SqlWaitScores(engine), SqlPaces(engine), layouts, places.stores, floor)


def scores_of(engine: Engine) -> SqlWaitScores:
    """Where what was joined and told is read."""
    return SqlWaitScores(engine)


def whatifs_of(engine: Engine) -> WhatIfs:
    """What says what one more register would have done."""
    places, layouts = SqlArchive(engine), SqlLayouts(engine)
    return WhatIfs(SqlWhatIfs(engine), SqlPaces(engine), layouts, places.stores)


def waits_every_minute(settings: Settings, engine: Engine) -> dict[str, Callable[[], object]]:
    """What is due: each looks by itself whether its hour or day is over."""
    joins, whatifs = joins_of(settings, engine), whatifs_of(engine)
    return {LEASE: lambda: joins.look(now_ms()), "whatifs": lambda: whatifs.look(now_ms())}


def join_again(settings: Settings, since: date) -> tuple[int, int]:
    """Join every hour since a date anew; how many answers, and how many had a wait."""
    engine = open_database(settings, pooled=False)
    leases, holder, now = SqlLeases(engine), f"{socket.gethostname()}/{os.getpid()}", now_ms()
    if not leases.take(LEASE, holder, now, due=now + 1):
        raise ArchiveError("the hub is at it just now", hint="Try again in a minute.")
    try:
        found = joins_of(settings, engine).again(day_number(since), now)
    finally:
        leases.release(LEASE, holder)
    open_accounts(engine).note("command line", "waits joined", f"since {since}")
    return found
