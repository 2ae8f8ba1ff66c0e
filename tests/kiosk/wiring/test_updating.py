"""An update may be interrupted anywhere: a version that works is current, and it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk.adapters.versions import outcomes_on
from kiosk.core.fitting import Machine
from kiosk.core.updating import LONGEST_TRIAL_MS, MOST_TRIES, State
from kiosk.wiring.updating import PROOF, ROLL_BACK, UPDATE, Tools, Updater
from shared.bundles import BundleFile, Manifest, write_manifest
from shared.commands import Answer
from shared.errors import DeviceError
from tests.fakes.disk import FakeDisk, PowerCut


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    with capture_logs():
        yield


DATA = Path("/data/semblante")
INBOX = DATA / "inbox"
MACHINE = Machine("aarch64", "3.13", 1)
ORDER = "0123456789abcdef"
BACK = "fedcba9876543210"
SERIALS = {"1": 10, "2": 20, "3": 30}


def manifest_of(version: str, *, arch: str = "any", size: int = 1_000) -> Manifest:
    files = {"wheels/a.whl": BundleFile("ab" * 32, size)}
    return Manifest(version, SERIALS[version], arch, "any", 1, files)


class Device:
    """A kiosk's card with version 1 running, and the updater's tools on it."""

    def __init__(self, disk: FakeDisk | None = None) -> None:
        self.disk = disk or FakeDisk()
        self.boot, self.now = "b1", 0
        self.fetched: list[str] = []
        self.refuse: DeviceError | None = None
        self.arch = "any"
        if disk is None:
            for folder in (DATA, INBOX, DATA / "versions"):
                self.disk.make_folder(folder)
            self._lay("1")
            self.disk.symlink("versions/1", DATA / "current")
            self.disk.settle()

    def updater(self) -> Updater:
        tools = Tools(self._fetch, self._verify, self._install)
        return Updater(DATA, self.disk, MACHINE, tools, boot=self.boot, now=self.now)

    def order(self, version: str, order: str = ORDER) -> None:
        self._hand(UPDATE, {"id": order, "version": version, "url": "https://hub/bundle"})

    def order_back(self) -> None:
        self._hand(ROLL_BACK, {"id": BACK})

    def prove(self, version: str, by: str = "receipt") -> None:
        self._hand(PROOF, {"version": version, "by": by})

    def start(self) -> str:
        """What systemd does: the guard where there is a trial, then whatever is current."""
        if self.disk.read(DATA / "trial.json") is not None:
            previous = self.disk.link(DATA / "previous")
            if previous is not None:
                assert self.works(previous), "the judge does not work"
                self.updater().guard()
            else:
                assert self.updater().versions.shelf().state is State.PREPARED, "nobody judges it"
        return self.current

    def works(self, link: str) -> bool:
        """Whether a version can be started: it is whole."""
        folder = DATA / link
        return (
            self.disk.read(folder / ".complete") is not None
            and self.disk.read(folder / "program") == b"all of it"
        )

    @property
    def current(self) -> str:
        link = self.disk.link(DATA / "current")
        assert link is not None
        assert self.works(link), f"{link} is current and does not work"
        return link.removeprefix("versions/")

    @property
    def answers(self) -> tuple[Answer, ...]:
        return outcomes_on(DATA, self.disk)

    @property
    def versions(self) -> list[str]:
        return list(self.disk.names(DATA / "versions"))

    def _hand(self, name: str, word: dict[str, str]) -> None:
        self.disk.write(INBOX / name, json.dumps(word).encode())
        self.disk.settle()

    def _lay(self, version: str) -> None:
        folder = DATA / "versions" / version
        self.disk.make_folder(folder)
        self.disk.write(folder / "program", b"all of it")
        self.disk.write(folder / "manifest.json", write_manifest(manifest_of(version)))
        self.disk.settle()
        self.disk.write(folder / ".complete", b"")

    def _fetch(self, url: str, to: Path) -> None:
        self.fetched.append(url)
        version = to.name.removesuffix(".tar")
        self.disk.write(to.with_name(to.name + ".part"), version.encode())
        self.disk.rename(to.with_name(to.name + ".part"), to)

    def _verify(self, bundle: Path) -> Manifest:
        if self.refuse is not None:
            raise self.refuse
        content = self.disk.read(bundle)
        if not content:
            raise DeviceError("cut short", code="truncated")
        return manifest_of(content.decode(), arch=self.arch)

    def _install(self, bundle: Path, manifest: Manifest, folder: Path) -> None:
        self._lay(manifest.version)


def updated(device: Device, version: str = "2") -> None:
    device.order(version)
    device.updater().tend()
    assert device.start() == version
    device.prove(version)
    device.updater().tend()


def test_a_version_is_fetched_switched_to_tried_and_confirmed() -> None:
    device = Device()
    updated(device)
    shelf = device.updater().versions.shelf()
    assert (shelf.current, shelf.previous, shelf.state) == ("2", "1", State.NONE)
    assert shelf.highest == 20
    assert device.answers == (Answer(ORDER, "done"),)
    assert device.disk.names(INBOX) == []
    assert device.disk.names(DATA / "downloads") == []


def test_offline_is_said_as_such() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    device.start()
    device.prove("2", "offline")
    device.updater().tend()
    assert device.answers == (Answer(ORDER, "done_offline"),)


def test_after_so_many_tries_the_version_before_is_taken_up_again() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    assert [device.start() for _ in range(MOST_TRIES + 1)] == ["2"] * MOST_TRIES + ["1"]
    assert device.answers == (Answer(ORDER, "rolled_back"),)
    assert device.versions == ["1"], "what failed is gone"
    assert device.start() == "1"


def test_ten_minutes_without_proof_are_the_end_of_a_trial() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    device.start()
    device.now += LONGEST_TRIAL_MS - 1
    assert not device.updater().leave_overdue()
    assert device.start() == "2"
    device.now += 1
    assert device.updater().leave_overdue()
    assert device.start() == "1"


def test_a_proof_that_came_just_before_the_last_try_counts() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    for _ in range(MOST_TRIES):
        device.start()
    device.prove("2")
    assert device.start() == "2"
    assert device.updater().versions.shelf().state is State.NONE


def test_a_proof_of_another_version_proves_nothing() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    device.start()
    device.prove("1")
    device.updater().tend()
    assert device.updater().versions.shelf().state is State.ON_TRIAL
    assert device.disk.names(INBOX) == []


def test_at_most_three_versions_lie_there_and_two_at_rest() -> None:
    device = Device()
    updated(device)
    device.order("3", "00000000000000aa")
    device.updater().tend()
    assert device.versions == ["1", "2", "3"]
    device.start()
    device.prove("3")
    device.updater().tend()
    assert device.versions == ["2", "3"]


def test_going_back_is_a_trial_too_and_goes_one_version_back() -> None:
    device = Device()
    updated(device)
    device.order_back()
    device.updater().tend()
    assert device.start() == "1"
    device.prove("1")
    device.updater().tend()
    assert device.answers[-1] == Answer(BACK, "done")
    device._hand(ROLL_BACK, {"id": "00000000000000bb"})
    device.updater().tend()
    assert device.current == "1"
    assert device.answers[-1] == Answer("00000000000000bb", "no_way_back")


def test_going_back_during_a_trial_ends_the_trial() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    device.start()
    device.order_back()
    device.updater().tend()
    assert device.start() == "1"
    assert set(device.answers) == {Answer(ORDER, "rolled_back"), Answer(BACK, "done")}


def test_what_was_left_may_be_ordered_again_and_an_older_one_may_not() -> None:
    device = Device()
    updated(device, "3")
    device.order("2", "00000000000000aa")
    device.updater().tend()
    assert device.start() == "3"
    assert device.answers[-1] == Answer("00000000000000aa", "downgrade")
    assert device.versions == ["1", "3"]
    device.order_back()
    device.updater().tend()
    assert device.start() == "1"
    device.prove("1")
    device.updater().tend()
    device.order("2", "00000000000000cc")
    device.updater().tend()
    assert device.answers[-1].outcome == "downgrade", "the highest that ever ran still counts"
    device.order("3", "00000000000000dd")
    device.updater().tend()
    assert device.start() == "3"


def test_a_second_order_during_a_trial_is_told_to_come_later() -> None:
    device = Device()
    device.order("2")
    device.updater().tend()
    device.order("3", "00000000000000aa")
    device.updater().tend()
    assert device.answers == (Answer("00000000000000aa", "busy"),)
    assert device.start() == "2"


def test_what_runs_already_is_done() -> None:
    device = Device()
    device.order("1")
    device.updater().tend()
    assert device.answers == (Answer(ORDER, "done"),)
    assert not device.fetched


@pytest.mark.parametrize("code", ["signature", "truncated", "manifest", "fetch", "large"])
def test_what_cannot_be_taken_is_refused_in_a_word_and_is_not_kept(code: str) -> None:
    device = Device()
    device.refuse = DeviceError("a sentence", code=code)
    device.order("2")
    device.updater().tend()
    assert device.start() == "1"
    assert device.answers == (Answer(ORDER, code),)
    assert device.versions == ["1"]
    assert device.disk.names(INBOX) == device.disk.names(DATA / "downloads") == []


def test_what_does_not_fit_or_has_no_room_is_refused() -> None:
    device = Device()
    device.arch = "x86_64"
    device.order("2")
    device.updater().tend()
    device.arch, device.disk.space = "any", 1 << 20
    device.order("2", "00000000000000aa")
    device.updater().tend()
    assert [one.outcome for one in device.answers] == ["arch", "no_space"]
    assert device.start() == "1"


@pytest.mark.parametrize("word", [b"", b"[]", b"{", b'{"id":7}', b'{"id":"x","version":"../.."}'])
def test_an_order_that_is_none_is_removed(word: bytes) -> None:
    device = Device()
    device.disk.write(INBOX / UPDATE, word)
    device.updater().tend()
    assert device.disk.names(INBOX) == []
    assert device.start() == "1"


def test_a_spoiled_trial_is_given_up() -> None:
    device = Device()
    updated(device)
    device.order("3", "00000000000000aa")
    device.updater().tend()
    device.disk.write(DATA / "trial.json", b"\0\0\0")
    assert device.start() == "2"


Act = Callable[[Device], None]


def _confirmed(device: Device) -> None:
    updated(device)
    device.order("3", "00000000000000aa")


def _on_trial(device: Device) -> None:
    _confirmed(device)
    device.updater().tend()
    device.start()


def _proved(device: Device) -> None:
    _on_trial(device)
    device.prove("3")


def _exhausted(device: Device) -> None:
    _on_trial(device)
    device.start()
    device.start()


def _told_back(device: Device) -> None:
    _on_trial(device)
    device.order_back()


def _going_back(device: Device) -> None:
    updated(device)
    device.order_back()


def _tend(device: Device) -> None:
    device.updater().tend()


def _start(device: Device) -> None:
    device.start()


# What was laid out, what is done then, and the versions that it may end with.
SCENES: dict[str, tuple[Act, Act, set[str]]] = {
    "an update is ordered": (_confirmed, _tend, {"3"}),
    "a start is counted": (_on_trial, _start, {"3"}),
    "a version proved itself": (_proved, _tend, {"3"}),
    "a proof is found by the guard": (_proved, _start, {"3"}),
    "a version had its tries": (_exhausted, _start, {"2"}),
    "somebody goes back": (_going_back, _tend, {"1"}),
    "somebody ends a trial": (_told_back, _tend, {"2"}),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_plug_pulled_before_any_step_leaves_a_kiosk_that_works_and_goes_on(scene: str) -> None:
    lay, act, ends = SCENES[scene]
    whole = Device()
    lay(whole)
    whole.disk.settle()
    laid = whole.disk.copy()
    before = whole.disk.steps
    act(whole)
    cuts = whole.disk.steps - before
    assert cuts > 3, "nothing was done"
    for cut in range(cuts + 1):
        for keep in range(4):
            _cut_and_come_back(Device(laid.copy()), act, ends, cut, keep)


def _cut_and_come_back(device: Device, act: Act, ends: set[str], cut: int, keep: int) -> None:
    highest = device.updater().versions.shelf().highest
    device.disk.cut_after = cut
    with suppress(PowerCut):
        act(device)
    unsynced = device.disk.unsynced
    device.disk.come_back(lost=(0, 1, unsynced // 2, unsynced)[keep])
    device.boot = "b2"
    device.start()  # asserts that what is current is whole
    device.updater().tend()  # the path unit, as long as anything lies in the inbox
    assert device.current in ends, f"it did not go on after step {cut}, with {keep}"
    assert device.disk.names(INBOX) == []
    assert device.updater().versions.shelf().highest >= highest
    assert len(device.versions) <= 3
