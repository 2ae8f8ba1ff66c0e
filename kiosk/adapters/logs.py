"""Where the logs go and how they look, ours and the libraries', in one place."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final

import structlog

from shared.sparing import Sparing

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

log = structlog.get_logger(__name__)

BURST: Final = 30
SPAN_MS: Final = 600_000
"""Lines of one event in ten minutes: 4,320 a day, some 2 MB, however often it happens."""

MOST_REMEMBERED: Final = 200
"""Lines for a diagnostic file: what led to a fault, in some 100 kB of memory."""

MOST_EVENTS: Final = 500
"""More than the program has; a library's texts are not told apart."""


def configure_logs(style: str, level: str) -> None:
    """Send everything to standard error, as “console” or “json”, from this level on."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _painter(style)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(Sparingly())
    root = logging.getLogger()
    root.handlers = [handler, Recent()]
    root.setLevel(level.upper())


def log_the_uncaught() -> None:
    """Have whatever nobody caught, in any thread, told in the logs as well: somebody must come."""

    def in_the_main_thread(
        kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            log.error("uncaught", exc_info=(kind, fault, trace))

    def in_a_thread(dead: threading.ExceptHookArgs) -> None:
        name = None if dead.thread is None else dead.thread.name
        fault = dead.exc_value or dead.exc_type()
        log.error("thread_died", thread=name, exc_info=(type(fault), fault, dead.exc_traceback))

    def where_none_can_be_raised(lost: UnraisableHookArgs) -> None:
        fault = lost.exc_value or lost.exc_type()
        why = lost.err_msg or "ignored"
        log.error("unraisable", why=why, exc_info=(type(fault), fault, lost.exc_traceback))

    sys.excepthook = in_the_main_thread
    threading.excepthook = in_a_thread
    sys.unraisablehook = where_none_can_be_raised


class Recent(logging.Handler):
    """Remembers the last lines; of others' libraries only who spoke, and how gravely."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[Mapping[str, object]] = deque(maxlen=MOST_REMEMBERED)
        self.addFilter(Sparingly())

    def emit(self, record: logging.LogRecord) -> None:
        """Remember one; whoever writes them down leaves out what is nobody's business."""
        ours = record.msg if isinstance(record.msg, dict) else {}
        whose = {"logger": record.name, "level": record.levelname.lower(), "at": record.created}
        self.lines.append({**ours, **whose})


def recent_lines() -> list[Mapping[str, object]]:
    """What the log said last, the oldest first."""
    handlers = logging.getLogger().handlers
    return [line for one in handlers if isinstance(one, Recent) for line in tuple(one.lines)]


class Sparingly(logging.Filter):
    """Lets no event be written without end: whoever provokes it would fill the disk.

    What a person asked for with the level “debug” is let through.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._sparing = Sparing(burst=BURST, every_ms=SPAN_MS, most=MOST_EVENTS)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it; the next one written says how many were held back."""
        if record.levelno <= logging.DEBUG:
            return True
        ours = record.msg if isinstance(record.msg, dict) else None
        key = (record.name, record.levelno, None if ours is None else ours.get("event"))
        with self._lock:
            held_back = self._sparing.tell(key, time.monotonic_ns() // 1_000_000)
        if held_back and ours is not None:
            record.msg = {**ours, "held_back": held_back}
        return held_back is not None


def _painter(style: str) -> structlog.typing.Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
