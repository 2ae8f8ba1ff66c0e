"""Packages are those that travelled along; what is missing then is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.plans.machine import Machine
from deploy.plans.packages import installed_packages
from deploy.raspberrypi.installing.packages import Packages, wanted_packages
from shared.errors import DeviceError

STATUS = """\
Package: libgl1
Status: install ok installed
Version: 1

Package: libegl1
Status: deinstall ok config-files
"""


class Recorded(Machine):
    """A machine whose programs are only noted."""

    ran: list[tuple[str, ...]] = []  # noqa: RUF012 one machine a test

    def run(self, *words: str, user: str = "root", said: str = "") -> str:
        self.ran.append(words)
        return ""


def test_what_is_only_known_is_not_installed() -> None:
    assert installed_packages(STATUS) == {"libgl1"}
    assert wanted_packages("# why\nlibgl1  # the glass\n\nlibegl1\n") == ("libgl1", "libegl1")


@pytest.mark.parametrize("travels", [True, False])
def test_carried_packages_come_before_the_network(tmp_path: Path, travels: bool) -> None:
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(STATUS)
    machine, carried = Recorded(tmp_path), tmp_path / "debs"
    machine.ran.clear()
    carried.mkdir()
    if travels:
        (carried / "libegl1.deb").touch()
    step = Packages(machine, ("libgl1", "libegl1"), carried)
    assert step.lacks() == ["libegl1"]
    with pytest.raises(DeviceError, match="did not travel along: libegl1"):
        step.do()
    ran = [words[0] for words in machine.ran]
    assert ran == (["dpkg", "dpkg"] if travels else ["dpkg", "apt-get", "apt-get"])
