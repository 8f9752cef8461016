"""What a list says of one listed person, company, vessel or aircraft."""

from dataclasses import dataclass
from datetime import date

KINDS = ("person", "entity", "vessel", "aircraft")
QUALITIES = ("primary", "good", "low")


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of an entry.

    Attributes:
        text: The name as printed, in the order and script of the list.
        quality: `primary`, `good` or `low`; low is what the list itself calls a weak or low-quality alias.
        family: The part that the list itself gives as family name, where it says so.
    """

    text: str
    quality: str = "primary"
    family: str = ""


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date as far as the list knows it.

    Attributes:
        printed: What the list prints, for instance `circa 1965`.
        first: Earliest day that it can mean, or None when nothing can be read.
        last: Latest day that it can mean.
    """

    printed: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names the party.

    Attributes:
        kind: `imo`, `mmsi`, `call_sign`, `passport`, `national_id`, `registration`, `tax`, `bic`, `lei`,
            `aircraft_serial`, `aircraft_tail`, `wallet`, `website`, `email`, `phone` or `other`.
        value: The number as printed.
        country: ISO 3166-1 code of the issuer, or empty.
        note: Whatever else the list prints beside it.
    """

    kind: str
    value: str
    country: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address: one line as printed, and the country where it is known by code."""

    text: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing.

    Attributes:
        id: The list's own reference, for instance `KPi.001` or `4632`; unique within the list.
        kind: One of `KINDS`.
        names: Names and aliases; the first is the primary one.
        programmes: Programmes, regimes or list types as the list prints them.
        births: Birth dates.
        birth_places: Places of birth as printed.
        countries: ISO codes of nationality, citizenship, flag or seat where they can be read.
        nationalities: Nationalities, citizenships or flags as printed.
        gender: `male`, `female` or empty.
        titles: Titles, positions and functions as printed.
        identifiers: Numbers.
        addresses: Addresses.
        listed_on: Day of listing, where the list prints it.
        amended_on: Days of amendment, oldest first.
        delisted_on: First day on which it was no longer listed, where the list itself says so.
        remarks: Comments and remarks as printed.
        refs: References of the same party on other lists, as printed (`UN Ref KPi.001`).
    """

    id: str
    kind: str
    names: tuple[ListedName, ...]
    programmes: tuple[str, ...] = ()
    births: tuple[BirthDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    gender: str = ""
    titles: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    listed_on: date | None = None
    amended_on: tuple[date, ...] = ()
    delisted_on: date | None = None
    remarks: str = ""
    refs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the primary name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class Publication:
    """A whole list as one file says it.

    Attributes:
        list_id: Catalogue id, for instance `un.consolidated`.
        published: Day that the file itself gives, or None.
        entries: Entries in the order of the file.
        faults: What could not be read: one sentence a record, naming it; such a record is not among the entries.
    """

    list_id: str
    published: date | None
    entries: tuple[Entry, ...]
    faults: tuple[str, ...] = ()
