"""What a program asks of a file system, and what it promised meanwhile: the lines of a trace."""

from __future__ import annotations

from dataclasses import dataclass

File = int
"""A file itself, whatever it is called just then."""


@dataclass(frozen=True, slots=True)
class Made:
    """There is a new, empty file of this name."""

    name: str
    file: File


@dataclass(frozen=True, slots=True)
class Removed:
    """The name is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """The file has another name; what had it before is gone."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes at a place."""

    file: File
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The file was cut, or grew by zeros."""

    file: File
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """All that was written to the file is on the card, as far as the card can be believed."""

    file: File


@dataclass(frozen=True, slots=True)
class SyncFailed:
    """The card refused: what was to be synced is still read, and will never be written again.

    (Linux marks such pages as clean; a later sync that succeeds says nothing of them.)
    """

    file: File


@dataclass(frozen=True, slots=True)
class LetGo:
    """The program let go of what memory says of the file: it reads what the card holds."""

    file: File


@dataclass(frozen=True, slots=True)
class FolderSynced:
    """All names are on the card."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The program went from one step of its story to the next: `begun`, else it is done."""

    step: int
    begun: bool


Naming = Made | Removed | Renamed
Change = Written | Resized
Operation = Naming | Change | Synced | SyncFailed | LetGo | FolderSynced | Promised
Trace = list[Operation]
Files = dict[str, bytes]
"""What lies on a card: content by name."""
