"""docs/licences.md, which `make licences` writes: the licence of each thing that is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.release.assets import assets
from deploy.release.packages import LISTS, installed_with

PAGE: Final = Path("docs/licences.md")

_HEAD: Final = """\
# Licences of what is shipped

Semblante itself is under the [Apache License 2.0](../LICENSE). This page is written by
`make licences` from the locked lists and from what the packages say of themselves, and is under
test (`tests/deploy/release/test_licence_page.py`): it cannot be older than the lists. Where
somebody used words and not an SPDX expression, these are their words. Versions stand in the
[bills of materials](releases.md).

`psycopg` (LGPL) is installed on the hub unchanged, as a package of its own, and can be replaced by
whoever runs the machine. All the others ask for no more than that their notices are kept, and
these come with the packages.
"""


def licence_page(root: Path) -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n{line}" for line in _lines(root))


def _lines(root: Path) -> Iterator[str]:
    for program in LISTS:
        yield f"## With the {program}\n"
        yield "| what | licence |"
        yield "| --- | --- |"
        rows = {(one.name, one.licence) for one in installed_with(root, program)}
        yield from (f"| `{name}` | {licence} |" for name, licence in sorted(rows))
        yield from (
            f"| `{one.name}`, files in `{one.licence_file.parent}` | {one.licence} |"
            for one in assets(root, program)
        )
        yield ""
