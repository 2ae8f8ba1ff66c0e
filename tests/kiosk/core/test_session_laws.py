"""The session's laws, over any sequence of events, cards that fail and touches that come late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Effect, KeepOpen, KeepSale, Page, Resting, Seal, Show, Thanks, Wake
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    FaceTouched,
    GlassTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    NotNowTouched,
    ReadAloudTouched,
    ReasonTouched,
    SettingsCame,
    ShopperEvent,
    Woke,
)
from kiosk.core.pages import State
from kiosk.core.session import Session
from shared.moments import Moment
from shared.visits import Face, Input, Outcome, Visit
from tests.kiosk import samples
from tests.kiosk.samples import BOOT_ID, POINT, moment, sale_seen

QUIET_MS = 700_000
"""Longer than any state lasts by itself."""


@dataclass
class Store:
    """A session, its disk, its glass and its timer, as kiosk/loop.py and kiosk/writer.py do it."""

    always_on: bool = False
    boot: int = 10_000
    sales: int = 0
    wake: int | None = None
    pages: list[Page] = field(default_factory=list)
    waiting: list[KeepOpen | Seal] = field(default_factory=list)
    disk_open: Visit | None = None
    on_disk: list[Visit] = field(default_factory=list)
    sealed: list[Visit] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    last_keep: KeepOpen | None = None

    def __post_init__(self) -> None:
        self.session = Session(samples.settings(always_on=self.always_on), POINT, BOOT_ID)
        self.carry_out(self.session.start(None, moment(self.boot)))

    def happen(self, event: ShopperEvent) -> None:
        self.carry_out(self.session.handle(event))

    def carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Show(page):
                    self.show(page)
                case KeepOpen():
                    self.last_keep = effect
                    self.waiting.append(effect)
                case Seal(visit):
                    self.sealed.append(visit)
                    self.waiting.append(effect)
                case KeepSale():
                    self.sales += 1
                case Wake(boot):
                    self.wake = boot

    def show(self, page: Page) -> None:
        if isinstance(page, Thanks):
            assert self.disk_open is not None, "thanks without an answer on disk"
            assert self.kept, "thanks before anything was kept"
            assert self.disk_open.reason == page.chosen
        self.pages.append(page)

    def commit(self, works: bool = True) -> None:
        """The disk does the next thing that was asked of it; a seal is tried until it works."""
        if not self.waiting:
            return
        job = self.waiting.pop(0)
        if isinstance(job, Seal):
            self.on_disk.append(job.visit)
            self.disk_open = None
        elif works:
            before = self.disk_open
            assert before is None or before.asked == job.visit.asked, "an open answer was lost"
            self.disk_open = job.visit
            self.kept.add(job.ticket)
            self.happen(Kept(moment(self.boot), job.ticket))
        else:
            self.happen(KeepFailed(moment(self.boot), job.ticket, "disk full"))

    def pass_time(self, ms: int) -> None:
        until = self.boot + ms
        while self.wake is not None and self.wake <= until:
            self.boot, self.wake = max(self.boot, self.wake), None
            self.happen(Woke(moment(self.boot)))
        self.boot = until

    def come_to_rest(self) -> None:
        for _ in range(5):
            while self.waiting:
                self.commit()
            self.pass_time(QUIET_MS)
        while self.waiting:
            self.commit()


@dataclass(frozen=True)
class Touch:
    face: Face
    lasted: int


Action = Touch | str | int

TOUCHES = st.builds(Touch, st.sampled_from(Face), st.sampled_from([0, 30, 80, 400, 1_500]))
WORDS = (
    *("sale", "wait", "staff", "change", "done", "not now", "en", "glass", "read"),
    *("commit", "fail", "settings"),
)
TIMES = (1, 40, 300, 999, 1_000, 3_000, 6_000, 46_000)
ANY = st.one_of(TOUCHES, st.sampled_from(WORDS), st.sampled_from(TIMES)).map(lambda one: [one])

ASKED = st.tuples(st.just("sale"), st.sampled_from(TIMES[:3]), TOUCHES)
CHANGED = st.tuples(st.just("change"), st.just(40), TOUCHES)
KEPT = st.sampled_from([["commit"], ["commit", "commit"], ["fail"], ["commit", "wait", "fail"]])


def in_order(parts: Sequence[Sequence[Action]]) -> list[Action]:
    return [action for part in parts for action in part]


# Often something that leads on, now and then anything at all; long, for the deep states.
PARTS = st.one_of(ASKED, KEPT, st.tuples(ASKED, KEPT).map(in_order), CHANGED, KEPT, ANY)
STORIES = st.lists(PARTS, min_size=8, max_size=30).map(in_order)


TOUCHED: dict[str, Callable[[Moment], ShopperEvent]] = {
    "change": ChangeTouched,
    "done": DoneTouched,
    "not now": NotNowTouched,
    "en": lambda at: LanguageTouched(at, "en"),
    "glass": GlassTouched,
    "read": ReadAloudTouched,
}


def act(store: Store, action: Action, *, face: Face | None = None) -> None:
    now = moment(store.boot)
    match action:
        case Touch(touched, lasted):
            began = moment(max(0, store.boot - lasted))
            store.happen(FaceTouched(now, face or touched, Input.TOUCH, began))
        case int(ms):
            store.pass_time(ms)
        case "sale":
            store.happen(sale_seen(store.boot, number=store.sales))
        case "commit" | "fail":
            store.commit(action == "commit")
        case word if word in TOUCHED:
            store.happen(TOUCHED[word](now))
        case "settings":
            store.happen(SettingsCame(now, samples.settings(2, always_on=store.always_on)))
        case reason:
            store.happen(ReasonTouched(now, reason))


@settings(deadline=None, max_examples=150)
@given(STORIES)
def test_every_sale_ends_in_exactly_one_sealed_visit(actions: list[Action]) -> None:
    store = Store()
    for action in actions:
        act(store, action)
    store.come_to_rest()
    assert store.session.state is State.RESTING
    assert isinstance(store.pages[-1], Resting)
    assert store.wake is None
    assert Counter(visit.sale for visit in store.sealed) == {
        f"{number:032x}": 1 for number in range(store.sales)
    }
    assert store.on_disk == store.sealed
    assert store.disk_open is None


@settings(deadline=None, max_examples=150)
@given(STORIES, st.booleans())
def test_what_was_thanked_is_sealed_as_it_was_last_kept(
    actions: list[Action], always_on: bool
) -> None:
    store = Store(always_on)
    for action in actions:
        thanked = store.session.state is State.THANKING and not store.waiting
        kept, before = store.disk_open, len(store.sealed)
        act(store, action)
        if thanked and len(store.sealed) > before:
            assert store.sealed[before] == kept
    store.come_to_rest()
    assert store.on_disk == store.sealed


@settings(deadline=None, max_examples=150)
@given(STORIES)
def test_always_on_seals_no_visit_twice_and_leaves_none_open(
    actions: list[Action],
) -> None:
    store = Store(always_on=True)
    for action in actions:
        act(store, action)
    store.come_to_rest()
    assert (store.session.state, store.wake) == (State.ASKING, None)
    assert store.disk_open is None
    answered = [visit.answered for visit in store.sealed if visit.outcome is Outcome.ANSWERED]
    assert len(answered) <= len(store.kept)


@settings(deadline=None, max_examples=100)
@given(STORIES, st.booleans())
def test_what_is_shown_is_the_same_whichever_face_was_touched(
    actions: list[Action], always_on: bool
) -> None:
    shown = []
    for face in Face:
        store = Store(always_on)
        for action in actions:
            act(store, action, face=face)
        store.come_to_rest()
        shown.append(store.pages)
    assert shown[0] == shown[1] == shown[2]


@settings(deadline=None, max_examples=100)
@given(STORIES.filter(lambda story: not {"en", "read"} & {*story}))
def test_at_rest_nothing_is_scheduled(actions: list[Action]) -> None:
    store = Store()
    for action in actions:
        act(store, action)
        assert (store.session.state is State.RESTING) == (store.wake is None)
