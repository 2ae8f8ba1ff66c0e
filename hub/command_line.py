"""What every command begins with: its settings and the log, and a file that somebody wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from hub.adapters.logs import configure_logs
from hub.core.notation import LONGEST
from hub.settings import Settings, load_settings
from shared.errors import SemblanteError
from shared.soundness import Fault

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The settings; hub.toml here if not given.")
]

BY = "command line"
"""Who did it, in the audit log and beside what was kept."""


def settings_of(config: Path | None) -> Settings:
    """The settings, by which the log is kept from now on; raises SettingsError."""
    settings = load_settings(config)
    configure_logs(settings.log.format, settings.log.level)
    return settings


def text_of(file: Path, refused: Callable[[Sequence[Fault]], SemblanteError]) -> str:
    """What stands in a file; raises what `refused` makes of why it cannot be had."""
    try:
        if file.stat().st_size > 4 * LONGEST:  # four bytes are the longest character
            raise refused([Fault(file.name, "is too long")])
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeError) as fault:
        raise refused([Fault(file.name, f"cannot be read: {fault}")]) from fault
