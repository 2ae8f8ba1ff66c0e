"""What a device that is no kiosk yet says of a refusal, in the technician's language."""

from __future__ import annotations

from kiosk.core.unready import Obstacle
from kiosk.screen.words import Say
from kiosk.screen.words.faults import in_words


def refusals(say: Say) -> dict[str, tuple[str, str]]:
    """By their code: what is wrong, and what to do. Of others the hub's own words are shown."""
    new_code = say("Make a new join code on the page “Kiosks” and put it into the settings file.")
    return {
        "typo": (
            say("The join code is not written as it was given."),
            say("Compare it letter by letter."),
        ),
        "unknown": (say("The hub does not know this join code."), new_code),
        "used": (say("This join code was used by another device."), new_code),
        "expired": (say("This join code is too old: each is good for one day."), new_code),
        "withdrawn": (say("This join code was withdrawn."), new_code),
        "no_authority": (
            say("The hub cannot let any device join yet."),
            say("On the hub's machine, run: semblante-hub authority init"),
        ),
        "foreign": (
            say("This join code is for another store, point or kiosk."),
            say("Compare store, point and kiosk in the settings file with the page “Kiosks”."),
        ),
        "fingerprint": (
            say("Whoever answers at the hub's address is not the hub of this fingerprint."),
            say("Compare address and fingerprint with the page “Kiosks”."),
        ),
        "imposter": (
            say("Whoever answers at the hub's address is not our hub."),
            say("Compare address and fingerprint with the page “Kiosks”."),
        ),
        "setting_up": (say("It is being set up."), say("This takes a few minutes.")),
        "unjoined": (say("This device has not joined yet."), new_code),
        **_of_certificates(say, new_code),
    }


def _of_certificates(say: Say, new_code: str) -> dict[str, tuple[str, str]]:
    """Why a device is a kiosk no more."""
    return {
        "revoked": (say("The hub has taken this kiosk out of service."), new_code),
        "replaced": (say("Another device has become this kiosk."), new_code),
        "retired": (
            say("This kiosk takes part no more."),
            say("Take it down, or give it a new name and a new join code."),
        ),
        "late": (say("The certificate of this device ended too long ago."), new_code),
        "held": (
            say("Two devices claim to be this kiosk."),
            say("Decide at the hub which one it is; what they have kept is not lost."),
        ),
    }


def told(obstacle: Obstacle, say: Say) -> tuple[str, str]:
    """What is wrong, and what to do."""
    known = refusals(say).get(obstacle.code)
    return known or (in_words(obstacle.text, say), in_words(obstacle.hint, say))
