"""One settings file makes a machine a kiosk: whole, resumed, refused, and typed wrong."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.__main__ import main
from kiosk.adapters import durable
from kiosk.adapters.first_boot_report import Stage, read_report
from kiosk.adapters.identity import IdentityFolder
from kiosk.adapters.setting_up import Machine
from kiosk.core.device_file import KEPT
from kiosk.settings import load_settings
from kiosk.wiring.first_boot import Ground, _told, first_boot
from shared.joining import write_code
from tests.fakes.clock import FakeClock
from tests.parts.authority import SmallAuthority
from tests.parts.joining_hub import CODE, JoiningHub, joining_hub, refusal

FILE = """\
store = "centro"
point = "caja-1"
kiosk = "k-1"
hub = "{url}"
fingerprint = "{fingerprint}"
join_code = "{code}"
hostname = "k-1"
time_zone = "Europe/Madrid"
rotation = 90

[network]
ssid = "Tienda; ñ"
passphrase = " se\\\\creto 123"
country = "ES"

[ssh]
keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7f2lQ0o1mB3nT0Zb5xv9d5R1Jq8W2uYk3s4t5v6w7x tech@van"]

[till]
kind = "receipt"
port = "/dev/ttyUSB0"

[door]
token = "0123456789abcdef"
drills = true
"""


class Site:
    """A card, the partition of the data and a system below `folder`, and the hub."""

    def __init__(self, folder: Path, hub: JoiningHub) -> None:
        self.hub = hub
        self.ground = Ground(folder / "boot/semblante.toml", folder / "data", folder / "root")
        for part in ("boot", "data", "root/usr/share/zoneinfo/Europe", "root/etc"):
            (folder / part).mkdir(parents=True)
        (self.root / "usr/share/zoneinfo/Europe/Madrid").touch()
        self.clock = FakeClock()
        self.told: list[Sequence[str]] = []
        self.write(FILE)

    @property
    def root(self) -> Path:
        return self.ground.root

    def write(self, text: str, code: str = write_code(CODE)) -> None:
        filled = text.replace("{url}", self.hub.url).replace("{fingerprint}", self.hub.fingerprint)
        self.ground.file.write_text(filled.replace("{code}", code), encoding="utf-8")

    def boots(self) -> Stage:
        machine = Machine(self.root, self.told.append)
        return first_boot(self.ground, machine, self.clock).stage

    def troubles(self) -> list[str]:
        report = read_report(self.ground.data)
        assert report is not None
        return [f"{one.line}: {one.text}" for one in report.troubles]

    def written(self) -> dict[str, Any]:
        return tomllib.loads(self.ground.file.read_text(encoding="utf-8"))

    def tree(self) -> dict[str, bytes]:
        """Every file but the identity's, as it is."""
        files = (one for one in self.ground.data.parent.rglob("*") if one.is_file())
        return {str(one): one.read_bytes() for one in files}


@pytest.fixture(scope="module")
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def site(tmp_path: Path, authority: SmallAuthority) -> Iterator[Site]:
    (tmp_path / "hub").mkdir()
    with joining_hub(tmp_path / "hub", authority) as hub:
        yield Site(tmp_path, hub)


def test_a_machine_becomes_the_kiosk_of_its_settings_file(site: Site) -> None:
    assert site.boots() is Stage.DONE
    etc = site.root / "etc"
    assert (etc / "hostname").read_text() == "k-1\n"
    assert "127.0.1.1\tk-1" in (etc / "hosts").read_text()
    assert str((etc / "localtime").readlink()) == "/usr/share/zoneinfo/Europe/Madrid"
    keyfile = etc / "NetworkManager/system-connections/semblante.nmconnection"
    assert keyfile.stat().st_mode & 0o777 == 0o600
    lines = keyfile.read_text().splitlines()
    assert "psk=\\sse\\\\creto 123" in lines
    assert f"ssid={''.join(f'{one};' for one in 'Tienda; ñ'.encode())}" in lines
    assert "ieee80211_regdom=ES" in (etc / "modprobe.d/semblante-country.conf").read_text()
    assert "tech@van" in (site.root / "root/.ssh/authorized_keys").read_text()
    assert ["nmcli", "connection", "reload"] in site.told
    settings = load_settings(site.ground.config, {})
    assert settings.place.store_name == "Mercado Centro"
    assert settings.screen.rotation == 90
    assert settings.till is not None
    identity = site.ground.identity.current()
    assert identity is not None
    assert identity.place() == ("centro", "caja-1", "k-1")


def test_no_secret_is_left_on_the_card_and_all_else_is(site: Site) -> None:
    site.boots()
    card = (site.ground.file).read_bytes()
    for secret in (write_code(CODE).encode(), b"creto", b"0123456789abcdef"):
        assert secret not in card
    left = site.written()
    assert left["network"] == {"ssid": "Tienda; ñ", "passphrase": KEPT, "country": "ES"}
    assert (left["store"], left["hub"], left["till"]["kind"]) == ("centro", site.hub.url, "receipt")


def test_the_second_time_nothing_changes(site: Site) -> None:
    site.boots()
    before, asked = site.tree(), len(site.hub.asked)
    assert site.boots() is Stage.DONE
    assert site.tree() == before
    assert len(site.hub.asked) == asked


def test_what_is_changed_on_the_card_afterwards_is_taken_without_the_secrets(site: Site) -> None:
    site.boots()
    text = site.ground.file.read_text().replace("rotation = 90", "rotation = 180")
    site.ground.file.write_text(text.replace('hostname = "k-1"', 'hostname = "k-one"'))
    assert site.boots() is Stage.DONE
    settings = load_settings(site.ground.config, {})
    assert settings.screen.rotation == 180
    assert settings.door is not None
    assert (site.root / "etc/hostname").read_text() == "k-one\n"
    keyfile = site.root / "etc/NetworkManager/system-connections/semblante.nmconnection"
    assert "creto" in keyfile.read_text(), "the Wi-Fi's passphrase stays"


def test_all_faults_are_told_at_once_with_their_lines_and_nothing_is_done(site: Site) -> None:
    site.write("""\
stor = "centro"
point = "Caja 1"
kiosk = "k-1"
hub = "http://hub"
fingerprint = "abc"
join_code = "{code}9"
time_zone = "Europe/Madird"
[netwrk]
ssid = "x"
[till]
kind = "recipt"
""")
    before = site.tree()
    assert site.boots() is Stage.STUCK
    told = site.troubles()
    starts = [line.partition(": ")[0] + ": " + line.split(": ")[1] for line in told]
    assert starts == [
        "1: stor", "2: point", "4: hub", "5: fingerprint", "6: join_code", "7: time_zone",
        "8: [netwrk]", "11: till.kind", "None: store",
    ]  # fmt: skip
    assert "did you mean “store”?" in told[0]
    assert "did you mean [network]?" in told[6]
    assert write_code(CODE) not in "".join(told)
    report = str(site.ground.data / "first-boot.json")
    assert {k: v for k, v in site.tree().items() if k != report} == before


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"\xff\xfes\x00t\x00", "no UTF-8"),
        (b"store = ", "is no TOML"),
        (b"store = 'x'\n" * 9_000, "longer than"),
        (b"[" * 60_000, "is no TOML"),
    ],
)
def test_what_is_no_settings_file_is_said_so(written: bytes, words: str, site: Site) -> None:
    site.ground.file.write_bytes(written)
    assert site.boots() is Stage.STUCK
    assert words in site.troubles()[0]


def test_the_editor_of_windows_does_no_harm(site: Site) -> None:
    text = site.ground.file.read_text(encoding="utf-8")
    site.ground.file.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert site.boots() is Stage.DONE


def test_a_used_code_is_told_and_not_tried_again_until_the_file_changes(site: Site) -> None:
    site.hub.answer = refusal(403, "used", "this join code was used by another device")
    assert site.boots() is Stage.STUCK
    assert site.boots() is Stage.STUCK
    assert len(site.hub.asked) == 1
    report = read_report(site.ground.data)
    assert report is not None
    assert (report.troubles[0].code, report.troubles[0].hint) == ("used", "Make a new one.")
    site.hub.answer = None
    site.ground.file.write_text(site.ground.file.read_text() + "# another code\n")
    assert site.boots() is Stage.DONE


def test_a_used_code_is_tried_once_more_when_the_machine_is_started_anew(site: Site) -> None:
    """Whoever mended it at the hub need not touch the file."""
    site.hub.answer = refusal(403, "retired", "this kiosk takes part no more")
    assert site.boots() is Stage.STUCK
    site.hub.answer = None
    assert site.boots() is Stage.STUCK
    site.clock.boot_id = "b1" * 16
    assert site.boots() is Stage.DONE


@pytest.mark.parametrize("code", ["no_authority", "version"])
def test_what_is_mended_at_the_hub_is_found_without_a_new_start(code: str, site: Site) -> None:
    site.hub.answer = refusal(404, code, "not yet")
    assert site.boots() is Stage.STUCK
    written = (site.ground.data / "first-boot.json").stat().st_mtime_ns
    assert site.boots() is Stage.STUCK
    assert (site.ground.data / "first-boot.json").stat().st_mtime_ns == written, "nothing is new"
    site.hub.answer = None
    assert site.boots() is Stage.DONE


def test_a_network_that_wants_somebody_to_sign_in_is_waited_out(site: Site) -> None:
    site.hub.answer = 302, b"<html>"
    assert site.boots() is Stage.STUCK
    assert "is no hub: it says 302" in site.troubles()[0]
    site.hub.answer = None
    assert site.boots() is Stage.DONE


def test_a_file_that_was_mended_and_put_back_is_read_in_the_same_start(site: Site) -> None:
    whole = site.ground.file.read_text()
    site.ground.file.write_text(whole.replace('store = "centro"', 'stor = "centro"'))
    assert site.boots() is Stage.STUCK
    site.ground.file.write_text(whole)
    assert site.boots() is Stage.DONE


def test_a_file_that_is_no_toml_hides_no_other_fault_and_speaks_its_language(site: Site) -> None:
    site.write("""store = centro
languages = ["pt", "es"]
point = "Caja 1"
kiosk "k-1"
hub = "https://hub/kiosks"
fingerprint = "abc"
""")
    assert site.boots() is Stage.STUCK
    lines = [one.partition(":")[0] for one in site.troubles()]
    assert lines == ["1", "3", "4", "5", "6", "None"], site.troubles()
    assert "join_code: is missing" in site.troubles()[-1]
    report = read_report(site.ground.data)
    assert report is not None
    assert report.language == "pt"


def test_names_that_no_kiosk_can_show_do_not_keep_it_from_running(site: Site) -> None:
    request = IdentityFolder(site.ground.data.parent / "other").request()
    told = site.hub.authority.joined(request)
    odd = replace(told, store_name="x" * 300, point_name="a\nb")
    assert set(_told(odd)) == {"languages"}
    assert set(_told(told)) == {"store_name", "point_name", "languages"}


def test_what_nobody_foresaw_is_a_sentence_and_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Machine, "name", lambda *_: dict[str, str]()["x"])
        assert site.boots() is Stage.TRYING
    assert "something unforeseen has happened: KeyError" in site.troubles()[0]
    assert site.boots() is Stage.DONE


def test_a_hub_that_is_not_there_is_tried_again(site: Site) -> None:
    site.hub.answer = refusal(503, "database", "the database cannot answer now")
    assert site.boots() is Stage.TRYING
    site.hub.answer = None
    assert site.boots() is Stage.DONE


def test_without_a_code_an_unknown_device_is_stuck_and_a_known_one_is_not(site: Site) -> None:
    without = FILE.replace('join_code = "{code}"\n', "")
    site.write(without)
    assert site.boots() is Stage.STUCK
    assert "None: join_code: is missing" in site.troubles()[0]
    site.write(FILE)
    assert site.boots() is Stage.DONE
    site.write(without)
    assert site.boots() is Stage.DONE
    site.write(without.replace("k-1", "k-2"))
    assert site.boots() is Stage.STUCK


def test_a_kiosk_without_the_file_stays_one(site: Site) -> None:
    site.boots()
    site.ground.file.unlink()
    assert site.boots() is Stage.DONE


def test_a_card_without_the_file_says_which_is_missing(site: Site) -> None:
    site.ground.file.unlink()
    assert site.boots() is Stage.STUCK
    assert "there is no file semblante.toml on the card" in site.troubles()[0]


def test_a_system_that_cannot_be_written_is_a_sentence_and_tried_again(site: Site) -> None:
    (site.root / "etc").rmdir()
    (site.root / "etc").touch()
    assert site.boots() is Stage.TRYING
    assert "etc" in site.troubles()[0]


class _Cut(BaseException):
    """The plug was pulled."""


def test_an_interruption_at_any_step_ends_well_at_the_next_start(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The plug is pulled before the first, tenth, nineteenth … change of the disk."""
    for step in range(0, 400, 9):
        folder = tmp_path / f"at-{step}"
        cut = Site(folder, site.hub)
        site.hub._used_by = None
        with monkeypatch.context() as patch:
            count = _cut_at(step, patch)
            with suppress(_Cut):
                cut.boots()
        whole = count() <= step
        assert cut.boots() is Stage.DONE, step
        left = cut.written()
        assert "join_code" not in left
        assert left["network"]["passphrase"] == KEPT
        assert load_settings(cut.ground.config, {}).identity is not None
        if whole:
            break
    assert 20 < step < 399


def _cut_at(step: int, patch: pytest.MonkeyPatch) -> Any:
    done = 0

    def cut(real: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            nonlocal done
            done += 1
            if done > step:
                raise _Cut
            return real(*args, **more)

        return call

    for name in ("fsync", "replace", "rename", "symlink", "mkdir", "unlink"):
        patch.setattr(os, name, cut(getattr(os, name)))
    patch.setattr(durable, "_fill", cut(durable._fill))
    return lambda: done


def test_the_command_prints_what_is_wrong_and_ends_by_who_can_go_on(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    where = site.ground
    words = ["first-boot", "--settings", str(where.file), "--data", str(where.data),
             "--root", str(where.root), "--owner", "nobody"]  # fmt: skip
    site.hub.answer = refusal(503, "database", "the database cannot answer now", "Wait.")
    assert main(words) == 1
    assert capsys.readouterr().out.splitlines() == [
        "✗ the database cannot answer now", "  → Wait.",
    ]  # fmt: skip
    site.hub.answer = None
    assert main(words) == 0
    assert capsys.readouterr().out == "✓ this device is a kiosk\n"
    if os.geteuid() == 0:
        key = where.data / "identity/key.pem"
        assert key.stat().st_uid == where.config.stat().st_uid != 0
    where.file.write_text("store = 5")
    assert main(words) == 0, "only a person can go on"
    assert "✗ line 1: store: needs 1 to 200" in capsys.readouterr().out


def test_a_stranger_that_holds_the_card_learns_nothing(site: Site) -> None:
    """Whoever reads the card afterwards finds a code that is used, and nothing else."""
    site.boots()
    other = replace(site.ground, data=site.ground.data.parent / "other")
    assert first_boot(other, Machine(site.root), site.clock).stage is Stage.STUCK
