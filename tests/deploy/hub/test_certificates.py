"""What the web server shows: the hub's own, somebody's files, or what others renew."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.hub.certificates import (
    OWN_CERTIFICATE,
    OWN_KEY,
    WEB_CERTIFICATE,
    WEB_KEY,
    WebCertificate,
)
from shared.errors import DeviceError
from tests.deploy.hub.recorded import Recorded, recorded


def server(root: Path) -> Recorded:
    machine = recorded(root)
    machine.at(OWN_KEY).parent.mkdir(parents=True)
    machine.at(OWN_KEY).write_text("the hub's key")
    machine.at(OWN_CERTIFICATE).write_text("the hub's certificate")
    return machine


def test_the_hubs_own_certificate_is_shown_and_follows_what_the_hub_renews(tmp_path: Path) -> None:
    step = WebCertificate(server(tmp_path), "root")
    assert step.lacks() == [WEB_KEY, WEB_CERTIFICATE]
    step.do()
    assert step.lacks() == []
    step.machine.at(OWN_CERTIFICATE).write_text("renewed")
    assert step.lacks() == [WEB_CERTIFICATE]


def test_a_key_is_read_by_nobody_but_the_web_server(tmp_path: Path) -> None:
    machine = server(tmp_path)
    for group, mode in (("root", 0o600), ("caddy", 0o640)):
        WebCertificate(machine, group).do()
        assert machine.at(WEB_KEY).stat().st_mode & 0o777 == mode


def test_given_files_are_copied_and_a_renewed_one_is_copied_again(tmp_path: Path) -> None:
    machine, given, key = server(tmp_path / "root"), tmp_path / "c.pem", tmp_path / "k.pem"
    given.write_text("given")
    key.write_text("given key")
    step = WebCertificate(machine, "root", given, key)
    step.do()
    assert (machine.read(WEB_CERTIFICATE), machine.read(WEB_KEY)) == ("given", "given key")
    given.write_text("renewed")
    assert step.lacks() == [WEB_CERTIFICATE]
    given.unlink()
    with pytest.raises(DeviceError, match="cannot be read"):
        step.lacks()


def test_what_others_renew_is_left_to_them(tmp_path: Path) -> None:
    machine = server(tmp_path)
    step = WebCertificate(machine, "root", stays=True)
    step.do()  # so that nginx can start before there is any other
    machine.at(WEB_CERTIFICATE).write_text("by Let's Encrypt")
    assert step.lacks() == []
