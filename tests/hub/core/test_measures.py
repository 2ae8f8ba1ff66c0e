from __future__ import annotations

import re
from pathlib import Path

from hub.core.measures import EVERY

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text()


def test_every_measure_is_on_the_page_and_nothing_else() -> None:
    told = re.findall(r"^\| `(semblante_\w+)` \| (\w+) \| (?:`(\w+)`)? ?\| (.+) \|$", PAGE, re.M)
    assert told == [(m.name, m.kind.value, m.label or "", m.help) for m in EVERY]


def test_every_measure_named_in_advice_exists() -> None:
    names = {measure.name for measure in EVERY}
    assert set(re.findall(r"semblante_\w+", PAGE)) <= names
