"""A fault is told with the line on which it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.fault_lines import Fault, at_lines
from kiosk.settings import load_settings
from shared.errors import SettingsError

FILE = """\
# a kiosk
stor = "centro"
point = "caja-1"
kiosk = "K 1"
till = 5

[brokr]      # a typo
host = "x"

[screen]
width = 10
"driver" = "kms"

[till.rules]
[[till.rule]]
name = 5
"""


def told(folder: Path, text: str) -> list[str]:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(file, {})
    return [str(fault) for fault in at_lines(text, raised.value.faults)]


def test_every_fault_has_its_line_and_those_above_come_first(tmp_path: Path) -> None:
    lines = told(tmp_path, FILE.partition("[till.rules]")[0])
    starts = [line.partition(": ")[0] for line in lines]
    assert starts == [
        "line 2",
        "line 4",
        "line 5",
        "line 7",
        "line 11",
        "line 12",
        "store",
        "[broker]",
    ]
    assert "did you mean “store”?" in lines[0]


def test_what_is_no_toml_says_where_it_stops_being_it(tmp_path: Path) -> None:
    (line,) = told(tmp_path, 'store = "a"\npoint = caja\n')
    assert line.startswith("line 2: is no TOML")


def test_a_fault_in_a_list_of_tables_leads_to_its_table() -> None:
    faults = at_lines(FILE, ["till.rule[1].name: 5 is no text", "[till] and [door]: each tells"])
    assert [fault.line for fault in faults] == [5, 16]


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=4))
def test_whatever_stands_there_every_fault_is_told_once(source: str, faults: list[str]) -> None:
    assert sorted(one.text for one in at_lines(source, faults)) == sorted(faults)


def test_without_a_line_it_is_said_as_it_is() -> None:
    assert str(Fault("store: is missing")) == "store: is missing"
