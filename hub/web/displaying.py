"""The page of a store's display: its words in four languages, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from babel.support import Translations

from hub.core.displaying import Row, Screen
from hub.web.assets import Assets
from hub.web.renderer import templates
from hub.web.wording import CATALOGUES, LANGUAGES, RIGHT_TO_LEFT

DOMAIN: Final = "display"

SENTENCES: Final[Mapping[str, str]] = {
    "title": "Wait now",
    "about": "about [{minutes} min]",
    "up_to": "up to [{minutes} min]",
    "under": "less than [1 min]",
    "quickest": "Quickest now",
    "unsure": "We cannot say just now",
    "closed": "Closed just now",
    "seconds": "{seconds} s ago",
    "minutes": "{minutes} min ago",
    "away": "Not connected since {time}",
    "lost": "No estimate: not connected since {time}",
    "never": "No estimate: not connected yet",
    "back": "The wait is shown again by itself.",
    "gone": "This address was replaced: the new one is on the dashboard.",
}
"""What the page says. What stands in brackets is written large."""

LOOKS: Final = ("auto", "light", "dark")
"""What may be asked for in the address; `auto`, which needs not be asked for, is the store's."""


class DisplayPages:
    """Fills the page; what moves on it is fetched by its script."""

    def __init__(self, assets: Assets, folder: Path = CATALOGUES) -> None:
        self._assets = assets
        self._environment = templates()
        self._environment.globals.update(asset=assets.url)
        self.words = {language: _words(language, folder) for language in LANGUAGES}
        self.directions = {one: "rtl" if one in RIGHT_TO_LEFT else "ltr" for one in LANGUAGES}

    def page(self, shown: Screen, look: str) -> str:
        """The page as it is kept by the browser: without any wait."""
        return self._environment.get_template("display/page.html").render(
            shown=shown,
            look=look if look in LOOKS else LOOKS[0],
            build=self._assets.path,
            kept={
                "store": shown.store,
                "zone": shown.zone,
                "languages": shown.languages,
                "dark": shown.dark,
                "calm": shown.calm,
            },
            words=self.words,
            own_names=LANGUAGES,
            directions=self.directions,
        )

    def told(self, shown: Screen) -> dict[str, Any]:
        """What the page fetches every few seconds."""
        return {
            "build": self._assets.path,
            "store": shown.store,
            "zone": shown.zone,
            "now": shown.now,
            "languages": list(shown.languages),
            "dark": shown.dark,
            "calm": shown.calm,
            "wording": shown.wording.value,
            "fresh_ms": shown.fresh_ms,
            "stands_ms": shown.stands_ms,
            "lines": [_line(row) for row in shown.rows],
        }


def _line(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "minutes": row.minutes,
        "why": row.why,
        "age_ms": row.age_ms,
        "quickest": row.quickest,
    }


def _words(language: str, folder: Path) -> dict[str, str]:
    catalogue = Translations.load(str(folder), [language], DOMAIN)
    return {name: str(catalogue.ugettext(sentence)) for name, sentence in SENTENCES.items()}
