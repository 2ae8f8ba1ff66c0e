from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.rights import barred_in, homes_in, rights, seats_in
from shared.places import KioskId, SensorId, StoreId

NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)


@given(
    st.dictionaries(NAMES.map(KioskId), NAMES.map(StoreId), max_size=20),
    st.dictionaries(NAMES.map(SensorId), NAMES.map(StoreId), max_size=20),
)
def test_what_is_written_is_read_back(
    homes: dict[KioskId, StoreId], seats: dict[SensorId, StoreId]
) -> None:
    lines = rights("hub", homes, seats).splitlines()
    assert homes_in(lines) == homes
    assert seats_in(lines) == seats


def test_a_sensor_writes_what_it_senses_and_is_kept_from_what_kiosks_read() -> None:
    text = rights("hub", {}, {SensorId("door-1"): StoreId("centro")})
    assert text.partition("user door-1\n")[2].splitlines() == [
        "topic deny semblante/v1/+/door-1/receipt",
        "topic deny semblante/v1/+/door-1/settings",
        "topic deny semblante/v1/+/door-1/notice",
        "topic deny semblante/v1/+/door-1/command",
        "topic write semblante/v1/centro/door-1/count",
        "topic write semblante/v1/centro/door-1/passing",
        "topic write semblante/v1/centro/door-1/ticket",
    ]


def test_no_line_lets_a_kiosk_write_under_a_store_that_is_not_its_own() -> None:
    text = rights("hub", {KioskId("k-1"): StoreId("centro")})
    theirs = text.partition("user k-1\n")[2].splitlines()
    assert theirs == [f"topic write semblante/v1/centro/k-1/{channel}"
                      for channel in ("records", "pulse", "health", "status")]  # fmt: skip
    patterns = [line for line in text.splitlines() if line.startswith("pattern write")]
    assert patterns == [f"pattern write semblante/v1/%u/{channel}"
                        for channel in ("records", "pulse", "health", "status")]  # fmt: skip
    assert "pattern readwrite" not in text


def test_a_file_of_nobody_has_nobody_in_it() -> None:
    assert homes_in(rights("hub", {}).splitlines()) == {}
    assert homes_in(["topic write semblante/v1/+/%u/records", "rubbish", ""]) == {}


def test_who_is_barred_can_be_read_back_and_nobody_else_is() -> None:
    homes = {KioskId("k-1"): StoreId("centro")}
    lines = rights("hub", homes, barred={"centro/k-2", "sur/k-3"}).splitlines()
    assert barred_in(lines) == {"centro/k-2", "sur/k-3"}
    assert homes_in(lines) == homes
    at = lines.index("user centro/k-2")
    assert lines[at + 1 : at + 3] == ["topic deny semblante/v1/#", ""]
