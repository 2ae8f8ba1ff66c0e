"""What a hub with the role “jobs” does each minute and each night."""

from __future__ import annotations

import os
import socket

from sqlalchemy import Engine

from hub.adapters import recount
from hub.adapters.archive import SqlArchive
from hub.adapters.forgetting import forget_waits
from hub.adapters.leases import SqlLeases
from hub.adapters.metrics import Metrics
from hub.adapters.readings import SqlFigures
from hub.adapters.retention import SqlQuarantine, SqlRetention
from hub.adapters.silences import SqlSilences
from hub.jobs import Jobs, Plan
from hub.reports import Reports
from hub.settings import Settings
from hub.silences import Silences
from hub.wiring.answering import every_minute
from hub.wiring.devices import devices_every_minute, devices_every_night
from hub.wiring.identity import gate_every_minute, identities_every_night
from hub.wiring.opening import now_ms, open_accounts
from hub.wiring.rolling import rollouts_every_minute


def jobs_of(settings: Settings, engine: Engine, metrics: Metrics) -> Jobs:
    """All jobs, each under a lease: one process does them, however many there are."""
    jobs, keep = settings.jobs, settings.keep
    return Jobs(
        Plan(jobs.hour, jobs.zone, keep.days, keep.quarantine_days),
        holder=f"{socket.gethostname()}/{os.getpid()}",
        leases=SqlLeases(engine),
        verify=lambda: len(recount.verify(engine).differences),
        retention=SqlRetention(engine),
        quarantine=SqlQuarantine(engine),
        end_old_sessions=open_accounts(engine).end_old_sessions,
        tell_late=Reports(SqlFigures(engine), settings.privacy.floor).tell_late,
        look_for_silence=Silences(SqlSilences(engine)).look,
        stores=SqlArchive(engine).stores,
        meter=metrics,
        now_ms=now_ms,
        every_minute={
            **every_minute(settings, engine, metrics),
            **devices_every_minute(engine),
            **gate_every_minute(settings, engine),
            **rollouts_every_minute(settings, engine),
        },
        every_night={
            "notices": lambda: forget_waits(engine, now_ms()),
            **devices_every_night(engine),
            **identities_every_night(engine),
        },
    )
