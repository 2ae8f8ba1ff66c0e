"""docs/questionnaires.md: its example is sound, and what it lists is all there is."""

from __future__ import annotations

import re
from pathlib import Path

from hub.core.notation import LONGEST
from hub.core.schema import definition_schema
from hub.questionnaires import from_yaml, sound_from_yaml, to_yaml
from shared.questionnaires import LONGEST_TEXT
from shared.questions import LONGEST_SENTENCE, MOST_CHOICES, MOST_QUESTIONS, MOST_RANKED, Kind

PAGE = (Path(__file__).parents[1] / "docs" / "questionnaires.md").read_text()
EXAMPLE = PAGE.partition("```yaml\n")[2].partition("```")[0]


def test_the_example_is_sound_and_stays_what_it_is() -> None:
    found = sound_from_yaml(EXAMPLE)
    assert from_yaml(to_yaml(found)) == found
    assert [question.id for question in found.questions] == [
        "mood",
        "recommend",
        "came-for",
        "what-was-wrong",
    ]


def test_every_kind_and_every_field_is_named() -> None:
    kinds = PAGE.partition("| `kind` |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", kinds, re.MULTILINE)) == set(Kind)
    schema = definition_schema()
    fields = {
        name for word in (schema, *schema["$defs"].values()) for name in word.get("properties", ())
    }
    assert {name for name in fields if f"`{name}" not in PAGE and f"{name}:" not in PAGE} == set()


def test_every_number_is_the_one_in_the_code() -> None:
    for said in (
        f"up to {LONGEST_SENTENCE} characters",
        f"1 to {MOST_QUESTIONS}, in the order",
        f"2 to {MOST_CHOICES} choices",
        f"2 to {MOST_RANKED} choices, put in order",
        f"up to {LONGEST_TEXT:,} characters",
        f"most {LONGEST:,} characters",
    ):
        assert said in PAGE, said
