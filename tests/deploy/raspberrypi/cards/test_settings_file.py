"""What is written here the kiosk reads: the one settings file, with whatever a person types."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.raspberrypi.cards.settings_file import DeviceWishes, settings_file
from kiosk.core.device_file import device_file_from
from shared.errors import SettingsError
from shared.joining import write_code

CODE = write_code(bytes(range(16)))
PLACE = ("mercado-centro", "caja-3", "kiosk-3", "https://hub.example", "ab" * 32, CODE)
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0dGhpcyBpcyBubyBrZXkgYXQgYWxsIQ tecnico"


def test_the_kiosk_reads_what_was_written() -> None:
    wishes = DeviceWishes(
        *PLACE, "La tienda", "palabra secreta", "ES", "caja-3", "Europe/Madrid", "180", (KEY,),
        '[till]\nkind = "receipt"\nport = "/dev/ttyUSB0"\n',
    )  # fmt: skip
    file, faults = device_file_from(tomllib.loads(settings_file(wishes)))
    assert faults == []
    assert (file.store_id, file.point_id, file.kiosk_id) == PLACE[:3]
    assert (file.hub, file.fingerprint, file.join_code) == PLACE[3:]
    assert file.network is not None
    assert (file.network.ssid, file.network.passphrase) == ("La tienda", "palabra secreta")
    assert file.ssh_keys == (KEY,)
    assert file.kiosk["screen"] == {"rotation": 180}
    assert file.kiosk["till"]["kind"] == "receipt"


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=32), st.text(min_size=8, max_size=63))
def test_a_network_may_be_called_anything(ssid: str, passphrase: str) -> None:
    text = settings_file(DeviceWishes(*PLACE, ssid=ssid, passphrase=passphrase))
    network = tomllib.loads(text.encode("utf-8", "surrogatepass").decode())["network"]
    assert (network["ssid"], network["passphrase"]) == (ssid, passphrase)


def test_a_passphrase_or_code_is_in_no_message_of_a_fault() -> None:
    wishes = DeviceWishes("Bad Name", *PLACE[1:5], "AAAA-BBBB", "x", "corta")
    assert "corta" not in repr(wishes) + str(wishes.faults())
    assert "AAAA-BBBB" not in repr(wishes)
    with pytest.raises(SettingsError) as told:
        wishes.checked("here")
    assert len(told.value.faults) == 3
