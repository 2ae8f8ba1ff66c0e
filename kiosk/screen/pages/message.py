"""Pages that say one thing with a sign above it: the plain thanks, sorry, and out of order."""

from __future__ import annotations

from kiosk.core.effects import Closed, Sorry, Thanks
from kiosk.core.events import ChangeTouched, InvitationTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.marks import Ring, Sign, tick, wave
from kiosk.screen.pages.sheet import CaredForSheet
from kiosk.screen.theme import BOLD, GREEN, INK, REGULAR, SOFT, Theme
from kiosk.screen.words import Say, sentences
from shared.texts import in_language


class _Message(CaredForSheet):
    """A sign, a large word and a sentence, in the middle of the glass."""

    def __init__(self, post: Post, clock: Clock, sign: Sign) -> None:
        super().__init__(post, clock)
        self.sign = sign
        self.canvas.add(sign.drawing)
        self.title = self.text(BOLD, INK)
        self.sentence = self.text(REGULAR, SOFT, stand="top")

    def say(self, title: str, sentence: str, box: Box, theme: Theme) -> Box:
        """Place everything in the box; returns where the sign went."""
        px = theme.px
        around, rest = box.middle(box.width, px(350)).top_cut(px(172))
        heading, rest = rest.top_cut(px(92))
        around = around.middle(px(144), px(144))
        self.sign.place(around.center, around.width / 2)
        self.title.write(title, heading, px(54))
        self.sentence.write(sentence, rest, px(26))
        return around


class PlainThanksSheet(_Message):
    """Thanks where no reason is asked."""

    hears_touches = True

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock, tick())
        self.change = self.key(Tile(clock, lambda _: post(ChangeTouched(clock.now()))))
        self.invitation = self.key(
            Tile(clock, lambda _: post(InvitationTouched(clock.now())), colour=GREEN)
        )
        self.ring = Ring(0.06)
        self.canvas.add(self.ring.drawing)

    def show(self, page: Thanks, theme: Theme) -> None:
        """Say and place everything, and let the ring run around the tick."""
        say, px = sentences(page.language), theme.px
        area = theme.page(24)
        foot, rest = area.bottom_cut(theme.target)
        ours = say("Your opinion now counts. It is anonymous.")
        sentence = in_language(page.words, page.language) or ours
        around = self.say(say("Thank you!"), sentence, rest, theme)
        self.ring.place(around.center, around.width / 2 + px(11))
        self._place_foot(page, say, foot, theme)
        self.ring.start(page.seconds, gone=page.gone, calm=theme.calm)

    def leave(self) -> None:
        """Stop the ring too."""
        super().leave()
        self.ring.stop()

    def _place_foot(self, page: Thanks, say: Say, foot: Box, theme: Theme) -> None:
        # Where both can be, each keeps its place when the other goes: nothing moves under a finger.
        px = theme.px
        change, invitation = foot.middle(px(536), foot.height).grid(2, 1, px(16))
        if not page.invited:
            change = foot.middle(px(250), foot.height)
        self.change.place(change, say("Change my answer"), theme, there=page.changeable)
        self.invitation.place(invitation, say("Tell us more ›"), theme, there=page.invited)
        shown = [key for key in (self.change, self.invitation) if key.opacity]
        for at, key in enumerate(shown):
            key.mark(at == page.marked)


class SorrySheet(_Message):
    """The answer could not be kept: nobody is thanked for it."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock, wave())

    def show(self, page: Sorry, theme: Theme) -> None:
        """Say and place everything."""
        say = sentences(page.language)
        self.say(
            say("We are sorry"),
            say("We could not keep your answer this time. It is our fault, not yours."),
            theme.page(24),
            theme,
        )


class ClosedSheet(_Message):
    """Nothing can be kept here, so nobody is asked."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock, wave())

    def show(self, page: Closed, theme: Theme) -> None:
        """Say and place everything."""
        say = sentences(page.language)
        self.place_holds(theme.page(14).top_cut(theme.target)[0], theme)
        self.say(
            say("Out of order"),
            say("Your opinion cannot be kept here at the moment."),
            theme.page(24),
            theme,
        )
