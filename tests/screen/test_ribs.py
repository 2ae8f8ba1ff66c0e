"""Outlines made of ribs are where their formulas say."""

from __future__ import annotations

from math import dist, hypot, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.screen.ribs import Ribs, arc, curve, disc, mouth, stroke


def area(ribs: Ribs) -> float:
    """By the shoelace formula; positive when the outline runs clockwise."""
    outline = [left for left, _ in ribs] + [right for _, right in reversed(ribs)]
    turned = [*outline[1:], outline[0]]
    return sum(b[0] * a[1] - a[0] * b[1] for a, b in zip(outline, turned, strict=True)) / 2


def test_a_disc_is_round() -> None:
    for left, right in disc(0.2, -0.1, 0.5):
        assert dist(left, (0.2, -0.1)) == pytest.approx(0.5)
        assert dist(right, (0.2, -0.1)) == pytest.approx(0.5)
    assert area(disc(0.2, -0.1, 0.5)) == pytest.approx(pi / 4, rel=0.001)


points = st.tuples(st.floats(-1, 1), st.floats(-1, 1))


@settings(deadline=None)
@given(start=points, end=points, width=st.floats(0.01, 0.3))
def test_a_straight_stroke_is_everywhere_half_its_width_from_its_line(
    start: tuple[float, float], end: tuple[float, float], width: float
) -> None:
    if dist(start, end) < 0.01:
        return
    ribs = stroke((start, end), width)
    expected = dist(start, end) * width + pi * (width / 2) ** 2
    assert area(ribs) == pytest.approx(expected, rel=0.01)
    ends = [dist(point, near) for rib in ribs for point in rib for near in (start, end)]
    assert min(ends) == pytest.approx(width / 2)


def test_a_curve_goes_from_its_start_to_its_end_and_towards_its_bend() -> None:
    points = curve((-1, 0), (0, 1), (1, 0))
    assert (points[0], points[-1]) == ((-1, 0), (1, 0))
    assert max(y for _, y in points) == pytest.approx(0.5)


@pytest.mark.parametrize("share", [0.001, 0.25, 0.5, 1.0])
def test_an_arc_starts_at_the_top_and_keeps_its_distance(share: float) -> None:
    points = arc(2, share)
    assert points[0] == pytest.approx((0, 2))
    assert all(hypot(*point) == pytest.approx(2) for point in points)


def test_half_an_arc_runs_down_the_left_side() -> None:
    assert all(x <= 1e-9 for x, _ in arc(1, 0.5))


def test_a_mouth_hangs_from_its_lip_and_is_the_same_on_both_sides() -> None:
    ribs = mouth(half_width=0.6, top=-0.1, depth=0.5, corner=0.08)
    for right, left in ribs:
        assert right[0] == pytest.approx(-left[0])
        assert -0.6 <= right[1] <= -0.1
    widths = [right[0] - left[0] for right, left in ribs]
    assert max(widths) <= 1.2
    assert widths[0] < max(widths), "its corners are round"
    assert area(ribs) > 0, "it runs the way that its edge fades outwards"


def test_every_outline_runs_clockwise_so_that_its_edge_fades_outwards() -> None:
    shapes = (
        disc(0, 0, 1),
        stroke(((0, 0), (1, 1)), 0.1),
        stroke(curve((-1, 0), (0, 1), (1, 0)), 0.1),
        stroke(arc(1, 0.75), 0.1),
    )
    assert all(area(ribs) > 0 for ribs in shapes)
