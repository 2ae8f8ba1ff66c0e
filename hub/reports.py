"""The questions a manager asks, answered from tallies with interval and n."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hub.core.figures import Days, Figures
from hub.core.steps import Step
from hub.core.suppression import FLOOR
from hub.core.views import HoursView, KioskAway, RegistersView, StoresView, TodayView
from shared.places import StoreId


class Reports:
    """Answers for one hub; every method says “now” itself, nothing here asks the time.

    A store that is not there raises NoSuchStore.
    """

    def __init__(self, figures: Figures, floor: int = FLOOR) -> None:
        """`floor` is how many answers a figure needs to be shown; never under LOWEST_FLOOR."""

    def today(
        self, store_id: StoreId, now: int, day: int | None = None, away: Sequence[KioskAway] = ()
    ) -> TodayView:
        """The page Today, or the same of an earlier local day; `away` are kiosks not connected."""
        raise NotImplementedError

    def hours(self, store_id: StoreId, now: int, weeks: int = 4) -> HoursView:
        """Weekday × hour of the day over the last whole weeks, up to yesterday."""
        raise NotImplementedError

    def registers(self, store_id: StoreId, now: int, days: Days) -> RegistersView:
        """The points of a store over some days."""
        raise NotImplementedError

    def stores(self, now: int, days: Days, only: Collection[StoreId] | None = None) -> StoresView:
        """Stores over some days: all, or only those that the viewer may see."""
        raise NotImplementedError

    def day(self, store_id: StoreId, now: int) -> int:
        """Which local date it is in the store."""
        raise NotImplementedError

    def step(self, store_id: StoreId, now: int) -> Step:
        """The step that the live page of a store shows now: cheap, and moved on where it may be.

        The page needs to be drawn anew only where `serial` has risen.
        """
        raise NotImplementedError
