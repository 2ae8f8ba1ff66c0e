"""The wait notice that hangs here: which one it is, how old, and until when it is believed.

Laws of this page
1. Its age is elapsed time: once the true time placed its birth on the boot clock, no wall clock
   that is set makes it younger or older.
2. While the true time is unknown nothing is shown; what hangs is judged as soon as it is known.
3. What is older than the notice that hangs, or is that notice once more, changes nothing.
4. It is never shown for longer than its `fresh_seconds` after it was hung up.
"""

from __future__ import annotations

from typing import Final

from kiosk.core.clock import TrueTime
from shared.moments import Moment
from shared.notices import Notice

AHEAD_MS: Final = 60_000
"""Two clocks that are right agree within seconds; a notice of tomorrow would be fresh for ever."""

YOUNG_S: Final = 10
"""Up to this age a notice tells its seconds in fives, later in tens: fewer waits for the eye."""


class Noticeboard:
    """Holds one notice; one that was taken back stays, unseen, so that no older one returns."""

    def __init__(self, time: TrueTime) -> None:
        self._time = time
        self._notice: Notice | None = None
        self._came = self._born = 0  # by the boot clock
        self._judged = self._taken_back = False

    def came(self, notice: Notice | None, at: Moment) -> None:
        """The hub told the wait, or took back what it had told."""
        self._judge(at)
        if notice is None:
            self._taken_back = True
        elif self._is_news(notice, at):
            self._notice, self._came = notice, at.boot
            self._judged = self._taken_back = False
            self._judge(at)

    def shown(self, at: Moment) -> Notice | None:
        """What is to be read on it now."""
        self._judge(at)
        seen = self._judged and not self._taken_back and at.boot < self._ends
        return self._notice if seen else None

    def age(self, at: Moment) -> int:
        """How many seconds ago it was told, in steps."""
        seconds = max(0, at.boot - self._born) // 1_000
        return seconds - seconds % _step(seconds)

    def changes_at(self, at: Moment) -> int:
        """The boot time at which its age is told anew, or it is fresh no more."""
        age = self.age(at)
        return min(self._born + (age + _step(age)) * 1_000, self._ends)

    @property
    def _ends(self) -> int:
        return self._born + (self._notice.fresh_seconds * 1_000 if self._notice else 0)

    def _is_news(self, notice: Notice, at: Moment) -> bool:
        true, held = self._time.at(at), self._notice
        if true is not None and notice.at > true + AHEAD_MS:
            return False
        if held is None or notice.at > held.at:
            return True
        # One that is stale stands in nobody's way: the hub's clock may have been set back.
        return notice.at < held.at and self._judged and at.boot >= self._ends

    def _judge(self, at: Moment) -> None:
        true = self._time.at(at)
        if self._notice is None or self._judged or true is None:
            return
        born = self._notice.at - true + at.boot
        if born > self._came + AHEAD_MS:
            self._notice = None
            return
        self._born, self._judged = min(born, self._came), True


def _step(seconds: int) -> int:
    return 5 if seconds < YOUNG_S else 10
