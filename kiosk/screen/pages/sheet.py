"""What every page is: a sheet with texts and keys on it, built once and then told what to say."""

from __future__ import annotations

from typing import Any, TypeVar

from kivy.uix.widget import Widget

from kiosk.core.events import CleaningAsked, GlassTouched, PanelAsked
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.holds import CLEANING_SECONDS, PANEL_SECONDS, HoldKey
from kiosk.screen.keys import Key, is_finger
from kiosk.screen.lettering import Lettering, Stand
from kiosk.screen.paint import dress
from kiosk.screen.paragraphs import Align
from kiosk.screen.theme import Colour, Theme

K = TypeVar("K", bound=Key)


class Sheet(Widget):
    """The part that all pages share."""

    speaks = False
    """Whether there is a speaker, so that a page that can be read aloud has a key for it."""

    hears_touches = False
    """Whether a finger beside its keys says that somebody is here, and so keeps the page."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__()
        self.post = post
        self.clock = clock

    def text(
        self, font: str, colour: Colour, align: Align = "center", stand: Stand = "middle"
    ) -> Lettering:
        """A new text on this page."""
        lettering = Lettering(font, colour, align, stand)
        self.canvas.add(lettering.drawing)
        return lettering

    def key(self, key: K) -> K:
        """A new key on this page."""
        self.add_widget(key)
        return key

    @property
    def keys(self) -> list[Key]:
        """What can be touched just now."""
        found = (widget for widget in self.walk(restrict=True) if isinstance(widget, Key))
        return [key for key in found if key.opacity]

    def on_touch_down(self, touch: Any) -> bool:
        """A touch of a key is the key's alone, also where it is one finger too many."""
        if super().on_touch_down(touch):
            return True
        beside = not any(key.target.holds(*touch.pos) for key in self.keys)
        if self.hears_touches and beside and is_finger(touch):
            self.post(GlassTouched(self.clock.now()))
        return False

    def show(self, page: Any, theme: Theme) -> None:
        """Say and place everything; each sheet takes pages of one kind."""
        raise NotImplementedError

    def dress(self, night: bool) -> None:
        """Be painted by night, or by day; also parts that were not on the page the last time."""
        dress(self.canvas, night)

    def leave(self) -> None:
        """The page goes off the glass: nothing on it moves or looks touched any more."""
        for key in self.keys:
            key.look(False)


class CaredForSheet(Sheet):
    """A page that may stand for hours: from it the glass is cleaned and the panel opened."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.cleaning = self.key(
            HoldKey(clock, CLEANING_SECONDS, lambda at: post(CleaningAsked(at)))
        )
        self.panel_corner = self.key(HoldKey(clock, PANEL_SECONDS, lambda at: post(PanelAsked(at))))

    def place_holds(self, name: Box, theme: Theme) -> None:
        """`name` is the line that says where this is; the corner is where lines end, below."""
        self.cleaning.aim(name)
        glass = Box(0, 0, theme.width, theme.height, theme.rtl)
        corner, _ = glass.bottom_cut(theme.target)
        self.panel_corner.aim(corner.right_cut(theme.target)[0])

    def hide_holds(self) -> None:
        """A shopper is being asked: who cares for the glass comes afterwards."""
        self.cleaning.hide()
        self.panel_corner.hide()
