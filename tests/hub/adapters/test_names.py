"""The list of names is there, and says whose it is."""

from __future__ import annotations

from pathlib import Path

from hub.adapters import names
from hub.adapters.names import FILE, mask_by_list


def test_the_list_says_whose_it_is_and_every_name_of_it_is_taken_out() -> None:
    text = (Path(names.__file__).parent / FILE).read_text()
    assert "under its licence" in text
    lines = [line for line in text.splitlines() if line[:1] != "#"]
    listed = [name for line in lines if line[:2] != "- " for name in line.split()]
    assert len(set(listed)) > 900
    assert [name for name in listed if name in mask_by_list()(f"x {name} x").split()] == []


def test_a_name_that_is_a_word_too_is_taken_out_where_it_is_written_as_a_name() -> None:
    text = (Path(names.__file__).parent / FILE).read_text()
    words = [w for line in text.splitlines() if line[:2] == "- " for w in line[2:].split()]
    assert len(words) > 50
    mask = mask_by_list()
    assert [word for word in words if word.title() in mask(f"x {word.title()} x").split()] == []
    assert mask("en abril") == "en abril"
