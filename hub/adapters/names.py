"""The list of given names that free texts are held against; it is ours, and stays on the hub."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from hub.core.masking import Mask

FILE = "given_names.txt"


@cache
def mask_by_list() -> Mask:
    """A mask that knows the names of the list, and which of them are words too."""
    text = files("hub.adapters").joinpath(FILE).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    names = {name for line in lines if not line.startswith("- ") for name in line.split()}
    words = {word for line in lines if line.startswith("- ") for word in line[2:].split()}
    return Mask(frozenset(names), frozenset(words))
