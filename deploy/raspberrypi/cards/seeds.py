"""The settings file by somebody else's first boot: cloud-init's user-data, and rpi-preseed's TOML.

Both do no more than to put semblante.toml in its place and to install the bundle beside it; all
that a settings file means is decided in one place, by `semblante-kiosk first-boot`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Final

PLACE: Final = "/boot/firmware/semblante.toml"
INSTALL: Final = (
    "python3 /boot/firmware/semblante/install.pyz /boot/firmware/semblante/semblante-kiosk.tar"
)
BEGIN: Final = f"{INSTALL} && systemctl --no-block start semblante-firstboot.service"
"""The bundle lies beside the settings file; with it come our units. Installing takes minutes."""


def cloud_init(settings: str) -> str:
    """The file `user-data` of a boot partition; JSON is YAML, and nothing in it can be misread."""
    document = {
        "write_files": [
            {
                "path": PLACE,
                "permissions": "0600",
                "encoding": "b64",
                "content": _carried(settings),
            }
        ],
        "runcmd": [["sh", "-c", BEGIN]],
    }
    return f"#cloud-config\n{json.dumps(document, indent=1)}\n"


def rpi_preseed(settings: str) -> str:
    """The file `rpi-preseed.toml` of a boot partition.

    Its early commands wait for no network, but have five seconds each, so ours goes on behind
    them; each is run by a shell, so what they carry is made of letters that mean nothing to one.
    """
    put = f"umask 077; echo {_carried(settings)} | base64 -d > {PLACE}"
    commands = ", ".join(
        json.dumps(one) for one in (put, f"systemd-run --no-block sh -c '{BEGIN}'")
    )
    return f'config_version = "1.1"\n\n[runcmd]\nearly = [{commands}]\n'


def _carried(settings: str) -> str:
    return base64.b64encode(settings.encode()).decode()


SEEDS: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "plain": ("semblante.toml", str),
    "cloud-init": ("user-data", cloud_init),
    "rpi-preseed": ("rpi-preseed.toml", rpi_preseed),
}
"""By whose first boot: the name of the file that it reads, and what the settings become in it."""
