"""What every page is: a sheet with texts and keys on it, built once and then told what to say."""

from __future__ import annotations

from typing import TypeVar

from kivy.uix.widget import Widget

from kiosk.core.ports import Clock, Post
from kiosk.screen.keys import Key
from kiosk.screen.lettering import Align, Lettering, Stand
from kiosk.screen.theme import Colour

K = TypeVar("K", bound=Key)


class Sheet(Widget):
    """The part that all pages share; each adds its own `show(page, theme)`."""

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

    def leave(self) -> None:
        """The page goes off the glass: nothing on it moves or looks touched any more."""
        for key in self.keys:
            key.look(False)
