"""Files: they hold what the rows hold, and no text in them can do anything."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from hub.core.listing import Row
from hub.core.ports import Store
from hub.core.satisfaction import Tally
from hub.exports import COLUMNS, Exports, Format
from shared.places import PointId, StoreId

STORE, CAJA = StoreId("centro-012"), PointId("caja-1")
AT = 1_795_104_000_000
TALLY = Tally(sales=60, sad=2, neutral=4, happy=14, skipped=10, timed_out=30)


def row(name: str = "Centro", tally: Tally | None = TALLY) -> Row:
    store = Store(STORE, name, "Europe/Madrid")
    return Row(store, CAJA, AT, AT + 3_600_000, 20261119, 17, tally)


def made(kind: Format, rows: list[Row], point_name: str = "Caja 1") -> bytes:
    return Exports().file(kind, rows, {(STORE, CAJA): point_name})


def sheet_cells(file: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(file)).active
    assert sheet is not None
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def test_every_format_says_the_same() -> None:
    rows = [row(), row(tally=None)]
    from_csv = list(csv.DictReader(io.StringIO(made(Format.CSV, rows).decode("utf-8-sig"))))
    heads, first, _ = sheet_cells(made(Format.XLSX, rows))
    frame = pd.read_parquet(io.BytesIO(made(Format.PARQUET, rows)))
    assert list(from_csv[0]) == heads == list(frame.columns) == list(COLUMNS)
    assert from_csv[0]["begins_local"] == first[6] == frame["begins_local"][0]
    assert int(from_csv[0]["answered"]) == frame["answered"][0] == 20
    assert float(from_csv[0]["index"]) == frame["index"][0]
    assert (from_csv[1]["answered"], from_csv[1]["hidden"]) == ("", "True")


def test_times_are_told_in_utc_and_by_the_stores_clocks() -> None:
    found = next(csv.DictReader(io.StringIO(made(Format.CSV, [row()]).decode("utf-8-sig"))))
    assert found["begins_utc"] == "2026-11-19T16:00:00+00:00"
    assert found["begins_local"] == "2026-11-19T17:00:00+01:00"
    assert (found["date"], found["zone"]) == ("2026-11-19", "Europe/Madrid")


texts = st.one_of(st.text(max_size=20), st.sampled_from(["=1+1", "+cmd|' /C calc'!A0", "-2", "@x"]))


@given(texts, texts)
@settings(deadline=None, max_examples=40)
def test_no_text_begins_like_a_formula(store_name: str, point_name: str) -> None:
    file = made(Format.CSV, [row(store_name)], point_name).decode("utf-8-sig", "strict")
    found = next(csv.DictReader(io.StringIO(file, newline="")))
    for text in (found["store_name"], found["point_name"]):
        assert text.strip()[:1] not in tuple("=+-@＝＋－＠")
        assert not set(text) & set("\x00\x1b\r")
    cells = sheet_cells(made(Format.XLSX, [row(store_name)], point_name))
    assert len(cells) == 2


@pytest.mark.parametrize("kind", Format)
def test_a_file_without_rows_has_its_heads(kind: Format) -> None:
    assert len(made(kind, [])) > 50


def test_the_hub_starts_without_pandas() -> None:
    code = "import sys, hub.exports, hub.web.api, hub.reports; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"
