"""The table [till] in a kiosk.toml: everything else stays, whatever the file looks like."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.till_file import with_till

TABLE = {"kind": "receipt", "port": "/dev/ttyS0", "rules": [{"name": "x", "patterns": ["^a$"]}]}

HEAD = '# the kiosk of caja 3\nstore = "centro"\n\n[broker]\nhost = "hub"  # ours\n'
OLD = '[till]\nkind = "line"\npattern = ["x"]\n\n[[till.rules]]\nname = "y"\n'


@pytest.mark.parametrize("behind", ["", '[log]\nlevel = "debug"\n'])
@pytest.mark.parametrize("old", ["", OLD])
def test_comments_and_other_tables_stay(old: str, behind: str) -> None:
    text = with_till(HEAD + old + behind, TABLE)
    assert text.startswith(HEAD)
    assert tomllib.loads(text) == {**tomllib.loads(HEAD + behind), "till": TABLE}
    assert with_till(text, TABLE) == text


@pytest.mark.parametrize(
    "text",
    [
        'till = { kind = "line", pattern = "x" }\n',
        'till.kind = "line"\n[log]\n',
        'a = """\n[till]\n"""\n',
        '[till]\nrules = [\n[1],\n[2]]\n["log"]\nlevel = "debug"\n',
        '["till"]\nkind = "line"\n',
        "",
    ],
)
def test_odd_files_mean_the_same_afterwards(text: str) -> None:
    assert tomllib.loads(with_till(text, TABLE)) == {**tomllib.loads(text), "till": TABLE}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([HEAD.replace("store", "s"), OLD, "[log]\n", "# x\n"]), unique=True)
)
def test_in_any_order_it_is_put_once(parts: list[str]) -> None:
    text = "".join(sorted(parts, key=lambda part: part != HEAD))
    assert tomllib.loads(with_till(text, TABLE)) == {**tomllib.loads(text), "till": TABLE}
