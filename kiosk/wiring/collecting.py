"""Writes a diagnostic file because the hub asks for it, and sends it up; also without a panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from kiosk.core.diagnosis import as_sent
from kiosk.core.ordering import DONE
from kiosk.core.ports import Clock, Held
from kiosk.courier import Courier
from kiosk.settings import Settings
from kiosk.wiring.technician import instruments_alone
from shared.commands import LONGEST_DIAGNOSIS, diagnosis_to_sign
from shared.errors import DeviceError, SemblanteError

log = structlog.get_logger(__name__)

ON_CARD: Final = "on_card"
"""The outcome where the file was written and could not be sent: it lies on the kiosk's card."""


def collector_of(
    settings: Settings, courier: Courier, held: Callable[[], Held], clock: Clock
) -> Callable[[str], str]:
    """What is asked to collect, for the command of an id; raises where no file can be written."""

    def collect(command: str) -> str:
        file = instruments_alone(settings, courier, held, clock).write()
        try:
            send(settings, clock, file, command)
        except (SemblanteError, OSError) as fault:
            log.warning("diagnosis_not_sent", why=str(fault)[:200])
            return ON_CARD
        return DONE

    return collect


def send(settings: Settings, clock: Clock, file: Path, command: str) -> None:
    """Let the hub have this file; raises JoinRefused, DeviceError or OSError."""
    from kiosk.adapters.hub_door import HubDoor  # noqa: PLC0415 memory is dear
    from kiosk.adapters.identity import AUTHORITY, CERTIFICATE, IdentityFolder  # noqa: PLC0415

    where = settings.identity
    identity = None if where is None else IdentityFolder(where.folder).current()
    if where is None or identity is None:
        raise DeviceError("this kiosk has no certificate to prove itself by", code="identity")
    document = as_sent(file.read_text(encoding="utf-8"), LONGEST_DIAGNOSIS)
    proof = identity.prove_said(diagnosis_to_sign(command, document))
    door = HubDoor(where.hub, identity.text(AUTHORITY), clock.now().synced)
    door.diagnose(identity.text(CERTIFICATE), command, document, proof)
