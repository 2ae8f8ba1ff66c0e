"""One typing error hides no other: what can be read is read, and each bad line is told."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.fault_lines import at_lines
from kiosk.core.toml_lines import MOST, in_plain_words, read_lines

FILE = """\
store = centro
point = “caja-1”
kiosk "k-1"
hub = "https://hub
time_zone = "Europe/Madrid" x
keys = [
  "whole",
]
[netwrk
ssid = "x"
[till]
kind = "receipt"
kind = "pole"
rules = [ "a",
port = "/dev/ttyUSB0"
"""


def test_every_bad_line_is_told_at_once_and_the_rest_is_read() -> None:
    found = read_lines(FILE)
    told = at_lines(FILE, found.faults)
    assert [one.line for one in told] == [1, 2, 3, 4, 5, 9, 13, 14]
    assert "straight quotes" in told[0].text
    assert "“=” is missing" in told[2].text
    assert "does not end" in told[3].text
    assert "between two brackets" in told[5].text
    assert "twice" in told[6].text
    assert not any("(at line" in one.text for one in told)
    assert found.values == {
        "keys": ["whole"],
        "till": {"kind": "receipt", "port": "/dev/ttyUSB0"},
    }


def test_what_stands_on_a_bad_line_is_not_missing_too() -> None:
    found = read_lines(FILE)
    assert found.is_about_lost("store: is missing")
    assert found.is_about_lost("till.rules: is missing: at least one pattern")
    assert not found.is_about_lost("fingerprint: is missing")
    assert not found.is_about_lost("store: is no name")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('a = """x\nb = 1', "does not end"),
        ("[" * 60_000, "is no TOML"),
        ("a = " + "[" * 60_000, "is no TOML"),
        ("x y\n" * 9_000, "“=” is missing"),
        ("\x00", "is no TOML"),
    ],
)
def test_what_is_no_settings_file_is_given_up_in_time(source: str, words: str) -> None:
    found = read_lines(source)
    assert words in found.faults[0]
    assert len(found.faults) <= MOST


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab=[]\"'{}\n#.,1 \\", max_size=80))
def test_whatever_is_typed_is_read_or_told(source: str) -> None:
    found = read_lines(source)
    try:
        assert found.values == tomllib.loads(source) or found.faults
    except ValueError:
        assert found.faults
    assert all(one.startswith("is no TOML: ") for one in found.faults)


def test_an_unknown_sentence_of_the_parser_is_told_as_it_is() -> None:
    assert in_plain_words("Odd (at line 3, column 2)") == "is no TOML: Odd (at line 3, column 2)"
