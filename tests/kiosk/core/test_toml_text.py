"""What is written as TOML is read as it was."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.toml_text import toml_text

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.one_of(texts, st.integers(-(2**60), 2**60), st.booleans())
values = st.one_of(plain, st.lists(plain, max_size=3))
tables = st.recursive(
    st.dictionaries(texts, values, max_size=4),
    lambda inner: st.dictionaries(
        texts, st.one_of(values, inner, st.lists(inner, min_size=1, max_size=2)), max_size=4
    ),
    max_leaves=6,
)


@given(tables)
@settings(deadline=None, max_examples=150)
def test_what_is_written_is_read_again(table: dict[str, object]) -> None:
    assert tomllib.loads(toml_text(table)) == table


def test_it_reads_like_something_a_person_wrote() -> None:
    table = {
        "store": "centro",
        "screen": {"rotation": 90},
        "till": {"kind": "receipt", "rule": [{"name": "x", "lines": ["a", "b"]}]},
        "languages": ["es"],
    }
    assert toml_text(table) == (
        'store = "centro"\nlanguages = ["es"]\n\n[screen]\nrotation = 90\n\n[till]\n'
        'kind = "receipt"\n\n[[till.rule]]\nname = "x"\nlines = ["a", "b"]\n'
    )
