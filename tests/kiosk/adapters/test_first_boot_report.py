"""The report of the first boot is read as it was written, and rubbish is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.first_boot_report import NAME, Report, Stage, Trouble, read_report


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = Report(Stage.STUCK, "semblante.toml", "ab", (Trouble("no", "hint", "used", 3),))
    report.write(tmp_path / "data")
    assert read_report(tmp_path / "data") == report


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"[]", b"\xff", b'{"stage":"x"}', b"[" * 99_999])
def test_rubbish_is_no_report(rubbish: bytes, tmp_path: Path) -> None:
    assert read_report(tmp_path) is None
    (tmp_path / NAME).write_bytes(rubbish)
    assert read_report(tmp_path) is None
