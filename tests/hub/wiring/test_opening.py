from __future__ import annotations

from pathlib import Path

from hub.settings import load_settings
from hub.wiring import Office


def test_the_database_file_is_nobody_elses(tmp_path: Path) -> None:
    """It holds password hashes and answers."""
    (tmp_path / "hub.toml").write_text('[database]\nurl = "sqlite:///data/hub.db"\n')
    Office(load_settings(tmp_path / "hub.toml")).migrate()
    assert (tmp_path / "data" / "hub.db").stat().st_mode & 0o777 == 0o600
