"""A bundle that does not fit is refused, each time with the word for why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.fitting import SPARE, Machine, check_fits, check_room
from shared.bundles import Manifest
from shared.errors import DeviceError

MACHINE = Machine("aarch64", "3.13", 2)
GOOD = Manifest("1.2", 7, "aarch64", "3.13", 2, {})


@pytest.mark.parametrize("manifest", [GOOD, replace(GOOD, arch="any", python="any"),
                                      replace(GOOD, outbox_schema=3, outbox_least=2)])  # fmt: skip
def test_what_fits_is_taken(manifest: Manifest) -> None:
    check_fits(manifest, "1.2", MACHINE, 7)


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (replace(GOOD, version="1.3"), "other_version"),
        (replace(GOOD, serial=6), "downgrade"),
        (replace(GOOD, arch="x86_64"), "arch"),
        (replace(GOOD, python="3.14"), "python"),
        (replace(GOOD, outbox_schema=1), "schema"),
        (replace(GOOD, outbox_schema=4, outbox_least=3), "schema"),
    ],
)
def test_what_does_not_is_refused_in_a_sentence(manifest: Manifest, code: str) -> None:
    with pytest.raises(DeviceError) as refused:
        check_fits(manifest, "1.2", MACHINE, 7)
    assert refused.value.code == code
    assert refused.value.hint
    assert len(str(refused.value).split()) > 5


def test_there_has_to_be_room_and_some_to_spare() -> None:
    check_room(10, 10 + SPARE)
    with pytest.raises(DeviceError, match="no room") as refused:
        check_room(11, 10 + SPARE)
    assert refused.value.code == "no_space"
