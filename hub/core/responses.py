"""What the hub knows of each response besides its record, and how one comes in from a phone.

Laws of this page
1. A response is a record like all others; the row beside it says nothing that the record does not,
   and is counted anew from it (`core.recounting`).
2. The hub is the producer of what comes from phones: it has one ledger per store, under a name that
   no kiosk can have, and its records pass the same judgement.
3. A link is used once: the walk that began with it ends in the transaction that keeps its response.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from hub.core.ports import Hub, LedgerKey, ResponseRow, WalkKey
from shared.links import Link
from shared.places import KioskId, StoreId
from shared.questionnaires import Answer, Response
from shared.questions import Question, Questionnaire
from shared.walking import Answers, accepts, answered, shown

PRODUCER: Final = KioskId("~phones")
"""Whose the records from phones are: no kiosk's name begins so (`shared.places`)."""

EPOCH_DIGITS: Final = 16


class Definitions(Protocol):
    """Where questionnaires are looked up. May raise ArchiveError."""

    def version(self, name: str, number: int) -> Questionnaire | None:
        """That version; None where there is none."""

    def known(self) -> Collection[tuple[str, int]]:
        """Name and number of every version there is."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody's way through a questionnaire on a phone; instants are ms since 1970, UTC.

    `secret` is the fingerprint of what the phone's cookie holds: only that phone goes on.
    """

    link: Link
    store_id: StoreId
    language: str
    secret: str
    begun: int
    seen: int
    answers: dict[str, Answer]
    done_at: int | None = None

    @property
    def key(self) -> WalkKey:
        """Which link it is."""
        return key_of(self.link)


class Walks(Protocol):
    """What the hub's database keeps of links that were opened. Each method may raise ArchiveError.

    How a walk ends is part of the transaction that keeps its response (`core.ports.Entries`).
    """

    def begin(self, walk: Walk) -> bool:
        """Keep a new one; False where this link was opened before."""

    def find(self, key: WalkKey) -> Walk | None:
        """The walk that began with this link."""

    def keep(self, key: WalkKey, answers: Mapping[str, Answer], seen: int) -> None:
        """Keep what was answered so far; of one that has ended, nothing."""

    def idle(self, before: int) -> Sequence[Walk]:
        """Some of those that were last seen before this instant and have not ended."""

    def forget(self, minute: int) -> int:
        """Forget the links that were made before this minute; returns how many."""


def key_of(link: Link) -> WalkKey:
    """What tells one link from every other."""
    return WalkKey(link.kiosk_id, link.minute, link.nonce.hex())


def row_of(response: Response, store: StoreId, ledger: int, seq: int, day: int) -> ResponseRow:
    """What stands beside the record; `day` is the local date on which it began."""
    return ResponseRow(
        store,
        ledger,
        seq,
        response.questionnaire,
        response.version,
        day,
        response.point_id,
        response.language,
        response.input.value,
        response.complete,
    )


def fits(questionnaire: Questionnaire, response: Response) -> bool:
    """Whether its answers can be answers to that questionnaire, and are whole where it says so."""
    answers, asked = response.answers, shown(questionnaire, response.answers)
    by_name = {question.id: question for question in asked}
    if answered(questionnaire, answers) != answers:
        return False
    if not all(accepts(by_name[name], answer) for name, answer in answers.items()):
        return False
    return not (response.complete and missing(questionnaire, answers))


def taken(question: Question, answers: Answers, answer: Answer | None) -> dict[str, Answer] | None:
    """The answers with this one (None: passed over); None where it does not answer the question."""
    given = {name: one for name, one in answers.items() if name != question.id}
    if answer is None:
        return None if question.required else given
    return {**given, question.id: answer} if accepts(question, answer) else None


def missing(questionnaire: Questionnaire, answers: Answers) -> str | None:
    """The first question that needs an answer and has none."""
    asked = shown(questionnaire, answers)
    return next((one.id for one in asked if one.required and one.id not in answers), None)


def producer_key(hub: Hub, store: StoreId) -> LedgerKey:
    """The hub's own ledger in a store: another one after each restore, whose records are gone."""
    told = f"semblante/phones/1/{hub.hub_id}/{hub.generation}/{store}"
    return LedgerKey(store, PRODUCER, sha256(told.encode()).hexdigest()[:EPOCH_DIGITS])


def boot_of(walk: Walk) -> str:
    """In the place of a boot: each walk is one of its own, whose clock begins with it."""
    told = f"{walk.link.kiosk_id}/{walk.link.minute}/{walk.link.nonce.hex()}"
    return sha256(told.encode()).hexdigest()[:32]
