"""Who may do what."""

from __future__ import annotations

import pytest

from hub.core.roles import RIGHTS, Right, Role, Viewer
from shared.places import StoreId

OWN, FOREIGN = StoreId("centro"), StoreId("norte")


def test_every_role_is_declared_and_every_right_is_somebodys() -> None:
    assert set(RIGHTS) == set(Role)
    assert frozenset().union(*RIGHTS.values()) == set(Right)


def test_a_technician_sees_devices_and_no_answer() -> None:
    technician = Viewer(1, "t", Role.TECHNICIAN, "en", frozenset({OWN}))
    assert technician.may(Right.KIOSKS)
    assert not technician.may(Right.ANSWERS)


@pytest.mark.parametrize("right", [Right.USERS, Right.AUDIT])
def test_only_administrators_manage_users_and_read_the_audit_log(right: Right) -> None:
    assert [role for role in Role if right in RIGHTS[role]] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", [Role.STORE_MANAGER, Role.TECHNICIAN])
def test_store_managers_and_technicians_reach_their_own_stores_only(role: Role) -> None:
    viewer = Viewer(1, "m", role, "en", frozenset({OWN}))
    assert viewer.sees(OWN)
    assert not viewer.sees(FOREIGN)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST])
def test_administrators_and_analysts_reach_every_store(role: Role) -> None:
    assert Viewer(1, "a", role, "en").sees(FOREIGN)
