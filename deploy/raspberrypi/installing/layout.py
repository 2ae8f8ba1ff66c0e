"""Where everything lies on a kiosk, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deploy.plans.folders import Rights

HOME: Final = "/data/semblante"
VERSIONS: Final = f"{HOME}/versions"
CURRENT: Final = f"{HOME}/current"
PREVIOUS: Final = f"{HOME}/previous"
COMPLETE: Final = ".complete"
"""Written last into the folder of a version: without it that folder is worth nothing."""

USER: Final = "semblante"
UPDATER: Final = "semblante-update"
GROUPS: Final = ("video", "render", "input", "gpio", "dialout")
"""The glass, its graphics, the touch, the buttons and the till; nothing else."""

FOLDERS: Final[Mapping[str, Rights]] = {
    "/data": (0o755, "root", "root"),
    HOME: (0o1775, "root", USER),
    VERSIONS: (0o755, UPDATER, UPDATER),
    f"{HOME}/identity": (0o750, USER, USER),
    f"{HOME}/inbox": (0o2775, USER, USER),
}
"""In HOME both users may make files, and only its owner may rename one: the kiosk makes its outbox
there, and cannot set another version of its program."""

UNITS: Final = "/etc/systemd/system"


def version_folder(version: str) -> str:
    """The folder of one version."""
    return f"{VERSIONS}/{version}"
