"""Which letters a kiosk can draw; of others its glass shows boxes.

The fonts that it brings along (`kiosk/screen/fonts`) have no others, and a text is drawn by one of
them as a whole: where an Arabic letter is among it by the Arabic one. That this is what the files
have is tested in tests/screen/test_scripts.py.
"""

from __future__ import annotations

from typing import Final


def _ranges(text: str) -> frozenset[str]:
    spans = [span.partition("-") for span in text.split()]
    return frozenset(
        chr(code) for a, _, b in spans for code in range(int(a, 16), int(b or a, 16) + 1)
    )


OURS: Final = _ranges(
    "20-7e a0-ac ae-b4 b6-107 10a-113 116-11b 11e-123 126-127 12a-12b 12e-133 136-137 139-13e "
    "141-148 150-155 158-15b 15e-165 16a-16b 16e-17e 192 218-21b 2009 2013-2014 2018-201a "
    "201c-201e 2020 2022 2026 2039-203a 2044 20ac 20b9 2122 2212"
)
"""Those of the typeface that is meant."""

PLAIN: Final = _ranges(
    "20-7e a0-ac ae-17f 192 1a0-1a1 1af-1b0 218-21b 2bc 2c6-2c7 2d8-2dd 300-301 303 309 323 "
    "384-38a 38c 38e-3a1 3a3-3ce 400-486 488-513 1e80-1e85 1ea0-1ef9 2009 2010-2011 2013-2015 "
    "2018-201e 2020-2022 2025-2026 2030 2032-2033 2039-203a 2044 20a3-20a4 20a6-20ac 20b1 "
    "20b9-20ba 20bc-20bd 2116 2122 2212 221e 2248 2260 2264-2265"
)
"""Latin, Greek, Cyrillic, and signs: those of the spare one, which Kivy brings along."""

ARABIC: Final = OURS | _ranges(
    "606-61b 61d-6dc 6de-6ff 750-77f 2010-2011 fb50-fbc2 fdf0-fdfc fe70-fe74 fe76-fefc"
)
"""Arabic, and what stands beside it; not the whole sentence that is one letter (U+FDFD): nothing
draws it so wide."""

_ONLY_ARABIC: Final = ARABIC - PLAIN


def undrawn(text: str) -> str:
    """The first letter that no kiosk can draw; "" where all can be.

    What is neither a letter nor a sign (`str.isprintable`) is never drawn.
    """
    known = PLAIN if _ONLY_ARABIC.isdisjoint(text) else ARABIC
    return next((one for one in text if one not in known and one.isprintable()), "")
