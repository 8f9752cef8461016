"""Who asks: a person or a key, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a person is at the desk."""

    ANALYST = "analyst"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Right(Enum):
    """What may be done; also the scopes of a key."""

    DECIDE = "decide"
    SCREEN = "screen"
    READ_LAW = "read_law"
    READ_LISTS = "read_lists"
    READ_CASES = "read_cases"
    WORK_CASES = "work_cases"
    APPROVE = "approve"
    READ_LOG = "read_log"
    EXPORT = "export"
    CHANGE_LISTS = "change_lists"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_PEOPLE = "manage_people"


_READING = frozenset({Right.READ_LAW, Right.READ_LISTS, Right.READ_CASES})
_WORKING = _READING | {Right.DECIDE, Right.SCREEN, Right.WORK_CASES}
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ANALYST: _WORKING,
    Role.REVIEWER: _WORKING | {Right.APPROVE, Right.READ_LOG},
    Role.AUDITOR: _READING | {Right.READ_LOG, Right.EXPORT},
    Role.ADMINISTRATOR: _READING | {Right.CHANGE_LISTS, Right.CHANGE_SETTINGS, Right.MANAGE_PEOPLE, Right.READ_LOG},
}
"""What each role may do. An administrator takes no decisions: who sets the rules does not play."""

EVERY_RIGHT = frozenset(Right)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks.

    Attributes:
        name: Name under which the record keeps them.
        rights: What they may do.
        by: How they are known: `local`, `session` or `key`.
        id: Their id in the store; empty for the one person of a local desk.
    """

    name: str
    rights: frozenset[Right]
    by: str = "local"
    id: str = ""

    def may(self, right: Right) -> bool:
        """Tell whether they may do something."""
        return right in self.rights


def rights_of(roles: "frozenset[Role] | tuple[Role, ...]") -> frozenset[Right]:
    """Return what the holder of some roles may do."""
    return frozenset(right for role in roles for right in RIGHTS[role])
