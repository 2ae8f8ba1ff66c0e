"""A real sshd on a free port of loopback, with keys of its own; optionally inside another root."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts.ports import free_port, wait_for_port

SSHD = Path("/usr/sbin/sshd")


@contextmanager
def sshd(folder: Path, inside: Path | None = None) -> Iterator[tuple[str, ...]]:
    """Yields the options by which ssh reaches it as root."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in ("host", "key"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(words, check=True, timeout=30)
    (folder / "authorized").write_bytes((folder / "key.pub").read_bytes())
    (folder / "authorized").chmod(0o600)
    port = free_port()
    forced = f'\nForceCommand chroot {inside} /bin/sh -c "$SSH_ORIGINAL_COMMAND"' if inside else ""
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nPermitRootLogin yes\nStrictModes no\n"
        f"UsePAM no\nPasswordAuthentication no{forced}\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    words = [str(SSHD), "-D", "-e", "-f", str(folder / "sshd_config")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for_port(port)
            yield (
                f"-oPort={port}", f"-oIdentityFile={folder}/key", "-oIdentitiesOnly=yes",
                f"-oUserKnownHostsFile={folder}/known", "-oUser=root",
            )  # fmt: skip
        finally:
            running.terminate()
            running.wait(timeout=20)
