"""What readers put of a ship, an aircraft, a bank or an account: numbers checked, countries told, contradictions noted.

A number that fails its own check digits is asked, never used. What two marks say differently is a note for the reader of the
determination, not a verdict.
"""

from openembargo.terms.countries import country_name
from openembargo.terms.numbers import COUNTRY_OF_BIC, COUNTRY_OF_IBAN, fault, plain
from openembargo.terms.origin import Origin
from openembargo.terms.vessel_marks import country_of_aircraft, country_of_call_sign, read_mmsi

from .draft import Draft, DraftRow

SHIP = "ship"


def put_vessel(  # noqa: PLR0913 - each is one mark of a ship
    draft: Draft,
    row: DraftRow,
    *,
    name: Origin | None = None,
    imo: Origin | None = None,
    mmsi: Origin | None = None,
    flag: Origin | None = None,
    call_sign: Origin | None = None,
    former_names: tuple[Origin, ...] = (),
    former_flags: tuple[Origin, ...] = (),
) -> None:
    """Put the marks of a ship; each is given as the origin whose text is what the paper prints.

    An IMO number whose check digit is wrong is asked with the number shown, and not put. An MMSI tells the country of the
    station; where no flag is printed it is noted, where another flag is printed the contradiction is.

    Args:
        draft: The deal in the making.
        row: A row of `vessel`, as `draft.add("vessel")` gives it.
        name: Its name.
        imo: Its IMO number, as `IMO 9187629` or `9187629`.
        mmsi: Its maritime mobile service identity.
        flag: Its flag, by code or name of a country.
        call_sign: Its radio call sign.
        former_names: Earlier names.
        former_flags: Earlier flags.
    """
    if name:
        row.put("name", " ".join(name.text.split()), name)
    if imo and imo.text.strip():
        _imo(draft, row, imo)
    flown = _flag(draft, row, flag) if flag and flag.text.strip() else ""
    if mmsi and mmsi.text.strip():
        _mmsi(draft, row, mmsi, flown)
    if call_sign and call_sign.text.strip():
        sign = " ".join(call_sign.text.upper().split())
        row.put("call_sign", sign, call_sign)
        _differs(draft, row, f"call sign {sign}", country_of_call_sign(sign), flown)
    _former(draft, row, former_names, former_flags)


def put_aircraft(
    draft: Draft, row: DraftRow, *, mark: Origin | None = None, name: Origin | None = None, flag: Origin | None = None
) -> None:
    """Put the marks of an aircraft: the registration painted on it tells where it is registered.

    Args:
        draft: The deal in the making.
        row: A row of `vessel`.
        mark: Nationality and registration mark, as `P-632`.
        name: What else it is called.
        flag: State of registry, where the paper names it.
    """
    row.put("craft", "aircraft", mark or name or flag or Origin("the paper as a whole", ""))
    if name:
        row.put("name", " ".join(name.text.split()), name)
    flown = _flag(draft, row, flag) if flag and flag.text.strip() else ""
    if mark and mark.text.strip():
        painted = mark.text.strip().upper()
        country = country_of_aircraft(painted)
        row.put("aircraft_mark", painted, mark)
        if country and not flown:
            row.put("flag", country, Origin(mark.at, mark.text, "nationality mark of the aircraft"))
        _differs(draft, row, f"nationality mark {painted}", country, flown)


def put_bic(draft: Draft, row: DraftRow, bic: Origin) -> str:
    """Put a BIC and the country that it holds; one that is not well formed is asked. Return the country, or an empty text."""
    code = bic.text.strip().upper().replace(" ", "")
    if fault("bic", code):
        draft.ask(f"{row.path}.bic", f"“{bic.text}” is not a BIC. What is the bank's BIC?", bic)
        return ""
    row.put("bic", code, bic)
    country = draft.gazetteer.country(code[COUNTRY_OF_BIC])
    if country:
        _located(draft, row, country, Origin(bic.at, bic.text, "country of the BIC"))
    return country


def put_account(draft: Draft, row: DraftRow, account: Origin) -> str:
    """Put an account number where it is an IBAN, and note the country that keeps it; an account abroad is no address.

    A number that looks like an IBAN and fails its check digits is asked. Other account numbers are left to the caller.
    Return the country, or an empty text.
    """
    bare = plain("iban", account.text.strip().lstrip("/"))
    country = draft.gazetteer.country(bare[COUNTRY_OF_IBAN]) if bare[:2].isalpha() and bare[2:4].isdigit() else ""
    if not country:
        return ""
    if fault("iban", bare):
        draft.ask(
            f"{row.path}.iban", f"“{account.text}” fails the check digits of an IBAN. Which account is it?", account
        )
        return ""
    row.put("iban", bare, account)
    kept = row.cells.get("located_in")
    if kept and kept != country:
        told = f"the account is kept in {country_name(country)}, the party is in {country_name(str(kept))}"
        draft.notes.append(f"{row.path}: {account.at}: {told}")
    return country


def _located(draft: Draft, row: DraftRow, country: str, origin: Origin) -> None:
    kept = row.cells.get("located_in")
    if kept and kept != country:
        told = f"{origin.how} is {country_name(country)}, the address is in {country_name(str(kept))}"
        draft.notes.append(f"{row.path}: {origin.at}: {told}")
        return
    row.put("located_in", country, origin)


def _imo(draft: Draft, row: DraftRow, imo: Origin) -> None:
    number = plain("imo", imo.text)
    wrong = fault("imo", number)
    if wrong:
        asked = f"IMO number “{imo.text.strip()}” fails its check digit ({wrong.partition(': ')[2]}). What is the ship's IMO number?"
        draft.ask(f"{row.path}.imo", asked, imo)
        return
    row.put("imo", number, Origin(imo.at, imo.text, "check digit is right"))


def _flag(draft: Draft, row: DraftRow, flag: Origin) -> str:
    meant = draft.gazetteer.countries(flag.text)
    if len(meant) == 1:
        country = next(iter(meant))
        row.put("flag", country, flag)
        return country
    draft.ask(f"{row.path}.flag", f"Which State's flag is “{flag.text.strip()}”?", flag, tuple(sorted(meant)))
    return ""


def _mmsi(draft: Draft, row: DraftRow, mmsi: Origin, flown: str) -> None:
    read = read_mmsi(mmsi.text)
    if read is None:
        draft.ask(f"{row.path}.mmsi", f"“{mmsi.text.strip()}” is not an MMSI, which has nine digits. What is it?", mmsi)
        return
    row.put("mmsi", read.number, mmsi)
    if read.kind != SHIP:
        draft.notes.append(f"{row.path}: {mmsi.at}: MMSI {read.number} is that of a {read.kind}, not of a ship")
    if read.digits and not read.country:
        draft.notes.append(f"{row.path}: {mmsi.at}: no country holds the digits {read.digits} of MMSI {read.number}")
    _differs(draft, row, f"MMSI {read.number}", read.country, flown)


def _differs(draft: Draft, row: DraftRow, mark: str, country: str, flown: str) -> None:
    if not country or country == flown:
        return
    if flown:
        told = f"{mark} is {country_name(country)}'s, the flag is {country_name(flown)}'s: a warning sign"
        draft.notes.append(f"{row.path}: {told}")
        return
    asked = f"The {mark} is {country_name(country)}'s. Which flag does it fly?"
    if "flag" not in row.cells:
        draft.ask(f"{row.path}.flag", asked, Origin("", mark), (country,))


def _former(draft: Draft, row: DraftRow, names: tuple[Origin, ...], flags: tuple[Origin, ...]) -> None:
    if names:
        row.put("former_names", [" ".join(one.text.split()) for one in names], names[0])
    known = []
    for flag in flags:
        country = draft.gazetteer.country(flag.text)
        if country:
            known.append(country)
        else:
            draft.ask(f"{row.path}.former_flags", f"Which State's flag was “{flag.text.strip()}”?", flag)
    if known:
        row.put("former_flags", known, flags[0])
