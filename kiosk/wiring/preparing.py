"""What is made ahead, before a kiosk runs: the hash of a PIN, and the sentences that it can say."""

from __future__ import annotations

import secrets
import sys
from getpass import getpass
from pathlib import Path

from kiosk.adapters.speech import make_voices
from kiosk.core.passcode import LONGEST, SALT_BYTES, SHORTEST, hashed, is_pin
from kiosk.core.service import SoundSettings
from kiosk.screen.words import sentences
from kiosk.screen.words.spoken import spoken
from kiosk.settings import Settings
from shared.errors import SemblanteError
from shared.programme import TRANSLATED

_RULE = f"A PIN has {SHORTEST} to {LONGEST} digits."


def ask_for_pin() -> str:
    """The PIN, typed twice without being shown, or read from a pipe; raises SemblanteError."""
    if not sys.stdin.isatty():
        return _checked(sys.stdin.readline().strip())
    pin = _checked(getpass("PIN: "))
    if getpass("Once more: ") != pin:
        raise SemblanteError("the two are not the same", hint="Try again.")
    return pin


def hashed_pin(pin: str) -> str:
    """What kiosk.toml keeps of it."""
    return hashed(pin, secrets.token_bytes(SALT_BYTES))


def prepare_voices(settings: Settings) -> tuple[Path, int]:
    """Make every sentence in every language, for the hub may choose others than kiosk.toml does."""
    sound = settings.sound or SoundSettings()
    folder = settings.folder / sound.voices
    said = {language: spoken(sentences(language)) for language in TRANSLATED}
    return folder, make_voices(folder, said)


def _checked(pin: str) -> str:
    if not is_pin(pin):
        raise SemblanteError("that is no PIN", hint=_RULE)
    return pin
