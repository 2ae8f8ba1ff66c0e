"""A kiosk dies with answers on its card: they are rescued, another device takes its place, and no
answer is lost or counted twice; a hub, a broker, the kiosk's program and file systems, all real."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from deploy.raspberrypi.__main__ import main
from deploy.raspberrypi.cards.card import SETTINGS, CardWishes
from deploy.raspberrypi.cards.partitions import add_data, read_table
from deploy.raspberrypi.cards.tools import Fat
from kiosk.adapters.outbox import SqliteOutbox
from shared.moments import Moment
from shared.visits import Face, Input, Outcome, Visit
from tests.journeys.test_joining import KIOSK, TOKEN, Store, opened_store, tap
from tests.parts.cards import MEGABYTE, make_bundle, make_image
from tests.parts.hub import POINT, STORE, wait_until
from tests.parts.ports import free_port

pytestmark = pytest.mark.journey

MANY = 20
PROGRAM = f"{sys.executable} -m kiosk"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(tmp_path) as store:
        yield store


def dead_kiosk(store: Store) -> Path:
    """The card of a kiosk that joined, and then kept what it could send to nobody."""
    store.write_card(store.code(), free_port())
    assert store.first_boot() == 0
    with closing(SqliteOutbox(store.data / "outbox.db", KIOSK)) as outbox:
        for number in range(MANY):
            at = Moment(time.time_ns() // 1_000_000, 5_000_000 + number, True)
            outbox.seal(Visit(
                POINT, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
                input=Input.TOUCH, face=Face.HAPPY, answered=replace(at, boot=at.boot + 1),
            ))  # fmt: skip
    tree = store.folder / "tree-of-data"
    shutil.copytree(store.data, tree / "semblante", symlinks=True)
    card = store.folder / "dead.img"
    make_image(card, store.folder)
    part = add_data(card, read_table(card), 16 * MEGABYTE)
    words = ["/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-d", str(tree)]
    subprocess.run(
        [*words, "-E", f"offset={part.start}", str(card), f"{part.size // 1024}K"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return card


def asked_hub(store: Store) -> str:
    """The hub's command, as a technician's laptop calls it."""
    told = "".join(f"export {key}='{value}'\n" for key, value in store.env.items())
    script = store.folder / "semblante-hub"
    begin = f"exec {sys.executable} -m hub"
    script.write_text(f'#!/bin/sh\n{told}{begin} "$@" --config {store.hub.config}\n')
    script.chmod(0o755)
    return str(script)


@pytest.mark.timeout(400)
def test_a_dead_kiosk_is_rescued_and_replaced_and_nothing_is_counted_twice(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card, hub, out = dead_kiosk(store), asked_hub(store), str(store.folder / "rescued")
    said = capsys.readouterr

    # What its card holds is sent; a second time nothing is left to be sent.
    rescue = ["rescue", "--card", str(card), "--out", out, "--send", "--kiosk-command", PROGRAM]
    assert main(rescue) == 0
    assert f"{MANY} of them the hub never received" in said().out
    wait_until(lambda: store.counted() >= MANY, "the answers are counted")
    counted = store.counted()
    assert main(rescue) == 0
    assert "0 of them the hub never received" in said().out
    assert store.counted() == counted

    # Another device takes its place; said again it changes nothing.
    small = partial(CardWishes, room=4 * MEGABYTE, data=8 * MEGABYTE)
    monkeypatch.setattr("deploy.raspberrypi.__main__.CardWishes", small)
    for name in ("stock", "debs"):
        (store.folder / name).mkdir()
    sha256 = make_image(store.folder / "stock.img", store.folder / "stock")
    (store.folder / "door.toml").write_text(
        f'[door]\ntoken = "{TOKEN}"\nport = {(door := free_port())}\ndrills = true\n'
    )
    made = store.folder / "card.img"
    again = [
        "replace", "--old", KIOSK, "--store", STORE, "--register", POINT, "--device", "k-2",
        "--image", str(store.folder / "stock.img"), "--sha256", sha256, "--out", str(made),
        "--bundle", str(make_bundle(store.folder)), "--debs", str(store.folder / "debs"),
        "--hub-command", hub, "--more", str(store.folder / "door.toml"), "--force",
    ]  # fmt: skip
    assert main(again) == 0
    assert f"{KIOSK} is retired" in said().out
    assert main(again) == 0
    assert "4 steps, 0 changes" in said().out

    # It asks its first shopper, and the numbers are those of a recount.
    store.data = store.folder / "data-2"
    store.card.write_bytes(Fat(made, read_table(made).boot).read(SETTINGS))
    text = store.card.read_text().replace("[door]", '[screen]\ndriver = "none"\n[door]')
    store.card.write_text(text)
    assert store.first_boot() == 0
    with store.kiosk(door) as kiosk:
        tap(door)
        wait_until(lambda: store.counted() >= counted + 2, f"counted: {kiosk.last_words()}")
    assert store.hub.office.verify(lambda _done: None).differences == ()
