"""Where everything lies on a kiosk, and whose it is."""

from __future__ import annotations

from typing import Final

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

GROUP_OF: Final = {HOME: USER}
"""Where a folder's group is not its owner's."""

FOLDERS: Final = {
    "/data": (0o755, "root"),
    HOME: (0o1775, "root"),
    VERSIONS: (0o755, UPDATER),
    f"{HOME}/identity": (0o750, USER),
    f"{HOME}/inbox": (0o2775, USER),
}
"""Each with its rights and its owner. In HOME both users may make files, and only its owner may
rename one: the kiosk makes its outbox there, and cannot set another version of its program."""

UNITS: Final = "/etc/systemd/system"


def version_folder(version: str) -> str:
    """The folder of one version."""
    return f"{VERSIONS}/{version}"
