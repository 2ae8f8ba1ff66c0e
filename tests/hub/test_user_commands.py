"""The commands about users, as whoever runs a hub would type them."""

from __future__ import annotations

import pytest

from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_users_are_made_with_a_piped_or_a_generated_password(ready: Run) -> None:  # noqa: F811
    add = ("user", "add", "ana", "--role", "administrator")
    assert ready(*add, pipe="correct horse battery\n")[0] == 0
    code, _, complaint = ready(*add, pipe="correct horse battery\n")
    assert (code, "taken" in complaint) == (1, True)
    assert "It is: " in ready("user", "password", "ana", "--generate")[1]
    assert ready("user", "password", "nobody", "--generate")[0] == 1
    assert ready("user", "add", "eva", "--role", "analyst", pipe="short\n")[0] == 1
