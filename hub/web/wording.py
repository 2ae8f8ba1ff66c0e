"""Words, numbers, dates and durations in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_interval, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "words"

LOCALES: Mapping[str, str] = {"en": "en_GB", "es": "es_ES"}
"""Each language with the locale whose dates and numbers it uses (24 hours, day before month)."""

LONG_DAYS: Mapping[str, str] = {"en": "EEEE d MMMM", "es": "EEEE, d 'de' MMMM"}
"""Weekday and date in full: no locale's ready-made pattern has both without the year."""

LANGUAGES: Mapping[str, str] = {
    "es": "Español",
    "en": "English",
    "pt": "Português",
    "ar": "العربية",
}
"""What kiosks and phones speak, each in its own words; a questionnaire may speak others."""

OWN_NAMES: Mapping[str, str] = {language: LANGUAGES[language] for language in LOCALES}
"""What these pages speak, for the switch."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class Words:
    """Everything that is worded differently from one language to the next."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(LOCALES[language])
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        """The sentence in this language."""
        return self._catalogue.ugettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The sentence for that number of things."""
        return self._catalogue.ungettext(one, many, number)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many decimals, always all of them; a true minus sign."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = format_decimal(value, format=pattern, locale=self.locale)
        return text.replace("-", "−")

    def percent(self, share: float) -> str:
        """A share of 1 in whole per cent."""
        return format_percent(share, locale=self.locale)

    def long_day(self, day: date) -> str:
        """A date with its weekday, e.g. “Thursday 19 November”."""
        return format_date(day, LONG_DAYS[self.language], locale=self.locale)

    def short_day(self, day: date) -> str:
        """A date that fits in a button, e.g. “Thu 19 Nov”."""
        return format_date(day, "EEE d MMM", locale=self.locale)

    def full_date(self, day: date) -> str:
        """A date with its year, e.g. “19 November 2026”."""
        return format_date(day, "long", locale=self.locale)

    def span(self, first: date, last: date) -> str:
        """From one date to another, e.g. “23 October – 19 November 2026”."""
        if first == last:
            return self.full_date(first)
        return format_interval(first, last, "yMMMMd", locale=self.locale)

    def time(self, at: datetime) -> str:
        """A time of day, e.g. “18:52”."""
        return format_time(at, "HH:mm", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Date and time, for lists: “19 Nov 2026, 18:52”."""
        return f"{format_date(at, 'medium', locale=self.locale)}, {self.time(at)}"

    def weekday(self, number: int) -> str:
        """The name of a weekday, Monday being 0."""
        return str(get_day_names("wide", "stand-alone", self.locale)[number])

    def short_weekday(self, number: int) -> str:
        """Its short name."""
        return str(get_day_names("abbreviated", "stand-alone", self.locale)[number])

    def listed(self, items: Sequence[str]) -> str:
        """“a, b and c”."""
        return format_list(list(items), locale=self.locale)

    def duration(self, seconds: float) -> str:
        """How long, in the largest unit that fits: “40 s”, “6 min”, “2 h”, “3 d”."""
        whole = max(0, int(seconds))
        for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
            if whole >= size:
                return f"{self.number(whole // size)} {unit}"
        return f"{whole} s"


def load_words(folder: Path = CATALOGUES) -> Mapping[str, Words]:
    """The words of every language there is."""
    return {
        language: Words(language, Translations.load(str(folder), [language], "messages"))
        for language in LOCALES
    }


def direction_of(language: str) -> str:
    """Which way a field for this language runs, also while it is empty."""
    return "rtl" if language in RIGHT_TO_LEFT else "auto"


def best_language(accepts: str, languages: Sequence[str] = tuple(LOCALES)) -> str:
    """The language of ours that a browser's Accept-Language header likes best."""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepts[:200].split(",")[:20]):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower()[:2]
        if language in languages and _weight(weight):
            liked.append((-_weight(weight), place, language))
    return min(liked)[2] if liked else languages[0]


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    try:
        weight = float(number) if name == "q" else 1.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
