"""A glass that remembers every page, and can be waited for."""

from __future__ import annotations

import threading

from kiosk.core.effects import Page


class FakeScreen:
    """Port `Screen`; `broken` makes it fail."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.night = self.calm = self.broken = False
        self._changed = threading.Condition()

    def show(self, page: Page) -> None:
        if self.broken:
            raise RuntimeError("the glass is dark")
        with self._changed:
            self.pages.append(page)
            self._changed.notify_all()

    def dress(self, night: bool, calm: bool) -> None:
        self.night, self.calm = night, calm

    @property
    def page(self) -> Page | None:
        """What is to be seen now."""
        return self.pages[-1] if self.pages else None

    def wait_for(self, kind: type[Page], seconds: float = 5.0) -> Page:
        """The page of that kind, as soon as it is to be seen; fails the test after a while."""
        with self._changed:
            shown = self._changed.wait_for(lambda: isinstance(self.page, kind), seconds)
            assert shown, f"no {kind.__name__} within {seconds} s, but {self.page}"
            assert self.page is not None
            return self.page
