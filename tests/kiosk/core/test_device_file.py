"""The one settings file of a device: what it may say, and what is left of it afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.device_file import KEPT, Network, device_file_from, emptied, filled
from shared.joining import write_code

LEAST: dict[str, Any] = {
    "store": "centro",
    "point": "caja-1",
    "kiosk": "k-1",
    "hub": "https://hub.example",
    "fingerprint": "AB:" * 31 + "AB",
}
FULL: dict[str, Any] = LEAST | {
    "join_code": write_code(b"\x07" * 16),
    "languages": ["es"],
    "rotation": 180,
    "network": {"ssid": "Tienda", "passphrase": "correcta caballo", "country": "ES"},
    "till": {"kind": "none"},
    "door": {"token": "0123456789abcdef"},
    "panel": {"pin": "scrypt$…"},
}


def faults(**changed: Any) -> list[str]:
    return device_file_from(FULL | changed)[1]


@pytest.mark.parametrize(
    "hub",
    [
        "https://hub", "https://hub.example/", "https://Hub.Example:8443", "https://10.0.0.7",
        "https://[fd00::7]:443", "https://xn--hb-fka.example",
    ],
)  # fmt: skip
def test_an_address_of_a_hub_is_taken(hub: str) -> None:
    file, told = device_file_from(LEAST | {"hub": hub})
    assert not told
    assert file.hub == hub.rstrip("/")


@pytest.mark.parametrize(
    "hub",
    [
        "https://", "https://hub/stores/centro/kiosks", "https://hub?x", "https://ana:pw@hub",
        "https://hub..example", "https://hub:99999", "https://hub:0", "https://hüb.example",
        "https://hub example", "https://-hub", "https://" + "h" * 64, "https:///x", "https://hub#",
    ],
)  # fmt: skip
def test_what_leads_to_no_hub_is_told_before_anybody_is_asked(hub: str) -> None:
    (told,) = device_file_from(LEAST | {"hub": hub})[1]
    assert told.startswith("hub: ")
    assert told.endswith("it is https://, a name, and nothing more")


def test_the_least_file_changes_nothing_of_the_machine() -> None:
    file, told = device_file_from(LEAST)
    assert not told
    assert (file.hostname, file.time_zone, file.network, file.ssh_keys) == ("", "", None, ())
    assert file.fingerprint == "ab" * 32
    assert file.kiosk == {}


def test_what_a_kiosk_knows_is_passed_on() -> None:
    file, told = device_file_from(FULL)
    assert not told
    assert file.network == Network("Tienda", "correcta caballo", "ES")
    assert file.kiosk == {
        "languages": ["es"],
        "screen": {"rotation": 180},
        "till": {"kind": "none"},
        "door": {"token": "0123456789abcdef"},
        "panel": {"pin": "scrypt$…"},
    }
    assert "caballo" not in repr(file)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"hostname": "K_1"}, "hostname: 'K_1' is none"),
        ({"hostname": "-k"}, "hostname"),
        ({"network": {"ssid": "x" * 33}}, "network.ssid: needs 1 to 32"),
        ({"network": {"ssid": "x", "passphrase": "short"}}, "network.passphrase: is too short"),
        ({"network": {"ssid": "x", "country": "Spain"}}, "network.country: 'Spain' is none"),
        ({"network": "Tienda"}, "network: must be a table, [network]"),
        ({"ssh": {"keys": ["-----BEGIN PRIVATE KEY"]}}, "ssh.keys: number 1 is no public key"),
        ({"ssh": {"keys": "one"}}, "ssh.keys: is no list"),
        ({"ssh": {"key": []}}, "ssh.key: nobody knows this key; did you mean “keys”?"),
        ({"rotation": 45}, "rotation: 45 is none of 0, 90, 180, 270"),
        ({"join_code": "hello"}, "join_code: the join code is not written as it was given"),
        ({"hub": 5}, "hub: needs 1 to 200"),
        ({"scren": {}}, "did you mean [screen]?"),
        ({"joincode": "x"}, "did you mean “join_code”?"),
    ],
)
def test_each_typing_error_is_told(changed: dict[str, Any], words: str) -> None:
    (fault,) = faults(**changed)
    assert words in fault


def test_what_was_secret_is_emptied_and_stands_for_what_the_device_has() -> None:
    left = emptied(FULL)
    assert "join_code" not in left
    assert (left["network"]["passphrase"], left["door"]["token"], left["panel"]["pin"]) == (
        KEPT, KEPT, KEPT,
    )  # fmt: skip
    assert emptied(left) == left
    again = filled(left, {"door": FULL["door"], "panel": FULL["panel"]})
    assert again["door"] == FULL["door"]
    file, told = device_file_from(again)
    assert not told
    assert file.network is not None
    assert file.network.is_kept


anything = st.recursive(
    st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.floats(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*FULL, "ssh", "screen", "x"]), anything, max_size=8))
def test_whatever_stands_there_comes_back_as_faults(values: dict[str, Any]) -> None:
    _, told = device_file_from(FULL | values)
    assert all(isinstance(one, str) for one in told)
    assert emptied(emptied(values)) == emptied(values)
