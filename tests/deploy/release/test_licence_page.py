"""Everything that is shipped has a licence that somebody has looked at, and a line on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.release.assets import assets
from deploy.release.licence_page import PAGE, licence_page
from deploy.release.packages import LISTS, installed_with

ROOT = Path(__file__).parents[3]

LOOKED_AT = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"),
    *("MIT-CMU", "OFL-1.1", "PSF-2.0", "Zlib", "MPL-2.0", "EPL-2.0"),
    "LGPL-3.0-only",  # psycopg alone: a package of its own that is not changed
    "BSD",  # so says pyserial; its LICENSE.txt has three clauses
    "BSD License",  # so say Jinja2, segno and others; theirs have three clauses
    "Apache Software License",  # so says trove-classifiers, which builds us; theirs is 2.0
    "ISC License",  # so says shellingham
}


def test_the_page_is_what_the_locked_lists_say_today() -> None:
    """Red after “make lock”? Run “make licences”, and look at what changed."""
    assert (ROOT / PAGE).read_text() == licence_page(ROOT)


@pytest.mark.parametrize("program", LISTS)
def test_no_licence_is_shipped_that_nobody_has_looked_at(program: str) -> None:
    shipped = {one.name: one.licence for one in installed_with(ROOT, program)}
    shipped |= {one.name: one.licence for one in assets(ROOT, program)}
    for name, licence in shipped.items():
        assert set(re.split(r" (?:AND|OR|WITH) ", licence)) <= LOOKED_AT, (name, licence)


def test_psycopg_alone_is_under_the_lgpl() -> None:
    theirs = {
        one.name
        for program in LISTS
        for one in installed_with(ROOT, program)
        if "GPL" in one.licence
    }
    assert theirs == {"psycopg", "psycopg-binary"}
