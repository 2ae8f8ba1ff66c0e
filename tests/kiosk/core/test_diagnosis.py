"""A diagnostic file says how the kiosk is, and nothing of any shopper, till or secret."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.diagnosis import LOG_KEYS, diagnosis, plain, scrubbed
from kiosk.core.presses import ButtonSettings
from kiosk.core.readings import Readings
from shared.notices import Phone
from shared.visits import Face
from tests.kiosk.samples import moment
from tests.kiosk.samples import settings as of_the_hub

SECRET = "correct-horse-battery"
SAID = "the bread was stale"
TEXTS = st.text(alphabet="abcdefghij ", min_size=8, max_size=30)


@dataclass(frozen=True)
class Line:
    host: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Toml:
    line: Line
    folder: Path
    buttons: ButtonSettings
    sizes: tuple[int, int] = (800, 480)


TOML = Toml(Line("hub.example", SECRET), Path("/data"), ButtonSettings(5, 6, 13, light=19))


def document(log: list[dict[str, object]]) -> str:
    phone = Phone("https://hub.example", "ab" * 32)
    asked = replace(of_the_hub(7), phone=phone)
    machine = {"python": "3.11"}
    counts = {"passed_over": {"flood": 1}}
    made = diagnosis(
        Readings(moment(), "1.4.0", alarms=("till",)), TOML, asked, counts, log, machine
    )
    return json.dumps(made, ensure_ascii=False)


def test_it_tells_versions_settings_alarms_and_counts() -> None:
    made = json.loads(document([]))
    assert made["version"] == "1.4.0"
    assert made["settings"]["line"] == {"host": "hub.example"}
    assert made["settings"]["buttons"]["pins"] == [5, 6, 13]
    assert made["of_the_hub"]["serial"] == 7
    assert made["alarms"] == ["till"]
    assert made["counts"] == {"passed_over": {"flood": 1}}
    assert len(made["lines"]) == 13


def test_no_face_reason_text_or_password_is_in_it() -> None:
    log: list[dict[str, object]] = [
        {"event": "button_stuck", "face": "sad", "level": "error"},
        {"event": "message_unreadable", "why": SAID, "channel": "settings"},
        {"event": "event_failed", "exception": f"Traceback … {SAID}", "happened": "FaceTouched"},
        {"event": "theirs", "text": SAID, "answer": 9, "reason": "wait", "password": SECRET},
    ]
    text = document(log)
    for face in Face:
        assert f'"{face.value}"' not in text
    for said in (SAID, SECRET, "wait", "La espera", "How was the checkout", "ab" * 32):
        assert said not in text
    assert "message_unreadable" in text
    assert "FaceTouched" in text, "which kind of event failed is no answer"


def test_why_a_part_failed_is_told_where_the_machine_itself_says_it() -> None:
    line = {"event": "part_failed", "alarm": "buttons", "why": "pin 5: busy", "hint": "…"}
    assert scrubbed(line) == {"event": "part_failed", "alarm": "buttons", "why": "pin 5: busy"}


@settings(deadline=None)
@given(line=st.dictionaries(st.sampled_from(["text", "why", "answer", "question", "x"]), TEXTS))
def test_whatever_stands_under_another_key_is_left_out(line: dict[str, str]) -> None:
    assert scrubbed({"event": "anything", **line}) == {"event": "anything"}


def test_no_key_that_is_told_ever_held_a_text_from_outside() -> None:
    assert not LOG_KEYS & {"why", "text", "answer", "face", "reason", "exception", "payload", "url"}


@settings(deadline=None)
@given(value=st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_every_value_becomes_json(value: object) -> None:
    json.dumps(plain(value))
