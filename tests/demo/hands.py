"""Two ways to touch a kiosk: through its real window, and, where it has none, by its inbox."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from kiosk.core.events import DoneTouched, FaceTouched, NotNowTouched, ReasonTouched
from kiosk.core.ports import Clock, Post
from shared.visits import Face, Input

_CONTACT_S = 0.08
"""How long a finger stays on the glass."""

_SLOW_S = 5.0
"""Nobody holds a finger out for longer; a window takes it within a frame."""


class InboxHand:
    """Posts what a screen would post."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post, self._clock = post, clock

    def touch_face(self, face: Face) -> None:
        """Touch a face."""
        now = self._clock.now()
        self._post(FaceTouched(now, face, Input.TOUCH, now))

    def touch_not_now(self) -> None:
        """Touch “not now”."""
        self._post(NotNowTouched(self._clock.now()))

    def touch_reason(self, reason: str) -> None:
        """Touch a reason."""
        self._post(ReasonTouched(self._clock.now(), reason))

    def touch_done(self) -> None:
        """Touch “done”."""
        self._post(DoneTouched(self._clock.now()))


class WindowHand:
    """Puts a finger on the glass: the window gets it as it gets any other touch."""

    def __init__(self, stage: Callable[[], Any]) -> None:
        self._stage = stage

    def touch_face(self, face: Face) -> None:
        """Touch a face."""
        self._touch(lambda stage: stage.asking.faces[face])

    def touch_not_now(self) -> None:
        """Touch “not now”."""
        self._touch(lambda stage: stage.asking.not_now)

    def touch_reason(self, reason: str) -> None:
        """Touch a reason."""
        self._touch(lambda stage: next(t for t in stage.thanks.reasons if t.reason == reason))

    def touch_done(self) -> None:
        """Touch “done”."""
        self._touch(lambda stage: stage.thanks.done)

    def _touch(self, find: Callable[[Any], Any]) -> None:
        self._finger("on_mouse_down", find)
        threading.Event().wait(_CONTACT_S)
        self._finger("on_mouse_up", find)

    def _finger(self, what: str, find: Callable[[Any], Any]) -> None:
        from kivy.clock import Clock as KivyClock  # noqa: PLC0415 the window comes first
        from kivy.core.window import Window  # noqa: PLC0415

        done = threading.Event()

        def dispatch(_dt: float) -> None:
            stage = self._stage()
            if stage is not None:
                x, y = find(stage).target.center
                Window.dispatch(what, x, Window.height - y, "left", [])
            # Kivy puts it aside, and hands it to the page after this frame's callbacks.
            KivyClock.schedule_once(lambda _dt: done.set(), 0)

        coming = KivyClock.schedule_once(dispatch, 0)
        if not done.wait(_SLOW_S):  # else it would land on the next shopper's page
            coming.cancel()
