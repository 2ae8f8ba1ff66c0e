"""The list of given names that free texts are held against; it is ours, and stays on the hub."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from hub.core.masking import Mask

FILE = "given_names.txt"


@cache
def mask_by_list() -> Mask:
    """A mask that knows the names of the list."""
    text = files("hub.adapters").joinpath(FILE).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return Mask(frozenset(name for line in lines for name in line.split()))
