"""docs/asyncapi.yaml, made from the words in shared/ so that it cannot fall behind them."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path
from typing import Any

import yaml

from shared.deliveries import LAST_SEQ, MOST_RECORDS
from shared.health import MOST_ANSWERS as MOST_ANSWERS_OF_HEALTH
from shared.moments import LATEST_WALL_MS, LONGEST_BOOT_MS
from shared.notices import MOST_REASONS
from shared.questionnaires import LONGEST_TEXT, MOST_ANSWERS
from shared.questions import MOST_CHOICES, MOST_QUESTIONS
from shared.sensing import LARGEST, LONGEST_TICKET
from shared.signing import MARK
from shared.topics import DOWNWARD, RETAINED, SENSING, Channel
from shared.wire import LONGEST_MESSAGE, VERSION, json_schemas

PAGE = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"

_NAME = {"pattern": "^[a-z0-9][a-z0-9-]{0,31}$"}
_WORD = {"pattern": "^[a-z0-9][a-z0-9_-]{0,31}$"}
_CHAIN = {"pattern": "^[0-9a-f]{32}$"}
_INSTANT = {"minimum": 0, "maximum": LATEST_WALL_MS}
_SEQ = {"minimum": 0, "maximum": LAST_SEQ}
_COUNT = {"minimum": 0}
_HOUR = {"minimum": 0, "maximum": 24}
_PERCENT = {"minimum": 0, "maximum": 100}
_SIZE = {"minimum": -LARGEST, "maximum": LARGEST}
_ID = {"pattern": "^[0-9a-f]{16}$"}
_TITLE = {"maxLength": 80}
_NUMBERED = {"minimum": 1, "maximum": 2**31 - 1}

BOUNDS: dict[str, dict[str, dict[str, Any]]] = {
    "Moment": {
        "wall": {"minimum": 0, "maximum": LATEST_WALL_MS},
        "boot": {"minimum": 0, "maximum": LONGEST_BOOT_MS},
    },
    "Visit": {
        "point_id": _NAME,
        "boot_id": _CHAIN,
        "language": _WORD,
        "question_version": _NUMBERED,
        "reasons_version": _NUMBERED,
        "scale_version": _NUMBERED,
        "sale": _CHAIN,
        "reason": _WORD,
        "code": _WORD,
        "suspect": _WORD,
        "changes": {"minimum": 0, "maximum": 1000},
    },
    "Sale": {"id": _CHAIN, "point_id": _NAME, "boot_id": _CHAIN},
    "Response": {
        "point_id": _NAME,
        "boot_id": _CHAIN,
        "questionnaire": _WORD,
        "language": _WORD,
        "version": _NUMBERED,
        "answers": {"maxProperties": MOST_ANSWERS},
    },
    "Anchor": {
        "boot_id": _CHAIN,
        "boot": {"minimum": 0, "maximum": LONGEST_BOOT_MS},
        "true": {"minimum": 0, "maximum": LATEST_WALL_MS},
        "wall": {"minimum": 0, "maximum": LATEST_WALL_MS},
    },
    "Loss": {"first": _SEQ | {"minimum": 1}, "last": _SEQ | {"minimum": 1}}
    | dict.fromkeys(("sad", "neutral", "happy", "unanswered", "sales", "others"), _COUNT),
    "Receipt": {
        "epoch": {"pattern": "^[0-9a-f]{16}$"},
        "upto": _SEQ,
        "chain": _CHAIN,
        "generation": _SEQ | {"minimum": 1},
        "at": _INSTANT,
    },
    "Status": {
        "epoch": {"pattern": "^[0-9a-f]{16}$"},
        "connection": {"minimum": 1},
        "at": _INSTANT,
        "held_from": {"minimum": 1},
        "held_to": {"minimum": 0},
        "received": _SEQ,
        "again": _SEQ,
        "version": {"maxLength": 40},
        "alarms": {"maxItems": 32},
    },
    "Pulse": {"point_id": _NAME, "at": _INSTANT},
    "KioskSettings": {
        "serial": {"minimum": 1, "maximum": 2**53},
        "question_version": _NUMBERED,
        "reasons_version": _NUMBERED,
        "languages": {"minItems": 1},
        "reasons": {"maxItems": MOST_REASONS},
        "ask_seconds": {"minimum": 3, "maximum": 600},
        "thanks_seconds": {"minimum": 1, "maximum": 60},
        "change_seconds": {"minimum": 0, "maximum": 60},
        "lockout_seconds": {"minimum": 0, "maximum": 600},
    },
    "Questionnaire": {
        "id": _WORD,
        "version": _NUMBERED,
        "questions": {"maxItems": MOST_QUESTIONS},
        "opens": _HOUR,
        "closes": _HOUR,
    },
    "Question": {
        "id": _WORD,
        "choices": {"maxItems": MOST_CHOICES},
        "shown_if": {"maxItems": MOST_CHOICES},
    },
    "Choice": {"id": _WORD},
    "Condition": {"question": _WORD, "among": {"minItems": 1, "maxItems": MOST_CHOICES}},
    "Keeping": {
        "zone": {"minLength": 1, "maxLength": 64},
        "opens": _HOUR,
        "closes": _HOUR,
        "brightness": _PERCENT,
        "brightness_night": _PERCENT,
        "volume": _PERCENT,
    },
    "Phone": {"address": {"maxLength": 100}, "key": {"pattern": "^[0-9a-f]{64}$"}},
    "Notice": {
        "at": _INSTANT,
        "minutes": {"minimum": 0, "maximum": 600},
        "fresh_seconds": {"minimum": 1, "maximum": 3600},
    },
    "Command": {"id": _ID, "until": _INSTANT, "version": {"minLength": 1, "maxLength": 40}},
    "Answer": {"id": _ID, "outcome": _WORD},
    "Health": {
        "at": _INSTANT,
        "version": _TITLE,
        "model": _TITLE,
        "trial": _TITLE,
        "temperature": {"minimum": -60, "maximum": 150},
        "card_full": _PERCENT,
        "card_worn": _PERCENT,
        "memory_free": _COUNT,
        "up": _COUNT,
        "certificate_until": _INSTANT,
        "answers": {"maxItems": MOST_ANSWERS_OF_HEALTH},
    },
    "Count": {"line": _NAME, "number": _SIZE, "at": _SIZE},
    "Passing": {"line": _NAME, "at": _SIZE},
    "Ticket": {
        "line": _NAME,
        "ticket": {"minLength": 1, "maxLength": LONGEST_TICKET},
        "at": _SIZE,
    },
}

_WORD_OF = {
    Channel.RECORDS: "Batch",
    Channel.PULSE: "Pulse",
    Channel.STATUS: "Status",
    Channel.RECEIPT: "Receipt",
    Channel.SETTINGS: "KioskSettings",
    Channel.NOTICE: "Notice",
    Channel.COMMAND: "Command",
    Channel.HEALTH: "Health",
    Channel.COUNT: "Count",
    Channel.PASSING: "Passing",
    Channel.TICKET: "Ticket",
}


def schemas() -> dict[str, Any]:
    """Every word as JSON Schema, with the bounds that its class checks when it is built."""
    found = json_schemas()
    for schema in found.values():
        if "description" in schema:
            schema["description"] = _for_strangers(schema["description"])
    for word, fields in BOUNDS.items():
        for field, bounds in fields.items():
            _bind(found[word]["properties"][field], bounds)
    for kind in set(_WORD_OF.values()) - {"Batch"}:
        found[kind]["properties"]["v"] = {"const": VERSION}
        found[kind]["required"] = ["v", *found[kind].get("required", [])]
    kinds = list(found["Record"]["properties"])
    found["Record"] = {
        "title": "Record",
        "description": "One record: exactly one of the members named here.",
        "type": "object",
        "properties": {kind: {"$ref": f"#/components/schemas/{kind.title()}"} for kind in kinds},
        "oneOf": [{"required": [kind]} for kind in kinds],
    }
    found["Batch"] = _batch()
    found["Signed"] = SIGNED
    found["Response"]["description"] += f" Texts have at most {LONGEST_TEXT} characters."
    return found


SIGNED: dict[str, Any] = {
    "title": "Signed",
    "description": "What a hub with an authority tells: one line of ASCII, ended by a line feed, "
    "and then the bytes of the word. In the line stand, each after one space: "
    f"`{MARK.decode()}`, the id of the key (`signing_keys` of the answer to a join), the serial "
    f"(at most 2^63 - 1), until when it may be believed (ms since 1970, at most {LATEST_WALL_MS}), "
    "and in base64 the Ed25519 signature. Signed are, with a line feed between: "
    f"`{MARK.decode()}`, the topic, the three values with one space between, the bytes of the "
    "word. An empty message is never signed: it takes back what stood there.",
    "type": "string",
    "pattern": f"^{MARK.decode()} [0-9a-f]{{16}} [1-9][0-9]{{0,18}} (0|[1-9][0-9]{{0,14}}) "
    r"[A-Za-z0-9+/]{85}[AQgw]==\n[\s\S]",
    "maxLength": LONGEST_MESSAGE,
}
"""The payload of a signed message, read as a text."""


def signed(word: str) -> str:
    """How the signed message of a word is called."""
    return f"Signed{word}"


def _bind(schema: dict[str, Any], bounds: dict[str, Any]) -> None:
    """Put the bounds where they count: on the value, not on the null that may stand instead."""
    for choice in schema.get("anyOf", [schema]):
        if choice.get("type") != "null":
            choice.update(bounds)


def _for_strangers(docstring: str) -> str:
    """What a docstring says of the word, without what it says to Python."""
    text = cleandoc(docstring).replace("None", "null")
    return re.sub(r"\n?Raises WordError[^.]*\.", "", text).strip()


def _batch() -> dict[str, Any]:
    return {
        "title": "Batch",
        "type": "object",
        "properties": {
            "v": {"const": VERSION},
            "epoch": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "oldest": {"type": "integer", "minimum": 1, "maximum": LAST_SEQ},
            "first": {"type": "integer", "minimum": 1, "maximum": LAST_SEQ},
            "before": {"type": "string", **_CHAIN},
            "chain": {"type": "string", **_CHAIN},
            "records": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_RECORDS,
                "items": {"$ref": "#/components/schemas/Record"},
            },
            "refused_seen": {"type": "integer", **_SEQ, "default": 0},
        },
        "required": ["v", "epoch", "oldest", "first", "before", "chain", "records"],
    }


def document() -> dict[str, Any]:
    """The whole AsyncAPI 3 document, from the hub's side: it receives upward, sends downward."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Semblante: kiosks, sensors and hub",
            "version": f"{VERSION}.0.0",
            "description": "What each message means, and what each side must do: protocol.md. "
            f"A message has at most {LONGEST_MESSAGE} bytes. The operations are the hub's: what it "
            "receives a kiosk or a sensor sends, and the other way round.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "broker.example:1883",
                "protocol": "mqtt",
                "security": [{"$ref": "#/components/securitySchemes/password"}],
            },
            "certified": {
                "host": "broker.example:8883",
                "protocol": "secure-mqtt",
                "description": "For kiosks that joined: everything that they are told here is "
                "signed, and what is not signed must not be acted on.",
                "security": [{"$ref": "#/components/securitySchemes/certificate"}],
            },
        },
        "channels": {channel.value: _channel(channel) for channel in Channel},
        "operations": {
            channel.value: {
                "action": "send" if channel in DOWNWARD else "receive",
                "channel": {"$ref": f"#/channels/{channel.value}"},
                "bindings": {"mqtt": _bindings(channel)},
            }
            for channel in Channel
        },
        "components": {
            "securitySchemes": {
                "password": {"type": "userPassword"},
                "certificate": {
                    "type": "X509",
                    "description": "of the hub's authority, in the name STORE/KIOSK",
                },
            },
            "parameters": {
                "store": {"description": "the store's name"},
                "kiosk": {"description": "the kiosk's name, which is also its MQTT user name"},
                "sensor": {"description": "the sensor's name, which is also its MQTT user name"},
            },
            "messages": {
                word: {"payload": {"$ref": f"#/components/schemas/{word}"}}
                for word in _WORD_OF.values()
            }
            | {signed(_WORD_OF[channel]): _signed(_WORD_OF[channel]) for channel in DOWNWARD},
            "schemas": schemas(),
        },
    }


def _signed(word: str) -> dict[str, Any]:
    """The word behind its line; what stands behind it fits the schema that `x-body` names."""
    return {
        "summary": f"The word {word} of a hub that has an authority.",
        "contentType": "application/octet-stream",
        "payload": {"$ref": "#/components/schemas/Signed"},
        "x-body": {"$ref": f"#/components/schemas/{word}"},
    }


def _channel(channel: Channel) -> dict[str, Any]:
    word, who = _WORD_OF[channel], "sensor" if channel in SENSING else "kiosk"
    words = [word, signed(word)] if channel in DOWNWARD else [word]
    return {
        "address": f"semblante/v1/{{store}}/{{{who}}}/{channel.value}",
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in words},
        "parameters": {
            name: {"$ref": f"#/components/parameters/{name}"} for name in ("store", who)
        },
    }


def _bindings(channel: Channel) -> dict[str, Any]:
    """What a sensor sends may have any quality of service, and be retained or not."""
    return {} if channel in SENSING else {"qos": 1, "retain": channel in RETAINED}


def page() -> str:
    """The document as YAML."""
    text = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=100)
    return f"# Made by “make protocol” from the words in shared/; do not edit.\n{text}"


if __name__ == "__main__":
    PAGE.write_text(page())
