"""Which code page a till's letters are written in, as far as they tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kiosk.core import escpos
from kiosk.core.learning_streams import commands_in, plain_text
from kiosk.core.receipts import AUTO, CODE_PAGES, FIRST_PAGE

PAGES: Final = (
    FIRST_PAGE, "cp850", "cp858", "cp1252", "cp852", "cp1250", "iso8859-15", "cp866", "cp1251",
    "cp737", "cp1253", "cp857", "cp1254", "gb18030", "shift_jis", "euc_kr", "big5",
)  # fmt: skip
"""In the order of trying; of two that read alike the first."""

_SIGNS: Final = frozenset("€£¥ºª°¿¡·–—“”‘’«»§")
_RIGHT: Final = 0.9


def page_of(datas: Sequence[bytes]) -> tuple[str, str]:
    """The encoding to set, and why."""
    chosen = {one[2] for data in datas for one in commands_in(data) if one[:2] == escpos.CODE_PAGE}
    if chosen & CODE_PAGES.keys():
        page = CODE_PAGES[min(chosen & CODE_PAGES.keys())]
        return AUTO, f"the till itself chooses its page, {page}"
    text = plain_text(datas)
    odd = sum(byte >= 0x80 for byte in text)
    if not odd:
        return AUTO, "only letters without accents were printed"
    return _likeliest(text, odd)


def _likeliest(text: bytes, odd: int) -> tuple[str, str]:
    if "\ufffd" not in text.decode("utf-8", "replace"):
        return "utf-8", f"all {odd} bytes beyond ASCII read well"
    marks = {page: _share(text, page) for page in PAGES}
    best = max(marks.values())
    alike = [page for page, mark in marks.items() if mark == best]
    if best < _RIGHT:
        return AUTO, "its page could not be told; the rules do without accents"
    if len(alike) > 1:
        return _setting(alike[0]), f"as well as {', '.join(alike[1:3])}; the rules hold in each"
    return _setting(alike[0]), f"{best:.0%} of its accented letters stand as in words"


def _setting(page: str) -> str:
    return AUTO if page == FIRST_PAGE else page


def _share(text: bytes, page: str) -> float:
    """How many of the letters beyond ASCII look right beside their neighbours."""
    told = f" {text.decode(page, 'replace')} "
    odd = [at for at, sign in enumerate(told) if not sign.isascii()]
    right = sum(_fits(told[at - 1], told[at], told[at + 1]) for at in odd)
    return right / len(odd) if odd else 0.0


def _fits(before: str, sign: str, behind: str) -> bool:
    if sign in _SIGNS:
        return True
    if not sign.isalpha():
        return False
    beside = [one for one in (before, behind) if one.isalpha()]
    return bool(beside) and any(one.isupper() == sign.isupper() for one in beside)
