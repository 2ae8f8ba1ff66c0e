"""A bundle: the manifest over every file, a signature over that, the same bytes every time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from deploy.raspberrypi.bundling.bundle import LOCKED, OUTBOX_SCHEMA, SOURCE
from deploy.raspberrypi.bundling.program import installer
from deploy.raspberrypi.bundling.signing import signer
from kiosk.adapters.outbox_tables import SCHEMA
from shared.bundles import MANIFEST, SIGNATURE, read_manifest, to_sign
from tests.parts.cards import make_bundle


def test_the_manifest_comes_first_its_signature_second_and_every_file_is_summed(
    tmp_path: Path,
) -> None:
    with tarfile.open(make_bundle(tmp_path, sign=lambda raw: hashlib.sha256(raw).digest())) as tar:
        names = tar.getnames()
        raw = {name: tar.extractfile(name).read() for name in names}  # type: ignore[union-attr]
    assert names[:2] == [MANIFEST, SIGNATURE]
    assert raw[SIGNATURE] == hashlib.sha256(to_sign(raw[MANIFEST])).digest()
    manifest = read_manifest(raw[MANIFEST])
    assert set(manifest.files) == set(names[2:])
    for name, promised in manifest.files.items():
        assert hashlib.sha256(raw[name]).hexdigest() == promised.sha256


def test_a_bundle_says_the_schema_that_its_kiosk_writes() -> None:
    """A number of its own, for the installer's side imports nothing of the kiosk's."""
    assert OUTBOX_SCHEMA == SCHEMA


def test_two_builds_of_the_same_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = make_bundle(tmp_path / "a"), make_bundle(tmp_path / "b")
    assert one.read_bytes() == other.read_bytes()
    assert installer(SOURCE) == installer(SOURCE)


def test_the_release_key_signs_and_its_public_half_travels_along(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    file = tmp_path / "release.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    release = signer(file)
    key.public_key().verify(release.sign(b"manifest"), b"manifest")
    assert key.public_key().public_bytes_raw().hex().encode() in release.keys


def test_the_installer_runs_on_the_standard_library_alone(tmp_path: Path) -> None:
    program = tmp_path / "install.pyz"
    program.write_bytes(installer(SOURCE))
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, make_bundle(tmp_path), "--root", tmp_path, "--check"],
        cwd="/", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "to be made" in done.stdout


@pytest.mark.parametrize("line", [line for line in LOCKED.read_text().splitlines() if "==" in line])
def test_every_package_is_locked_with_hashes(line: str) -> None:
    after = LOCKED.read_text().partition(line)[2].splitlines()[1]
    assert after.strip().startswith("--hash=sha256:")


def test_kivy_draws_without_the_packages_that_are_left_out() -> None:
    left_out = (
        "certifi charset_normalizer docutils idna kivy_garden pygments requests setuptools urllib3"
    )
    program = (
        f"import sys, os\nfor name in {left_out.split()}: sys.modules[name] = None\n"
        "os.environ.update(KIVY_NO_ARGS='1', SDL_VIDEODRIVER='offscreen', KIVY_NO_FILELOG='1')\n"
        "import kiosk.screen.app, kivy.core.window, kivy.core.text, kivy.core.image\n"
        "import gpiozero, serial, segno, PIL.Image, paho.mqtt.client, sqlalchemy, cryptography.x509"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-600:]
