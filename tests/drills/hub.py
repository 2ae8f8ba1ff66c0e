"""A hub process of a drill: the real one, `run` and all; or one without a safeguard."""

from __future__ import annotations

import os

from hub.__main__ import main
from tests.drills.safeguards import without

REMOVED = "DRILL_WITHOUT"
"""The environment variable that names the safeguard to remove."""


if __name__ == "__main__":
    with without(os.environ.get(REMOVED, "")):
        main()
