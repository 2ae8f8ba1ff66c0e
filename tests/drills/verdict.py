"""What the judge of a drill found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Verdict:
    """Counts, and what is wrong in words."""

    faults: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    records: int = 0
    visits: int = 0
    thanked: int = 0
    responses: int = 0
    walked: int = 0  # thanked for a whole questionnaire
    parts: int = 0  # responses of who left half way
    somewhere: int = 0  # counted where no clock could know the hour
