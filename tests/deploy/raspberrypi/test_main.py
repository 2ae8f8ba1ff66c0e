"""The technician's commands: what went wrong is a sentence with a hint, and an exit code."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from deploy.raspberrypi.__main__ import main
from deploy.raspberrypi.cards.card import CardWishes
from shared.joining import write_code
from tests.parts.cards import MEGABYTE, make_bundle, make_image

CODE = write_code(bytes(range(16)))
PLACE = ["--store", "mercado", "--register", "caja-1", "--device", "kiosk-1"]
HUB = ["--hub", "https://hub.example", "--fingerprint", "ab" * 32, "--join-code", CODE]


def card(folder: Path, *more: str) -> list[str]:
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


def test_a_kiosk_is_replaced_only_once_the_one_before_is_retired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["replace", *card(tmp_path)[1:], "--old", "kiosk-0"]
    assert main([*words, "--hub-command", "/bin/false"]) == 1
    assert not (tmp_path / "card.img").exists()
    capsys.readouterr()
