"""What the image lacks of Debian travels along: chosen by a real apt, from its own sources."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from deploy.raspberrypi.cards.debs import CarriedPackages, plain_name, with_keys
from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.tools import Fat
from shared.errors import DeviceError
from tests.parts.cards import make_image

INSTALLED = "Package: python3\nStatus: install ok installed\nArchitecture: arm64\nVersion: 3.13\n\n"


def repository(folder: Path) -> Path:
    """A repository of two packages, the first of which needs the second."""
    folder.mkdir()
    entries = ""
    for name, needs in (("libgl1", "Depends: libllvm19, python3\n"), ("libllvm19", "")):
        tree = folder / name / "DEBIAN"
        tree.mkdir(parents=True)
        control = (
            f"Package: {name}\nVersion: 1:19-1\nArchitecture: arm64\n{needs}"
            "Maintainer: us <us@example.invalid>\nDescription: a test\n"
        )
        (tree / "control").write_text(control)
        deb = folder / f"{name}.deb"
        words = ["dpkg-deb", "--build", "--root-owner-group", str(folder / name), str(deb)]
        subprocess.run(words, check=True, capture_output=True, timeout=30)
        sha256 = hashlib.sha256(deb.read_bytes()).hexdigest()
        entries += f"{control}Filename: ./{deb.name}\nSize: {deb.stat().st_size}\n"
        entries += f"SHA256: {sha256}\n\n"
    (folder / "Packages").write_text(entries)
    return folder


def card(folder: Path, sources: str) -> Path:
    image = folder / "card.img"
    more = {"var/lib/dpkg/status": INSTALLED, "etc/apt/sources.list": sources}
    make_image(image, folder, more)
    return image


def test_what_is_missing_lies_beside_the_bundle_and_is_fetched_once(tmp_path: Path) -> None:
    there = repository(tmp_path / "repository")
    image = card(tmp_path, f"deb [trusted=yes] copy:{there} ./\n")
    step = CarriedPackages(image, ("libgl1", "python3"), tmp_path / "cache")
    assert step.lacks() == ["libgl1"]
    step.do()
    assert step.lacks() == []
    boot = Fat(image, read_table(image).boot)
    for name in ("libgl1", "libllvm19"):
        assert boot.read(f"semblante/debs/{name}_1_19-1_arm64.deb")


def test_what_cannot_be_fetched_is_told_and_tried_again(tmp_path: Path) -> None:
    image = card(tmp_path, f"deb [trusted=yes] copy:{tmp_path}/nothing ./\n")
    step = CarriedPackages(image, ("libgl1",), tmp_path / "cache")
    for _ in range(2):
        with pytest.raises(DeviceError, match="could not be fetched"):
            step.do()
    assert step.lacks() == ["libgl1"]


def test_an_image_that_has_everything_needs_nothing(tmp_path: Path) -> None:
    assert CarriedPackages(card(tmp_path, ""), ("python3",), tmp_path).lacks() == []


def test_keys_are_those_of_the_image() -> None:
    source = "Signed-By: /usr/share/keyrings/raspberrypi.gpg\n"
    assert with_keys(source, Path("/x")) == "Signed-By: /x/keys/keyrings/raspberrypi.gpg\n"
    assert plain_name("libz3-4_1%3a4.13_arm64.deb") == "libz3-4_1_4.13_arm64.deb"
