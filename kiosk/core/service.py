"""What kiosk.toml says of the technician's panel and of the speaker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk.core.passcode import is_hash
from kiosk.core.tables import Table

_LONGEST_PATH: Final = 1_000


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """`pin` is the hash of the technician's PIN; diagnostic files go to the folder."""

    pin: str = field(repr=False)
    diagnostics: str = "diagnostics"


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """Where the sentences lie that were made ahead, and the program that plays a WAV file."""

    voices: str = "voices"
    player: str = "aplay"


def panel_settings_from(table: Mapping[str, object]) -> tuple[PanelSettings | None, list[str]]:
    """Read the table [panel]: the settings, and every fault found, in words for people."""
    panel = Table("panel", table)
    pin = panel.text("pin")
    settings = PanelSettings(pin, panel.text("diagnostics", "diagnostics", most=_LONGEST_PATH))
    panel.unknown()
    if not panel.faults and not is_hash(pin):
        # What was written is not repeated: it may be the PIN itself.
        panel.faults.append("panel.pin: is no hashed PIN; “semblante-kiosk pin” makes this line")
    return (None if panel.faults else settings), panel.faults


def sound_settings_from(table: Mapping[str, object]) -> tuple[SoundSettings | None, list[str]]:
    """Read the table [sound] in the same way."""
    sound = Table("sound", table)
    voices = sound.text("voices", "voices", most=_LONGEST_PATH)
    settings = SoundSettings(voices, sound.text("player", "aplay", most=_LONGEST_PATH))
    sound.unknown()
    return (None if sound.faults else settings), sound.faults
