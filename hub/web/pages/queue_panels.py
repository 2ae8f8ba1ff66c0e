"""The panels of the page Queue that jobs work out: one more register, and the index by wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from hub.core.hours import Hours, date_of, day_after
from hub.core.ports import Store
from hub.core.queue_views import Known
from hub.core.roles import Right
from hub.core.satisfaction import Index
from hub.core.waiting.bands import Band, latest, table_of
from hub.core.waiting.facts import LineId
from hub.core.waiting.joining import LEAST_ANSWERS, LEAST_HOURS, Slope
from hub.core.waiting.windows import DAYS, LONGEST_HOURS, WhatIf
from hub.web.auth import AnswersStore, OwnForm, having
from hub.web.charts import Scale
from hub.web.days import iso, read_day
from hub.web.parts import Parts, parts_of
from hub.web.shell import back_to
from hub.web.whatif_words import WhatIfWords
from shared.places import StoreId

Short = Annotated[str, Form(max_length=64)]


@dataclass(frozen=True, slots=True)
class SlopePanel:
    """The index by wait over some told weeks; `slope` is None until there is enough."""

    first: date | None
    last: date | None
    slope: Slope | None
    answers: int
    hours: int
    bands: Sequence[Band]
    scale: Scale
    floor: int

    @property
    def is_enough(self) -> bool:
        """Whether the slope is withheld for another reason than too few answers or hours."""
        return self.answers >= LEAST_ANSWERS and self.hours >= LEAST_HOURS


@dataclass(frozen=True, slots=True)
class WhatIfPanel:
    """The windows of a day that were worked out, and which can be asked for."""

    day: int
    found: Sequence[WhatIf]
    days: Sequence[int]
    hours: Sequence[int]
    longest: int = LONGEST_HOURS


def routes() -> APIRouter:
    """The address that works a window out."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/stores/{store_id}/queue/whatif", work_out, methods=["POST"])
    return router


def panels(parts: Parts, known: Known, day: int, language: str) -> dict[str, Any]:
    """What templates/queue_whatif.html and templates/queue_slope.html are filled with."""
    return {
        "by_wait": slope_panel(parts, known.store.store_id),
        "whatif": whatif_panel(parts, known.store, day),
        "said": WhatIfWords(parts.renderer.words[language], known.layout.terms.percentile),
        "lines_of_store": [one for one in known.lines if one not in known.layout.lanes],
        "least_answers": LEAST_ANSWERS,
        "least_hours": LEAST_HOURS,
        "date_of": date_of,
        "iso": iso,
    }


def slope_panel(parts: Parts, store: StoreId) -> SlopePanel:
    """The last told weeks of a store."""
    weeks = latest(parts.scores.weeks(store, 0))
    bands = table_of(weeks)
    return SlopePanel(
        first=date_of(weeks[-1].monday) if weeks else None,
        last=date_of(day_after(weeks[0].monday, 6)) if weeks else None,
        slope=weeks[0].slope if weeks else None,
        answers=weeks[0].answers if weeks else 0,
        hours=weeks[0].hours if weeks else 0,
        bands=bands if any(band.index for band in bands) else (),
        scale=_scale([band.index for band in bands if band.index]),
        floor=parts.reports.floor,
    )


def whatif_panel(parts: Parts, store: Store, day: int) -> WhatIfPanel:
    """The windows of this day, or of the day before while it still runs."""
    today = Hours(store.zone).hour_of(parts.now()).day
    over = day if day < today else day_after(today, -1)
    found = [one for one in parts.whatifs.found(store, parts.now()) if one.window.day == over]
    found.sort(key=lambda one: (not one.worst, one.window.begins, one.window.ends))
    days = [day_after(today, -back) for back in range(1, DAYS + 1)]
    return WhatIfPanel(over, found, days, range(store.opens, max(store.closes, store.opens + 1)))


def work_out(
    request: Request,
    session: OwnForm,
    store: AnswersStore,
    line: Short = "",
    day: Short = "",
    begins: Short = "",
    hours: Short = "",
) -> Response:
    """Work a window out, or find what was worked out before."""
    del session
    parts = parts_of(request)
    known = next(one for one in parts.places.stores() if one.store_id == store)
    wanted = read_day(day)
    starts = [
        hour.start
        for hour in Hours(known.zone).hours_of_day(wanted)
        if str(hour.hour_of_day) == begins
    ]
    if not starts or hours not in map(str, range(1, LONGEST_HOURS + 1)):
        raise HTTPException(400)
    try:
        said = parts.whatifs.asked(known, LineId(line), starts[0], int(hours), parts.now())
    except ValueError as fault:
        raise HTTPException(400) from fault
    busy = "" if said is not None else "&done=busy"
    return back_to(f"/stores/{store}/queue?day={iso(wanted)}{busy}#whatif")


def _scale(shown: Sequence[Index]) -> Scale:
    if not shown:
        return Scale(0, 100)
    low, high = min(one.low for one in shown) - 2, max(one.high for one in shown) + 2
    short = max(0.0, 30 - (high - low)) / 2  # at least 30 points across
    return Scale(max(0.0, low - short), min(100.0, high + short))
