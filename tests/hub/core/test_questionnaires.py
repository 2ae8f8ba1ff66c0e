"""Folders and versions: whose they are, which number comes next, and what fits into a message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.questionnaires import LARGEST, Folder, Version, faults_of, message_size, next_version
from hub.core.roles import Role, Viewer
from shared.notices import KioskSettings
from shared.places import StoreId
from shared.questions import MOST_CHOICES, MOST_QUESTIONS, Kind, Questionnaire
from shared.wire import LONGEST_MESSAGE, encode
from tests.shared.questionnaires import EVERY_KIND, choices, question, questionnaire

OWN, FOREIGN = StoreId("centro"), StoreId("norte")
LANGUAGES = ("es", "en", "pt", "ar")


def folder(store_id: StoreId | None, *sent: int | None) -> Folder:
    versions = [
        Version(replace(EVERY_KIND, version=number), 1, 0, "ana", at)
        for number, at in enumerate(sent, 1)
    ]
    return Folder("q", store_id, tuple(versions))


def largest() -> Questionnaire:
    """Every text as long as it may be, in four languages."""
    texts, words = (dict.fromkeys(LANGUAGES, "ñ" * most) for most in (170, 70))
    names = [f"c{number}" for number in range(MOST_CHOICES)]
    options = tuple(replace(one, text=words) for one in choices(*names))
    asked = [
        replace(question(f"q{number}", Kind.ONE), text=texts, choices=options)
        for number in range(MOST_QUESTIONS)
    ]
    return replace(questionnaire(*asked), languages=LANGUAGES, title=texts)


def test_the_draft_is_the_newest_and_what_was_sent_last_is_the_one_before() -> None:
    it = folder(None, 10, 20, None)
    assert it.draft is it.newest is it.version(3)
    assert it.sent is it.version(2)
    assert it.version(4) is None
    assert folder(None, 10).draft is None
    assert folder(None, None).sent is None


@pytest.mark.parametrize(
    ("role", "store", "sees", "changes"),
    [
        (Role.ADMINISTRATOR, None, True, True),
        (Role.ADMINISTRATOR, FOREIGN, True, True),
        (Role.ANALYST, None, True, False),
        (Role.ANALYST, FOREIGN, True, False),
        (Role.STORE_MANAGER, None, True, False),
        (Role.STORE_MANAGER, OWN, True, True),
        (Role.STORE_MANAGER, FOREIGN, False, False),
        (Role.TECHNICIAN, OWN, True, False),
    ],
)
def test_the_chains_are_for_those_who_reach_the_whole_chain(
    role: Role, store: StoreId | None, sees: bool, changes: bool
) -> None:
    viewer = Viewer(1, "somebody", role, "es", frozenset({OWN}))
    assert folder(store, None).seen_by(viewer) is sees
    assert folder(store, None).changed_by(viewer) is changes


def test_what_would_not_fit_into_a_message_is_a_fault() -> None:
    assert faults_of(EVERY_KIND) == []
    (fault,) = faults_of(largest())
    assert fault.place == "questions"
    assert fault.reason.startswith(f"take {message_size(largest())} bytes of a message; at most")


def test_what_fits_leaves_room_for_the_longest_names_and_a_phone() -> None:
    it = largest()
    while message_size(it) > LARGEST:
        it = replace(it, questions=it.questions[:-1])
    assert faults_of(it) == []
    told = KioskSettings(2**53, "x" * 1_000, "y" * 1_000, LANGUAGES, questionnaire=it)
    assert len(encode(told)) < LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("last", "generation", "number"), [(0, 1, 1), (1, 1, 2), (7, 1, 8), (7, 90_000, 90_000)]
)
def test_versions_count_on_and_leap_at_a_restore(last: int, generation: int, number: int) -> None:
    assert next_version(last, generation) == number
