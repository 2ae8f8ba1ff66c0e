"""How fast and how light the kiosk is, against a bare Kivy program and against itself.

`python -m tests.bench.kiosk` prints the rows alone; `--long` has 20,000 visits in it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from typing import Final

from tests.bench.kiosk_ground import Ground, Standing, ground
from tests.bench.kiosk_standing import cpu_seconds, memory_mb
from tests.bench.pairs import LEAST_PAIRS, Ratio, median_with_interval
from tests.bench.rows import Row

SETTLED_S: Final = 0.5
"""After the first frame: the broker has answered by then, and memory no longer moves."""

FRAME_MS: Final = 1_000 / 60

VISITS: Final = 20_000

NO_GROWTH_MB: Final = 2.0
"""Memory goes up and down in steps of about 1 MB (seen; believed to be the outbox's mapped log).

Over 20,000 visits 2 MB are 100 bytes a visit: less than keeping a single visit's record.
"""


def run(long: bool) -> list[Row]:
    """Every row of the kiosk; the short way takes about two minutes."""
    with ground() as place:
        return [
            *_starts(place, 25 if long else LEAST_PAIRS),
            _rest(place, 60 if long else 10),
            *_taps(place, 2_000 if long else 200),
            _gaps(place, 200 if long else 12),
            *_soak(place, VISITS if long else 400),
        ]


def _starts(place: Ground, pairs: int) -> list[Row]:
    """First frame and memory of both programs, started in turn."""
    found = [_start_both(place) for _ in range(pairs + 1)][1:]  # the first one warms the disk
    firsts, memories, serves = zip(*found, strict=True)
    ours, bare = (statistics.median(one) for one in zip(*firsts, strict=True))
    ratio = median_with_interval([one / other for one, other in firsts])
    mine, theirs = (statistics.median(one) for one in zip(*memories, strict=True))
    more = median_with_interval([one - other for one, other in memories])
    return [
        Row(
            "kiosk: first frame",
            f"{ours:.2f} s (fastest {min(firsts)[0]:.2f}), {ratio} of the bare program's; "
            f"can ask after {statistics.median(serves):.2f} s",
            f"bare three-face Kivy program: {bare:.2f} s",
            "0.9 s",
            ours <= 0.9,
        ),
        Row(
            "kiosk: resident memory at the start",
            f"{mine:.0f} MB, {_more(more, 'MB')}",
            f"bare three-face Kivy program: {theirs:.0f} MB",
            "at most 60 MB more",
            more.median <= 60,
        ),
    ]


def _start_both(place: Ground) -> tuple[tuple[float, float], tuple[float, float], float]:
    """First frames, memories, ours first; and when the kiosk could ask."""
    with place.bare() as program:
        bare = _settled(program)
    with place.kiosk() as program:
        ours = _settled(program)
    return (ours[0], bare[0]), (ours[1], bare[1]), ours[2]


def _settled(program: Standing) -> tuple[float, float, float]:
    time.sleep(SETTLED_S)
    return program.first_frame_s, memory_mb(program.pid), program.serves_s


def _rest(place: Ground, seconds: int) -> Row:
    """Both programs at rest, over the very same seconds."""
    with place.bare() as bare, place.kiosk() as kiosk:
        time.sleep(2)  # what a start leaves behind is done by then
        slices = [_slice(kiosk, bare) for _ in range(seconds)]
    ours, theirs = (statistics.median(one) for one in zip(*slices, strict=True))
    more = median_with_interval([one - other for one, other in slices])
    return Row(
        "kiosk: load at rest",
        f"{ours:.1f} % of a core, {_more(more, '%')}",
        f"bare three-face Kivy program: {theirs:.1f} %",
        "at most 1 % of a core more",
        more.median <= 1,
    )


def _slice(kiosk: Standing, bare: Standing) -> tuple[float, float]:
    """Percent of a core in one second."""
    pids, began = (kiosk.pid, bare.pid), time.monotonic()
    before = [cpu_seconds(pid) for pid in pids]
    time.sleep(1)
    spent = [cpu_seconds(pid) - at for pid, at in zip(pids, before, strict=True)]
    took = time.monotonic() - began
    return 100 * spent[0] / took, 100 * spent[1] / took


def _taps(place: Ground, pairs: int) -> list[Row]:
    """From the finger lifting to the thanks on the glass, with the commit and without it."""
    rows = place.visited("taps", pairs, seconds=60 + pairs)
    ours, bare, sync = ([row[mood] for row in rows] for mood in ("disk", "nothing", "sync"))
    more = median_with_interval([row["disk"] - row["nothing"] for row in rows])
    return [
        Row(
            "kiosk: tap to thanks painted, p99",
            f"{_p99(ours):.0f} ms (half within {statistics.median(ours):.0f}), {pairs} taps",
            f"without any commit: {_p99(bare):.0f} ms (half within {statistics.median(bare):.0f}); "
            f"a bare write, synced, meanwhile: p99 {_p99(sync):.0f} ms, longest {max(sync):.0f}",
            "50 ms",
            _p99(ours) <= 50,
        ),
        Row(
            "kiosk: what keeping the answer costs of that",
            _more(more, "ms"),
            "the same taps, in turn, with nothing in place of the commit",
            "one frame at most",
            more.median <= FRAME_MS,
        ),
    ]


def _gaps(place: Ground, pairs: int) -> Row:
    """The longest gap between two frames while an answer is being kept, as it is and in 80 ms."""
    rows = place.visited("gaps", pairs, seconds=60 + 2 * pairs)
    slow, ours = ([max(row[mood]) for row in rows] for mood in ("slow", "disk"))
    every_slow, every = ([gap for row in rows for gap in row[mood]] for mood in ("slow", "disk"))
    more = median_with_interval([one - other for one, other in zip(slow, ours, strict=True)])
    return Row(
        "kiosk: longest gap between frames, commit in 80 ms",
        f"{statistics.median(slow):.0f} ms, {_more(more, 'ms')}; of all p99 {_p99(every_slow):.0f}",
        f"commit as it is: {statistics.median(ours):.0f} ms; of all p99 {_p99(every):.0f}",
        "no frame dropped: less than half a frame more",
        more.median <= FRAME_MS / 2,
    )


def _soak(place: Ground, visits: int) -> list[Row]:
    """Memory as visits go by; the first quarter of them is for caches to fill."""
    rows = place.visited("soak", visits, seconds=60 + visits)
    kept = [(row["visits"], row["memory"]) for row in rows if row["visits"] >= visits / 4]
    begin, end = (statistics.median(m for _, m in part) for part in (kept[:5], kept[-5:]))
    slope = _slope(kept)
    with place.bare() as program:
        bare = _settled(program)[1]
    return [
        Row(
            f"kiosk: growth over {visits:,} visits",
            f"{end - begin:+.2f} MB, that is {1_000 * slope.median:+.2f} kB a visit "
            f"({1_000 * slope.low:+.2f} to {1_000 * slope.high:+.2f})",
            f"itself after {visits // 4:,} visits: {begin:.1f} MB",
            f"none (under {NO_GROWTH_MB:.0f} MB over {VISITS:,} visits)",
            end - begin <= NO_GROWTH_MB,
        ),
        Row(
            f"kiosk: resident memory after {visits:,} visits",
            f"{end:.0f} MB, {end - bare:+.0f} MB",
            f"bare three-face Kivy program, untouched: {bare:.0f} MB",
            "at most 60 MB more",
            end - bare <= 60,
        ),
    ]


def _slope(points: Sequence[tuple[float, float]]) -> Ratio:
    """MB a visit, between samples half the run apart, each used once (Theil 1950)."""
    half = len(points) // 2
    pairs = zip(points[:half], points[-half:], strict=True)
    return median_with_interval([(m1 - m0) / (v1 - v0) for (v0, m0), (v1, m1) in pairs])


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def _more(difference: Ratio, unit: str) -> str:
    low, high = difference.low, difference.high
    return f"{difference.median:+.1f} {unit} ({low:+.1f} to {high:+.1f}, {difference.pairs} pairs)"


def main() -> None:
    """Measure and print."""
    for row in run("--long" in sys.argv):
        print("✓" if row.met else "✗", row.name)
        print(f"    {row.figure}\n    against {row.baseline}\n    goal: {row.goal}")


if __name__ == "__main__":
    main()
