"""What the panels of the page Queue show that are worked out by jobs."""

from __future__ import annotations

from typing import Any

from hub.core.queue_views import Known
from hub.web.parts import Parts


def panels(parts: Parts, known: Known, day: int, language: str) -> dict[str, Any]:
    """What templates/queue_whatif.html and templates/queue_slope.html are filled with."""
    del parts, known, day, language
    return {}
