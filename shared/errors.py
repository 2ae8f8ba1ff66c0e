"""Everything that can go wrong, on one page, each with a hint for the person at the machine.

SemblanteError
 ├── WordError            a word that cannot be true (also a ValueError)
 │    ├── PlaceError      a name that may not stand in a topic or a key
 │    ├── TopicError      a topic that is none of ours
 │    └── ZoneError       a time zone that does not exist
 ├── WireError            bytes that are not what they should be: the other side's fault
 │    ├── Unreadable      not JSON, wrong types, out of bounds, too long
 │    │    └── UnknownKind  a record of no kind that this program knows
 │    ├── UnknownVersion  a newer protocol than this program speaks
 │    └── SignatureRefused  signed by nobody whom this kiosk trusts, too old, or altered
 ├── SettingsError        a configuration file with faults, all of them told together
 ├── OutboxError          the kiosk's own storage
 │    ├── NotKept         a record is not on disk: no thanks may be shown
 │    └── OutboxDamaged   the file is corrupt and was moved aside
 ├── BrokerError          the broker cannot be reached, or refuses
 ├── ReceiptError         a receipt that does not agree with this kiosk's own chain
 ├── HardwareError        a part that is not there or not what was configured
 ├── ArchiveError         the hub's own storage
 │    ├── LedgerMoved     another intake advanced the ledger first: read it again
 │    ├── LinkUsed        a link for a phone that was answered already
 │    ├── TellingsFull    too many facts of a store's lines wait to be heard
 │    └── SchemaOutdated  the database is older than the program
 ├── BackupError          a backup cannot be made, read or restored
 ├── QuestionnaireRefused a questionnaire that cannot be read or shown, with every place and reason
 │    ├── EditedMeanwhile somebody else changed the draft first
 │    ├── LayoutRefused   lines of a store that cannot be laid out like that
 │    └── ProgrammeRefused what kiosks shall show cannot be read
 ├── WebhookFailed        whoever should be told of an alert did not take it
 ├── EnrolmentError       a store, point or kiosk that is not there, or is another's
 │    ├── NoSuchStore     a report was asked for a store that is not there
 │    └── JoinRefused     a join code, request or certificate that lets nobody in
 ├── DeviceError          a card, image, bundle or machine that makes (or stays) no kiosk
 ├── ReleaseRefused       what keeps a release from being built, all of it told together
 └── AccountError         a user who cannot be made, changed or let in
      ├── SignInRefused   name or password are wrong; never said which
      └── SignInPaused    too many failures: the next try must wait
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class SemblanteError(Exception):
    """The root: what happened, `hint`, one sentence on what to do about it, and `code`, one word
    by which programs tell causes apart."""

    hint = "See the manual, chapter “When something is wrong”."
    code = "fault"

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.hint, self.code = hint or self.hint, code or self.code


class WordError(SemblanteError, ValueError):
    """A word was built from values that cannot be true together."""

    hint = "The program that made this word has a fault, or somebody forged it."


class PlaceError(WordError):
    """A store, point or kiosk name that may not stand in a topic or a key."""

    hint = "Use 1 to 32 of the characters a–z, 0–9 and “-”, beginning with a letter or digit."


class TopicError(WordError):
    """A topic that does not belong to this protocol."""

    hint = "Only topics under semblante/v1/ are read; see docs/protocol.md."


class ZoneError(WordError):
    """A time zone that is not in the time-zone database."""

    hint = "Give the IANA name of the store's zone, such as “Europe/Madrid”."


class WireError(SemblanteError, ValueError):
    """Bytes from outside that are not what they should be."""

    code = "unreadable"


class Unreadable(WireError):
    """Not JSON, wrong types, a value out of bounds, or too long."""

    hint = "Compare the message with docs/asyncapi.yaml; the path in the text names the field."


class UnknownKind(Unreadable):
    """A record of no kind that this program knows, or of several at once."""

    code = "kind"
    hint = "Update this program if the other side speaks of something new."


class UnknownVersion(WireError):
    """A message of a protocol version that this program does not speak."""

    code = "version"
    hint = "Update this program: the other side speaks a newer protocol."


class SignatureRefused(WireError):
    """Signed by nobody whom this kiosk trusts, altered, out of time, or older than what it has."""

    code = "signature"
    hint = "The broker was taken over, or the hub's signing key was changed without telling kiosks."


class SettingsError(SemblanteError):
    """A configuration with faults; `faults` holds every one of them, not only the first."""

    hint = "Mend the lines named above and start again."

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{source}: " + "; ".join(self.faults))


class OutboxError(SemblanteError):
    """The kiosk's own storage failed."""

    hint = "Check the card: free space, mount state (findmnt) and the kernel log (dmesg)."


class NotKept(OutboxError):
    """A record could not be put on disk, so nobody may be thanked for it."""


class OutboxDamaged(OutboxError):
    """The outbox file is corrupt; it was moved aside and a new epoch was begun."""

    hint = "Keep the file named above: “sqlite3 FILE .recover” reads what is left of its records."


class BrokerError(SemblanteError):
    """The broker cannot be reached or refuses this program."""

    hint = "Check address, port, user name and password of the broker, and that it runs."


class ReceiptError(SemblanteError):
    """A receipt that does not agree with this kiosk's own chain; nothing is deleted."""

    hint = "The card was cloned, or the hub's database was edited, or somebody forges receipts."


class HardwareError(SemblanteError):
    """A part is absent, or is not the part that was configured."""

    hint = "Check cable, port and permissions; “semblante-kiosk check” shows every part."


class ArchiveError(SemblanteError):
    """The hub's own storage failed."""

    hint = "Check that the database runs, has space, and that its URL is right."


class LedgerMoved(ArchiveError):
    """Another intake advanced this ledger first; the batch must be judged again."""

    hint = "Harmless once; if it goes on, two intakes run: start only one with role “intake”."


class LinkUsed(ArchiveError):
    """What this link asked was answered already; nothing of the transaction is kept."""

    hint = "Nothing is wrong: the next link stands on the kiosk."


class TellingsFull(ArchiveError):
    """So many facts of a store's lines wait to be heard that no more are taken."""

    hint = "Let one process with the role “intake” run: it hears them within a second."


class SchemaOutdated(ArchiveError):
    """The database was made by an older (or newer) version of the program."""

    hint = "Run “semblante-hub migrate”, after a backup."


class BackupError(SemblanteError):
    """A backup that cannot be made, read or restored; what was there before stands unchanged."""

    hint = "Check the file and the free space; what the hub itself holds is untouched."


class Placed(Protocol):
    """A fault: its place (`questions.why.text.es`, say), and what is wrong there."""

    @property
    def place(self) -> str: ...
    @property
    def reason(self) -> str: ...


class QuestionnaireRefused(SemblanteError):
    """A questionnaire that cannot be read or shown; `faults` holds every fault, with its place.

    `lines` are those of a text, one for each fault, where it was read from one.
    """

    hint = "Mend what is named above; docs/questionnaires.md says what a questionnaire may hold."

    def __init__(self, faults: Sequence[Placed], lines: Sequence[int] = ()) -> None:
        self.faults, self.lines = tuple(faults), tuple(lines)
        super().__init__("; ".join(self.told()))

    def told(self) -> tuple[str, ...]:
        """Each fault as one line."""
        lines = [f"line {line}: " for line in self.lines] or [""] * len(self.faults)
        return tuple(f"{line}{fault}" for line, fault in zip(lines, self.faults, strict=True))


class EditedMeanwhile(QuestionnaireRefused):
    """A draft is no longer what somebody began to change; what stands there stays."""

    hint = "Load it anew, and make your change again."


class LayoutRefused(QuestionnaireRefused):
    """A store's lines that cannot be laid out as they were said; `faults` holds every fault."""

    hint = "Mend what is named above; the lines stay as they were."


class ProgrammeRefused(QuestionnaireRefused):
    """What kiosks shall show cannot be read; `faults` holds every fault, with its place."""

    hint = "Mend what is named above; what the kiosks show stays as it was."


class WebhookFailed(SemblanteError):
    """Whoever a store wants to be told of its alerts could not be reached, or did not take one."""

    hint = "Check the address on the page “Settings of the queue”, and that the receiver runs."


class EnrolmentError(SemblanteError):
    """A store, point or kiosk that is not there, or belongs elsewhere."""

    hint = "See what is enrolled: “semblante-hub kiosk list”."


class NoSuchStore(EnrolmentError):
    """A report was asked for a store that is not there."""

    hint = "Check the store's name; “semblante-hub store list” lists them."


class JoinRefused(EnrolmentError):
    """A join code, request or certificate that lets nobody in; `code` says why, in one word."""

    hint = "Make a new join code on the page “Kiosks”, or with “make card”."
    code = "refused"


class DeviceError(SemblanteError):
    """A card, image, bundle or machine that cannot become (or stay) a kiosk, or a hub."""

    hint = "The sentence above names the step; all steps can be repeated."


class ReleaseRefused(SemblanteError):
    """A release that must not be built; `faults` holds every reason, not only the first."""

    hint = "Mend what is named above, commit it, and run “make release” again."

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class AccountError(SemblanteError):
    """A user who cannot be made, changed or let in."""

    hint = "Users are added on the page “Users”, or with “semblante-hub user add”."
    code = "user"


class SignInRefused(AccountError):
    """Name or password are wrong, or the user is disabled; it is never said which."""

    hint = "Check name and password; an administrator can set a new password."


class SignInPaused(AccountError):
    """Too many failures lately: the next try must wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("too many failed sign-ins", hint=f"Try again in {seconds} s.")
