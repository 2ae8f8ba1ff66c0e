"""The list of names is there, and says whose it is."""

from __future__ import annotations

from pathlib import Path

from hub.adapters import names
from hub.adapters.names import FILE, mask_by_list


def test_the_list_says_whose_it_is_and_every_name_of_it_is_taken_out() -> None:
    text = (Path(names.__file__).parent / FILE).read_text()
    assert "under its licence" in text
    listed = [name for line in text.splitlines() if line[:1] != "#" for name in line.split()]
    assert len(set(listed)) > 900
    assert [name for name in listed if name in mask_by_list()(f"x {name} x").split()] == []
