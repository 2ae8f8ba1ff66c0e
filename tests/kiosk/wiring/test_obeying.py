"""What the hub orders is carried out once, in time, and not while somebody answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.adapters.disk import Card, put
from kiosk.core.ordering import COMMANDS
from kiosk.core.reach import Reach
from kiosk.wiring.obeying import Hands, Obeying
from shared.commands import Answer, Command, Order
from shared.errors import HardwareError, NotKept
from shared.places import kiosk_id
from tests.fakes.clock import MORNING, FakeClock
from tests.fakes.outbox import FakeOutbox

ID = "ab" * 8
UNTIL = MORNING + 60_000


class Rig:
    """A kiosk around it that notes what it is asked."""

    def __init__(self, data: Path) -> None:
        self.data, self.clock = data, FakeClock()
        self.outbox = FakeOutbox(kiosk_id("k-1"))
        self.asked: list[str] = []
        self.rest = True
        self.reach = Reach()
        self.told = threading.Event()
        self.said: list[tuple[str, ...]] = []
        self.obeying = self.anew()

    def anew(self) -> Obeying:
        """As after a new start of the program."""
        hands = Hands(
            identify=lambda: self.asked.append("identify"),
            collect=self.collect,
            at_rest=lambda: self.rest,
            begin_anew=lambda: self.asked.append("anew"),
            reach=lambda: self.reach,
            told=self.tell,
        )
        return Obeying(self.outbox, self.clock, hands, self.data, "https://hub.example")

    def tell(self) -> None:
        self.said.append(tuple(one.outcome for one in self.obeying.answers))
        self.told.set()

    def collect(self, command: str) -> str:
        assert command
        self.asked.append("collect")
        if self.asked.count("collect") > 1:
            raise HardwareError("the card is full")
        return "done"

    def order(self, order: Order, *, id: str = ID, version: str | None = None) -> str | None:  # noqa: A002
        self.obeying.handle(Command(id, order, UNTIL, version))
        return next((one.outcome for one in self.obeying.answers if one.id == id), None)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    (tmp_path / "inbox").mkdir()
    rig = Rig(tmp_path)
    yield rig
    rig.obeying.close()


@pytest.mark.assertion("SEM-CMD-001")
def test_an_order_is_carried_out_once_however_often_it_is_said(rig: Rig) -> None:
    assert rig.order(Order.IDENTIFY) == "done"
    assert rig.order(Order.IDENTIFY) == "done"
    rig.obeying = rig.anew()
    assert rig.order(Order.IDENTIFY) == "done"
    assert rig.asked == ["identify"]


@pytest.mark.assertion("SEM-CMD-002")
def test_what_comes_too_late_is_answered_and_not_done(rig: Rig) -> None:
    rig.clock.advance(60_001)
    assert rig.order(Order.IDENTIFY) == "late"
    assert rig.asked == []


@pytest.mark.assertion("SEM-CMD-002")
def test_without_a_true_time_it_waits_and_the_hubs_time_is_one(rig: Rig) -> None:
    rig.clock.synced, rig.clock.wall = False, 0  # 1970
    assert rig.order(Order.IDENTIFY) is None
    assert rig.asked == []
    rig.reach = Reach(offset_ms=MORNING)
    assert rig.order(Order.IDENTIFY) == "done"


def test_the_hubs_time_is_known_after_an_order_that_ended_the_program(rig: Rig) -> None:
    rig.clock.synced, rig.clock.wall = False, 0
    rig.reach = Reach(offset_ms=MORNING)
    assert rig.order(Order.RENEW) == "done"
    rig.obeying, rig.reach = rig.anew(), Reach()  # nobody has paid since
    rig.clock.advance(59_000)
    assert rig.order(Order.IDENTIFY, id="cd" * 8) == "done"
    rig.clock.advance(1_001)
    assert rig.order(Order.IDENTIFY, id="ef" * 8) == "late"
    rig.clock.boot_id = "b1" * 16
    assert rig.order(Order.IDENTIFY, id="0f" * 8) is None  # nobody counted while it was off


def test_a_restart_is_begun_before_and_done_after_it(rig: Rig) -> None:
    assert rig.order(Order.RESTART) == "begun"
    assert rig.asked == ["anew"]
    rig.obeying = rig.anew()
    rig.obeying.start()
    assert rig.told.wait(10)
    assert rig.obeying.answers == (Answer(ID, "done"),)
    assert rig.order(Order.RESTART) == "done", "the broker says it once more"
    assert rig.asked == ["anew"]


@pytest.mark.assertion("SEM-CMD-003")
def test_a_restart_waits_for_whoever_answers_and_an_end_does_not_wait_for_it(rig: Rig) -> None:
    rig.rest = False
    rig.obeying.start()
    rig.obeying.obey(Command(ID, Order.RESTART, UNTIL))
    rig.obeying.close()
    assert rig.asked == []


def test_after_ten_minutes_of_answers_it_is_given_up(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.wiring.obeying.LOOK_SECONDS", 0.001)
    monkeypatch.setattr("kiosk.wiring.obeying.PATIENCE_SECONDS", 0.003)
    rig.rest = False
    assert rig.order(Order.REBOOT) == "busy"
    assert not (rig.data / "inbox" / "reboot").exists()


@pytest.mark.parametrize(
    ("order", "name", "outcome"),
    [(Order.REBOOT, "reboot", "begun"), (Order.RENEW, "renew", "done")],
)
def test_what_only_root_may_do_is_a_file_in_its_inbox(
    rig: Rig, order: Order, name: str, outcome: str
) -> None:
    assert rig.order(order) == outcome
    assert (rig.data / "inbox" / name).read_bytes() == b""
    assert rig.asked == []


def test_an_update_says_which_and_where_and_its_outcome_comes_from_elsewhere(rig: Rig) -> None:
    assert rig.order(Order.UPDATE, version="1.5.0") == "begun"
    file = rig.data / "inbox" / "update.json"
    assert json.loads(file.read_text()) == {
        "id": ID,
        "order": "update",
        "version": "1.5.0",
        "url": "https://hub.example/api/v1/bundles/1.5.0",
    }
    assert file.stat().st_mode & 0o777 == 0o640
    told = [{"id": ID, "outcome": "signature", "version": "1.5.0"}]
    (rig.data / "outcomes.json").write_text(json.dumps(told))
    assert rig.obeying.answers == (Answer(ID, "signature"),)


def test_where_there_are_no_units_it_says_so(rig: Rig) -> None:
    (rig.data / "inbox").rmdir()
    assert rig.order(Order.RENEW) == "no_inbox"


def test_what_fails_is_answered_and_the_next_is_carried_out(rig: Rig) -> None:
    assert rig.order(Order.COLLECT) == "done"
    assert rig.order(Order.COLLECT, id="cd" * 8) == "failed"
    assert rig.order(Order.IDENTIFY, id="ef" * 8) == "done"


def test_what_cannot_be_kept_is_not_carried_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str, _value: bytes) -> None:
        raise NotKept("the card is gone")

    monkeypatch.setattr(rig.outbox, "remember", fail)
    rig.obeying.start()
    rig.obeying.obey(Command(ID, Order.IDENTIFY, UNTIL))
    rig.obeying.close()
    assert rig.asked == []


def test_rubbish_in_its_memory_is_passed_over(rig: Rig) -> None:
    rig.outbox.remember(COMMANDS, b"\xff\x00 nonsense\n" * 100)
    rig.outbox.remember("ending", b"\xff" * 50)
    rig.obeying = rig.anew()
    rig.obeying.start()
    rig.obeying.obey(Command(ID, Order.IDENTIFY, UNTIL))
    assert rig.told.wait(10)
    assert rig.asked == ["identify"]


def test_what_fails_in_a_way_that_nobody_thought_of_is_answered_too(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Rig, _command: str) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(Rig, "collect", fail)
    rig.obeying = rig.anew()
    assert rig.order(Order.COLLECT) == "failed"


def wait_for(true: Callable[[], bool]) -> None:
    """Another thread does it."""
    for _ in range(1_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("in vain")


@pytest.mark.assertion("SEM-CMD-006")
def test_what_roots_units_know_is_told_as_soon_as_they_do(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.wiring.obeying.LOOK_SECONDS", 0.01)
    rig.obeying.start()
    rig.obeying.obey(Command(ID, Order.UPDATE, UNTIL, "1.5.0"))
    wait_for(lambda: rig.said == [("begun",)])
    told = [{"id": ID, "outcome": "signature", "version": "1.5.0"}]
    put(Card(), rig.data / "outcomes.json", json.dumps(told).encode())
    wait_for(lambda: rig.said == [("begun",), ("signature",)])
    assert rig.obeying._patience() is None, "nobody looks any more"


def test_an_order_that_waits_for_somebody_is_told_as_begun_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.wiring.obeying.LOOK_SECONDS", 0.001)
    rig.rest = False
    rig.obeying.start()
    rig.obeying.obey(Command(ID, Order.RESTART, UNTIL))
    wait_for(lambda: rig.said == [("begun",)])
    assert rig.asked == []
    rig.rest = True
    wait_for(lambda: rig.asked == ["anew"])
    assert rig.said == [("begun",)]


def test_what_is_said_again_is_not_told_again(rig: Rig) -> None:
    for _ in range(3):
        assert rig.order(Order.IDENTIFY) == "done"
    assert rig.said == [("done",)]


@pytest.mark.assertion("SEM-CMD-006")
def test_an_order_that_was_cut_off_has_failed_and_is_not_begun_again(rig: Rig) -> None:
    rig.outbox.remember(COMMANDS, f"{ID} begun\n".encode())  # killed while it collected
    rig.obeying = rig.anew()
    rig.obeying.start()
    wait_for(lambda: rig.said == [("failed",)])
    rig.obeying.close()
    rig.obeying = rig.anew()
    assert rig.order(Order.COLLECT) == "failed", "the broker says it once more"
    assert rig.asked == []


@pytest.mark.parametrize("where", ["inbox/update.json", "inbox/roll_back.json", "trial.json"])
def test_an_order_that_is_in_other_hands_is_not_given_up(rig: Rig, where: str) -> None:
    rig.outbox.remember(COMMANDS, f"{ID} begun\n".encode())
    key = "order" if where == "trial.json" else "id"
    words = {key: ID, "version": "2", "before": "1"} if key == "order" else {key: ID}
    (rig.data / where).write_text(json.dumps(words))
    rig.obeying = rig.anew()
    rig.obeying.start()
    wait_for(lambda: rig.said == [("begun",)])
    rig.obeying.close()
    assert rig.obeying.answers == (Answer(ID, "begun"),)
