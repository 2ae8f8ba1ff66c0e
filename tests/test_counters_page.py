"""The page about counters says what the program does: its examples, bounds and words are real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hub.core.guessing import MOST_WRONG
from hub.core.sensing import MOST_TELLINGS
from hub.core.waiting.counters import TYPED_MS
from hub.core.waiting.crowd import MOST_WAITING
from hub.core.waiting.doubting import Doubt
from hub.core.waiting.trusting import AHEAD_MS, BEHIND_MS, LATE_MS, Fault
from hub.sensors import MOST_A_SECOND
from hub.telling import MOST_REQUESTS
from hub.web.sensing import MOST_AT_ONCE, CountIn, PassingIn, TicketIn
from shared.sensing import Count, Passing, Ticket
from shared.topics import SENSING, Channel
from shared.wire import decode
from tests.shared.asyncapi import schemas

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "counters.md").read_text()
WORDS: dict[Channel, tuple[Any, Any]] = {
    Channel.COUNT: (Count, CountIn),
    Channel.PASSING: (Passing, PassingIn),
    Channel.TICKET: (Ticket, TicketIn),
}


@pytest.mark.parametrize("channel", SENSING)
def test_each_kind_has_an_example_that_fits_protocol_schema_and_api(channel: Channel) -> None:
    assert f"(examples/{channel.value}.json)" in PAGE
    example = (DOCS / "examples" / f"{channel.value}.json").read_bytes()
    word, model = WORDS[channel]
    told = decode(word, example)
    known = {"components": {"schemas": schemas()}}
    jsonschema.validate(json.loads(example), known["components"]["schemas"][word.__name__] | known)
    assert model(**json.loads(example)).word() == told


@pytest.mark.parametrize("what", [*Fault, *Doubt])
def test_every_line_about_the_quality_of_the_data_is_explained(what: str) -> None:
    assert f"`{what}` |" in PAGE


def test_the_bounds_on_the_page_are_those_of_the_program() -> None:
    for said in (
        f"over {MOST_WAITING})",
        f"a list of up to {MOST_AT_ONCE} of them",
        f"{MOST_REQUESTS} requests a second",
        f"{MOST_WRONG} different wrong ones",
        f"{MOST_TELLINGS:,} words of the store",
        f"more than {AHEAD_MS // 1_000} s ahead",
        f"by more than {BEHIND_MS // 1_000} s",
    ):
        assert said in PAGE
    assert (LATE_MS, TYPED_MS, MOST_A_SECOND) == (60_000, 180_000, 100)
    for said in ("more than a minute ago", "for three minutes", "more than a hundred a second"):
        assert said in " ".join(PAGE.split())


@pytest.mark.parametrize("command", ["add", "list", "remove"])
def test_every_command_about_sensors_is_on_the_page(command: str) -> None:
    assert f"semblante-hub sensor {command}" in PAGE
