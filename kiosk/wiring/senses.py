"""What a shopper hears and sees around a page: the speaker, the light behind the glass, letters."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

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
    from kiosk.adapters.rehearsal import Rehearsal  # noqa: PLC0415 memory is dear
    from kiosk.adapters.sound import Speaker  # noqa: PLC0415
    from kiosk.wiring.prompting import completed, worded  # noqa: PLC0415

    folder, said, either = settings.folder / sound.voices, said_folder(settings), _Either(trouble)
    rehearsal = Rehearsal(said, trouble=either.one("rehearsal"))
    speaker = Speaker(
        folder,
        said,
        sound.player,
        worded=worded,
        rehearse=lambda utterances: rehearsal.rehearse(completed(folder, utterances)),
        trouble=either.one("speaker"),
    )
    for part in (rehearsal, speaker):
        stack.callback(part.close)
        part.start()
    return speaker


def said_folder(settings: Settings) -> Path:
    """Where a store's own words are kept: beside the outbox, for that folder can be written."""
    return settings.outbox.path.with_suffix(".said")


class _Either:
    """One alarm of two parts, from threads of their own: it is over when it is for both."""

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._codes: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def one(self, part: str) -> Trouble:
        """Whom that part tells."""
        return lambda code: self._tell(part, code)

    def _tell(self, part: str, code: str | None) -> None:
        with self._lock:
            self._codes[part] = code
            self._trouble(next(filter(None, self._codes.values()), None))


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
