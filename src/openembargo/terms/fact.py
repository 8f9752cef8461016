"""What a fact of the vocabulary is."""

from dataclasses import dataclass
from enum import Enum


class FactType(Enum):
    """Types of facts, and how a value of each is written."""

    TEXT = "text"
    DATE = "a day such as 2017-02-03"
    COUNTRY = "a country's two-letter code such as KP"
    CODE = "one of the listed words"
    BOOLEAN = "true or false"
    INTEGER = "a whole number, not negative"
    DECIMAL = "a number, not negative"
    HS = 'a tariff code as text, 2 to 10 digits, such as "1234.56"'
    PLACE = "a country's two-letter code or a UN/LOCODE such as KPRJN"
    REGION = "a region's ISO 3166-2 code such as SD-DN"
    TEXTS = "a list of texts"
    CODES = "a list of the listed words"
    COUNTRIES = "a list of country codes"
    PLACES = "a list of countries or UN/LOCODEs"

    @property
    def is_list(self) -> bool:
        """Whether the fact holds several values."""
        return self in (FactType.TEXTS, FactType.CODES, FactType.COUNTRIES, FactType.PLACES)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a deal may carry.

    Attributes:
        section: Section of the deal (`deal` for the top level).
        name: Name within the section.
        type: How its value is written.
        meaning: What it says about the world.
        question: What is asked when it is missing and could decide.
        one_of: The values allowed, where they are a closed list.
        unit: Unit of a number.
        default: Value taken when it is absent; None means unknown.
        may_differ: Whether honest parties could differ in it, so that a better outcome may be shown to hang on it.
        derived: Whether the program fills it in; a deal may not carry it.
    """

    section: str
    name: str
    type: FactType
    meaning: str
    question: str = ""
    one_of: tuple[str | int, ...] = ()
    unit: str = ""
    default: str | bool | None = None
    may_differ: bool = False
    derived: bool = False

    @property
    def path(self) -> str:
        """`section.name`, as conditions write it."""
        return f"{self.section}.{self.name}"
