"""The page after a tap: the answer is on disk; the same page whichever face it was."""

from __future__ import annotations

from kiosk.core.effects import Thanks
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    InvitationTouched,
    ReasonTouched,
)
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.marks import Ring
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, GREEN, INK, REGULAR, SOFT, Theme
from kiosk.screen.words import Say, sentences
from shared.moments import Moment
from shared.notices import MOST_REASONS
from shared.texts import in_language


class _ReasonTile(Tile):
    """One reason; touched, it reports itself by its id."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, self._choose)
        self._post = post
        self.reason = ""

    def _choose(self, _began: Moment) -> None:
        self._post(ReasonTouched(self._clock.now(), self.reason))


class ThanksSheet(Sheet):
    """Thanks, and up to six reasons of which one may be touched."""

    hears_touches = True

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK, "left")
        self.hint = self.text(REGULAR, SOFT, "left")
        self.reasons = [self.key(_ReasonTile(post, clock)) for _ in range(MOST_REASONS)]
        self.change = self.key(Tile(clock, lambda _: post(ChangeTouched(clock.now()))))
        self.done = self.key(Tile(clock, lambda _: post(DoneTouched(clock.now())), BOLD))
        self.invitation = self.key(
            Tile(clock, lambda _: post(InvitationTouched(clock.now())), colour=GREEN)
        )
        self.ring = Ring(0.22)
        self.canvas.add(self.ring.drawing)

    def show(self, page: Thanks, theme: Theme) -> None:
        """Say and place everything, and let the ring run."""
        say, px = sentences(page.language), theme.px
        area = theme.page(28)
        title, rest = area.top_cut(px(140 if theme.upright else 58))
        hint, rest = rest.top_cut(px(40))
        self.title.write(say("Thank you! What mattered most?"), title, px(40))
        self.hint.write(say("Touch one if you like, or just wait."), hint, px(21))
        rest = self._place_foot(page, say, rest, theme)
        self._place_reasons(page, rest.inset(0, px(18)), theme)
        self._mark(page)
        self.ring.start(page.seconds, gone=page.gone, calm=theme.calm)

    def leave(self) -> None:
        """Stop the ring too."""
        super().leave()
        self.ring.stop()

    def _mark(self, page: Thanks) -> None:
        """Show which key the buttons have come to; they go through them in reading order."""
        keys = [*self.reasons, self.change, self.invitation, self.done]
        for at, key in enumerate(key for key in keys if key.opacity):
            key.mark(at == page.marked)

    def _place_reasons(self, page: Thanks, box: Box, theme: Theme) -> None:
        columns, rows = _shape(len(page.reasons), theme.upright)
        gap = theme.px(16)
        height = min(box.height, rows * theme.px(150) + (rows - 1) * gap)
        cells = box.top_cut(height)[0].grid(columns, rows, gap)
        for tile in self.reasons[len(page.reasons) :]:
            tile.hide()
        for tile, reason, cell in zip(self.reasons, page.reasons, cells, strict=False):
            tile.reason = reason.id
            text = in_language(reason.text, page.language)
            tile.place(cell, text, theme, size=24, inked=reason.id == page.chosen)

    def _place_foot(self, page: Thanks, say: Say, rest: Box, theme: Theme) -> Box:
        """Everything below the reasons; what is left above it."""
        px, gap = theme.px, theme.px(16)
        foot, rest = rest.bottom_cut(theme.target)
        done, between = foot.right_cut(px(140 if theme.upright else 172))
        change, between = between.left_cut(px(220))
        invitation, ring = between.right_cut(px(220) + gap)
        if theme.upright or not page.invited:
            ring = between
        if theme.upright and page.invited:  # a row of its own
            row, rest = rest.bottom_cut(theme.target + gap)
            invitation = row.top_cut(theme.target)[0]
        else:
            invitation = invitation.left_cut(px(220))[0]
        self.change.place(change, say("Change my answer"), theme, there=page.changeable)
        self.invitation.place(invitation, say("Tell us more ›"), theme, there=page.invited)
        self.done.place(done, say("Done"), theme, size=26, inked=True)
        self.ring.place(ring.center, px(18))
        return rest


def _shape(reasons: int, upright: bool) -> tuple[int, int]:
    """Columns and rows that leave the fewest holes and the largest tiles."""
    columns = {1: 1, 2: 2, 3: 3, 4: 2}.get(reasons, 3)
    if upright:
        columns = 1 if reasons <= 3 else 2
    return columns, max(1, -(-reasons // columns))
