"""Outcomes of a deal, from best to worst."""

from enum import IntEnum


class Level(IntEnum):
    """How strict the law is with a deal; a higher level is stricter."""

    PERMITTED = 0
    PERMITTED_WITH_CONDITIONS = 1
    AUTHORISATION_REQUIRED = 2
    PROHIBITED = 3

    @property
    def word(self) -> str:
        """The level as the determination prints it."""
        return self.name.lower()


UNDETERMINED = "undetermined"
LEVEL_BY_WORD = {level.word: level for level in Level}
EXIT_STATUS = {
    Level.PERMITTED.word: 0,
    Level.PERMITTED_WITH_CONDITIONS.word: 0,
    Level.AUTHORISATION_REQUIRED.word: 10,
    UNDETERMINED: 11,
    Level.PROHIBITED.word: 12,
}
BAD_INPUT_STATUS = 2


def outcome_word(best: Level, worst: Level) -> str:
    """Return the outcome that an interval of levels stands for."""
    return best.word if best == worst else UNDETERMINED
