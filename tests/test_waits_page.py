"""docs/waits.md: the example of an alert is what is sent, and the way to verify it verifies."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hub.core.waiting.alarming import Kind, Limits
from hub.core.waiting.facts import LineId
from hub.core.waiting.laying import EMPTY, fields_of
from hub.core.waiting.layout import Hook
from hub.core.waiting.noticing import Terms
from hub.core.waiting.outward import SIGNATURE, AlertKey, Errand, Event, body_of, signature
from shared.places import StoreId

PAGE = (Path(__file__).parents[1] / "docs" / "waits.md").read_text()
EXAMPLE = PAGE.partition("```json\n")[2].partition("\n```")[0]
PYTHON = PAGE.partition("```python\n")[2].partition("```")[0]
KEY = "0f" * 32


def test_the_example_is_what_is_sent() -> None:
    said = json.loads(EXAMPLE)
    key = AlertKey(StoreId(said["store"]), LineId(said["line"]), said["kind"], said["since"])
    hook = Hook("https://example.org/alerts", KEY)
    errand = Errand(key, Event.RAISED, None, said["registers"], said["minutes"], 0, hook)
    assert body_of(errand, said["sent_at"]).decode() == EXAMPLE


def test_every_field_and_every_kind_is_explained() -> None:
    table = PAGE.partition("| Field | Means |")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(
        json.loads(EXAMPLE)
    )
    assert all(f"`{kind.value}`" in table for kind in Kind)


def test_the_way_to_verify_an_alert_verifies_it() -> None:
    written: dict[str, Any] = {}
    exec(PYTHON, written)
    is_genuine, body = written["is_genuine"], EXAMPLE.encode()
    assert f"`{SIGNATURE}`" in PAGE
    assert is_genuine(KEY, body, signature(KEY, body))
    assert not is_genuine(KEY, body.replace(b"raised", b"cleared"), signature(KEY, body))
    assert not is_genuine("1f" * 32, body, signature(KEY, body))
    assert not is_genuine(KEY, body, "sha256=")


def test_the_defaults_are_those_of_the_code() -> None:
    fields, limits, terms = fields_of(EMPTY), Limits(), Terms()
    table = PAGE.partition("| Setting | Default |")[2].partition("\n\n")[0]
    for said in (
        f"| service | {fields['usual_seconds']} s |",
        f"| percentile | {fields['percentile']} |",
        f"| wording | {terms.wording.value} |",
        f"| widest | {fields['widest_minutes']} min or {fields['widest_percent']} % |",
        f"| silence | {terms.silent_seconds} s |",
        f"| fresh | {terms.fresh_seconds} s |",
        f"long from {limits.long_minutes:.0f} min, fine under {limits.fine_minutes:.0f}",
        f"after {limits.raised_after_ms // 1_000} s, over after {limits.cleared_after_ms // 1_000}",
        f"{limits.look_ahead_minutes:.0f} min ahead",
    ):
        assert said in table, said
