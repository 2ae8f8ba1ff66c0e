"""Whether this device is the kiosk that its settings name, as the files of its identity say."""

from __future__ import annotations

import json
from pathlib import Path

from kiosk.core.belonging import OUT
from kiosk.settings.values import Settings


def identity_fault(settings: Settings) -> str | None:
    """Why this device is not the kiosk that its settings name, in one word: `unjoined`, `foreign`,
    or by which the hub has taken it out of service; None where it is, or needs no identity."""
    if settings.identity is None:
        return None
    folder, place = settings.identity.folder, settings.place
    try:
        told = json.loads((folder / "joined.json").read_bytes())
        named = told["store"], told["kiosk"]
        if not (told["host"] and told["port"] and (folder / "certificate.pem").is_file()):
            return "unjoined"
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return "unjoined"
    if named != (place.store_id, place.kiosk_id):
        return "foreign"
    return _refused(folder)


def _refused(folder: Path) -> str | None:
    """By which word the hub has said that this generation of the identity counts no more."""
    try:
        told = json.loads((folder / "refused.json").read_bytes())
        meant = told["generation"] == (folder / "current").resolve(strict=True).name
        return str(told["code"]) if meant and told["code"] in OUT else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
