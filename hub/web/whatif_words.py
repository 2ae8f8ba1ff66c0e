"""What one more register would have done, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.core.waiting.whatif import LEAST_SHOPPERS
from hub.core.waiting.windows import MINUTE_MS, WhatIf, Why
from hub.web.wording import Words


@dataclass(frozen=True, slots=True)
class WhatIfWords:
    """The sentences about windows, in one language; `percentile` is what the store tells by."""

    words: Words
    percentile: float

    def effect(self, one: WhatIf, begins: str, ends: str) -> str:
        """What is said of a window, from one time of day to another."""
        _, gap = self.words.gettext, {"begins": begins, "ends": ends}
        if one.observed is None or one.after is None:
            return _("%(begins)s to %(ends)s: nothing can be said") % gap
        before, after = whole(one.observed), whole(one.after)
        if before == after:
            text = _(
                "One more register from %(begins)s to %(ends)s would have changed little: "
                "%(which)s was %(before)s, and would have been about that."
            )
        else:
            text = _(
                "One more register from %(begins)s to %(ends)s would have cut %(which)s "
                "from %(before)s to %(after)s."
            )
        told = {"before": self.minutes(before), "after": self.minutes(after)}
        return text % {**gap, **told, "which": self.which()}

    def which(self) -> str:
        """“the 80th percentile of the wait”."""
        text = self.words.gettext("the %(ordinal)s percentile of the wait")
        return text % {"ordinal": ordinal(round(100 * self.percentile), self.words.language)}

    def minutes(self, minutes: int) -> str:
        """“5 min”."""
        _ = self.words.gettext
        return _("%(minutes)s min") % {"minutes": minutes} if minutes else _("less than 1 min")

    def why(self, one: WhatIf) -> str:
        """Why nothing is said."""
        _ = self.words.gettext
        few = _(
            "Fewer than %(least)s shoppers whose wait is known joined the line, or nobody waited."
        )
        return {
            Why.NOTHING: "",
            Why.FEW: few % {"least": LEAST_SHOPPERS},
            Why.LANES: _("People step over between lanes: this is worked out for one line only."),
            Why.UNSEEN: _(
                "The wait of too many who paid is not known, or which registers were open."
            ),
            Why.UNLIKE: _(
                "The day drawn again does not resemble the one observed, so what one more register "
                "would have done to it means nothing."
            ),
            Why.MANY: _("More shoppers than can be drawn again."),
        }[one.why]


def ordinal(number: int, language: str) -> str:
    """“80th” in English; the number alone elsewhere."""
    if language != "en":
        return str(number)
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


def whole(ms: float) -> int:
    """To the nearest minute: the simulation knows no better."""
    return round(ms / MINUTE_MS)
