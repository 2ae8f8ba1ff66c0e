"""The published JSON Schema: the page in docs/ is made of it, and it agrees with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.core.defining import fields_of, read
from hub.core.schema import definition_schema
from shared.errors import QuestionnaireRefused
from tests.hub.core.test_defining import SMALL
from tests.shared.questionnaires import EVERY_KIND

PAGE = Path(__file__).parents[3] / "docs" / "questionnaire.schema.json"
VALIDATOR = Draft202012Validator(definition_schema())


def test_the_page_in_the_docs_is_this_schema() -> None:
    """Write it anew with: python -m tests.hub.core.test_schema"""
    Draft202012Validator.check_schema(definition_schema())
    assert json.loads(PAGE.read_text()) == json.loads(json.dumps(definition_schema()))


def test_what_can_be_read_is_valid() -> None:
    for fields in (SMALL, fields_of(EVERY_KIND)):
        VALIDATOR.validate(fields)
        read(fields, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Ñ"},
        {"version": 1},
        {"title": "Hola"},
        {"languages": "es"},
        {"languages": ["EN"]},
        {"opens": 25},
        {"closes": "20"},
        {"questions": [{"id": "a", "kind": "rating", "text": {}}]},
        {"questions": [{"id": "a", "kind": "text"}]},
        {"questions": [{"id": "a", "kind": "text", "text": {"es": "x" * 301}}]},
        {"questions": [{"id": "a", "kind": "text", "text": {}, "shown_if": [{"among": [1]}]}]},
    ],
    ids=str,
)
def test_what_is_refused_by_the_one_is_refused_by_the_other(change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(SMALL | change)
    with pytest.raises(QuestionnaireRefused):
        read(SMALL | change, 1)


if __name__ == "__main__":
    PAGE.write_text(json.dumps(definition_schema(), indent=2, ensure_ascii=False) + "\n")
