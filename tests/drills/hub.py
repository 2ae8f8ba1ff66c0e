"""A hub process of a drill: the real one, `run` and all; or one without a safeguard."""

from __future__ import annotations

import os

from hub import __main__ as hub
from tests.drills.safeguards import without

REMOVED = "DRILL_WITHOUT"
"""The environment variable that names the safeguard to remove."""


def main() -> None:
    """Run its command."""
    with without(os.environ.get(REMOVED, "")):
        hub.main()


if __name__ == "__main__":
    main()
