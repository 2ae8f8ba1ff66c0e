"""The one window of the test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.screen.rig import Rig
from tests.screen.samples import RESTING


@pytest.fixture(scope="session")
def _window() -> Rig:
    return Rig()


@pytest.fixture
def rig(_window: Rig) -> Iterator[Rig]:
    """The window with the resting page on it and nothing reported yet."""
    _window.pace(0)
    _window.show(RESTING)
    _window.take_events()
    yield _window
    _window.show(RESTING)
