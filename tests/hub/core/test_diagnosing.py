"""A diagnostic file becomes plain letters, or is refused; whatever it holds, it does nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.diagnosing import MOST_DEEP, inert
from shared.commands import LONGEST_DIAGNOSIS
from shared.errors import JoinRefused

HOSTILE = "\x1b[2J\x9b\u202e</script><script>alert(1)</script>\x00\x7f\ud800=cmd()"


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "document",
    [
        "", "null", "[]", '"text"', "{", '{"a": NaN}', '{"a": 1e999}', "\x00", "\ud800",
        '{"a": ' + "9" * 5_000 + "}", "[" * 100_000, deep(MOST_DEEP + 1), deep(20_000),
        '{"a": "' + "x" * LONGEST_DIAGNOSIS + '"}',
        '{"a": "' + "\N{GRINNING FACE}" * 30_000 + '"}',
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(document: str) -> None:
    with pytest.raises(JoinRefused) as fault:
        inert(document)
    assert fault.value.code == "diagnosis"


def test_no_terminal_and_no_browser_obeys_what_is_in_it() -> None:
    text = inert(json.dumps({HOSTILE: [HOSTILE]}))
    assert text.isascii()
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert json.loads(text) == {HOSTILE: [HOSTILE]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(told=st.dictionaries(st.text(), JSON, max_size=4))
def test_nothing_that_it_says_is_changed(told: dict[str, object]) -> None:
    assert json.loads(inert(json.dumps(told))) == told
    assert inert(deep(MOST_DEEP)).isascii()
