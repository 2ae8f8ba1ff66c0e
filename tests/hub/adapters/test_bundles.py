"""A hub takes only bundles that are whole, and hands them out as they came."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.adapters.bundles import BundleShelf
from shared.bundles import write_manifest
from shared.errors import DeviceError
from tests.parts.releases import Releases


@pytest.fixture
def releases() -> Releases:
    return Releases()


@pytest.fixture
def shelf(tmp_path: Path, releases: Releases) -> BundleShelf:
    return BundleShelf(tmp_path / "shelf", releases.write_keys(tmp_path / "keys.json"))


def refused(shelf: BundleShelf, file: Path) -> str:
    with pytest.raises(DeviceError) as fault:
        shelf.add(file)
    assert not shelf.bundles()
    return fault.value.code


def test_bundles_are_kept_and_listed_the_newest_first(
    tmp_path: Path, shelf: BundleShelf, releases: Releases
) -> None:
    for version, serial in (("1.0", 1), ("1.2", 3), ("1.1", 2)):
        shelf.add(releases.build(tmp_path / "new.tar", version, serial))
    assert [one.version for one in shelf.bundles()] == ["1.2", "1.1", "1.0"]
    file = shelf.file("1.1")
    assert file is not None
    assert file.read_bytes() == releases.build(tmp_path / "again.tar", "1.1", 2).read_bytes()
    assert shelf.file("9.9") is shelf.file("../hub") is None


def test_a_version_never_changes(tmp_path: Path, shelf: BundleShelf, releases: Releases) -> None:
    first = releases.build(tmp_path / "a.tar", "1.0", 1)
    shelf.add(first)
    shelf.add(first)
    with pytest.raises(DeviceError, match="another bundle"):
        shelf.add(releases.build(tmp_path / "b.tar", "1.0", 2))


def test_what_is_not_whole_or_not_signed_is_refused(
    tmp_path: Path, shelf: BundleShelf, releases: Releases
) -> None:
    good = releases.build(tmp_path / "good.tar", "1.0", 1)
    short = tmp_path / "short.tar"
    short.write_bytes(good.read_bytes()[:3_000])
    assert refused(shelf, short) == "bundle"
    assert refused(shelf, tmp_path / "nothing.tar") == "bundle"
    stranger = Releases().build(tmp_path / "stranger.tar", "1.0", 1)
    assert refused(shelf, stranger) == "signature"
    manifest = write_manifest(releases.manifest("1.0", 1))
    signature = releases._key.sign(b"semblante-bundle-v1\n" + manifest)
    for files in ({}, {**releases.files, "more": b""}, {**releases.files, "wheels/program": b"!"}):
        packed = releases.pack(tmp_path / "bad.tar", manifest, signature, files)
        assert refused(shelf, packed) == "bundle"


def test_without_keys_whoever_signed_is_the_kiosks_business(
    tmp_path: Path, releases: Releases
) -> None:
    shelf = BundleShelf(tmp_path / "shelf")
    assert not shelf.bundles()
    assert shelf.add(releases.build(tmp_path / "b.tar", "1.0", 1)).serial == 1
    with pytest.raises(DeviceError, match="cannot be read"):
        BundleShelf(tmp_path / "shelf", tmp_path / "none.json").add(tmp_path / "b.tar")
