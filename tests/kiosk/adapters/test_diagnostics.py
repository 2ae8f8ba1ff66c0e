"""A diagnostic file is whole or not there, and only the newest few are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.adapters.diagnostics import MOST_KEPT, machine, write_diagnosis
from shared.errors import HardwareError

AT = 1_760_000_000_000


def test_it_is_named_by_kiosk_and_time_and_read_as_it_was_written(tmp_path: Path) -> None:
    file = write_diagnosis(tmp_path / "new" / "folder", "k-012-03", AT, {"é": [1]})
    assert file.name == "k-012-03-20251009T085320Z.json"
    assert json.loads(file.read_text()) == {"é": [1]}
    assert not list(file.parent.glob("*.half"))


def test_only_the_newest_are_kept_and_nobody_elses_are_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.json").touch()
    files = [write_diagnosis(tmp_path, "k-1", AT + 1_000 * n, {}) for n in range(MOST_KEPT + 3)]
    assert sorted(tmp_path.glob("k-1-*.json")) == files[3:]
    assert (tmp_path / "notes.json").exists()


def test_a_folder_that_cannot_be_had_is_a_sentence_for_people(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HardwareError) as raised:
        write_diagnosis(tmp_path / "file", "k-1", AT, {})
    assert "[panel] diagnostics" in raised.value.hint


def test_the_machine_says_what_it_is() -> None:
    assert set(machine()) == {"python", "system", "kernel", "processor"}
