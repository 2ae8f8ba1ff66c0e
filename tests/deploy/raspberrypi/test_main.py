"""The technician's commands: what went wrong is a sentence with a hint, and an exit code."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from os import truncate
from pathlib import Path

import pytest

from deploy.raspberrypi.__main__ import _bundle_of, main
from deploy.raspberrypi.cards.card import CardWishes
from deploy.raspberrypi.remote.ssh import Ssh
from shared.joining import write_code
from tests.parts.cards import MEGABYTE, make_bundle, make_image

CODE = write_code(bytes(range(16)))
PLACE = ["--store", "mercado", "--register", "caja-1", "--device", "kiosk-1"]
HUB = ["--hub", "https://hub.example", "--fingerprint", "ab" * 32, "--join-code", CODE]


def card(folder: Path, *more: str) -> list[str]:
    (folder / "debs").mkdir()
    sha256 = make_image(folder / "stock.img", folder)
    return [
        "card", *PLACE, *HUB, "--image", str(folder / "stock.img"), "--sha256", sha256,
        "--bundle", str(make_bundle(folder)), "--debs", str(folder / "debs"),
        "--out", str(folder / "card.img"), *more,
    ]  # fmt: skip


def test_a_check_of_a_card_says_what_would_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(card(tmp_path, "--check")) == 0
    assert "4 changes to be made" in capsys.readouterr().out
    assert not (tmp_path / "card.img").exists()


def test_a_card_made_twice_costs_one_code_and_a_check_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = partial(CardWishes, room=4 * MEGABYTE, data=8 * MEGABYTE)
    monkeypatch.setattr("deploy.raspberrypi.__main__.CardWishes", small)
    answer = {"code": CODE, "hub": "https://hub.example", "fingerprint": "ab" * 32}
    hub = tmp_path / "hub"
    hub.write_text(f"#!/bin/sh\necho asked >>{tmp_path}/asked\necho '{json.dumps(answer)}'\n")
    hub.chmod(0o755)
    words = [word for word in card(tmp_path, "--hub-command", str(hub)) if word not in HUB]
    assert main([*words, "--check"]) == 0
    assert not (tmp_path / "asked").exists()
    assert main(words) == 0
    assert main(words) == 0
    assert (tmp_path / "asked").read_text() == "asked\n"
    assert "4 steps, 0 changes" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("seed", "name"),
    [("plain", "semblante.toml"), ("cloud-init", "user-data"), ("rpi-preseed", "rpi-preseed.toml")],
)
def test_a_settings_file_alone_is_written_for_whichever_first_boot_and_never_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: str, name: str
) -> None:
    words = ["settings", *PLACE, *HUB, "--seed", seed, "--out", str(tmp_path / "boot")]
    assert main([*words, "--check"]) == 0
    assert not (tmp_path / "boot").exists()
    assert main(words) == 0
    (file,) = (tmp_path / "boot").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (name, 0o600)
    written = file.read_text()
    assert main(words) == 0
    assert file.read_text() == written
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["~", "+", "✓"]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda folder: (folder / "stock.img").write_bytes(b"small"), "no partition table"),
        (lambda folder: truncate(folder / "stock.img", 20 * MEGABYTE), "was cut off: it has 21 of"),
        (lambda folder: (folder / "stock.img").unlink(), "is not there"),
        (lambda folder: (folder / "debs").rmdir(), "is no folder"),
    ],
)
def test_what_a_card_cannot_be_made_of_is_told_before_anything_is_made(
    spoil: Callable[[Path], object], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = card(tmp_path)
    spoil(tmp_path)
    assert main(words) == 1
    told = capsys.readouterr()
    assert fault in told.err
    assert "→" in told.err
    assert told.out == ""


def test_faults_are_told_together_with_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*card(tmp_path), "--rotation", "45", "--country", "Spain"]) == 2
    told = capsys.readouterr().err
    assert told.count("✗") == 2
    assert "→" in told


def test_a_machine_that_is_not_reached_ends_with_one_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor", "--host", "127.0.0.1", "--ssh-option=-oPort=1"]) == 1
    assert "is not reached" in capsys.readouterr().err


def test_a_fleet_without_its_table_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["provision", "--bundle", str(make_bundle(tmp_path)), *HUB]
    assert main([*words, "--fleet", str(tmp_path / "none.csv")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "stores.csv").write_text("host,store\n")
    assert main([*words, "--fleet", str(tmp_path / "stores.csv")]) == 2
    assert "the column “register” is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("card", ("STORE", "REGISTER", "DEVICE", "IMAGE")), ("doctor", ("HOST",)),
        ("verify", ("HOST",)), ("logs", ("HOST",)), ("rescue", ("CARD",)),
        ("retire", ("DEVICE",)), ("update", ("VERSION",)),
        ("provision", ("HOST", "STORE", "REGISTER", "DEVICE")),
        ("replace", ("OLD", "STORE", "REGISTER", "DEVICE", "IMAGE")),
    ],
)  # fmt: skip
def test_every_word_that_is_missing_is_told_with_an_example(
    command: str, missing: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 2
    told = capsys.readouterr().err
    assert [line for line in told.splitlines() if "✗" in line] == [
        f"✗ {name}= is missing" for name in missing
    ]
    example = told.rpartition(f"make {command} ")[2]
    assert all(f"{name}=" in example for name in missing)


def test_a_table_and_one_host_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["provision", "--fleet", "stores.csv", "--host", "pi"]) == 2
    assert "HOST= and FLEET= exclude each other" in capsys.readouterr().err


def test_a_bundle_is_built_anew_only_where_something_of_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    build = partial(make_bundle, version="1.2.3")
    monkeypatch.setattr("deploy.raspberrypi.__main__._build", lambda _version, out: build(out))
    before = _bundle_of(argparse.Namespace(bundle=None))
    first = before.stat().st_ino
    assert _bundle_of(argparse.Namespace(bundle=None)).stat().st_ino == first
    build = partial(make_bundle, version="1.2.3", more={"units/new.service": b"[Unit]\n"})
    assert _bundle_of(argparse.Namespace(bundle=None)).stat().st_ino != first
    assert [one.name for one in before.parent.iterdir()] == [before.name]


def test_a_kiosk_is_replaced_only_once_the_one_before_is_retired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = tmp_path / "hub"
    hub.write_text(
        f"#!/bin/sh\necho $* >>{tmp_path}/asked\n"
        "case $* in *retire*) echo '✗ kiosk-0 is not connected' >&2; exit 1;;\n"
        "'kiosk list') echo 'kiosk-0 mercado';; esac\n"
    )
    hub.chmod(0o755)
    words = ["replace", *card(tmp_path)[1:], "--old", "kiosk-0", "--hub-command", str(hub)]
    assert main(words) == 1
    assert "make rescue" in capsys.readouterr().err
    assert not (tmp_path / "card.img").exists()
    (tmp_path / "asked").unlink()
    (tmp_path / "stock.img").unlink()
    assert main(words) == 1
    assert "is not there" in capsys.readouterr().err
    assert not (tmp_path / "asked").exists()


def test_a_till_is_learnt_with_the_words_that_were_said(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = list[tuple[str, ...]]()

    class Learnt:
        def __init__(self, remote: Ssh, _say: object, options: list[str]) -> None:
            heard.append((remote.name, *options))

        def run(self) -> int:
            return 1

    monkeypatch.setattr("deploy.raspberrypi.__main__.LearnTill", Learnt)
    words = ["learn-till", "--host", "pi@kiosk", "--port", "/dev/ttyUSB0", "--baud", "9600"]
    assert main([*words, "--check"]) == 1
    assert main(["learn-till", "--host", "pi@kiosk"]) == 1
    assert main(["learn-till"]) == 2
    assert heard == [
        ("pi@kiosk", "--port", "/dev/ttyUSB0", "--baud", "9600", "--check"),
        ("pi@kiosk",),
    ]
