"""The pictures for the hub's builder: made by the real rendering, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kiosk.__main__ import main
from kiosk.core.effects import Asking, Resting, Thanks
from shared.errors import SettingsError
from shared.notices import Deed, KioskSettings
from shared.programme import default_programme
from shared.questions import Questionnaire
from shared.wire import encode
from tests.screen.questions import EVERY, QUESTIONNAIRE

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0

pytestmark = pytest.mark.screen


@pytest.fixture(autouse=True)
def _logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    # Loggers remember how they were set up when they first spoke: other tests would inherit it.
    monkeypatch.setattr("kiosk.wiring.drawing.configure_logs", lambda _style, _level: None)


def settings(questionnaire: Questionnaire | None = QUESTIONNAIRE) -> bytes:
    return encode(KioskSettings(1, "Centro", "Caja 3", ("es",), questionnaire=questionnaire))


def draw(message: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "draw", "--settings", "-", *options],
        cwd=ROOT,
        input=message,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def test_every_question_becomes_one_picture_of_the_size_of_the_glass(tmp_path: Path) -> None:
    done = draw(settings(), "--into", str(tmp_path), "--language", "ar", "--size", "480x800")
    assert done.returncode == 0, done.stderr
    names = [f"{number}-{one.id}.png" for number, one in enumerate(EVERY, 1)]
    assert done.stdout.decode().split() == [str(tmp_path / name) for name in names]
    pictures = [Image.open(tmp_path / name) for name in names]
    assert {picture.size for picture in pictures} == {(480, 800)}
    assert len({picture.tobytes() for picture in pictures}) == len(EVERY)


def test_one_question_alone_can_be_drawn_by_night_into_a_folder_that_is_new(
    tmp_path: Path,
) -> None:
    into = tmp_path / "new" / "folder"
    done = draw(settings(), "--into", str(into), "--question", "tidy", "--night")
    assert done.returncode == 0, done.stderr
    (file,) = into.iterdir()
    assert file.name == "3-tidy.png"
    dark = Image.open(file).getpixel((2, 2))
    assert isinstance(dark, tuple)
    assert max(dark) < 60


def test_the_pages_around_a_sale_are_drawn_also_where_there_is_no_questionnaire(
    tmp_path: Path,
) -> None:
    deed = Deed({"es": "Faltaba pan"}, {"es": "Hay horno"})
    message = encode(replace(default_programme(1), store_name="Centro", deed=deed))
    done = draw(message, "--into", str(tmp_path), "--pages", "--language", "ar")
    assert done.returncode == 0, done.stderr
    names = ["1-resting.png", "2-asking.png", "3-thanks.png"]
    assert done.stdout.decode().split() == [str(tmp_path / name) for name in names]
    pictures = [Image.open(tmp_path / name) for name in names]
    assert {picture.size for picture in pictures} == {(800, 480)}
    assert len({picture.tobytes() for picture in pictures}) == 3


def test_what_is_at_rest_is_drawn_with_the_deed_and_the_invitation() -> None:
    from kiosk.wiring.drawing import around_a_sale  # noqa: PLC0415

    deed = Deed({"es": "Faltaba pan"}, {"es": "Hay horno"})
    whole = replace(default_programme(1), deed=deed, questionnaire=QUESTIONNAIRE)
    (_, resting), (_, asking), (_, thanks) = around_a_sale(whole, "es")
    assert isinstance(resting, Resting)
    assert (resting.deed, resting.invited) == (deed, True)
    assert isinstance(asking, Asking)
    assert asking.question == whole.question
    assert isinstance(thanks, Thanks)
    assert (thanks.reasons, thanks.chosen) == (whole.reasons, None)


def told(tmp_path: Path, message: bytes, *options: str) -> int:
    file = tmp_path / "settings.json"
    file.write_bytes(message)
    return main(["draw", "--settings", str(file), "--into", str(tmp_path / "into"), *options])


@pytest.mark.parametrize(
    "message", [b"", b"{", b"[]", b"\xff\xfe", b'{"v":99}', settings()[:-20]], ids=repr
)
def test_a_message_that_cannot_be_read_ends_with_one_and_a_hint(
    tmp_path: Path, message: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, message) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("  → ")
    assert not (tmp_path / "into").exists()


def test_settings_without_a_questionnaire_and_a_file_that_is_not_there_end_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, settings(None)) == 2
    assert "no questionnaire" in capsys.readouterr().err
    assert main(["draw", "--settings", str(tmp_path / "none"), "--into", str(tmp_path)]) == 2


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    from kiosk.wiring.drawing import write  # noqa: PLC0415

    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="no folder to write to"):
        list(write([], (800, 480), tmp_path / "file" / "into", night=False))


@pytest.mark.parametrize("size", ["800", "800x", "x480", "10x10", "99999x480", "-8x4", "axb"])
def test_a_size_of_no_glass_ends_with_two(
    tmp_path: Path, size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        told(tmp_path, settings(), f"--size={size}")
    assert ended.value.code == 2
    assert "size" in capsys.readouterr().err
