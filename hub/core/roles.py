"""Who may do what, and in which stores: the whole of it on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.places import StoreId


class Role(StrEnum):
    """What a user is for."""

    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    STORE_MANAGER = "store_manager"
    TECHNICIAN = "technician"

    @property
    def every_store(self) -> bool:
        """Whether this role reaches all stores; the others reach those they were given."""
        return self in (Role.ADMINISTRATOR, Role.ANALYST)


class Right(StrEnum):
    """Something that not everybody may do."""

    ANSWERS = "answers"  # see and export figures about shoppers' answers
    KIOSKS = "kiosks"  # see how the kiosks are
    COMMAND = "command"  # tell kiosks what to do, and make join codes
    DECIDE = "decide"  # let answers that were set aside count, or leave them out
    DESIGN = "design"  # make questionnaires, and say what one's stores' kiosks show
    USERS = "users"  # add, change and disable users
    AUDIT = "audit"  # read who did what


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Right),
        Role.ANALYST: frozenset({Right.ANSWERS, Right.KIOSKS}),
        Role.STORE_MANAGER: frozenset({Right.ANSWERS, Right.DECIDE, Right.KIOSKS, Right.DESIGN}),
        Role.TECHNICIAN: frozenset({Right.KIOSKS, Right.COMMAND}),  # sees kiosks, never an answer
    }
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in user, as far as pages and the API need to know."""

    user_id: int
    name: str
    role: Role
    language: str
    stores: frozenset[StoreId] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether the role carries this right at all."""
        return right in RIGHTS[self.role]

    def sees(self, store_id: StoreId) -> bool:
        """Whether the store is within reach; one that is not is answered as if it did not exist."""
        return self.role.every_store or store_id in self.stores
