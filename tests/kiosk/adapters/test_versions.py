"""What stands in the folder of versions is read as it is, also where somebody spoiled it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.disk import Card
from kiosk.adapters.versions import OUTCOMES, Versions, not_taken, outcomes_on, trial_on
from kiosk.core.readings import NotTaken
from kiosk.core.updating import Trial
from shared.bundles import Manifest, write_manifest
from shared.commands import Answer
from shared.health import MOST_ANSWERS


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    (tmp_path / "versions").mkdir()
    return Versions(tmp_path, Card())


def lay(folder: Path, version: str, serial: int, *, complete: bool = True) -> None:
    place = folder / "versions" / version
    place.mkdir()
    manifest = Manifest(version, serial, "any", "any", 1, {})
    (place / "manifest.json").write_bytes(write_manifest(manifest))
    if complete:
        (place / ".complete").touch()


def test_only_what_is_complete_counts(versions: Versions, tmp_path: Path) -> None:
    lay(tmp_path, "1", 10)
    lay(tmp_path, "2", 20, complete=False)
    (tmp_path / "current").symlink_to("versions/1")
    shelf = versions.shelf()
    assert (shelf.current, shelf.previous, dict(shelf.complete)) == ("1", None, {"1": 10})


@pytest.mark.parametrize("target", ["/etc", "versions/../x", "elsewhere/1", "versions/"])
def test_a_link_that_leads_elsewhere_is_none(
    versions: Versions, tmp_path: Path, target: str
) -> None:
    (tmp_path / "current").symlink_to(target)
    assert versions.shelf().current is None


def test_an_empty_or_spoiled_folder_is_read(versions: Versions, tmp_path: Path) -> None:
    assert trial_on(tmp_path, Card()) is None
    assert outcomes_on(tmp_path, Card()) == ()
    lay(tmp_path, "1", 10)
    (tmp_path / "versions" / "1" / "manifest.json").write_bytes(b"\0")
    assert dict(versions.shelf().complete) == {"1": 0}
    for spoiled in (b"", b"{}", b"[1]", b"\xff", b'[{"id":"x","outcome":"y","version":"z"}]'):
        (tmp_path / OUTCOMES).write_bytes(spoiled)
        assert outcomes_on(tmp_path, Card()) == ()


def test_the_last_outcomes_are_kept_each_order_once(versions: Versions, tmp_path: Path) -> None:
    for number in range(MOST_ANSWERS + 3):
        versions.tell(f"{number:016x}", "done", "2")
    versions.tell(f"{9:016x}", "rolled_back", "2")
    versions.tell(None, "done", "2")
    found = outcomes_on(tmp_path, Card())
    assert len(found) == MOST_ANSWERS
    assert found[-1] == Answer(f"{9:016x}", "rolled_back")
    assert versions.has_told(f"{9:016x}")
    assert not versions.has_told(f"{0:016x}")


def test_what_was_refused_last_is_known_by_its_version(versions: Versions, tmp_path: Path) -> None:
    assert not_taken(tmp_path, Card()) is None
    versions.tell("0" * 16, "signature", "1.5.0")
    assert not_taken(tmp_path, Card()) == NotTaken("1.5.0", "signature")
    versions.tell("1" * 16, "done", "1.6.0")
    assert not_taken(tmp_path, Card()) is None


def test_a_version_on_trial_is_named(versions: Versions, tmp_path: Path) -> None:
    versions.prepare(Trial("2", "1"))
    assert trial_on(tmp_path, Card()) == "2"
