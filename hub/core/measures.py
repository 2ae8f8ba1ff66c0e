"""What the hub counts about itself; docs/metrics.md lists the same, and a test holds them equal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Kind(StrEnum):
    """How a measure moves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number that can be watched, under the name that Prometheus sees."""

    name: str
    kind: Kind
    help: str
    label: str | None = None


def _counter(name: str, text: str, label: str | None = None) -> Measure:
    return Measure(f"semblante_{name}_total", Kind.COUNTER, text, label)


def _gauge(name: str, text: str) -> Measure:
    return Measure(f"semblante_{name}", Kind.GAUGE, text)


MESSAGES: Final = _counter("messages", "Messages heard from the broker.", "channel")
BYTES: Final = _counter("message_bytes", "Bytes of the messages heard.")
RECORDS: Final = _counter("records", "Records by what became of them.", "outcome")
QUARANTINED: Final = _counter("quarantined", "Things put in quarantine, by code.", "code")
POISON: Final = _counter("poison_messages", "Messages that made the intake fail; a fault of ours.")
TRANSACTIONS: Final = _counter("transactions", "Transactions of the intake.", "outcome")
COMMIT: Final = Measure(
    "semblante_commit_seconds", Kind.HISTOGRAM, "Time from a batch in hand to its commit."
)
RECEIPTS: Final = _counter("receipts", "Receipts handed to the broker.")
SETTINGS: Final = _counter("settings_sent", "Settings handed to the broker.")
REFUSED_PUBLISHES: Final = _counter("refused_publishes", "Publishes that the broker refused.")
CONNECTIONS: Final = _counter("broker_connections", "Connections to the broker that stood.")
OVERFLOWS: Final = _counter("inbox_overflows", "Connections closed because the inbox was full.")
STATUSES: Final = _counter("statuses", "Statuses by what became of them.", "outcome")
HEALTHS: Final = _counter("healths", "Words of devices by what became of them.", "outcome")
COMMANDS: Final = _counter("commands", "Commands to kiosks, by order.", "order")
PULSES: Final = _counter("pulses", "Pulses by what became of them.", "outcome")
SENSED: Final = _counter("sensed", "Words of sensors by what became of them.", "outcome")
JOBS: Final = _counter("jobs", "Runs of scheduled work, by job and outcome.", "outcome")
SIGN_INS: Final = _counter("sign_ins", "Attempts to sign in by what became of them.", "outcome")
JOINS: Final = _counter(
    "joins", "Requests to become or stay a kiosk, by what became of them.", "outcome"
)
PHONES: Final = _counter("phones", "Links on phones by what became of them.", "outcome")
WEBHOOKS: Final = _counter(
    "webhooks", "Attempts to tell another system of an alert, by outcome.", "outcome"
)
FACTS: Final = _counter(
    "wait_facts", "What stores told of their lines, by what became of it.", "outcome"
)
NOTICES: Final = _counter("wait_notices", "Wait notices handed over, or taken back.")
LOOK: Final = Measure(
    "semblante_wait_look_seconds", Kind.HISTOGRAM, "Time for one look at all stores that are due."
)
CONNECTED: Final = _gauge("broker_connected", "1 while the broker's connection stands.")
DEPTH: Final = _gauge("inbox_messages", "Messages waiting for the intake.")
LAG: Final = _gauge("intake_lag_seconds", "Age of the oldest message waiting for the intake.")
ONLINE: Final = _gauge("kiosks_online", "Kiosks that say they are online.")
SILENT: Final = _gauge("kiosks_silent", "Kiosks that nobody touches though sales arrive.")
ENROLLED: Final = _gauge("kiosks_enrolled", "Kiosks that are enrolled and not retired.")
DIFFERENCES: Final = _gauge("verify_differences", "Tallies that differed at the last verify.")
VERIFIED: Final = _gauge("verified_timestamp_seconds", "When the last verify ended.")
QUARANTINE_ROWS: Final = _gauge("quarantine_rows", "What lies in quarantine now.")
AILING: Final = _gauge("kiosks_ailing", "Kiosks whose device needs somebody: card, power, heat …")
ALARMED: Final = _gauge("kiosks_alarmed", "Kiosks that raise an alarm.")
CLOCKLESS: Final = _gauge("kiosks_clock_unset", "Kiosks whose clock is not set.")
RIGHTS_BROKEN: Final = _gauge(
    "broker_rights_broken", "Topics on which something forbidden arrived at the last try."
)
RIGHTS_TRIED: Final = _gauge(
    "broker_rights_tried_timestamp_seconds", "When the broker's rights were last tried; 0: never."
)
MISSING: Final = _gauge("records_missing", "Records that are proved to be gone.")
RESTORED: Final = _gauge("restored_timestamp_seconds", "When the hub was last restored; 0: never.")
RESTORE_CAME: Final = _gauge("restore_came_again", "Records that came again since then.")
RESTORE_MISSING: Final = _gauge("restore_missing", "Records that no kiosk had any more then.")
RESTORE_AWAITED: Final = _gauge("restore_awaited", "Records that may still come again.")

EVERY: Final = (
    MESSAGES, BYTES, RECORDS, QUARANTINED, POISON, TRANSACTIONS, COMMIT, RECEIPTS, SETTINGS,
    REFUSED_PUBLISHES, CONNECTIONS, OVERFLOWS, STATUSES, HEALTHS, COMMANDS, PULSES, SENSED, JOBS,
    WEBHOOKS, SIGN_INS,
    JOINS, PHONES, FACTS, NOTICES, LOOK, CONNECTED, DEPTH, LAG, ONLINE, ENROLLED, DIFFERENCES,
    VERIFIED, QUARANTINE_ROWS, AILING, ALARMED, CLOCKLESS, SILENT, MISSING, RESTORED, RESTORE_CAME,
    RESTORE_MISSING, RESTORE_AWAITED, RIGHTS_BROKEN, RIGHTS_TRIED,
)  # fmt: skip


class Meter(Protocol):
    """Where the numbers go; safe from every thread, and never in anybody's way."""

    def add(self, measure: Measure, by: float = 1, label: str = "") -> None:
        """Let a counter rise."""

    def set(self, measure: Measure, value: float) -> None:
        """Put a gauge where it is."""

    def observe(self, measure: Measure, value: float) -> None:
        """Enter one value in a histogram."""
