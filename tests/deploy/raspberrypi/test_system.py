"""What the files under system/ close on a kiosk, as the programs that read them understand it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.raspberrypi.cards.steps import kiosk_config
from deploy.raspberrypi.installing.services import MASKED

SYSTEM = Path(__file__).parents[3] / "deploy" / "raspberrypi" / "system" / "etc"


def words(path: str) -> list[list[str]]:
    lines = (SYSTEM / path).read_text().splitlines()
    return [line.split() for line in lines if line and not line.startswith(("#", "["))]


def test_by_ssh_nobody_comes_in_with_a_password(tmp_path: Path) -> None:
    """Asked of sshd itself, whose defaults could be others."""
    Path("/run/sshd").mkdir(exist_ok=True)  # without it sshd answers no question
    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, timeout=20
    )
    told = subprocess.run(
        ["/usr/sbin/sshd", "-T", "-h", key, "-f", SYSTEM / "ssh/sshd_config.d/semblante.conf"],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout.splitlines()
    assert "passwordauthentication no" in told
    assert "kbdinteractiveauthentication no" in told
    assert "permitemptypasswords no" in told
    assert {"permitrootlogin prohibit-password", "permitrootlogin without-password"} & set(told)
    assert "x11forwarding no" in told


@pytest.mark.parametrize("module", ["usb-storage", "uas", "cdc_ether", "rndis_host"])
def test_a_stick_or_network_in_the_usb_port_finds_no_driver(module: str) -> None:
    assert ["install", module, "/bin/false"] in words("modprobe.d/semblante.conf")


@pytest.mark.parametrize("kind", ["KEYBOARD", "MOUSE"])
def test_a_keyboard_in_the_usb_port_is_not_heard_and_a_touch_panel_is(kind: str) -> None:
    (rule,) = [
        line
        for line in (SYSTEM / "udev/rules.d/80-semblante.rules").read_text().splitlines()
        if f'ENV{{ID_INPUT_{kind}}}=="1"' in line
    ]
    parts = {part.strip() for part in rule.split(",")}
    assert {'SUBSYSTEM=="input"', 'ENV{ID_BUS}=="usb"', 'MODE="0000"', 'GROUP="root"'} <= parts
    assert 'ENV{ID_INPUT_TOUCHSCREEN}!="1"' in parts


def test_no_sign_in_and_no_key_of_the_kernel_waits_for_a_keyboard() -> None:
    assert ["NAutoVTs=0"] in words("systemd/logind.conf.d/semblante.conf")
    assert ["kernel.sysrq", "=", "0"] in words("sysctl.d/80-semblante.conf")
    assert {"getty@tty1.service", "ctrl-alt-del.target"} <= set(MASKED)


def test_bluetooth_is_off() -> None:
    assert "dtoverlay=disable-bt" in kiosk_config("").splitlines()


def test_the_journal_lies_in_memory_and_is_bounded() -> None:
    journal = [line for (line, *_) in words("systemd/journald.conf.d/semblante.conf")]
    assert "Storage=volatile" in journal
    assert any(line.startswith("RuntimeMaxUse=") for line in journal)


def test_the_boards_watchdog_counts_to_ten_which_every_board_can() -> None:
    """Asked to count to more than 15 s, a Raspberry Pi restarts for ever."""
    told = dict(line[0].split("=") for line in words("systemd/system.conf.d/semblante.conf"))
    assert told["RuntimeWatchdogSec"] == "10"
    assert int(told["RebootWatchdogSec"]) <= 15
    assert "dtparam=watchdog=on" in kiosk_config("").splitlines()


def test_a_keyboard_is_kept_from_the_kernels_own_console_too() -> None:
    """Its event node is one door, the console another: Alt+F2 would leave the glass."""
    rules = (SYSTEM / "udev/rules.d/80-semblante.rules").read_text().splitlines()
    (rule,) = [line for line in rules if 'ATTR{authorized}="0"' in line]
    parts = {part.strip() for part in rule.split(",")}
    assert {'SUBSYSTEM=="usb"', 'ENV{DEVTYPE}=="usb_interface"'} <= parts
    assert {'ATTR{bInterfaceClass}=="03"', 'ATTR{bInterfaceProtocol}=="01"'} <= parts
