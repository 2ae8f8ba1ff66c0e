"""Packages that travel along: what the image lacks, chosen by apt from the image's own sources."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.plans.packages import STATUS, installed_packages
from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.tools import Ext4, Fat, run
from shared.errors import DeviceError

FOLDER: Final = "semblante/debs"
_MARK: Final = f"{FOLDER}/all-of-them"
_KEYRINGS: Final = ("/usr/share/keyrings", "/etc/apt/keyrings", "/etc/apt/trusted.gpg.d")


@dataclass(frozen=True, slots=True)
class CarriedPackages:
    """A store has no internet: what the kiosk needs of Debian lies on the boot partition, chosen
    and verified by apt as the Pi itself would, fetched once and kept in the cache.
    """

    card: Path
    wanted: Sequence[str]
    cache: Path
    name: str = "Debian's packages for a store without internet"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Packages that the image has not, while they do not lie beside the bundle."""
        if not self.card.exists():
            return list(self.wanted)
        table = read_table(self.card)
        status = Ext4(self.card, table.root).read(STATUS).decode()
        missing = [one for one in self.wanted if one not in installed_packages(status)]
        marked = Fat(self.card, table.boot).read(_MARK).decode() == self._key(status)
        return [] if marked else missing

    def do(self) -> None:
        """Fetch what is not in the cache, then lay all of it there, and the mark last."""
        table = read_table(self.card)
        root, boot = Ext4(self.card, table.root), Fat(self.card, table.boot)
        status = root.read(STATUS).decode()
        kept = self.cache / "debs" / self._key(status)[:16]
        if not (kept / ".complete").exists():
            shutil.rmtree(kept, ignore_errors=True)
            (kept / "partial").mkdir(parents=True)
            fetch(root, self.lacks(), kept)
            (kept / ".complete").touch()
        for deb in sorted(kept.glob("*.deb")):
            boot.write(f"{FOLDER}/{plain_name(deb.name)}", deb.read_bytes())
        boot.write(_MARK, self._key(status).encode())

    def _key(self, status: str) -> str:
        return hashlib.sha256("\n".join([status, *self.wanted]).encode()).hexdigest()


def fetch(root: Ext4, packages: Sequence[str], into: Path) -> None:
    """Let this machine's apt do what the Pi's would: its list of what is installed, its sources,
    its keys. Nothing of this machine's own apt is read or changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name in ("lists/partial", "keys", "etc"):
            (here / name).mkdir(parents=True)
        (here / "status").write_bytes(root.read(STATUS))
        at = f"{root.image}?offset={root.partition.start}"
        run(("debugfs", "-R", f'rdump "/etc/apt" "{here}/etc"', at), may_fail=True)
        for keyring in _KEYRINGS:
            run(("debugfs", "-R", f'rdump "{keyring}" "{here}/keys"', at), may_fail=True)
        (here / "apt.conf").write_text(_conf(here, into))
        sources = [*here.glob("etc/apt/sources.list"), *here.glob("etc/apt/sources.list.d/*")]
        for source in sources:
            source.write_text(with_keys(source.read_text(), here))
        env = ("env", f"APT_CONFIG={here}/apt.conf")
        try:
            run((*env, "apt-get", "--quiet", "update"))
            get = ("apt-get", "--quiet", "--yes", "--no-install-recommends", "--download-only")
            run((*env, *get, "install", *packages))
        except DeviceError as fault:
            raise DeviceError(
                f"Debian's packages for the card could not be fetched: {fault}",
                hint="Cards are made where there is internet, and used where there is none.",
                code="debs",
            ) from fault


def with_keys(source: str, folder: Path) -> str:
    """A list of sources whose keys are those that were taken out of the image."""
    rows = "|".join(re.escape(one) for one in _KEYRINGS)
    return re.sub(rf"({rows})/", lambda found: f"{folder}/keys/{Path(found[1]).name}/", source)


def plain_name(deb: str) -> str:
    """A name that a FAT partition takes: apt writes the epoch of a version as %3a."""
    return deb.replace("%3a", "_")


def _conf(here: Path, into: Path) -> str:
    told = {
        "APT::Architecture": "arm64",
        "APT::Architectures": "arm64",
        "APT::Sandbox::User": "root",
        "Dir::State": here,
        "Dir::State::lists": here / "lists",
        "Dir::State::status": here / "status",
        "Dir::Etc": here / "etc/apt",
        "Dir::Etc::trustedparts": here / "keys/trusted.gpg.d",
        "Dir::Cache": here,
        "Dir::Cache::archives": into,
    }
    return "".join(f'{key} "{one}";\n' for key, one in told.items())
