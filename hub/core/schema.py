"""The JSON Schema of a questionnaire as people define it, made from the words themselves."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any, Final

from hub.core.defining import MOST_LANGUAGES
from shared.questions import LONGEST_SENTENCE, MOST_CHOICES, MOST_QUESTIONS
from shared.wire import json_schemas

_WORD: Final = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,31}$"}
_TEXTS: Final = {
    "type": "object",
    "description": "By language.",
    "propertyNames": _WORD,
    "additionalProperties": {"type": "string", "maxLength": LONGEST_SENTENCE},
    "maxProperties": MOST_LANGUAGES,
}
_DAY: Final = {"type": ["string", "null"], "format": "date", "default": None}

_BOUNDS: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "Questionnaire": {
        "id": _WORD,
        "title": _TEXTS,
        "thanks": _TEXTS,
        "languages": {"items": _WORD, "minItems": 1, "maxItems": MOST_LANGUAGES},
        "questions": {"minItems": 1, "maxItems": MOST_QUESTIONS},
        "first_day": _DAY,
        "last_day": _DAY,
        "opens": {"minimum": 0, "maximum": 23},
        "closes": {"minimum": 1, "maximum": 24},
    },
    "Question": {
        "id": _WORD,
        "text": _TEXTS,
        "low": _TEXTS,
        "high": _TEXTS,
        "choices": {"maxItems": MOST_CHOICES},
        "shown_if": {"maxItems": MOST_CHOICES},
    },
    "Choice": {"id": _WORD, "text": _TEXTS},
    "Condition": {"question": _WORD, "among": {"minItems": 1, "maxItems": MOST_CHOICES}},
}


def definition_schema() -> dict[str, Any]:
    """The schema; the version is not in it, for the hub counts versions itself."""
    words = json_schemas()
    found = {name: _bound(words[name], _BOUNDS.get(name, {})) for name in (*_BOUNDS, "Kind")}
    whole = found.pop("Questionnaire")
    del whole["properties"]["version"]
    whole["required"].remove("version")
    whole["title"] = "Questionnaire"
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema: dict[str, Any] = _referring({**head, **whole, "$defs": found})
    return schema


def _bound(schema: dict[str, Any], bounds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    for name, bound in bounds.items():
        whole = "type" in bound
        schema["properties"][name] = bound if whole else schema["properties"][name] | bound
    if "properties" in schema:
        schema["additionalProperties"] = False
    schema["description"] = _for_strangers(schema["description"])
    return schema


def _for_strangers(docstring: str) -> str:
    return re.sub(r"\s+", " ", cleandoc(docstring)).replace("None", "null")


def _referring(node: Any) -> Any:
    """The same, with references into this very document."""
    if isinstance(node, dict):
        return {name: _referring(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_referring(value) for value in node]
    if isinstance(node, str):
        return node.replace("#/components/schemas/", "#/$defs/")
    return node
