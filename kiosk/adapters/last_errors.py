"""The last errors, on the card: the journal lies in memory, and goes with the power."""

from __future__ import annotations

import json
import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from kiosk.adapters.logs import Sparingly
from kiosk.core.diagnosis import scrubbed

LOG: Final = "errors.log"
"""Beside the outbox."""

MOST_BYTES: Final = 64 * 1024
"""Of a file, and there are two: some five hundred errors, more than anybody reads."""

_PLACE: Final = re.compile(r'File "[^"]*?((?:kiosk|shared)/[\w/]+\.py)", line (\d{1,6})')
_KIND: Final = re.compile(r"([A-Za-z_][\w.]*)(?::|$)")


class LastErrors(RotatingFileHandler):
    """One line of JSON each. Not put on disk at once, for whoever logs may be the glass: a power
    cut takes the last seconds, a crash nothing."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)
        self.setLevel(logging.ERROR)
        self.addFilter(Sparingly())

    def format(self, record: logging.LogRecord) -> str:
        """What a diagnostic file would tell of it, and where in our program it happened."""
        ours = record.msg if isinstance(record.msg, dict) else {}
        whose = {"at": round(record.created, 3), "logger": record.name}
        where = _fault(str(ours.get("exception", "")))
        return json.dumps({**whose, **scrubbed(ours), **({"fault": where} if where else {})})

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing: a card that fails has alarms of its own."""


def keep_errors(file: Path) -> None:
    """Have whatever is logged as an error kept there as well."""
    logging.getLogger().addHandler(LastErrors(file))


def _fault(trace: str) -> str:
    """The kind of a fault and its place, without its text: somebody else may have written that."""
    below = trace.rpartition('\n  File "')[2].splitlines()[1:]
    kind = next((_KIND.match(line) for line in below if not line.startswith(" ")), None)
    places = _PLACE.findall(trace)
    at = f" at {places[-1][0]}:{places[-1][1]}" if places else ""
    return f"{kind[1]}{at}" if kind else ""
