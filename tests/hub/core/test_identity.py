"""Codes and renewals are judged by what is known of them, and each refusal says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.hours import DAY_MS
from hub.core.identity import (
    ANSWERED_MS,
    RENEWALS_A_DAY,
    Claim,
    JoinCode,
    Place,
    Standing,
    Why,
    hidden,
    judge,
    judge_renewal,
)
from shared.errors import JoinRefused
from shared.places import KioskId, PointId, StoreId

NOW = 1_795_392_000_000
CODE = JoinCode(
    "c0de", StoreId("centro"), PointId("caja-1"), KioskId("k-1"), NOW, "ana", NOW + DAY_MS
)
CLAIM = Claim("c0de", "key")
PLACE = Place(CODE.store_id, CODE.point_id, CODE.kiosk_id, "Centro", "Caja 1")
STANDING = Standing(PLACE, held=False, revoked=None, lately=0)


def why(refusal: JoinRefused | None) -> str | None:
    return None if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("code", "claim", "at", "expected"),
    [
        (CODE, CLAIM, NOW, None),
        (None, CLAIM, NOW, "unknown"),
        (CODE, CLAIM, NOW + DAY_MS, "expired"),
        (replace(CODE, withdrawn_at=NOW), CLAIM, NOW, "withdrawn"),
        (replace(CODE, used_at=NOW, used_by="key"), CLAIM, NOW + 2 * DAY_MS, None),
        (replace(CODE, used_at=NOW, used_by="key"), CLAIM, NOW + DAY_MS + ANSWERED_MS, "expired"),
        (replace(CODE, used_at=NOW, used_by="other"), CLAIM, NOW, "used"),
        (CODE, replace(CLAIM, store_id="sur"), NOW, "foreign"),
        (CODE, replace(CLAIM, point_id="caja-2"), NOW, "foreign"),
        (CODE, replace(CLAIM, kiosk_id="k-2"), NOW, "foreign"),
        (CODE, replace(CLAIM, kiosk_id="k-1", store_id="centro"), NOW, None),
    ],
)
def test_a_code_is_judged(
    code: JoinCode | None, claim: Claim, at: int, expected: str | None
) -> None:
    assert why(judge(code, claim, at)) == expected


@pytest.mark.parametrize(
    ("standing", "late", "expected"),
    [
        (STANDING, False, None),
        (STANDING, True, "late"),
        (replace(STANDING, place=None), False, "retired"),
        (replace(STANDING, held=True), False, "held"),
        (replace(STANDING, revoked=Why.REPLACED), False, "replaced"),
        (replace(STANDING, revoked=Why.RETIRED, place=None), False, "retired"),
        (replace(STANDING, revoked=Why.CLONED), False, "revoked"),
        (replace(STANDING, lately=RENEWALS_A_DAY), False, "busy"),
    ],
)
def test_a_renewal_is_judged(standing: Standing, late: bool, expected: str | None) -> None:
    assert why(judge_renewal(standing, late)) == expected


@pytest.mark.parametrize(
    ("code", "at", "state"),
    [
        (CODE, NOW, "open"),
        (CODE, NOW + DAY_MS, "expired"),
        (replace(CODE, withdrawn_at=NOW), NOW, "withdrawn"),
        (replace(CODE, used_at=NOW), NOW + DAY_MS, "used"),
    ],
)
def test_a_code_says_how_it_is(code: JoinCode, at: int, state: str) -> None:
    assert code.state(at) == state


def test_of_a_code_only_its_hash_is_kept() -> None:
    assert hidden(b"\0" * 16) != hidden(b"\0" * 15 + b"\1")
    assert len(hidden(b"")) == 64
