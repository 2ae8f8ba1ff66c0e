"""Why somebody does not become a kiosk, or stay it: each code with its sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.errors import JoinRefused

_ANEW: Final = "Make a new join code on the page “Kiosks”, or with “semblante-hub join new”."

REFUSALS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "unknown": ("this hub gave no such join code", "Compare code and hub, or make a new code."),
        "foreign": (
            "this join code is another kiosk's",
            "Take the settings file that was made for this kiosk.",
        ),
        "used": (
            "another device has used this join code already",
            "If that was not you, somebody has copied the card. " + _ANEW,
        ),
        "expired": ("this join code is too old", _ANEW),
        "withdrawn": ("a newer join code was made for this kiosk", "Take the newest one."),
        "csr": ("this is no request for a P-256 key", "The device's program has a fault."),
        "proof": ("the request is not signed by the old key", "Join again. " + _ANEW),
        "stranger": ("this certificate is not of this hub", "Join again. " + _ANEW),
        "revoked": ("this kiosk's certificate was revoked", _ANEW),
        "replaced": (
            "another device has become this kiosk",
            "Switch one of the two off. " + _ANEW,
        ),
        "retired": ("this kiosk takes part no more", "Take it down, or give it a new name."),
        "held": (
            "two devices claim to be this kiosk",
            "Decide on the page “Kiosks” which one it is; until then both keep their answers.",
        ),
        "late": ("this certificate ended too long ago", _ANEW),
        "unasked": (
            "nobody asked this kiosk for such a file",
            "Ask for it on the kiosk's page; a wish ends after a day.",
        ),
        "diagnosis": ("this is no diagnostic file", "The device's program has a fault."),
        "busy": ("too many requests", "It is tried again by itself."),
    }
)


def refused(code: str) -> JoinRefused:
    """The refusal of this code, with its sentence and what to do."""
    sentence, hint = REFUSALS[code]
    return JoinRefused(sentence, hint=hint, code=code)
