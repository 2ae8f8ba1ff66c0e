"""The pages for shoppers' phones: their own words in four languages, and how they are filled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from jinja2 import Environment

from hub.web.assets import Assets
from hub.web.renderer import templates
from hub.web.wording import CATALOGUES, LANGUAGES, RIGHT_TO_LEFT, best_language
from shared.questions import Questionnaire
from shared.texts import in_language

DOMAIN: Final = "phone"

PHONES: Final = "/q/"
"""Where the addresses of these pages begin: whatever goes wrong there is told to a shopper."""

_TROUBLES: Final = {404: "forged", 413: "large", 429: "busy"}


class PhonePages:
    """Fills the templates of `phone/`, in the language of whoever answers."""

    def __init__(self, assets: Assets, folder: Path = CATALOGUES) -> None:
        self._catalogues = {
            language: Translations.load(str(folder), [language], DOMAIN) for language in LANGUAGES
        }
        self._environments = {
            language: _environment(catalogue, assets)
            for language, catalogue in self._catalogues.items()
        }

    def render(self, language: str, template: str, **context: object) -> str:
        """A page; of a language that these pages do not speak, their own words are English.

        Where `method` and `hidden` say nothing else, its form is sent by POST with its own fields.
        """
        environment = self._environments[language if language in LANGUAGES else "en"]
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        page = environment.get_template(f"phone/{template}")
        otherwise: dict[str, object] = {"method": "post", "hidden": [], "tried": False}
        return page.render(language=language, direction=direction, **(otherwise | context))

    def trouble(self, status: int, accepts: str) -> str:
        """What went wrong on the way to a page, to somebody whose browser likes these languages."""
        why = "fault" if status >= 500 else _TROUBLES.get(status, "unreadable")
        return self.render(chosen(None, "", accepts), "refused.html", why=why)

    def say(self, language: str, message: str) -> str:
        """One sentence of these pages."""
        catalogue = self._catalogues[language if language in LANGUAGES else "en"]
        return str(catalogue.ugettext(message))


def chosen(questionnaire: Questionnaire | None, asked: str, accepts: str) -> str:
    """The language to begin in: the one asked for, else what the browser likes, else the first."""
    known = tuple(LANGUAGES) if questionnaire is None else questionnaire.languages
    if asked in known:
        return asked
    return best_language(accepts, known) if known else "en"


def _environment(catalogue: NullTranslations, assets: Assets) -> Environment:
    environment = templates()

    def say(message: str, **values: object) -> str:
        text: str = catalogue.ugettext(message)
        return text % values if values else text

    environment.globals.update(
        say=say, asset=assets.url, own_names=LANGUAGES, in_language=in_language
    )
    return environment
