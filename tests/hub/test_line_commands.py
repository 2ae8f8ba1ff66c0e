"""The commands about lines, as whoever runs a hub would type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("logs_as_before")

YAML = """\
percentile: 90
hook: https://example.org/alerts
lines:
- name: Fila única
  points: [caja-1]
"""


def test_lines_are_laid_out_by_a_file_and_shown_as_one(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "lines.yaml"
    file.write_text(YAML)
    code, said, _ = ready("lines", "set", "centro", str(file))
    assert code == 0
    first, second = said.splitlines()
    assert first == "centro has 1 line."
    words, _, key = second.rpartition(" ")
    assert words == "The key of its receiver of alerts, shown this once:"
    assert len(bytes.fromhex(key)) == 32
    shown = ready("lines", "show", "centro")[1]
    assert "id: fila-unica\n" in shown
    assert "percentile: 90\n" in shown
    assert key not in shown
    file.write_text(shown)
    assert ready("lines", "set", "centro", str(file))[1] == "centro has 1 line.\n"
    assert ready("lines", "show", "centro")[1] == shown


def test_a_store_without_lines_shows_what_it_would_begin_with(ready: Run) -> None:  # noqa: F811
    code, shown, _ = ready("lines", "show", "centro")
    assert code == 0
    assert shown.startswith("lines: []\n")


def test_faults_are_told_with_their_lines(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "lines.yaml"
    file.write_text(YAML.replace("90", "99").replace("caja-1", "caja-9"))
    code, _, told = ready("lines", "set", "centro", str(file))
    assert code == 1
    assert "✗ line 1: percentile: is no number from 50 to 95" in told
    assert "✗ line 5: lines.0.points: there is no register “caja-9”" in told
    assert "the lines stay as they were" in told


@pytest.mark.parametrize(
    ("store", "file"), [("nowhere", "lines.yaml"), ("centro", "none.yaml"), ("centro", "bytes")]
)
def test_what_cannot_be_done_is_said(ready: Run, tmp_path: Path, store: str, file: str) -> None:  # noqa: F811
    (tmp_path / "lines.yaml").write_text(YAML)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    code, _, told = ready("lines", "set", store, str(tmp_path / file))
    assert code == 1
    assert told.startswith("✗ ")


def test_a_file_that_is_too_long_is_not_read(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "lines.yaml"
    file.write_text("#" * 1_700_000)
    assert "is too long" in ready("lines", "set", "centro", str(file))[2]
