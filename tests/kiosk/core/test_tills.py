"""The tables [till], [drawer] and [door], and the reader that each asks for."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.documents import DEFAULT_RULES, Rule
from kiosk.core.lines import LineSettings
from kiosk.core.modem import ModemLine
from kiosk.core.poles import Dialect, PoleSettings
from kiosk.core.presses import button_settings_from
from kiosk.core.readers import ContactSettings
from kiosk.core.receipts import End, ReceiptSettings
from kiosk.core.tills import (
    DoorSettings,
    DrawerSettings,
    PortSettings,
    TillSettings,
    contact_from,
    door_settings_from,
    drawer_settings_from,
    reader_from,
    till_settings_from,
)
from shared.sales import SaleSource
from tests.demo import paper

RECEIPT = {"kind": "receipt", "port": "/dev/serial/by-id/printer"}


def till(table: Mapping[str, Any]) -> TillSettings:
    settings, faults = till_settings_from(table)
    assert faults == []
    assert settings is not None
    return settings


def faults(text: str) -> list[str]:
    settings, told = till_settings_from(tomllib.loads(text))
    assert settings is None
    return told


def test_no_till_is_no_fault() -> None:
    assert till_settings_from({}) == (None, [])
    assert till_settings_from({"kind": "none", "port": "/dev/ttyUSB0", "baud": 9600}) == (None, [])


def test_a_receipt_printer_needs_only_its_port() -> None:
    settings = till(RECEIPT)
    assert settings.port == PortSettings("/dev/serial/by-id/printer")
    assert settings.reader == ReceiptSettings()
    assert settings.kind is SaleSource.RECEIPT


def test_everything_of_a_receipt_printer_can_be_set() -> None:
    settings = till(
        tomllib.loads("""
            kind = "receipt"
            port = "/dev/ttyUSB0"
            baud = 19200
            bits = 7
            parity = "even"
            stop_bits = 2
            flow = "rts_cts"
            encoding = "cp858"
            ends = ["cut", "blank_lines"]
            blank_lines = 8
            fewest_lines = 5
            must = ["celkem"]
            pictures_are_sales = true
            default_rules = false
            least_ms_between = 3000
            [[rules]]
            name = "staff"
            patterns = "venta a empleado"
            unless = ["cobrada"]
            verdict = "not_sale"
        """)
    )
    assert settings.port == PortSettings("/dev/ttyUSB0", 19_200, 7, "even", 2, "rts_cts")
    assert settings.least_ms_between == 3_000
    assert isinstance(settings.reader, ReceiptSettings)
    assert settings.reader.ends == {End.CUT, End.BLANK_LINES}
    assert [rule.name for rule in settings.reader.rules.ordered] == ["staff"]
    assert settings.reader.rules.must == ("celkem",)


def test_own_rules_come_before_the_ones_that_are_always_there() -> None:
    table = {**RECEIPT, "rules": [{"name": "staff", "patterns": ["empleado"]}]}
    reader = till(table).reader
    assert isinstance(reader, ReceiptSettings)
    assert [rule.name for rule in reader.rules.ordered][:2] == ["staff", "test"]


def test_the_other_kinds_read_their_own_keys() -> None:
    pole = till({"kind": "pole", "port": "x", "dialect": "epson", "columns": 40, "done": "hvala"})
    assert isinstance(pole.reader, PoleSettings)
    assert (pole.reader.dialect, pole.reader.columns) == (Dialect.EPSON, 40)
    line = till({"kind": "line", "port": "x", "pattern": "^SALE", "unless": ["TEST"]})
    assert line.reader == LineSettings(pattern=("^SALE",), unless=("TEST",))
    modem = till({"kind": "modem", "port": "x", "line": "dcd", "active": "low", "rest_ms": 900})
    assert (modem.line, modem.contact) == (ModemLine.DCD, ContactSettings(False, 30, 900))


def test_all_faults_are_told_together_and_in_words() -> None:
    told = faults("""
        kind = "receipt"
        bauds = 9600
        parity = "none?"
        must = ["(a+)+"]
        rules = [{ name = "x", patterns = ["["], verdict = "maybe" }]
        least_ms_between = -1
    """)
    places = {fault.split(":")[0] for fault in told}
    assert places == {
        "till.port",
        "till.bauds",
        "till.parity",
        "till.must",
        "till.rules[1].patterns",
        "till.rules[1].verdict",
        "till.least_ms_between",
    }


def test_a_kind_that_is_none_is_told_with_what_was_meant() -> None:
    assert "did you mean “receipt”" in faults('kind = "reciept"')[0]


def test_a_line_till_needs_its_pattern() -> None:
    assert faults('kind = "line"\nport = "x"') == ["till.pattern: is missing: at least one pattern"]


def test_keys_of_another_kind_are_unknown() -> None:
    assert faults('kind = "line"\nport = "x"\npattern = "a"\ncolumns = 20')


def test_a_drawer_needs_its_pin() -> None:
    settings, told = drawer_settings_from({"pin": 17, "active": "high", "debounce_ms": 10})
    assert told == []
    assert settings == DrawerSettings(17, ContactSettings(True, 10, 300))
    assert drawer_settings_from({})[1] == ["drawer.pin: is missing: the GPIO number of the pin, 2 to 27"]  # fmt: skip # noqa: E501


def test_a_door_needs_a_token_that_cannot_be_guessed_and_hides_it() -> None:
    settings, told = door_settings_from({"token": "0123456789abcdef", "drills": True, "port": 0})
    assert told == []
    assert settings == DoorSettings("0123456789abcdef", port=0, drills=True)
    assert "0123456789abcdef" not in repr(settings)
    assert len(door_settings_from({"token": "short", "port": 70_000})[1]) == 2


@pytest.mark.parametrize(
    ("table", "data"),
    [
        (RECEIPT, paper.sale(1, random.Random(0))),
        ({"kind": "pole", "port": "x"}, b"\x0cTOTAL 1,20\x0cGRACIAS"),
        ({"kind": "line", "port": "x", "pattern": "^SALE"}, b"SALE\n"),
    ],
)
def test_every_kind_has_a_reader_that_keeps_its_distance(
    table: dict[str, Any], data: bytes
) -> None:
    reader = reader_from(till({**table, "least_ms_between": 500}))
    seen = [*reader.feed(data, 0), *reader.feed(data, 499), *reader.feed(data, 500)]
    assert [one.rule for one in seen] == ["sale", "repeated", "sale"]
    assert {one.source.value for one in seen} == {table["kind"]}
    assert reader.idle(501) == []
    reader.reset()
    assert reader.held == 0


def test_a_modem_line_or_a_drawer_has_no_bytes_to_read() -> None:
    with pytest.raises(ValueError, match="not heard by bytes"):
        reader_from(till({"kind": "modem", "port": "x"}))


@pytest.mark.parametrize("active_high", [True, False])
def test_a_contact_tells_a_sale_when_it_became_active(active_high: bool) -> None:
    contact = contact_from(DrawerSettings(17, ContactSettings(active_high, 30, 300)))
    assert contact.level(not active_high, 0) == []
    assert contact.idle(1_000) == []
    assert contact.level(active_high, 2_000) == []
    assert contact.wakes_at == 2_030
    seen = contact.idle(2_030)
    assert [(one.at, one.source, one.sale) for one in seen] == [(2_000, SaleSource.DRAWER, True)]
    assert contact.level(not active_high, 3_000) + contact.idle(3_300) == []
    contact.reset()
    assert contact.level(active_high, 4_000) + contact.idle(5_000) == []


def test_a_modem_line_says_that_it_was_one() -> None:
    contact = contact_from(till({"kind": "modem", "port": "x"}))
    contact.level(False, 0)
    contact.level(True, 1_000)
    seen = contact.level(False, 1_100)
    assert [one.source for one in seen] == [SaleSource.MODEM]


def test_one_of_the_default_rules_may_be_left_out_by_its_name() -> None:
    settings = till({"kind": "receipt", "port": "x", "without_rules": ["gift", "copy"]})
    assert isinstance(settings.reader, ReceiptSettings)
    names = [rule.name for rule in settings.reader.rules.ordered]
    assert names == [rule.name for rule in DEFAULT_RULES if rule.name not in {"gift", "copy"}]
    _, told = till_settings_from({"kind": "receipt", "port": "x", "without_rules": ["gifts"]})
    (fault,) = told
    assert fault.startswith("till.without_rules: 'gifts' is none of test, copy, card_slip, gift")


PAGE = Path(__file__).parents[3] / "docs" / "till.md"
READ_BY = {
    "till": till_settings_from,
    "drawer": drawer_settings_from,
    "door": door_settings_from,
    "buttons": button_settings_from,
}


@pytest.mark.parametrize(
    "example", re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
)
def test_every_example_in_the_manual_can_be_used_as_it_stands(example: str) -> None:
    tables = tomllib.loads(example)
    assert tables
    for name, table in tables.items():
        read, told = READ_BY[name](table)
        assert told == []
        assert read is not None


@pytest.mark.parametrize("rule", DEFAULT_RULES, ids=lambda rule: rule.name)
def test_the_manual_explains_every_rule(rule: Rule) -> None:
    assert f"| `{rule.name}` |" in PAGE.read_text(encoding="utf-8")
