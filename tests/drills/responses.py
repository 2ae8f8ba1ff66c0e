"""The judge of the questionnaire: what was walked, against the responses that lie at the hub.

1. Whoever was thanked has one response, complete, with every answer as the page showed it.
2. So has, in part, whoever left half way before others were thanked by the same program.
3. Of anybody else there is at most one, and nothing in it that was not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.drills.holdings import Holdings, Standing
from tests.drills.notebook import Walk
from tests.drills.verdict import Verdict
from tests.drills.walks import QUESTIONNAIRE

Key = tuple[str, str, int]
"""Kiosk, boot, and the instant of it at which the walk began: nobody else stood there then."""

Stored = dict[Key, list[tuple[Standing, dict[str, Any]]]]

Excused = Callable[[Walk], str | None]
"""Why it may be gone after all."""


def key_of(kiosk: str, response: dict[str, Any]) -> Key:
    """Whose it is."""
    return kiosk, response["boot_id"], response["begun"]["boot"]


def judge_walks(verdict: Verdict, walks: Iterable[Walk], held: Holdings, excused: Excused) -> None:
    """Compare them, and write into the verdict."""
    stored: Stored = {}
    for ledger, _, word in held.words():
        if "response" in word:
            key = key_of(ledger.kiosk, word["response"])
            stored.setdefault(key, []).append((ledger, word["response"]))
    verdict.responses = sum(map(len, stored.values()))
    for walk in walks:
        found = stored.pop((walk.seat.kiosk, walk.boot_id, walk.boot), [])
        verdict.walked += walk.thanked
        verdict.parts += sum(not response["complete"] for _, response in found)
        _once(verdict, walk, len(found), excused)
        for ledger, response in found[:1]:
            verdict.faults += _wrong(walk, ledger, response)
    verdict.faults += [f"a response that nobody gave: {key}" for key in stored]


def _once(verdict: Verdict, walk: Walk, times: int, excused: Excused) -> None:
    if times > 1:
        verdict.doubled += 1
        verdict.faults.append(f"the response of {walk} is stored {times} times")
    if times or not (walk.thanked or (walk.owed and walk.stood)):
        return
    why = excused(walk)
    if why is not None:
        verdict.explained[why] += 1
        return
    verdict.lost += 1
    what = "was thanked for" if walk.thanked else "was over, and others were thanked since"
    verdict.faults.append(f"{walk} {what}, and the response is not stored")


def _wrong(walk: Walk, ledger: Standing, response: dict[str, Any]) -> Iterable[str]:
    """What the response says that is not so."""
    there = ledger.store, ledger.kiosk, response["point_id"]
    if there != (walk.seat.store, walk.seat.kiosk, walk.seat.point):
        yield f"what {walk} answered stands at {there}"
    version = response["questionnaire"], response["version"]
    if version != (QUESTIONNAIRE.id, QUESTIONNAIRE.version):
        yield f"{walk} answered {version}"
    answers = response["answers"].items()
    strange = [one for one in answers if one not in list(walk.given.items())]
    if strange or not answers:
        yield f"{walk} gave {walk.given}; stored is {strange or 'nothing'}"
    if walk.thanked or walk.owed:
        missing = [one for one in walk.stood.items() if one not in list(answers)]
        if missing:
            yield f"{walk} answered {missing}; it is not stored"
    if response["complete"] and not walk.finished:
        yield f"{walk} was not finished; stored it is complete"
    if not response["complete"] and (walk.thanked or (walk.owed and walk.finished)):
        yield f"{walk} was finished; stored is a part"
