"""The hub asks for a diagnostic file: it is written, sent with a proof, and tells of no shopper."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from kiosk.adapters.logs import configure_logs
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.diagnosis import as_sent
from kiosk.core.passcode import hashed
from kiosk.core.reach import Reach
from kiosk.core.standing import Standing
from kiosk.courier.tidings import SETTINGS
from kiosk.settings import Settings, load_settings
from kiosk.wiring.collecting import ON_CARD, collector_of
from kiosk.wiring.joining import join
from shared.joining import write_code
from shared.places import kiosk_id
from shared.visits import Face
from shared.wire import encode
from tests.fakes.clock import FakeClock
from tests.kiosk.samples import sale, visit
from tests.kiosk.samples import settings as of_the_hub
from tests.parts.authority import SmallAuthority
from tests.parts.joining_hub import CODE, JoiningHub, joining_hub, refusal

COMMAND = "ab" * 8
RECEIPT = "MARTA GARCIA VISA 4929-1234 TOTAL 12,40"
SAID = "the bread was stale"
TOKEN = "0123456789abcdef-door"
PIN = hashed("2580", b"salt" * 4)


class NoCourier:
    """A courier as far as a diagnostic file asks of it."""

    reach = Reach(joined=True)
    standing = Standing("1.4.0", settings_serial=7, alarms=frozenset({"till"}))
    counts: dict[str, int] = {"unreadable": 2}  # noqa: RUF012 - nobody changes it


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[JoiningHub]:
    with joining_hub(tmp_path, SmallAuthority()) as hub:
        yield hub


@pytest.fixture
def device(tmp_path: Path, hub: JoiningHub) -> Settings:
    """It joined, and everything that has a secret is configured."""
    file = tmp_path / "kiosk.toml"
    file.write_text(
        'store = "centro"\npoint = "caja-1"\nkiosk = "k-1"\n[screen]\ndriver = "none"\n'
        f'[identity]\nhub = "{hub.url}"\nfingerprint = "{hub.fingerprint}"\n'
        f'[door]\ntoken = "{TOKEN}"\n[panel]\npin = "{PIN}"\n'
    )
    settings = load_settings(file, {})
    assert settings.identity is not None
    join(settings.place, settings.identity, write_code(CODE), FakeClock())
    hub.asked.clear()
    return settings


@pytest.fixture
def log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("json", "debug")
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def collector(device: Settings) -> Callable[[str], str]:
    """What is asked to collect, where the card is full of answers and sales."""
    with closing(SqliteOutbox(device.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(SETTINGS, encode(of_the_hub(7)))
        for number, face in enumerate(Face):
            outbox.seal(replace(visit(face=face), reason="wait"))
            outbox.add(sale(number))
        outbox.keep_open(visit(face=Face.SAD))
        held = outbox.held()
    return collector_of(device, NoCourier(), lambda: held, FakeClock())  # type: ignore[arg-type]


def noise() -> None:
    """All that a program might write by mistake: under every key that a text could have."""
    log = structlog.get_logger("kiosk.adapters.till")
    for event in ("till_frame", "part_failed", "message_unreadable", "event_failed"):
        why = "pin 5: busy" if event == "part_failed" else SAID
        log.error(event, why=why, text=RECEIPT, answer=SAID, face="sad", reason="wait",
                  payload=RECEIPT.encode(), frame=[RECEIPT], url=SAID, alarm="till")  # fmt: skip
    logging.getLogger("paho").warning("heard %s", RECEIPT)
    try:
        raise ValueError(RECEIPT)
    except ValueError:
        log.exception("event_failed", happened="SaleSeen")


@pytest.mark.usefixtures("log")
def test_no_answer_no_till_text_and_no_secret_leaves_the_kiosk(
    device: Settings, hub: JoiningHub
) -> None:
    noise()
    assert collector(device)(COMMAND) == "done"
    ((path, body),) = hub.asked
    assert (path, body["command"]) == ("/api/v1/diagnoses", COMMAND)
    told = json.loads(body["document"])
    assert (told["version"], told["alarms"]) == ("1.4.0", ["till"])
    assert {"till_frame", "part_failed"} <= {line.get("event") for line in told["log"]}
    sent = body["document"].casefold()  # beside it stands what is random, and a proof
    secrets = (RECEIPT, "marta", "4929-1234", SAID, TOKEN, PIN, write_code(CODE), "private")
    for said in (*secrets, "la espera", "the wait", "how was", *(f'"{one}"' for one in Face)):
        assert str(said).casefold() not in sent, said


@pytest.mark.parametrize("fault", ["refused", "later", "no hub", "no identity"])
def test_what_cannot_be_sent_lies_on_the_card(
    device: Settings, hub: JoiningHub, fault: str
) -> None:
    if fault == "refused":
        hub.answer = refusal(403, "unasked", "nobody asked")
    elif fault == "later":
        hub.answer = refusal(503, "busy", "later")
    elif fault == "no hub":
        hub.close()
    else:
        device = replace(device, identity=None)
    assert collector(device)(COMMAND) == ON_CARD
    assert len(list((device.folder / "diagnostics").glob("k-1-*.json"))) == 1


def test_of_a_long_log_the_newest_lines_are_sent() -> None:
    document = {"version": "1", "log": [{"event": f"line {n} “ñ”"} for n in range(200)]}
    text = json.dumps(document, ensure_ascii=False)
    assert json.loads(as_sent(text, 100_000)) == document
    short = as_sent(text, 2_000)
    assert len(short) <= 2_000
    assert short.isascii()
    log = json.loads(short)["log"]
    assert 20 < len(log) < 200
    assert log == document["log"][-len(log) :]
    assert json.loads(as_sent(text, 10))["log"] == []
