"""Tallies as files for spreadsheets and for analysts; pandas is imported only when one is made."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from hub.core.hours import date_of
from hub.core.listing import Row
from hub.core.tallying import COLUMNS as COUNTED
from shared.places import PointId, StoreId

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 250_000
"""A quarter of what a sheet can hold; about 100 MB while the file is made."""

COLUMNS: Final[Mapping[str, str]] = {
    "store_id": "string",
    "store_name": "string",
    "zone": "string",
    "point_id": "string",
    "point_name": "string",
    "begins_utc": "string",
    "begins_local": "string",
    "ends_utc": "string",
    "date": "string",
    "hour_of_day": "Int64",
    **dict.fromkeys((*COUNTED, "answered"), "Int64"),
    "index": "Float64",
    "index_low": "Float64",
    "index_high": "Float64",
    "hidden": "boolean",
}
"""Every column of an export, with its type; the times are text, with offset, in every format."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One figure of a questionnaire's results, or one text."""

    questionnaire: str
    version: int
    question_id: str
    question: str
    kind: str
    part: str
    part_value: str
    measure: str
    answer: str
    n: int
    count: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None


ANSWER_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys((column.name for column in fields(AnswerLine)), "string"),
    **dict.fromkeys(("version", "n", "count"), "Int64"),
    **dict.fromkeys(("value", "low", "high"), "Float64"),
}
"""Every column of an export of results, with its type."""

PointNames = Mapping[tuple[StoreId, PointId], str]


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"

    @property
    def media_type(self) -> str:
        """How a browser knows it."""
        return _MEDIA[self]


_MEDIA: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
}

_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠|%]|[\t\r\n]")
"""How a text begins that a spreadsheet may run (OWASP, “CSV injection”)."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What cannot stand in a sheet at all."""


class Exports:
    """Makes the files."""

    def file(self, kind: Format, rows: Iterable[Row], names: PointNames) -> bytes:
        """The rows as one file; cells of text can do nothing in a spreadsheet but be read."""
        import pandas as pd  # noqa: PLC0415 - 0.5 s and 60 MB that the hub does not start with

        records = [_record(row, names, safe=kind is not Format.PARQUET) for row in rows]
        frame = pd.DataFrame(records, columns=list(COLUMNS)).astype(dict(COLUMNS))
        return _WRITERS[kind](frame)

    def answers(self, kind: Format, lines: Iterable[AnswerLine]) -> bytes:
        """Results of a questionnaire as one file, a figure a line; texts are lines of their own."""
        import pandas as pd  # noqa: PLC0415 - as above

        safe = kind is not Format.PARQUET
        records = [_answer_record(line, safe=safe) for line in lines]
        frame = pd.DataFrame(records, columns=list(ANSWER_COLUMNS)).astype(dict(ANSWER_COLUMNS))
        return _WRITERS[kind](frame)


def _answer_record(line: AnswerLine, *, safe: bool) -> dict[str, Any]:
    told = asdict(line)
    words = ("question", "answer", "text")
    told |= {name: told[name] and _text(told[name], safe) for name in words}
    return told | {name: _rounded(told[name]) for name in ("value", "low", "high")}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _record(row: Row, names: PointNames, *, safe: bool) -> dict[str, Any]:
    zone, index, tally = ZoneInfo(row.store.zone), row.index, row.tally
    name = row.point_id and names.get((row.store.store_id, row.point_id), row.point_id)
    return {
        "store_id": row.store.store_id,
        "store_name": _text(row.store.name, safe),
        "zone": row.store.zone,
        "point_id": row.point_id,
        "point_name": name and _text(name, safe),
        "begins_utc": _written(row.start, UTC),
        "begins_local": _written(row.start, zone),
        "ends_utc": _written(row.end, UTC),
        "date": None if row.day is None else date_of(row.day).isoformat(),
        "hour_of_day": row.hour_of_day,
        **{count: tally and getattr(tally, count) for count in COUNTED},
        "answered": tally and tally.answered,
        "index": index and round(index.value, 3),
        "index_low": index and round(index.low, 3),
        "index_high": index and round(index.high, 3),
        "hidden": row.hidden,
    }


def _written(instant: int | None, zone: Any) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant / 1000, zone).isoformat()


def _text(text: str, safe: bool) -> str:
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if safe and _FORMULA.match(clean) else clean


def _csv(frame: pd.DataFrame) -> bytes:
    # The mark at the beginning (BOM) is how a spreadsheet knows that “ñ” is UTF-8.
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _xlsx(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_excel(file, index=False, sheet_name="tallies", freeze_panes=(1, 0))
    return file.getvalue()


def _parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file, index=False)
    return file.getvalue()


_WRITERS: Final = {Format.CSV: _csv, Format.XLSX: _xlsx, Format.PARQUET: _parquet}
