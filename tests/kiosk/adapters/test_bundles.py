"""Nothing of a bundle is believed before its signature, and no file of it before its hash."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from kiosk.adapters.bundles import release_keys, take_out, verified
from shared.bundles import write_manifest
from shared.errors import DeviceError
from tests.parts.releases import PROGRAM, Releases


@pytest.fixture
def releases() -> Releases:
    return Releases()


def refused(bundle: Path, releases: Releases) -> str:
    with pytest.raises(DeviceError) as fault:
        verified(bundle, [releases.key])
    assert fault.value.hint
    return fault.value.code


def test_a_bundle_that_is_right_is_what_its_manifest_says(
    tmp_path: Path, releases: Releases
) -> None:
    bundle = releases.build(tmp_path / "b.tar", "1.2", 7)
    stranger = Releases().key
    assert verified(bundle, [stranger, releases.key]) == releases.manifest("1.2", 7)


def test_what_a_stranger_signed_is_refused(tmp_path: Path, releases: Releases) -> None:
    bundle = Releases().build(tmp_path / "b.tar", "1.2", 7)
    assert refused(bundle, releases) == "signature"
    with pytest.raises(DeviceError, match="signed"):
        verified(bundle, [])


def test_a_manifest_that_was_altered_is_refused_before_it_is_read(
    tmp_path: Path, releases: Releases
) -> None:
    altered = write_manifest(releases.manifest("1.2", 8))
    bundle = releases.pack(tmp_path / "c.tar", altered, b"\0" * 64, releases.files)
    assert refused(bundle, releases) == "signature"
    bundle = releases.pack(tmp_path / "d.tar", b"no manifest", b"short", {})
    assert refused(bundle, releases) == "signature"


@pytest.mark.parametrize("what", ["altered", "more", "less", "longer"])
def test_a_file_that_is_not_what_was_signed_is_refused(
    tmp_path: Path, releases: Releases, what: str
) -> None:
    manifest = write_manifest(releases.manifest("1.2", 7))
    signature = releases._key.sign(b"semblante-bundle-v1\n" + manifest)
    files = dict(releases.files)
    if what == "altered":
        files["wheels/program"] = PROGRAM[:-1] + b"!"
    elif what == "longer":
        files["wheels/program"] = PROGRAM + b"!"
    elif what == "more":
        files["wheels/evil"] = b""
    elif what == "less":
        del files["install.pyz"]
    bundle = releases.pack(tmp_path / "c.tar", manifest, signature, files)
    assert refused(bundle, releases) == "truncated"


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path, releases: Releases) -> None:
    manifest = write_manifest(releases.manifest("1.2", 7))
    signature = releases._key.sign(b"semblante-bundle-v1\n" + manifest)
    bundle = releases.pack(tmp_path / "b.tar", manifest, signature, {})
    with tarfile.open(bundle, "a") as tar:
        link = tarfile.TarInfo("wheels/program")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert refused(bundle, releases) == "truncated"


def test_a_bundle_that_was_cut_anywhere_is_refused(tmp_path: Path, releases: Releases) -> None:
    content = releases.build(tmp_path / "b.tar", "1.2", 7).read_bytes()
    last = content.rindex(PROGRAM) + len(PROGRAM)
    short = tmp_path / "short.tar"
    for end in [0, 1, 511, 512, 513, *range(600, last, 331), last - 1]:
        short.write_bytes(content[:end])
        assert refused(short, releases) in ("truncated", "signature"), end


def test_bytes_that_are_no_tar_and_no_file_at_all_are_refused(
    tmp_path: Path, releases: Releases
) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(range(256)) * 20)
    assert refused(noise, releases) == "truncated"
    assert refused(tmp_path / "nothing", releases) == "truncated"


def test_one_file_is_taken_out_and_verified_once_more(tmp_path: Path, releases: Releases) -> None:
    bundle = releases.build(tmp_path / "b.tar", "1.2", 7)
    expected = releases.manifest("1.2", 7).files["wheels/program"]
    take_out(bundle, "wheels/program", expected, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == PROGRAM
    with pytest.raises(DeviceError):
        take_out(bundle, "install.pyz", expected, tmp_path / "out")
    with pytest.raises(DeviceError):
        take_out(bundle, "nothing", expected, tmp_path / "out")


def test_keys_are_read_and_a_spoiled_list_of_them_is_told(
    tmp_path: Path, releases: Releases
) -> None:
    assert release_keys(releases.write_keys(tmp_path / "keys")) == (releases.key,)
    for content in ("", "{}", "[1]", '[{"id":"x","public":"y"}]'):
        (tmp_path / "keys").write_text(content)
        if content == "{}":
            assert release_keys(tmp_path / "keys") == ()
            continue
        with pytest.raises(DeviceError) as fault:
            release_keys(tmp_path / "keys")
        assert fault.value.code == "keys"
