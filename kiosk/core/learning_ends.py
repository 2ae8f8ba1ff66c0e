"""Works out what marks the end of a till's receipts: the cutter, a form feed, or blank lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kiosk.core.documents import Rules
from kiosk.core.learning_lines import Scribe, shape
from kiosk.core.learnt import Again, Capture, Undecided, Unsettled
from kiosk.core.receipts import End, ReceiptReader, ReceiptSettings

BLANK_LINES: Final = range(2, 41)
"""What the settings allow."""

_NO_RULES: Final = Rules(ordered=(), must=())
_MORE_THAN: Final = 0.5
_NO_PAPER: Final = ("drawer", "empty")
_TOLD: Final = {End.CUT: "a cut", End.FORM_FEED: "a form feed"}
_NO_END: Final = Undecided(
    "nothing marks the end of a receipt: no cut, no form feed, no blank lines",
    "Let the till's printer driver cut, or feed some lines, after each receipt. A printer of Star "
    "in its own mode is not understood: set it to ESC/POS.",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """The settings with their end, the keys of [till] that say so, and why."""

    settings: ReceiptSettings
    keys: Mapping[str, Any]
    evidence: str


def read_by(settings: ReceiptSettings, capture: Capture) -> Scribe:
    """What the kiosk's own reader makes of one print."""
    scribe = Scribe(settings.rules)
    reader = ReceiptReader(settings, scribe)
    for at, piece in capture.chunks:
        reader.feed(piece, at)
    return scribe


def ended(settings: ReceiptSettings, captures: Sequence[Capture]) -> Ended:
    """What most prints have at their end; one without it is a half. Raises Unsettled."""
    heard = [capture for capture in captures if capture.chunks]
    for tried in _endings(replace(settings, rules=_NO_RULES)):
        whole = _whole(tried, heard)
        if sum(whole) > _MORE_THAN * len(whole):
            for capture in (one for one, well in zip(heard, whole, strict=True) if not well):
                raise Unsettled(_half(captures, capture))
            return _found(tried, heard)
    raise Unsettled(_NO_END)


def _found(tried: ReceiptSettings, heard: Sequence[Capture]) -> Ended:
    (end,) = tried.ends
    keys: dict[str, Any] = {"ends": [end.value]}
    if end is End.BLANK_LINES:
        tried = replace(tried, blank_lines=_blank_lines(tried, heard))
        keys["blank_lines"] = tried.blank_lines
    told = _TOLD.get(end, f"{tried.blank_lines} blank lines")
    return Ended(tried, keys, f"end: {told} ({len(heard)} of {len(heard)} prints end with it)")


def _endings(settings: ReceiptSettings) -> Iterator[ReceiptSettings]:
    yield replace(settings, ends=frozenset((End.CUT,)))
    yield replace(settings, ends=frozenset((End.FORM_FEED,)))
    for number in reversed(BLANK_LINES):
        yield replace(settings, ends=frozenset((End.BLANK_LINES,)), blank_lines=number)


def _blank_lines(tried: ReceiptSettings, heard: Sequence[Capture]) -> int:
    """Halfway between what stands within a receipt and what follows it."""
    fits = [
        number for number in BLANK_LINES if all(_whole(replace(tried, blank_lines=number), heard))
    ]
    return (fits[0] + fits[-1] + 1) // 2


def _whole(settings: ReceiptSettings, heard: Sequence[Capture]) -> list[bool]:
    """Which of them are whole papers, and nothing behind but what is behind most of them: many
    tills print the head of the next receipt right after the cut.
    """
    read = [read_by(settings, capture) for capture in heard]
    behind = [frozenset(map(shape, scribe.heard)) for scribe in read]
    ((usual, _),) = Counter(behind).most_common(1)
    most = 1 if End.BLANK_LINES in settings.ends else max(len(scribe.documents) for scribe in read)
    return [
        1 <= sum(one.rule not in _NO_PAPER for one in scribe.documents) <= most and left == usual
        for scribe, left in zip(read, behind, strict=True)
    ]


def _half(captures: Sequence[Capture], capture: Capture) -> Again:
    number = list(captures).index(capture)
    return Again(capture.kind, "that print has no end, so it was half a receipt", (number,))
