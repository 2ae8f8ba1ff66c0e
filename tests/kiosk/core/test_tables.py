"""Every fault of a table is told, with its place and what was wanted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.tables import Table


def test_values_that_fit_are_returned() -> None:
    table = Table("t", {"n": 3, "f": True, "w": "a", "ws": ["a"], "x": "y", "p": ["a+"], "q": "b"})
    assert table.whole("n", 1, 0, 9) == 3
    assert table.flag("f", False)
    assert table.choice("w", "b", ("a", "b")) == "a"
    assert table.choices("ws", ["b"], ("a", "b")) == ["a"]
    assert table.text("x") == "y"
    assert table.patterns("p") == ("a+",)
    assert table.patterns("q") == ("b",)
    table.unknown()
    assert table.faults == []


def test_what_is_not_there_is_the_default() -> None:
    table = Table("t", {})
    assert table.whole("n", 1, 0, 9) == 1
    assert table.among("b", 5, (5, 6)) == 5
    assert table.pin_if_any("p") is None
    assert table.tables("r") == []
    assert table.faults == []


def test_every_fault_is_told_with_its_place() -> None:
    table = Table("t", {"n": 10, "f": 1, "w": "aple", "p": "(", "r": [1, {"x": 1}], "pin": 99})
    table.whole("n", 1, 0, 9)
    table.flag("f", False)
    table.choice("w", "apple", ("apple", "pear"))
    table.patterns("p")
    for inner in table.tables("r"):
        inner.unknown()
    table.pin("pin")
    table.pin("other")
    table.text("secret")
    table.unknown()
    places = [fault.split(":")[0] for fault in table.faults]
    assert places == ["t.n", "t.f", "t.w", "t.p", "t.r", "t.r[2].x", "t.pin", "t.other", "t.secret"]
    assert "did you mean “apple”" in table.faults[2]


def test_true_is_no_number() -> None:
    table = Table("t", {"n": True, "b": True})
    assert (table.whole("n", 5, 0, 9), table.among("b", 6, (1, 6))) == (5, 6)
    assert len(table.faults) == 2


def test_a_text_that_may_be_secret_is_not_repeated() -> None:
    table = Table("t", {"token": "hunter2\n"})
    table.text("token")
    assert table.faults
    assert "hunter2" not in table.faults[0]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(anything)
def test_any_value_is_taken_or_told(value: object) -> None:
    table = Table("t", {"key": value})
    assert table.whole("key", 1, 0, 9) in range(10)
    assert table.flag("key", True) in (True, False)
    assert table.among("key", 1, (1, 2)) in (1, 2)
    assert table.choice("key", "a", ("a", "b")) in ("a", "b")
    assert set(table.choices("key", ["a"], ("a", "b"))) <= {"a", "b"}
    assert isinstance(table.text("key", "d"), str)
    assert isinstance(table.patterns("key"), tuple)
    assert isinstance(table.tables("key"), list)
    assert table.faults
