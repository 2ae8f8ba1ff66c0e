"""What a machine would have on the glass, and what has to be told so that it is really there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, Light, Page, Show, Thanks, Wake


@dataclass(slots=True)
class Seen:
    """One machine's page, light and waking; `anew` when it showed a page just now."""

    page: Page
    lit: bool = False
    wake: int | None = None
    anew: bool = False

    def take(self, effects: Iterable[Effect]) -> list[Effect]:
        """Note what of them is to be seen, and return the others."""
        others: list[Effect] = []
        for effect in effects:
            match effect:
                case Show(page):
                    self.page, self.anew = page, True
                case Light(on):
                    self.lit = on
                case Wake(boot):
                    self.wake = boot
                case _:
                    others.append(effect)
        return others


class Glass:
    """Remembers what is really there: the same page is not shown twice, unless it is anew."""

    def __init__(self) -> None:
        self._page: Page | None = None
        self._lit: bool | None = None
        self._since = 0

    def told(self, page: Page, *, lit: bool, anew: bool, boot: int) -> list[Effect]:
        """What has to be told; a page of thanks that changes a little goes on where it was."""
        effects: list[Effect] = []
        if anew or type(page) is not type(self._page):
            self._since = boot
        if anew or page != self._page:
            effects.append(Show(_since(page, boot - self._since)))
        if lit != self._lit:
            effects.append(Light(lit))
        self._page, self._lit = page, lit
        return effects


def _since(page: Page, gone_ms: int) -> Page:
    if isinstance(page, Thanks) and gone_ms:
        return replace(page, gone=gone_ms / 1_000)
    return page
