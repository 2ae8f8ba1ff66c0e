"""A dead kiosk's card is only read, and what it holds is counted and sent."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from deploy.raspberrypi.cards.partitions import add_data, read_table
from deploy.raspberrypi.cards.rescue import Sent, rescue, send, unsent
from kiosk.settings import load_settings
from shared.errors import DeviceError
from tests.parts.cards import MEGABYTE, make_image

KIOSK = """\
store = "mercado-centro"
point = "caja-3"
kiosk = "kiosk-3"
[identity]
hub = "https://hub.example"
fingerprint = "{}"
[till]
kind = "receipt"
port = "/dev/ttyUSB0"
""".format("ab" * 32)


def card_with(folder: Path, outbox: bool = True) -> Path:
    """The image of a card whose data partition holds five records, two of them received."""
    tree = folder / "data" / "semblante"
    (tree / "identity" / "1").mkdir(parents=True)
    (tree / "identity" / "1" / "key.pem").write_text("a key")
    (tree / "identity" / "current").symlink_to("1")
    (tree / "identity" / "key.pem").symlink_to("current/key.pem")
    (tree / "kiosk.toml").write_text(KIOSK)
    if outbox:
        with closing(sqlite3.connect(tree / "outbox.db")) as db:
            db.execute("CREATE TABLE about (epoch TEXT, received INTEGER, forgotten INTEGER)")
            db.execute("INSERT INTO about VALUES ('5eed', 2, 0)")
            db.execute("CREATE TABLE open_visit (id INTEGER)")
            db.execute("CREATE TABLE records (seq INTEGER)")
            db.executemany("INSERT INTO records VALUES (?)", [(seq,) for seq in range(1, 6)])
            db.commit()
    image = folder / "card.img"
    make_image(image, folder)
    part = add_data(image, read_table(image), 16 * MEGABYTE)
    subprocess.run(
        ["/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-d", str(folder / "data"),
         "-E", f"offset={part.start}", str(image), f"{part.size // 1024}K"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return image


def test_a_card_is_only_read_and_what_was_never_received_is_counted(tmp_path: Path) -> None:
    card = card_with(tmp_path)
    before = hashlib.sha256(card.read_bytes()).digest()
    found = rescue(card, tmp_path / "out")
    assert (found.kiosk, found.records, found.unsent) == ("mercado-centro/kiosk-3", 5, 3)
    assert found.folder == tmp_path / "out/mercado-centro-kiosk-3-5eed-5"
    assert (found.folder / "identity/key.pem").read_text() == "a key"
    assert hashlib.sha256(card.read_bytes()).digest() == before


def test_it_is_sent_by_a_kiosk_without_parts_until_nothing_is_left(tmp_path: Path) -> None:
    found = rescue(card_with(tmp_path), tmp_path / "out")
    kiosk = tmp_path / "kiosk.py"
    kiosk.write_text(
        "import sqlite3, sys, time, tomllib\n"
        "told = tomllib.load(open(sys.argv[3], 'rb'))\n"
        "assert told['screen'] == {'driver': 'none'} and 'till' not in told\n"
        "if sys.argv[1] == 'renew': sys.exit(1)\n"
        f"db = sqlite3.connect({str(found.folder / 'outbox.db')!r})\n"
        "db.execute('UPDATE about SET received = 5'); db.commit()\n"
        "time.sleep(60)\n"
    )
    told = list[int]()
    assert send(found, f"{sys.executable} {kiosk}", 60, told.append) == Sent(0)
    assert told[0] == 3
    assert unsent(found.folder) == 0
    read = load_settings(found.folder / "rescue.toml")  # as the kiosk's program itself does
    assert read.identity is not None
    assert read.identity.folder == found.folder / "identity"
    assert read.outbox.path == found.folder / "outbox.db"


def test_a_kiosk_that_cannot_send_says_how_much_is_left_and_why(tmp_path: Path) -> None:
    found = rescue(card_with(tmp_path), tmp_path / "out")
    refuses = tmp_path / "refuses"
    refuses.write_text("#!/bin/sh\necho 'warning: not let in' >&2\necho bye >&2\nexit 1\n")
    refuses.chmod(0o755)
    assert send(found, str(refuses), 60) == Sent(3, "warning: not let in")
    refuses.write_text("#!/bin/sh\necho '✗ it takes part no more'; echo '✗ not joined'; exit 1\n")
    assert send(found, str(refuses), 60).why == "it takes part no more"
    with pytest.raises(DeviceError, match="cannot be run"):
        send(found, str(tmp_path / "nothing"), 60)


def test_what_was_rescued_before_is_kept_with_what_was_sent_since(tmp_path: Path) -> None:
    card = card_with(tmp_path)
    first = rescue(card, tmp_path / "out")
    with closing(sqlite3.connect(first.folder / "outbox.db")) as db:
        db.execute("UPDATE about SET received = 5")
        db.commit()
    second = rescue(card, tmp_path / "out")
    assert (second.folder, second.again, second.unsent) == (first.folder, True, 0)


def test_a_visit_that_was_open_when_the_power_went_is_unsent(tmp_path: Path) -> None:
    found = rescue(card_with(tmp_path), tmp_path / "out")
    with closing(sqlite3.connect(found.folder / "outbox.db")) as db:
        db.execute("INSERT INTO open_visit VALUES (1)")
        db.commit()
    assert unsent(found.folder) == 4


def test_a_damaged_outbox_is_kept_and_told(tmp_path: Path) -> None:
    card = card_with(tmp_path)
    raw = card.read_bytes()
    card.write_bytes(raw.replace(b"SQLite format 3", b"nothing to read"))
    with pytest.raises(DeviceError, match="is damaged") as told:
        rescue(card, tmp_path / "out")
    (folder,) = (tmp_path / "out").glob("mercado-centro-kiosk-3-damaged-*")
    assert f"{folder}/outbox.db" in told.value.hint


def test_a_card_without_an_outbox_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="holds no outbox"):
        rescue(card_with(tmp_path, outbox=False), tmp_path / "out")
    with pytest.raises(DeviceError, match="is not there"):
        rescue(tmp_path / "none", tmp_path / "out")
