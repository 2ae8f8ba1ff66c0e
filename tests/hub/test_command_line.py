"""What every command begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.command_line import text_of
from hub.core.notation import LONGEST
from shared.errors import LayoutRefused, QuestionnaireRefused


def test_a_file_is_read_whatever_editor_began_it(tmp_path: Path) -> None:
    file = tmp_path / "lines.yaml"
    file.write_bytes("\ufefffila: única".encode())
    assert text_of(file, LayoutRefused) == "fila: única"


@pytest.mark.parametrize("refused", [LayoutRefused, QuestionnaireRefused])
@pytest.mark.parametrize(
    ("data", "reason"),
    [(None, "cannot be read"), (b"\xff", "cannot be read"), (bytes(4 * LONGEST + 1), "too long")],
)
def test_what_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path,
    data: bytes | None,
    reason: str,
    refused: type[LayoutRefused | QuestionnaireRefused],
) -> None:
    file = tmp_path / "odd.yaml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(refused, match=reason) as raised:
        text_of(file, refused)
    assert "odd.yaml" in str(raised.value)
