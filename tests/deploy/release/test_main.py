"""`make release`, from refusal to a folder that can be handed on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.release import __main__ as program
from deploy.release.__main__ import main, release
from deploy.release.packages import LISTS
from deploy.release.signing import is_signed
from shared.errors import ReleaseRefused
from tests.deploy.release.conftest import git
from tests.deploy.release.test_signing import written

ROOT = Path(__file__).parents[3]


@pytest.fixture
def ready(project: Path) -> Path:
    for name in (*map(str, LISTS.values()), "deploy/release/assets.toml"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text((ROOT / name).read_text())
    for folder in ("hub/web/static/vendor", "kiosk/screen/fonts"):
        (project / folder).mkdir(parents=True)
        for file in (ROOT / folder).iterdir():
            (project / folder / file.name).write_bytes(file.read_bytes())
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "What it is built of")
    return project


def test_a_release_is_a_folder_with_sums_and_three_bills(ready: Path, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    place = release(ready, tmp_path / "dist", written(key, tmp_path / "key.pem"))
    assert place == tmp_path / "dist" / "semblante-1.2.3"
    assert {file.name for file in place.iterdir()} == {
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "semblante-1.2.3-py3-none-any.whl",
        "semblante-1.2.3.tar.gz",
        "semblante-browser-1.2.3.cdx.json",
        "semblante-hub-1.2.3.cdx.json",
        "semblante-kiosk-1.2.3.cdx.json",
    }
    assert is_signed(place / "SHA256SUMS", key.public_key())
    for line in (place / "SHA256SUMS").read_text().splitlines():
        content, name = line.split("  ")
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == content
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["semblante-1.2.3"]
    with pytest.raises(ReleaseRefused, match="never overwritten"):
        release(ready, tmp_path / "dist", None)


def test_a_release_that_fails_half_way_leaves_nothing(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise ReleaseRefused("no bill today")

    monkeypatch.setattr(program, "write_bill", refuse)
    with pytest.raises(ReleaseRefused, match="no bill today"):
        release(ready, tmp_path / "dist", None)
    assert list((tmp_path / "dist").iterdir()) == []


def test_without_an_address_nothing_is_built_and_it_is_said_in_sentences(
    ready: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (ready / "SECURITY.md").write_text("**Report a weakness to:** (nobody yet: the owner is asked)")
    git(ready, "commit", "-q", "-a", "-m", "Nobody")
    monkeypatch.setattr(program, "ROOT", ready)
    assert main(["--into", str(tmp_path / "dist")]) == 1
    nobody, hint = capsys.readouterr().err.splitlines()
    assert nobody.startswith("no release: SECURITY.md names nobody: after “Report a weakness to:”")
    assert hint == "Mend what is named above, commit it, and run “make release” again."
    assert not (tmp_path / "dist").exists()


def test_what_stands_against_a_release_can_be_asked_alone(
    ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "ROOT", ready)
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == "nothing stands against a release\n"
    assert not (ready / "dist").exists()
    assert main(["--into", str(ready.parent / "dist")]) == 0
    assert "NOT signed (KEY=… signs it)" in capsys.readouterr().out
