"""A version on trial hands its proof over, once; one that is no longer current ends at rest."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from kiosk.adapters.versions import own_version
from kiosk.core.proving import GRACE_MS
from kiosk.core.reach import Reach
from kiosk.core.updating import LONGEST_TRIAL_MS, Trial, write_kept
from kiosk.wiring.proving import ON_TRIAL, Proving, Ways, answers, proving
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.courier.rig import EPOCH, KIOSK
from tests.parts.ports import free_port


class Rig:
    """Version 2 as it runs, on trial or not."""

    def __init__(self, folder: Path) -> None:
        self.data = folder
        (folder / "inbox").mkdir()
        (folder / "versions" / "2").mkdir(parents=True)
        (folder / "current").symlink_to("versions/2")
        self.clock = FakeClock()
        self.outbox = FakeOutbox(KIOSK, EPOCH)
        self.reach, self.drawn, self.at_rest = Reach(), True, True
        self.ended = 0
        ways = Ways(lambda: self.drawn, lambda: self.reach, lambda: self.at_rest, self._end)
        self.port = free_port()
        self.proving = Proving(
            folder, "2", ways=ways, outbox=self.outbox, clock=self.clock,
            broker=("127.0.0.1", self.port),
        )  # fmt: skip

    def _end(self) -> None:
        self.ended += 1

    def on_trial(self, version: str = "2") -> None:
        (self.data / "trial.json").write_bytes(write_kept(Trial(version, "1", tries=1)))

    def receipt(self) -> None:
        now = self.clock.now()
        self.reach = Reach().connected(now).receipted(1, now, None)

    @property
    def proof(self) -> dict[str, str] | None:
        file = self.data / "inbox" / "proof.json"
        found: dict[str, str] | None = json.loads(file.read_bytes()) if file.exists() else None
        return found


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_a_receipt_is_a_proof_and_is_handed_over_once(rig: Rig) -> None:
    rig.on_trial()
    rig.proving.look()
    before = rig.proof
    assert rig.outbox.recall(ON_TRIAL) == b"2"
    rig.receipt()
    rig.proving.look()
    assert (before, rig.proof) == (None, {"version": "2", "by": "receipt"})
    (rig.data / "inbox" / "proof.json").unlink()
    rig.proving.look()
    assert rig.proof is None


def test_without_a_trial_nothing_is_proved_nor_written(rig: Rig) -> None:
    rig.receipt()
    rig.proving.look()
    rig.on_trial("3")
    rig.proving.look()
    assert rig.proof is None
    assert rig.outbox.recall(ON_TRIAL) is None


def test_a_dark_screen_and_a_memory_that_keeps_nothing_prove_nothing(rig: Rig) -> None:
    rig.on_trial()
    rig.receipt()
    rig.drawn = False
    rig.proving.look()
    rig.drawn, rig.outbox.broken = True, True
    rig.proving.look()
    assert rig.proof is None


def test_offline_is_a_proof_of_its_own_name_where_nothing_answers(rig: Rig) -> None:
    rig.on_trial()
    rig.clock.advance(GRACE_MS)
    rig.proving.look()
    assert rig.proof == {"version": "2", "by": "offline"}


def test_a_broker_that_answers_and_a_version_that_gets_no_receipt_is_no_offline(rig: Rig) -> None:
    rig.on_trial()
    rig.clock.advance(GRACE_MS)
    with socket.create_server(("127.0.0.1", rig.port)):
        assert answers("127.0.0.1", rig.port)
        rig.proving.look()
        assert rig.proof is None
        rig.clock.advance(LONGEST_TRIAL_MS - GRACE_MS)
        rig.proving.look()
    assert rig.ended == 1, "it begins anew, and is judged"


def test_once_another_version_is_current_it_ends_between_two_shoppers(rig: Rig) -> None:
    (rig.data / "current").unlink()
    (rig.data / "current").symlink_to("versions/3")
    rig.at_rest = False
    rig.proving.look()
    before = rig.ended
    rig.at_rest = True
    rig.proving.look()
    assert (before, rig.ended) == (0, 1)


def test_only_a_program_that_was_installed_as_a_version_proves_itself(rig: Rig) -> None:
    place = Path("/data/semblante/versions/2/venv")
    assert own_version(place) == (Path("/data/semblante"), "2")
    assert own_version(Path("/srv/somebody/.venv")) is None
    ways = Ways(lambda: True, Reach, lambda: True, rig._end)
    assert proving(ways, rig.outbox, rig.clock, ("127.0.0.1", 1), "/usr") is None
    part = proving(ways, rig.outbox, rig.clock, ("127.0.0.1", 1), str(place))
    assert part is not None
    part.start()
    part.close()
