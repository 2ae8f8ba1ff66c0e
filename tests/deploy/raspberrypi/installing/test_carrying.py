"""A bundle is read to its end, and everything that is amiss told, before anything is touched."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from deploy.raspberrypi.installing.carrying import open_bundle
from shared.bundles import MANIFEST
from shared.errors import DeviceError
from tests.parts.cards import make_bundle


def test_a_whole_bundle_is_opened_and_unpacked(tmp_path: Path) -> None:
    bundle = open_bundle(make_bundle(tmp_path, "2.0.0", sign=lambda raw: b"s" * 64))
    assert bundle.manifest.version == "2.0.0"
    bundle.unpack(tmp_path / "into")
    assert (tmp_path / "into" / "packages.txt").read_text() == "libgl1\n"
    assert (tmp_path / "into" / "manifest.sig").read_bytes() == b"s" * 64
    assert bundle.below("units").keys() == {
        "semblante-firstboot.service",
        "semblante-glass@.service",
        "semblante-install.service",
    }


@pytest.mark.parametrize("kept", [0, 100, 600, 1500, 4000])
def test_a_bundle_that_was_cut_off_is_refused(tmp_path: Path, kept: int) -> None:
    bundle = make_bundle(tmp_path)
    bundle.write_bytes(bundle.read_bytes()[:kept])
    with pytest.raises(DeviceError):
        open_bundle(bundle)


def test_a_file_that_is_not_as_promised_is_named(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path)
    bundle.write_bytes(bundle.read_bytes().replace(b"libgl1", b"libgl2"))
    with pytest.raises(DeviceError, match=r"damaged or was cut off: packages\.txt"):
        open_bundle(bundle)


def test_what_the_manifest_does_not_name_is_not_unpacked(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path)
    with tarfile.open(bundle, "a") as tar:
        for name in ("../outside", "more.sh"):
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    open_bundle(bundle).unpack(tmp_path / "into")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "into" / "more.sh").exists()


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../b", "a//b"])
def test_a_manifest_whose_names_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeviceError):
        open_bundle(make_bundle(tmp_path, more={name: b"x"}))


def test_a_bundle_without_a_manifest_in_front_is_none(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("first"), io.BytesIO())
        tar.addfile(tarfile.TarInfo(MANIFEST), io.BytesIO())
    with pytest.raises(DeviceError, match="no manifest comes first"):
        open_bundle(tmp_path / "x.tar")


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    bundle, other = make_bundle(tmp_path), tmp_path / "other.tar"
    with tarfile.open(bundle) as reading, tarfile.open(other, "w") as writing:
        for member in reading:
            if member.name == "packages.txt":
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/shadow", 0
            writing.addfile(member, reading.extractfile(member) if member.isfile() else None)
    with pytest.raises(DeviceError, match=r"packages\.txt"):
        open_bundle(other)
