"""How the hub is reached, as the courier sees it: since when, how fast, and what it confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.moments import Moment


@dataclass(frozen=True, slots=True)
class Reach:
    """One standing of it; every method returns the next one. None is what was never known."""

    joined: bool = False
    since: Moment | None = None
    confirmed: Moment | None = None  # the last receipt that fitted
    round_trip_ms: int | None = None
    offset_ms: int | None = None  # the hub's clock less this one's
    asked: int | None = None  # the seq of the batch whose receipt is timed
    asked_at: int = 0

    def connected(self, at: Moment) -> Reach:
        """The connection stands."""
        return replace(self, joined=True, since=at, asked=None)

    def parted(self, at: Moment) -> Reach:
        """There is none; since when there is none is told once."""
        if not self.joined and self.since is not None:
            return self
        return replace(self, joined=False, since=at, asked=None)

    def sent(self, last: int, boot: int) -> Reach:
        """A batch up to this seq went out; of several the first is timed."""
        return self if self.asked is not None else replace(self, asked=last, asked_at=boot)

    def receipted(self, upto: int, at: Moment, hub: int | None) -> Reach:
        """A receipt fitted; `hub` is the hub's time where the receipt is fresh."""
        heard = replace(
            self, confirmed=at, offset_ms=self.offset_ms if hub is None else hub - at.wall
        )
        if self.asked is None or upto < self.asked:
            return heard
        return replace(heard, asked=None, round_trip_ms=max(0, at.boot - self.asked_at))
