"""What a shopper hears and sees around a page: the speaker, the light behind the glass, letters."""

from __future__ import annotations

from contextlib import ExitStack

import structlog

from kiosk.adapters.absent import NoBacklight, NoVoice
from kiosk.core.ports import Backlight, Trouble, Voice
from kiosk.settings import ScreenSettings, Settings

log = structlog.get_logger(__name__)


def voice_of(settings: Settings, trouble: Trouble, stack: ExitStack) -> Voice:
    """The speaker, listening, until the stack ends; silence where none is configured."""
    sound = settings.sound
    if sound is None:
        return NoVoice()
    from kiosk.adapters.sound import Speaker  # noqa: PLC0415 memory is dear

    speaker = Speaker(settings.folder / sound.voices, sound.player, trouble=trouble)
    stack.callback(speaker.close)
    speaker.start()
    return speaker


def backlight_of(settings: Settings, trouble: Trouble) -> Backlight:
    """The light of the kiosk's own glass; nobody's desktop is dimmed."""
    if settings.screen.driver != "kmsdrm":
        return NoBacklight()
    from kiosk.adapters.backlight import SysBacklight  # noqa: PLC0415 memory is dear

    return SysBacklight(trouble)


def letters_are_there(screen: ScreenSettings, languages: tuple[str, ...]) -> bool:
    """Whether every language can be drawn; one that cannot is shown in English."""
    if screen.driver == "none":
        return True
    from kiosk.screen.scripts import lacking  # noqa: PLC0415 no glass, no letters

    lacks = sorted({one for language in languages for one in lacking(language)})
    if lacks:
        log.error("font_missing", lacks=lacks)
    return not lacks
