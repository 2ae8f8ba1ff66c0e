"""Joining and renewing over real TLS, with everything that can be wrong with it."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.adapters.hub_door import LATER, is_alone
from kiosk.adapters.identity import CERTIFICATE, KEY, IdentityFolder
from kiosk.settings import IdentitySettings, Settings, identity_fault, load_settings
from kiosk.wiring.joining import digest, join, renew
from kiosk.wiring.unready import unready_page
from shared.errors import DeviceError, JoinRefused
from shared.joining import write_code
from shared.places import KioskId, PointId
from shared.wire import encode
from tests.fakes.clock import FakeClock
from tests.parts.authority import SmallAuthority
from tests.parts.joining_hub import CODE, JoiningHub, joining_hub, refusal

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def hub(tmp_path: Path, authority: SmallAuthority) -> Iterator[JoiningHub]:
    with joining_hub(tmp_path, authority) as hub:
        yield hub


@pytest.fixture
def device(tmp_path: Path, hub: JoiningHub) -> Settings:
    return settings_at(tmp_path, hub.url, hub.fingerprint)


def settings_at(folder: Path, url: str, fingerprint: str) -> Settings:
    file = folder / "kiosk.toml"
    file.write_text(
        'store = "centro"\npoint = "caja-1"\nkiosk = "k-1"\n[screen]\ndriver = "none"\n'
        f'[identity]\nhub = "{url}"\nfingerprint = "{fingerprint}"\n'
    )
    return load_settings(file, {})


def where(device: Settings) -> IdentitySettings:
    assert device.identity is not None
    return device.identity


def join_now(device: Settings, code: str = write_code(CODE), *, synced: bool = True) -> None:
    join(device.place, where(device), code, FakeClock(synced=synced))


def test_a_code_makes_a_device_a_kiosk(device: Settings, hub: JoiningHub) -> None:
    join_now(device, write_code(CODE).lower().replace("-", " "))
    identity = IdentityFolder(where(device).folder).current()
    assert identity is not None
    assert identity.broker() == hub.broker
    assert identity.joined_by() == digest(write_code(CODE))
    ((_, body),) = hub.asked
    assert (body["store"], body["point"], body["kiosk"]) == ("centro", "caja-1", "k-1")
    assert "PRIVATE" not in str(body), "the key stays where it was made"


def test_who_was_interrupted_joins_again_with_the_same_code(
    device: Settings, hub: JoiningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(IdentityFolder, "accept", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            join_now(device)
    join_now(device)
    assert len(hub.asked) == 2
    other = replace(device, identity=replace(where(device), folder=device.folder / "other"))
    with pytest.raises(JoinRefused) as told:
        join_now(other)
    assert told.value.code == "used"


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (refusal(403, "expired", "this join code is a day old"), "expired", "a day old"),
        (refusal(422, "csr", "that is no signing request"), "csr", "no signing request"),
        (refusal(429, "busy", "too many at once"), LATER, "too many"),
        ((503, b"<html>nginx</html>"), LATER, "503"),
        ((404, b"[]"), "no_hub", "is no hub: it says 404"),
        ((302, b""), "no_hub", "is no hub: it says 302"),
        ((200, b"hello"), "version", "cannot be read"),
        ((200, b'{"v": 2}'), "version", "version 2"),
    ],
)
def test_each_refusal_is_a_sentence_with_what_to_do(
    answer: tuple[int, bytes], code: str, words: str, device: Settings, hub: JoiningHub
) -> None:
    hub.answer = answer
    with pytest.raises((JoinRefused, DeviceError), match=words) as told:
        join_now(device)
    assert told.value.code == code
    assert told.value.hint
    assert IdentityFolder(where(device).folder).current() is None


def test_a_typing_error_is_found_before_anybody_is_asked(device: Settings, hub: JoiningHub) -> None:
    text = write_code(CODE)
    for code in (text[:-1] + ("0" if text[-1] != "0" else "1"), "", "x" * 5_000, "ä"):
        with pytest.raises(JoinRefused) as told:
            join_now(device, code)
        assert told.value.code == "typo"
    assert not hub.asked


def test_a_stranger_at_the_hubs_address_learns_no_code(
    device: Settings, hub: JoiningHub, tmp_path: Path
) -> None:
    other = replace(where(device), fingerprint="ab" * 32)
    with pytest.raises(JoinRefused) as told:
        join(device.place, other, write_code(CODE), FakeClock())
    assert told.value.code == "fingerprint"
    (tmp_path / "evil").mkdir()
    with joining_hub(tmp_path / "evil", SmallAuthority()) as evil:
        # It hands out the right authority, as anybody can, but has no certificate of it.
        evil.authority.__dict__["pem"] = hub.authority.pem
        with pytest.raises(JoinRefused) as told:
            join_now(settings_at(tmp_path, evil.url, hub.fingerprint))
        assert told.value.code == "imposter"
        assert not evil.asked
    assert not hub.asked


def test_a_code_of_another_place_changes_nothing(device: Settings, hub: JoiningHub) -> None:
    elsewhere = IdentityFolder(device.folder / "elsewhere")
    foreign = hub.authority.joined(elsewhere.request())
    for other in (
        replace(foreign, kiosk_id=KioskId("k-9")),
        replace(foreign, point_id=PointId("caja-9")),
    ):
        hub.answer = 200, encode(other)
        with pytest.raises(JoinRefused) as told:
            join_now(device)
        assert told.value.code == "foreign"
    assert IdentityFolder(where(device).folder).current() is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://hub.invalid", "nobody here knows the name hub.invalid"),
        ("https://127.0.0.1:1", "cannot be reached"),
    ],
)
def test_a_hub_that_is_not_there_is_tried_again(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=words) as told:
        join_now(settings_at(tmp_path, url, "ab" * 32))
    assert told.value.code == LATER


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1", "https://", "hub", "https://[", "https://h:x", "https://hub..example",
        "https://" + "h" * 70, "https://127.0.0.1/ñ",
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_so(url: str, tmp_path: Path) -> None:
    with pytest.raises(JoinRefused) as told:
        join_now(settings_at(tmp_path, url, "ab" * 32))
    assert told.value.code == "hub"


def test_what_speaks_no_tls_is_no_hub(tmp_path: Path) -> None:
    with serving_plainly() as port, pytest.raises(JoinRefused, match="it speaks no TLS") as told:
        join_now(settings_at(tmp_path, f"https://127.0.0.1:{port}", "ab" * 32))
    assert told.value.code == "no_hub"


@contextmanager
def serving_plainly() -> Iterator[int]:
    """A web server without certificates, on one line."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            with closing(server.accept()[0]) as line:
                line.recv(1_000)
                line.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_without_any_network_neither_name_nor_address_is_to_blame(tmp_path: Path) -> None:
    four, six = tmp_path / "route", tmp_path / "ipv6_route"
    four.write_text("Iface\tDestination\tGateway\n")
    assert is_alone(four, six), "a kernel without IPv6"
    six.write_text(f"{'0' * 31}1 80 {'0' * 32} 00 x lo\nfe80{'0' * 28} 40 x 00 x eth0\n")
    assert is_alone(four, six), "a cable that leads to nobody"
    six.write_text(f"{'0' * 32} 00 x 00 x eth0\n")
    assert not is_alone(four, six)
    six.write_text("")
    four.write_text("Iface\tDestination\nwlan0\t00000000\n")
    assert not is_alone(four, six)
    assert not is_alone(tmp_path, six), "who cannot look does not say so"


def test_1970_keeps_nobody_out(tmp_path: Path, authority: SmallAuthority) -> None:
    with joining_hub(tmp_path, authority, life=(300, 330)) as hub:
        device = settings_at(tmp_path, hub.url, hub.fingerprint)
        with pytest.raises(JoinRefused, match="not yet valid"):
            join_now(device)
        join_now(device, synced=False)


@pytest.mark.parametrize("code", ["revoked", "replaced", "retired"])
def test_whom_the_hub_wants_no_more_is_told_so_until_it_joins_anew(
    code: str, device: Settings, hub: JoiningHub, capsys: pytest.CaptureFixture[str]
) -> None:
    join_now(device)
    config = device.folder / "kiosk.toml"
    hub.answer = refusal(403, code, "this kiosk is out", "Ask somebody.")
    assert main(["renew", "--config", str(config), "--now"]) == 5
    assert "this kiosk is out" in capsys.readouterr().err
    assert main(["renew", "--config", str(config), "--now"]) == 1, "the glass tells it already"
    assert identity_fault(device) == code
    page = unready_page(config)
    assert page is not None
    assert page.obstacles[0].code == code
    hub.answer = hub._used_by = None  # as with a new code
    join_now(device)
    assert identity_fault(device) is None
    assert unready_page(config) is None


@pytest.mark.parametrize("code", ["held", "busy", "proof", "database"])
def test_what_may_pass_or_be_decided_keeps_a_kiosk_asking(
    code: str, device: Settings, hub: JoiningHub
) -> None:
    join_now(device)
    hub.answer = refusal(403, code, "not now")
    assert main(["renew", "--config", str(device.folder / "kiosk.toml"), "--now"]) == 1
    assert identity_fault(device) is None


@pytest.mark.parametrize("text", ["", "[]", "[" * 9_999, '{"generation": "9", "code": "revoked"}',
                                  '{"generation": "1", "code": "fun"}'])  # fmt: skip
def test_a_damaged_or_old_word_takes_nobody_out(text: str, device: Settings) -> None:
    join_now(device)
    (where(device).folder / "refused.json").write_text(text)
    assert identity_fault(device) is None


def test_a_certificate_is_renewed_when_it_is_time_with_a_new_key(
    device: Settings, hub: JoiningHub
) -> None:
    join_now(device)
    folder = IdentityFolder(where(device).folder)
    first = folder.current()
    assert first is not None
    begin, end = first.life()
    assert renew(device, FakeClock(wall=begin + DAY_MS)) is None
    late = FakeClock(wall=begin + (end - begin) * 3 // 4)
    second = renew(device, late)
    assert second is not None
    assert second == folder.current()
    assert second.text(KEY) != first.text(KEY)
    assert second.joined_by() == first.joined_by()
    assert renew(device, FakeClock(wall=begin), at_once=True) != second


def test_it_is_renewed_after_its_end_too(device: Settings, hub: JoiningHub) -> None:
    hub.authority.life, before = (-60, -30), hub.authority.life
    try:
        join_now(device)
    finally:
        hub.authority.life = before
    begin, _ = where_life(device)
    assert renew(device, FakeClock(wall=begin + 90 * DAY_MS)) is not None


def test_a_clock_that_may_be_wrong_renews(device: Settings) -> None:
    join_now(device)
    assert renew(device, FakeClock(wall=0, synced=False)) is not None


def test_a_renewal_without_an_answer_leaves_the_old_certificate(
    device: Settings, hub: JoiningHub
) -> None:
    join_now(device)
    before = IdentityFolder(where(device).folder).current()
    assert before is not None
    hub.answer = refusal(403, "revoked", "this kiosk was taken out of service")
    with pytest.raises(JoinRefused) as told:
        renew(device, FakeClock(), at_once=True)
    assert told.value.code == "revoked"
    now = IdentityFolder(where(device).folder).current()
    assert now == before
    assert now.text(CERTIFICATE)


def test_the_commands_say_what_they_did(
    device: Settings,
    hub: JoiningHub,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = str(device.folder / "kiosk.toml")
    assert main(["renew", "-c", file]) == 1
    assert "has not joined yet" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", StringIO(f"{write_code(CODE)}\n"))
    assert main(["join", "-c", file]) == 0
    assert capsys.readouterr().out == "✓ k-1 is the kiosk of centro/caja-1\n"
    assert main(["renew", "-c", file, "--now"]) == 0
    assert "new certificate" in capsys.readouterr().out
    monkeypatch.setattr("kiosk.wiring.joining.SystemClock", FakeClock)  # one that is right
    wish = device.folder / "renew"
    wish.touch()
    for told in ("there is a new certificate", "it is not time yet"):
        assert main(["renew", "-c", file, "--wish", str(wish)]) == 0
        assert capsys.readouterr().out == f"✓ {told}\n"
        assert not wish.exists()


def where_life(device: Settings) -> tuple[int, int]:
    identity = IdentityFolder(where(device).folder).current()
    assert identity is not None
    return identity.life()
