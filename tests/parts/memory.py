"""Folders that nothing waits for: what a test puts there need not outlive it, nor reach a disk.

For tests that say themselves what a sync does, or which do not ask: a disk's takes 4 ms each.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

_MEMORY: Final = Path("/dev/shm")


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder in memory where there is one, gone at the end."""
    where = _MEMORY if _MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="semblante-test-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """As `tmp_path`, in memory."""
    with memory_folder() as folder:
        yield folder
