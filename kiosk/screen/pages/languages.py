"""The language switch: one touch changes every word."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.core.events import LanguageTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.scripts import name_of
from kiosk.screen.shapes import Panel
from kiosk.screen.theme import EDGE, WHITE, Theme
from shared.moments import Moment

MOST_SEGMENTS = 4
"""Side by side beside a title; further languages come round as one moves on."""

_PILL = 46  # units high: less than its targets, so that it does not shout


class _Segment(Tile):
    """One language of the pill."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, self._choose)
        self._post = post
        self.language = ""

    def look(self, touched: bool) -> None:
        """Look touched, or not; of those not chosen only the word is seen."""
        super().look(touched)
        if not (self.inked or touched):
            self.panel.paint(WHITE, seen=False)

    def _choose(self, _began: Moment) -> None:
        self._post(LanguageTouched(self._clock.now(), self.language))


class LanguageSwitch(Widget):
    """As many segments as there are languages; none where there is no choice."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(size_hint=(None, None), size=(0, 0))
        self._pill = Panel(WHITE, EDGE)
        self.canvas.add(self._pill.drawing)
        self.segments = [_Segment(post, clock) for _ in range(MOST_SEGMENTS)]
        for segment in self.segments:
            self.add_widget(segment)

    def width_of(self, languages: tuple[str, ...], theme: Theme) -> float:
        """How wide it is for so many languages."""
        return theme.target * min(len(languages), MOST_SEGMENTS) if len(languages) > 1 else 0.0

    def show(self, languages: tuple[str, ...], chosen: str, strip: Box, theme: Theme) -> None:
        """Place the pill at the end of the strip."""
        shown = _nearest(languages, chosen) if len(languages) > 1 else ()
        for segment in self.segments[len(shown) :]:
            segment.hide()
        width = theme.target
        pill, _ = strip.right_cut(width * len(shown))
        seen = pill.middle(pill.width, theme.px(_PILL))
        self._pill.place(seen, seen.height / 2, theme.px(1.6))
        self._pill.paint(WHITE, EDGE, seen=bool(shown))
        cells = pill.as_read_from_left().grid(max(1, len(shown)), 1, 0)
        for segment, language, target in zip(self.segments, shown, cells, strict=False):
            segment.language = language
            segment.place(
                target,
                name_of(language),
                theme,
                size=20,
                inked=language == chosen,
                body=target.middle(width - theme.px(8), seen.height - theme.px(8)),
                radius=_PILL,
                line=0,
            )


def _nearest(languages: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    if len(languages) <= MOST_SEGMENTS or chosen not in languages:
        return languages[:MOST_SEGMENTS]
    start = languages.index(chosen)
    return (languages[start:] + languages[:start])[:MOST_SEGMENTS]
