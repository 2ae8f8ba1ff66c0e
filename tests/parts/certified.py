"""A real mosquitto that asks for certificates of a small authority."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shared.topics import DOWNWARD, UPWARD
from tests.parts.authority import SmallAuthority
from tests.parts.ports import free_port, wait_for_port

WRITTEN = (*(channel.value for channel in UPWARD), "notice")

HUB = "hub/hub"
"""The name in the certificate of whoever plays the hub."""


@dataclass
class CertifiedBroker:
    """A mosquitto that lets in whoever this authority has signed, under that name."""

    folder: Path
    authority: SmallAuthority
    life: tuple[float, float] = (-1, 30)
    port: int = 0

    def __enter__(self) -> CertifiedBroker:
        self.port = free_port()
        certificate, key = self.authority.serve(self.folder, self.life)
        (self.folder / "authority.pem").write_text(self.authority.pem)
        # (A kiosk may say notices to itself here: that is how a test hears its own line.)
        (self.folder / "rights").write_text(
            f"user {HUB}\ntopic readwrite semblante/#\n"
            + "".join(f"pattern write semblante/v1/%u/{one}\n" for one in WRITTEN)
            + "".join(f"pattern read semblante/v1/%u/{one.value}\n" for one in DOWNWARD)
        )
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nuser {getpass.getuser()}\nallow_anonymous false\n"
            f"cafile {self.folder}/authority.pem\ncertfile {certificate}\nkeyfile {key}\n"
            "require_certificate true\nuse_identity_as_username true\n"
            f"use_username_as_clientid true\nacl_file {self.folder}/rights\nlog_type none\n"
        )
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert program is not None, "mosquitto is not installed: run “make setup”"
        self._process = subprocess.Popen(
            [program, "-c", str(self.folder / "mosquitto.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for_port(self.port)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(5)
