"""The hub's schema, in one place; migrations/ brings a database to it.

Every instant is milliseconds since 1970 in UTC (BigInteger). `hour` is the instant at which a
store's local trading hour begins. `store_id` is in every key that grows with the stores.
"""

from __future__ import annotations

from hub.adapters.tables.answering import phone_secrets, responses, told_answers, walks
from hub.adapters.tables.counting import reason_tallies, releases, store_tallies, tallies
from hub.adapters.tables.designing import questionnaire_versions, questionnaires
from hub.adapters.tables.devices import ailments, commands, diagnoses, healths, kiosk_events
from hub.adapters.tables.doubting import decisions, silences, suspects
from hub.adapters.tables.identity import (
    certificates,
    held_kiosks,
    inspections,
    join_codes,
    serials,
)
from hub.adapters.tables.joining import wait_marks, wait_services, wait_weeks, wait_whatifs
from hub.adapters.tables.people import audit, sessions, sign_ins, user_stores, users
from hub.adapters.tables.places import assignments, hub, kiosks, points, programmes, stores
from hub.adapters.tables.receiving import (
    anchors,
    doubtful,
    ledgers,
    losses,
    quarantine,
    records,
    seals,
)
from hub.adapters.tables.restoring import restored_ledgers, restores
from hub.adapters.tables.rolling import rollout_kiosks, rollouts
from hub.adapters.tables.schema import metadata
from hub.adapters.tables.standing import connections, leases, statuses, steps
from hub.adapters.tables.waiting import (
    displays,
    layouts,
    notices,
    openings,
    sensors,
    tellings,
    wait_alerts,
    wait_doubts,
    wait_lessons,
    wait_outcomes,
    wait_scores,
    waits,
)

__all__ = [
    "ailments",
    "anchors",
    "assignments",
    "audit",
    "certificates",
    "commands",
    "connections",
    "decisions",
    "diagnoses",
    "displays",
    "doubtful",
    "healths",
    "held_kiosks",
    "hub",
    "inspections",
    "join_codes",
    "kiosk_events",
    "kiosks",
    "layouts",
    "leases",
    "ledgers",
    "losses",
    "metadata",
    "notices",
    "openings",
    "phone_secrets",
    "points",
    "programmes",
    "quarantine",
    "questionnaire_versions",
    "questionnaires",
    "reason_tallies",
    "records",
    "releases",
    "responses",
    "restored_ledgers",
    "restores",
    "rollout_kiosks",
    "rollouts",
    "seals",
    "sensors",
    "serials",
    "sessions",
    "sign_ins",
    "silences",
    "statuses",
    "steps",
    "store_tallies",
    "stores",
    "suspects",
    "tallies",
    "tellings",
    "told_answers",
    "user_stores",
    "users",
    "wait_alerts",
    "wait_doubts",
    "wait_lessons",
    "wait_marks",
    "wait_outcomes",
    "wait_scores",
    "wait_services",
    "wait_weeks",
    "wait_whatifs",
    "waits",
    "walks",
]
