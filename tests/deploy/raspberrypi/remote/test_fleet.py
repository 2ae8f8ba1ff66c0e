"""A fleet is one table: every fault of it first, then every machine, whatever became of another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.remote.fleet import Row, provision_all, read_fleet, summary
from deploy.raspberrypi.remote.provision import Provisioned
from shared.errors import DeviceError, SettingsError

COMMON = DeviceWishes("", "", "", ssid="La tienda", passphrase="palabra secreta")
TABLE = """\
host,store,register,device,rotation
pi@10.0.0.1,mercado,caja-1,kiosk-1,
pi@10.0.0.2,mercado,caja-2,kiosk-2,180
"""


def test_each_row_is_a_machine_with_what_all_have_in_common() -> None:
    one, two = read_fleet("\ufeff" + TABLE, "stores.csv", COMMON)
    assert (one.host, one.wishes.point, one.wishes.ssid) == ("pi@10.0.0.1", "caja-1", "La tienda")
    assert (two.line, two.wishes.rotation) == (3, "180")


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    wrong = TABLE + "pi@10.0.0.2,mercado,caja-3,kiosk-3,45\n,Mercado,caja-1,kiosk-1,,x\n"
    with pytest.raises(SettingsError) as told:
        read_fleet(wrong, "stores.csv", COMMON)
    faults = "\n".join(told.value.faults)
    for fault in (
        "line 4: ROTATION", "line 5: host", "line 5: STORE", "line 5: has more cells",
        "line 4: the same host as in line 3",
    ):  # fmt: skip
        assert fault in faults


@pytest.mark.parametrize(
    "table", ["", "host,store\n", "host,store,register,device,colour\na,b,c,d,e\n"]
)
def test_a_table_without_its_columns_is_refused(table: str) -> None:
    with pytest.raises(SettingsError, match="column"):
        read_fleet(table, "stores.csv", COMMON)


def test_a_machine_that_is_not_reached_keeps_no_other_from_its_turn() -> None:
    rows = read_fleet(TABLE, "stores.csv", COMMON)

    def one(row: Row, say: Callable[[str], None]) -> Provisioned:
        say("works")
        if row.line == 2:
            raise DeviceError(f"{row.host}: not reached", hint="Is it switched on?")
        return Provisioned(row.host, 3)

    said = list[str]()
    ended = provision_all(rows, one, said.append)
    assert "pi@10.0.0.1  works" in said
    assert [bool(each.fault) for each in ended] == [True, False]
    assert summary(ended).splitlines() == [
        "pi@10.0.0.1  ✗ not reached",
        "               → Is it switched on?",
        "pi@10.0.0.2  ✓ 3 changes",
        "1 of 2 are kiosks; run the same again for the others",
    ]


def test_a_check_never_says_that_something_was_done() -> None:
    told = summary([Provisioned("a", 2, checked=True), Provisioned("b", 0, checked=True)])
    assert told.splitlines() == [
        "a  ~ 2 changes to be made",
        "b  ✓ 0 changes",
        "2 of 2 can be done; nothing was changed",
    ]
