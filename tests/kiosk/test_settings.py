"""kiosk.toml: what it may hold, and that all its faults are told at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.settings import PASSWORD_VARIABLE, OutboxSettings, Settings, load_settings
from shared.errors import PlaceError, SettingsError
from shared.sales import SaleSource

LEAST = """
store = "centro"
point = "caja-1"
kiosk = "k-1"
[broker]
host = "hub.example"
password = "secret"
"""

EXAMPLE = Path(__file__).parents[2] / "deploy/raspberrypi/kiosk.toml.example"


def load(folder: Path, text: str, environment: dict[str, str] | None = None) -> Settings:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environment or {})


def faults(folder: Path, text: str, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        load(folder, text, environment)
    return raised.value.faults


def test_the_least_file_has_sensible_defaults(tmp_path: Path) -> None:
    least = load(tmp_path, LEAST)
    assert (least.place.store_id, least.place.point_id, least.place.kiosk_id) == (
        "centro", "caja-1", "k-1",
    )  # fmt: skip
    assert least.place.languages == ("es", "en")
    assert (least.broker.host, least.broker.port) == ("hub.example", 1883)
    assert (least.broker.keepalive, least.broker.receipt_timeout) == (30, 10)
    assert least.outbox.path == tmp_path / "outbox.db"
    assert (least.outbox.quota, least.outbox.keep_days) == (200_000, 7)
    assert (least.screen.driver, least.screen.size) == ("kmsdrm", (800, 480))
    assert (least.till, least.drawer, least.buttons, least.door) == (None, None, None, None)


def test_everything_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    full = load(tmp_path, f"""
        store_name = "Mercado Centro"
        languages = ["en"]
        always_on = true
        {LEAST}
        port = 8883
        ca_file = "ca.pem"
        longest_wait = 60
        [outbox]
        path = "/data/outbox.db"
        quota = 1000
        keep_days = 30
        [screen]
        driver = "x11"
        width = 720
        height = 1280
        fullscreen = false
        rotation = 90
        inches = 10
        [till]
        kind = "receipt"
        port = "/dev/ttyUSB0"
        [buttons]
        sad = 5
        neutral = 6
        happy = 13
        [door]
        token = "0123456789abcdef"
        drills = true
        [log]
        format = "json"
        level = "warning"
    """)  # fmt: skip
    assert (full.place.store_name, full.place.languages) == ("Mercado Centro", ("en",))
    assert full.place.always_on
    assert (full.broker.port, full.broker.ca_file) == (8883, tmp_path / "ca.pem")
    assert full.outbox == OutboxSettings(Path("/data/outbox.db"), 1000, 30)
    assert (full.screen.size, full.screen.rotation) == ((720, 1280), 90)
    assert full.screen.inches == 10
    assert full.till is not None
    assert full.till.kind is SaleSource.RECEIPT
    assert full.drawer is None
    assert full.buttons is not None
    assert full.door is not None
    assert (full.log.format, full.log.level) == ("json", "warning")


def test_the_example_is_right_with_every_default_written_out(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in ("broker.password", "ca.pem"):
        (tmp_path / name).write_text("secret\n")
    given = load(tmp_path, text)
    everything = "\n".join(map(uncommented, text.splitlines()))
    assert faults(tmp_path, everything) == (
        "[till] and [drawer] and [door]: each tells of the same sale; keep only one",
    )
    written_out = load(tmp_path, re.sub(r"(?ms)^\[(drawer|door)\].*?(?=^\[)", "", everything))
    assert given.broker.password == "secret"
    assert written_out.buttons is not None
    assert written_out.place == given.place
    assert written_out.screen == given.screen
    assert written_out.outbox == given.outbox
    assert written_out.log == given.log


JOINED = """
store = "centro"
point = "caja-1"
kiosk = "k-1"
[identity]
"""


def test_with_an_identity_the_broker_is_what_the_hub_told(tmp_path: Path) -> None:
    joined = load(tmp_path, JOINED)
    assert joined.identity is not None
    assert joined.identity.folder == tmp_path / "identity"
    assert (joined.broker.host, joined.broker.port, joined.broker.password) == (None, None, "")
    moved = load(tmp_path, JOINED + 'folder = "/data/me"\n[broker]\nhost = "10.0.0.1"')
    assert moved.identity is not None
    assert moved.identity.folder == Path("/data/me")
    assert (moved.broker.host, moved.broker.port) == ("10.0.0.1", 8883)
    assert load(tmp_path, LEAST).identity is None


def test_faults_of_an_identity_are_told_with_the_others(tmp_path: Path) -> None:
    assert set(faults(tmp_path, JOINED + 'foldr = "x"\n[broker]\nport = 0')) == {
        "identity.foldr: nobody knows this key; did you mean “folder”?",
        "broker.port: 0 is no whole number from 1 to 65535",
    }


TILL = '[till]\nkind = "receipt"\nport = "/dev/ttyUSB0"\n'
SILENT = '[till]\nkind = "none"\n'
DRAWER = "[drawer]\npin = 17\n"
DOOR = '[door]\ntoken = "0123456789abcdef"\n'
DRILL = f"{DOOR}drills = true\n"


@pytest.mark.parametrize(
    ("wires", "named"),
    [
        (TILL + DRAWER, "[till] and [drawer]"),
        (TILL + DOOR, "[till] and [door]"),
        (DRAWER + DOOR, "[drawer] and [door]"),
        (TILL + DRAWER + DOOR, "[till] and [drawer] and [door]"),
        (TILL + DRAWER + DRILL, "[till] and [drawer]"),
    ],
)
def test_two_wires_that_tell_of_one_sale_are_a_fault(
    tmp_path: Path, wires: str, named: str
) -> None:
    (fault,) = faults(tmp_path, LEAST + wires)
    assert fault == f"{named}: each tells of the same sale; keep only one"


@pytest.mark.parametrize("wires", [TILL, DRAWER, DOOR, SILENT + DOOR, TILL + DRILL, ""])
def test_one_wire_is_right_and_a_drills_calls_are_the_testers_own(
    tmp_path: Path, wires: str
) -> None:
    load(tmp_path, LEAST + wires)


def uncommented(line: str) -> str:
    """A line that shows a default, as one that says it."""
    is_setting = line.startswith("# ") and (" = " in line or line.startswith("# ["))
    return line[2:] if is_setting else line


def test_all_faults_are_told_at_once_with_what_was_meant(tmp_path: Path) -> None:
    assert set(faults(tmp_path, """
        store = "Centro"
        kiosk = "k-1"
        languges = ["es"]
        log = "json"
        [brokr]
        host = "x"
        [screen]
        driver = "x12"
        width = true
        [till]
        kind = "receit"
        [buttons]
        sad = 99
        neutral = 6
        happy = 13
    """)) == {
        f"store: is no name. {PlaceError.hint}",
        "point: is missing",
        "languges: nobody knows this key; did you mean “languages”?",
        "log: must be a table, [log]",
        "[brokr]: nobody knows this table; did you mean [broker]?",
        "[broker]: this table is missing",
        "screen.driver: 'x12' is none of kmsdrm, x11, offscreen, none; did you mean “x11”?",
        "screen.width: True is no whole number from 240 to 8192",
        "till.kind: 'receit' is none of none, receipt, pole, line, modem; did you mean “receipt”?",
        "buttons.sad: 99 is no whole number from 2 to 27",
    }  # fmt: skip


def test_the_password_comes_from_the_environment_then_a_file_then_the_settings(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("from the file\nand a second line\n")
    both = LEAST + 'password_file = "secret"'
    assert load(tmp_path, LEAST).broker.password == "secret"
    assert load(tmp_path, both).broker.password == "from the file"
    outside = {PASSWORD_VARIABLE: "from outside"}
    assert load(tmp_path, both, outside).broker.password == "from outside"
    without = LEAST.replace('password = "secret"', "")
    assert load(tmp_path, without, outside).broker.password == "from outside"
    (fault,) = faults(tmp_path, without)
    assert PASSWORD_VARIABLE in fault


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    assert "secret" not in repr(load(tmp_path, LEAST))
    told = faults(tmp_path, LEAST.replace('"secret"', '"hush\\u0007"') + "port = 0")
    assert len(told) == 2
    assert "hush" not in " ".join(told)


def test_files_that_are_named_must_be_there_and_readable(tmp_path: Path) -> None:
    assert faults(tmp_path, LEAST + 'ca_file = "ca.pem"') == (
        "broker.ca_file: there is no file ca.pem",
    )
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (fault,) = faults(tmp_path, LEAST + 'password_file = "binary"')
    assert fault.startswith("broker.password_file: ")
    assert len(faults(tmp_path, LEAST + 'password_file = "nowhere"')) == 1


def test_a_file_that_is_not_there_or_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "kiosk.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
    for text in ("store = ", "= 3", "a = 1\na = 2", "a = " + "[" * 5_000):
        (fault,) = faults(tmp_path, text)
        assert fault.startswith("is no TOML")
    (tmp_path / "kiosk.toml").write_bytes(b'store = "\xff"')
    with pytest.raises(SettingsError, match="is no TOML"):
        load_settings(tmp_path / "kiosk.toml")


VALUES = st.one_of(
    st.integers(), st.booleans(), st.floats(), st.text("ab\n\\", max_size=5).map(repr),
    st.just("[]"), st.just("{}"), st.just("1979-05-27"), st.just('[["a"], 3]'),
)  # fmt: skip

KEYS = st.sampled_from(
    ["store", "point", "kiosk", "languages", "always_on", "store_name", "unheard_of"]
    + [f"broker.{key}" for key in ("host", "port", "password", "password_file", "ca_file")]
    + ["outbox.path", "outbox.quota", "screen.driver", "screen.width", "screen.rotation"]
    + ["screen.inches"]
    + ["till.kind", "till.port", "door.token", "buttons.sad", "drawer.pin", "log.level"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_whatever_stands_there_nothing_but_a_settings_error_comes_of_it(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    lines = [f"{key} = {str(value).lower()}" for key, value in values.items()]
    file = tmp_path_factory.getbasetemp() / "hostile.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(file, {})
    assert raised.value.faults
