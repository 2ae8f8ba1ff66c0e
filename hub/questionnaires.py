"""Questionnaires: made, changed while they are drafts, sent to stores, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from hub.core.accounts import Note
from hub.core.defining import fields_of, read
from hub.core.notation import read_yaml, write_yaml
from hub.core.programme import Change, Programmes
from hub.core.questionnaires import (
    LARGEST,
    Folder,
    QuestionnaireBook,
    Shown,
    Version,
    faults_of,
    message_size,
    next_version,
    over,
)
from shared.errors import EditedMeanwhile, QuestionnaireRefused
from shared.notices import KioskSettings
from shared.places import StoreId
from shared.questions import Questionnaire
from shared.soundness import Fault

Faults = Sequence[Fault]


class Questionnaires:
    """The whole of what the hub does with them; who may do it is for the caller to say."""

    def __init__(
        self, book: QuestionnaireBook, programmes: Programmes, now: Callable[[], int]
    ) -> None:
        self._book, self._programmes, self._now = book, programmes, now

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def folders(self) -> Sequence[Folder]:
        """All of them, by name."""
        return self._book.folders()

    def folder(self, name: str) -> Folder | None:
        """One of them."""
        return self._book.folder(name)

    def shown(self, stores: Collection[StoreId] | None = None) -> Sequence[Shown]:
        """What these stores show (None: all)."""
        return self._book.shown(stores)

    # ── changing ─────────────────────────────────────────────────────────────────────────────

    def make(self, questionnaire: Questionnaire, store_id: StoreId | None, by: str) -> Folder:
        """A new one, as a draft; raises QuestionnaireRefused where there is one of its name."""
        number = next_version(0, self._book.generation())
        first = self._version(replace(questionnaire, version=number), 1, by)
        folder = Folder(questionnaire.id, store_id, (first,))
        whose = f"of {store_id}" if store_id else "of all stores"
        if not self._book.add(folder, self._note(by, "questionnaire made", folder.name, whose)):
            raise QuestionnaireRefused([Fault("id", f"“{folder.name}” is taken")])
        return folder

    def change(
        self, folder: Folder, questionnaire: Questionnaire, edition: int, by: str
    ) -> Version:
        """Keep a change of the draft, or begin the next version where there is none.

        `edition` is what was changed; raises EditedMeanwhile where that is not what stands there.
        """
        newest = folder.newest
        if newest.edition != edition or questionnaire.id != folder.name:
            raise edited_meanwhile()
        if not newest.is_draft:
            return self._begin(folder, questionnaire, by)
        number = newest.questionnaire.version
        changed = self._version(replace(questionnaire, version=number), edition + 1, by)
        note = self._note(by, "questionnaire changed", f"{folder.name} {number}")
        if not self._book.keep(folder.name, changed, note):
            raise edited_meanwhile()
        return changed

    def begin(self, folder: Folder, by: str) -> Version:
        """The next version, as a draft that is like the last one; the draft that is there, else."""
        return folder.draft or self._begin(folder, folder.newest.questionnaire, by)

    def drop(self, folder: Folder, by: str) -> None:
        """Forget the draft; with the only version the questionnaire itself."""
        number = folder.newest.questionnaire.version
        note = self._note(by, "questionnaire draft dropped", f"{folder.name} {number}")
        if not self._book.drop(folder.name, number, note):
            raise edited_meanwhile()

    def bring(
        self, questionnaire: Questionnaire, by: str, store_id: StoreId | None = None
    ) -> Version:
        """What came from a file: a new one, or the next edition of the draft of that name."""
        folder = self._book.folder(questionnaire.id)
        if folder is None:
            return self.make(questionnaire, store_id, by).newest
        return self.change(folder, questionnaire, folder.newest.edition, by)

    # ── sending ──────────────────────────────────────────────────────────────────────────────

    def send(
        self, folder: Folder, version: Version, stores: Collection[StoreId], by: str
    ) -> Version:
        """Let these stores show a version, which from now on never changes.

        Raises QuestionnaireRefused with every fault where nobody could be shown it, and
        EditedMeanwhile where it is no longer what the sender looked at.
        """
        asked, now = version.questionnaire, self._now()
        faults = faults_of(asked) or over(asked, now) or self._too_large(asked, stores)
        if faults:
            raise QuestionnaireRefused(faults)
        note = self._note(by, "questionnaire sent", _name(version), f"to {_listed(stores)}")
        sealed = version if version.sent_at is not None else replace(version, sent_at=note.at)
        change = _showing(sealed.questionnaire)
        if not self._book.send(folder.name, sealed, dict.fromkeys(stores, change), note):
            raise edited_meanwhile()
        return sealed

    def take_back(self, folder: Folder, stores: Collection[StoreId], by: str) -> None:
        """Let these stores show it no more; whoever is answering it goes on to the end."""
        for store_id in sorted(stores):
            note = self._note(by, "questionnaire taken back", folder.name, f"from {store_id}")
            self._programmes.change(store_id, _without(folder.name), note.at, note)

    def _too_large(self, questionnaire: Questionnaire, stores: Collection[StoreId]) -> Faults:
        for store_id in sorted(stores):
            programme = self._programmes.programme(store_id)
            size = message_size(questionnaire, programme)
            if size > LARGEST:
                return [Fault("questions", f"take {size} bytes of a message; at most {LARGEST}")]
        return []

    def _begin(self, folder: Folder, questionnaire: Questionnaire, by: str) -> Version:
        last = folder.newest.questionnaire.version
        number = next_version(last, self._book.generation())
        draft = self._version(replace(questionnaire, version=number), 1, by)
        note = self._note(by, "questionnaire version begun", f"{folder.name} {number}")
        if not self._book.begin(folder.name, draft, note):
            raise edited_meanwhile()
        return draft

    def _version(self, questionnaire: Questionnaire, edition: int, by: str) -> Version:
        """Checked by the same eyes as what comes as a file, whoever put it together."""
        checked = read(fields_of(questionnaire), questionnaire.version)
        return Version(checked, edition, self._now(), by)

    def _note(self, by: str, action: str, target: str, detail: str = "") -> Note:
        return Note(self._now(), by, action, target, detail)


def from_yaml(text: str, version: int = 1) -> Questionnaire:
    """The questionnaire that a text describes; raises QuestionnaireRefused with lines."""
    document = read_yaml(text)
    try:
        return read(document.fields, version)
    except QuestionnaireRefused as refused:
        raise document.at_lines(refused.faults) from None


def sound_from_yaml(text: str) -> Questionnaire:
    """The same, fit to be shown; raises QuestionnaireRefused with every fault and its line."""
    questionnaire = from_yaml(text)
    if faults := faults_of(questionnaire):
        raise read_yaml(text).at_lines(faults)
    return questionnaire


def to_yaml(questionnaire: Questionnaire) -> str:
    """A questionnaire as a text that can be brought again."""
    return write_yaml(fields_of(questionnaire))


def _showing(questionnaire: Questionnaire) -> Change:
    def change(programme: KioskSettings) -> KioskSettings:
        return replace(programme, questionnaire=questionnaire)

    return change


def _without(name: str) -> Change:
    def change(programme: KioskSettings) -> KioskSettings:
        asked = programme.questionnaire
        return (
            programme
            if asked is None or asked.id != name
            else replace(programme, questionnaire=None)
        )

    return change


def _name(version: Version) -> str:
    return f"{version.questionnaire.id} {version.questionnaire.version}"


def _listed(stores: Collection[StoreId]) -> str:
    return ", ".join(sorted(stores))


def edited_meanwhile() -> EditedMeanwhile:
    """What is told where somebody else was quicker."""
    return EditedMeanwhile([Fault("questionnaire", "was changed by somebody else meanwhile")])
