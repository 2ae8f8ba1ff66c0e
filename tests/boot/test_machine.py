"""What `make boot` puts together, without starting it."""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.steps import kiosk_cmdline
from deploy.raspberrypi.remote.looking import VERIFY
from tests.boot.hand import _done
from tests.boot.machine import Parts, command, words_of
from tests.boot.system import BOOT_SIZE, ROOT_SIZE, _table
from tests.boot.walk import NOT_HERE, TRIALS
from tests.parts.cards import CMDLINE

PARTS = Parts(Path("vmlinuz"), Path("initrd.img"), Path("card.img"), "console=ttyAMA0")


def test_a_watchdog_that_is_not_fed_resets_the_machine(tmp_path: Path) -> None:
    words = command(PARTS, tmp_path, "utc")
    assert "i6300esb" in words
    assert words[words.index("-action") + 1] == "watchdog=reset"


def test_the_kernel_gets_the_words_of_the_card_and_a_console_to_be_read() -> None:
    words = words_of(kiosk_cmdline(CMDLINE)).split()
    assert words[0] == "console=ttyAMA0"
    assert "root=PARTUUID=5e3b1a70-02" in words
    assert "quiet" not in words


def test_the_stock_image_is_parted_as_a_raspberry_pis_is(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(_table(BOOT_SIZE * 2))
    table = read_table(tmp_path / "image")
    assert (table.boot.size, table.root.size) == (BOOT_SIZE, ROOT_SIZE)


def test_the_hand_tells_how_a_program_ended() -> None:
    told = {"id": 3, "words": [sys.executable, "-c", "print('ñ'); raise SystemExit(7)"]}
    assert _done({**told, "seconds": 20}) == {"id": 3, "code": 7, "out": "ñ\n"}
    assert _done({"id": 4, "words": ["/nothing"], "seconds": 1})["code"] == 127


def test_what_is_not_asked_of_the_board_is_a_question_of_make_verify() -> None:
    assert {one.name for one in VERIFY} >= NOT_HERE


def test_every_trial_says_in_a_sentence_what_it_tries() -> None:
    assert all((trial.__doc__ or "").partition("\n")[0].endswith(".") for trial in TRIALS)
