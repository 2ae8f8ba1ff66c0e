"""Which tests one of several workers runs by itself, and which are begun first.

A module goes to one worker whole. The longest begin: a worker that is left alone with one at the
end makes all others wait.
"""

from __future__ import annotations

from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = {
    "tests/browser": "browser",  # one hub and one Chromium for all its pages
    "tests/pi": "machines",  # one server is made of a bare root, and roots are made once
    "tests/deploy/hub/test_server.py": "machines",
    "tests/simulation": "simulation",
}
FIRST: Final = (
    "tests/pi/test_kiosk.py",  # keeps the bytecode that the story needs, too
    "tests/deploy/hub/test_server.py",
    "tests/pi",
    "tests/simulation",
    "tests/browser",
)


class InGroups(LoadScopeScheduling):
    """Gives out groups of modules; whoever is free takes the next."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InGroups:
    """How tests are given out, where there are several workers."""
    config.option.loadscopereorder = False  # the longest stand first already
    return InGroups(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first."""
    items.sort(key=lambda item: _rank(item.path.relative_to(config.rootpath).as_posix()))


def _group(place: str) -> str:
    named = (name for folder, name in TOGETHER.items() if place.startswith(folder))
    return next(named, place)


def _rank(place: str) -> int:
    begins = (at for at, folder in enumerate(FIRST) if place.startswith(folder))
    return next(begins, len(FIRST))
