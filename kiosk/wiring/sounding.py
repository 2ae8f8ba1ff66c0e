"""Whether everything can be said: the player, the sentences of every kiosk, the store's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from kiosk.adapters.outbox_look import recalled
from kiosk.adapters.speech import PROGRAM, is_whole, prompt_file, utterance_file
from kiosk.core.programme import read_settings
from kiosk.core.sayings import Prompt
from kiosk.core.service import SoundSettings
from kiosk.core.speaking import repertoire
from kiosk.courier.tidings import SETTINGS
from kiosk.settings import Settings
from kiosk.wiring.prompting import worded
from kiosk.wiring.senses import said_folder
from shared.errors import HardwareError, SemblanteError
from shared.notices import KioskSettings

_PLAYER: Final = "Install alsa-utils, or set sound.player."
_MAKE: Final = "Make them: “semblante-kiosk voices”."
_INSTALL: Final = f"Install the package {PROGRAM}; the kiosk finds it at its next start."
_WAIT: Final = "A running kiosk makes them within minutes; look again, then at its log."


def sound_check(settings: Settings, sound: SoundSettings) -> str:
    """How many sentences there are; raises HardwareError where something cannot be said."""
    folder = settings.folder / sound.voices
    if shutil.which(sound.player) is None:
        raise HardwareError(f"{sound.player} is not installed", hint=_PLAYER)
    if missing := _missing(settings, folder):
        told = f"{missing[0]} and {len(missing) - 1} more" if missing[1:] else missing[0]
        raise HardwareError(f"{folder}: {told} not there", hint=_MAKE)
    if lacking := _lacking(settings):
        hint = _INSTALL if shutil.which(PROGRAM) is None else _WAIT
        raise HardwareError(f"{lacking} of the store's own sentences are not made", hint=hint)
    return f"{sentences_of(settings)} sentences in {folder} and {said_folder(settings)}"


def sentences_of(settings: Settings) -> int | None:
    """How many sentences can be said; None where there is no speaker."""
    if settings.sound is None:
        return None
    prompts = (settings.folder / settings.sound.voices).glob("*/*.wav")
    return sum(1 for _ in prompts) + sum(1 for _ in said_folder(settings).glob("*.wav"))


def _missing(settings: Settings, folder: Path) -> list[str]:
    """Which prompts are neither in the folder nor were made by the kiosk itself."""
    said = said_folder(settings)
    return [
        f"{language}/{prompt.value}.wav"
        for language in settings.place.languages
        for prompt in Prompt
        if not prompt_file(folder, language, prompt).is_file()
        and not is_whole(utterance_file(said, worded(language, prompt)))
    ]


def _lacking(settings: Settings) -> int:
    """How many sentences of the settings that were kept last are not there."""
    asked, folder = _asked(settings), said_folder(settings)
    wanted = () if asked is None else repertoire(asked)
    return sum(1 for one in wanted if not is_whole(utterance_file(folder, one)))


def _asked(settings: Settings) -> KioskSettings | None:
    try:
        kept = recalled(settings.outbox.path, SETTINGS)
        return None if kept is None else read_settings(kept)
    except SemblanteError:  # another part tells that
        return None
