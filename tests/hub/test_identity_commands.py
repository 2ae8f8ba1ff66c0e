"""The commands about join codes, certificates and the authority: what they print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.adapters.troubles import SqlTroubles
from hub.adapters.visiting import Visits
from hub.core.troubles import Kind
from hub.settings import load_settings
from hub.wiring.bureau import Bureau
from hub.wiring.opening import open_database
from tests.hub.test_main import Run, ready, run
from tests.parts.devices import Device
from tests.parts.ports import free_port

__all__ = ["ready", "run"]

pytestmark = pytest.mark.usefixtures("logs_as_before")

HERE = "10.0.0.7"


@pytest.fixture
def able(ready: Run) -> Run:
    """A hub with an authority; nobody listens at its broker's doors."""
    with Path("hub.toml").open("a") as settings:
        settings.write(f"tls_port = {free_port()}\n")  # its last table is the broker's
        settings.write('[authority]\nfolder = "authority"\nurl = "https://hub.example.com"\n')
    assert ready("authority", "init")[0] == 0
    return ready


def bureau() -> Bureau:
    return Bureau(load_settings(Path("hub.toml")))


def join(code: str) -> None:
    """A device uses it."""
    bureau().identity.join(code, Device().request(), HERE)


def new(able: Run, *more: str) -> dict[str, str]:
    """A new join code for k-1, as programs are told it."""
    code, printed, complaint = able("join", "new", "centro", "caja-1", "k-1", "--json", *more)
    assert code == 0, complaint
    return dict(json.loads(printed))


def test_an_authority_is_made_once_and_says_its_fingerprint(able: Run) -> None:
    code, printed, _ = able("authority", "init")
    assert (code, "there already" in printed) == (0, True)
    told = json.loads(able("authority", "show", "--json")[1])
    assert told["fingerprint"] in able("authority", "show")[1]
    assert told["fingerprint"] in printed
    assert "hub.example.com" in told["names"]
    assert Path("authority/web.pem").exists()


def test_without_a_folder_it_says_where_to_name_one(ready: Run) -> None:
    code, _, complaint = ready("authority", "init")
    assert (code, "hub.toml" in complaint) == (1, True)
    assert "name no folder" in complaint
    code, _, complaint = ready("join", "new", "centro", "caja-1", "k-1")
    assert (code, "no authority" in complaint) == (1, True)
    code, _, complaint = ready("broker", "test")
    assert (code, "no authority" in complaint) == (1, True)


def test_a_join_code_is_told_for_people_for_programs_and_for_cards(able: Run) -> None:
    told = new(able)
    assert (told["hub"], told["kiosk"]) == ("https://hub.example.com", "k-1")
    code, printed, said = able("join", "new", "centro", "caja-1", "k-1")
    assert code == 0
    assert 'store = "centro"' in printed
    assert "k-1 at centro/caja-1" in said
    words = ("--file", "card.toml", "--qr", "card.svg")
    code, printed, said = able("join", "new", "centro", "caja-1", "k-1", *words)
    assert (code, printed) == (0, "")
    assert Path("card.toml").stat().st_mode & 0o777 == 0o600
    assert "join_code" in Path("card.toml").read_text()
    assert "<svg" in Path("card.svg").read_text()


def test_codes_are_listed_with_what_became_of_them(able: Run) -> None:
    new(able)
    join(new(able)["code"])
    printed = able("join", "list")[1]
    assert "used" in printed
    assert "withdrawn" in printed
    new(able)
    assert able("join", "withdraw", "k-1")[0] == 0
    code, _, complaint = able("join", "withdraw", "k-1")
    assert (code, "no join code" in complaint) == (1, True)


def test_a_certificate_is_listed_revoked_and_its_name_barred(able: Run) -> None:
    join(new(able)["code"])
    assert "until" in able("certificate", "list")[1]
    assert able("certificate", "revoke", "k-1")[0] == 0
    assert "revoked" in able("certificate", "list")[1]
    assert "user centro/k-1" in Path("mosquitto/rights").read_text()
    code, _, complaint = able("certificate", "revoke", "k-1")
    assert (code, "no certificate" in complaint) == (1, True)


def test_retiring_a_kiosk_bars_its_name_too(able: Run) -> None:
    join(new(able)["code"])
    code, _, complaint = able("kiosk", "retire", "k-1")
    assert code == 0, complaint
    assert "user centro/k-1" in Path("mosquitto/rights").read_text()
    assert "retired" in able("certificate", "list")[1]


@pytest.mark.parametrize("words", [("--as-it-is",), ()])
def test_a_held_kiosk_is_released(able: Run, words: tuple[str, ...]) -> None:
    join(new(able)["code"])
    assert able("certificate", "release", "k-1")[0] == 1
    identity = bureau().identity
    identity.hold(identity.certificates()[0].store_id, identity.certificates()[0].kiosk_id, "test")
    code, printed, _ = able("certificate", "release", "k-1", *words)
    assert (code, "join code now" in printed) == (0, not words)


def test_keys_are_rotated_and_broker_and_web_server_have_new_certificates(able: Run) -> None:
    before = json.loads(able("authority", "show", "--json")[1])
    web = Path("authority/web.pem").read_text()
    assert able("authority", "rotate")[0] == 2
    assert able("authority", "rotate", "--root", "--signing")[0] == 0
    after = json.loads(able("authority", "show", "--json")[1])
    assert after["fingerprint"] != before["fingerprint"]
    assert (after["roots"], len(after["signing_keys"])) == (2, 2)
    assert Path("authority/web.pem").read_text() != web


def test_the_brokers_files_have_a_door_for_certificates_only_with_an_authority(
    ready: Run, request: pytest.FixtureRequest
) -> None:
    assert "require_certificate" not in Path("mosquitto/mosquitto.conf").read_text()
    request.getfixturevalue("able")
    told = Path("mosquitto/mosquitto.conf").read_text()
    assert "require_certificate true" in told
    assert "use_identity_as_username true" in told
    files = {file.name for file in Path("mosquitto").iterdir()}
    assert files >= {"broker.pem", "broker-key.pem", "authority.pem", "revoked.pem"}


def test_where_nobody_listens_the_broker_cannot_be_tried(able: Run) -> None:
    code, _, complaint = able("broker", "test")
    assert (code, "door for certificates" in complaint) == (1, True)


def test_what_the_broker_was_seen_to_do_is_noted_for_the_page(
    able: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = ["semblante/v1/probe/other/records"]
    monkeypatch.setattr(Visits, "look", lambda _: heard)
    code, _, complaint = able("broker", "test")
    assert (code, "may write where it must not" in complaint) == (1, True)
    [found] = troubles().look([]).troubles
    assert (found.kind, found.code, found.count) == (Kind.BROKER, "open", 1)
    heard.clear()
    assert able("broker", "test")[0] == 0
    assert troubles().look([]).troubles == ()


def troubles() -> SqlTroubles:
    return SqlTroubles(open_database(load_settings(Path("hub.toml")), pooled=False))


def test_a_second_kiosk_at_one_point_is_told_with_what_replace_does(able: Run) -> None:
    told = new(able)
    assert not told["beside"]
    join(told["code"])
    assert "two kiosks" not in able("join", "new", "centro", "caja-1", "k-1")[2], "itself again"
    code, _, said = able("join", "new", "centro", "caja-1", "k-2")
    assert code == 0
    assert "k-1 stands at centro/caja-1: there would be two kiosks at one point" in said
    assert "make replace OLD=k-1" in said
    assert json.loads(able("join", "new", "centro", "caja-1", "k-2", "--json")[1])["beside"] == [
        "k-1"
    ]
    assert able("kiosk", "retire", "k-1")[0] == 0
    assert "two kiosks" not in able("join", "new", "centro", "caja-1", "k-2")[2]
