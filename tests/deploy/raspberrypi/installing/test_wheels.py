"""Wheels are laid out as they are, and nothing of them leaves its folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from deploy.raspberrypi.installing.wheels import lay_out, write_program
from shared.errors import DeviceError


def wheel(folder: Path, **files: str) -> Path:
    path = folder / "x-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return path


def test_modules_and_metadata_are_there_and_data_for_manuals_are_not(tmp_path: Path) -> None:
    files = {"x/__init__.py": "a = 1\n", "x-1.dist-info/METADATA": "", "x-1.data/data/x.1": ""}
    lay_out([wheel(tmp_path, **files)], tmp_path / "site")
    assert (tmp_path / "site/x/__init__.py").read_text() == "a = 1\n"
    assert (tmp_path / "site/x-1.dist-info/METADATA").exists()
    assert not (tmp_path / "site/x-1.data").exists()


@pytest.mark.parametrize("name", ["../x.py", "x/../../y.py"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeviceError, match="leads out"):
        lay_out([wheel(tmp_path, **{name: ""})], tmp_path / "site")


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.whl").write_bytes(b"PK no")
    with pytest.raises(DeviceError, match=r"bad\.whl cannot be unpacked"):
        lay_out([tmp_path / "bad.whl"], tmp_path / "site")


def test_the_program_starts_by_the_python_of_its_own_version(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    write_program(tmp_path, "/data/semblante/versions/1/venv/bin/python")
    program = tmp_path / "bin/semblante-kiosk"
    assert program.read_text().startswith("#!/data/semblante/versions/1/venv/bin/python\n")
    assert program.stat().st_mode & 0o777 == 0o755
