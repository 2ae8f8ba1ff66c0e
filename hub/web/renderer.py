"""Templates in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.web.assets import Assets
from hub.web.wording import OWN_NAMES, Words, direction_of

FOLDER = Path(__file__).parent / "templates"


class Renderer:
    """Fills templates; one prepared environment for each language."""

    def __init__(self, words: Mapping[str, Words], assets: Assets) -> None:
        self.words = words
        self.assets = assets
        self._environments = {
            language: _environment(spoken, assets) for language, spoken in words.items()
        }

    def render(self, language: str, template: str, **context: object) -> str:
        """A template's text; every value is escaped."""
        return self._environments[language].get_template(template).render(**context)


def templates(*extensions: str) -> Environment:
    """Reads our templates: every value is escaped, and one that is missing is a fault."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=extensions,
    )


def _environment(words: Words, assets: Assets) -> Environment:
    environment = templates("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    environment.tests["in_question"] = lambda place, of: str(place).startswith(f"{of}.")
    environment.globals.update(
        w=words, asset=assets.url, languages=OWN_NAMES, direction_of=direction_of
    )
    return environment
