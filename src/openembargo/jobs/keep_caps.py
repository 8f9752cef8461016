"""Keep the ledger of caps: take notifications in, tell what is used, hold amounts for pending deals, feed decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import uuid4

from openembargo.decisions.cap_ledger import OVER, WITHIN, Account, Factors, Notification, account
from openembargo.decisions.cap_rows import read_notifications
from openembargo.law.book import Book
from openembargo.law.caps import amount, lapsed, period_on
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Cap, Regime
from openembargo.storage import cap_shelf, log_book
from openembargo.storage.cap_shelf import Reservation
from openembargo.storage.paper_files import read_bytes
from openembargo.storage.settings import now, today
from openembargo.storage.store import Connection, Store
from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.origin import Origin
from openembargo.terms.packaged import packaged_rows

CAPS = "caps"
HOLD_DAYS = 30
"""Days for which a reservation holds unless it is released before."""
TOTAL = "total_used_"
UNIT_WORDS = {"t": "t", "usd": "USD", "bbl": "bbl"}


@cache
def barrel_factors() -> Factors:
    """Return the barrels a tonne by product, lowest and highest, as the table beside the law holds them with their sources."""
    return {r["product"]: (Decimal(r["low"]), Decimal(r["high"])) for r in packaged_rows("barrels-per-tonne.csv")}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file added.

    Attributes:
        new: Rows that were added.
        known: Rows that were held already.
    """

    new: int
    known: int


class CapDesk:
    """Keeps the ledger of one store under the caps of a book."""

    def __init__(self, store: Store, book: Book) -> None:
        """Take store and book."""
        self.store = store
        self.book = book
        self.caps = caps_of(book)

    def load(self, path: Path, actor: str) -> TakenIn:
        """Take a file of notifications in, whole or not at all.

        Raises:
            InputError: With every mistake of the file.
        """
        try:
            text = read_bytes(str(path)).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError([Mistake(f"{path}: byte {error.start}", "is no UTF-8", "CSV in UTF-8")]) from None
        found = read_notifications(text, str(path), self.caps)
        with self.store.write() as connection:
            new = cap_shelf.unheld(connection, found)
            if new:
                body = {"act": "report", "file": path.name, "rows": [cap_shelf.plain(one) for one in new]}
                entry = log_book.append(connection, CAPS, actor, now(), body)
                cap_shelf.put(connection, new, entry.seq)
        return TakenIn(len(new), len(found) - len(new))

    def account(self, cap_id: str, on: date, known_on: date | None = None) -> Account | None:
        """Return what is used of a cap on a day, as known on a day; None where it has no period then.

        Raises:
            InputError: There is no such cap.
        """
        cap = self.cap(cap_id)
        with self.store.read() as connection:
            return self._account(connection, cap, on, known_on or today())

    def lapse(self, cap_id: str, on: date) -> str:
        """Return in words that nothing may go under a cap any more on a day, and by what; empty while a measure opens it.

        Raises:
            InputError: There is no such cap.
        """
        regime = self.caps[self.cap(cap_id).id][0]
        found = lapsed(regime, cap_id, on)
        if found is None:
            return ""
        measure, version = found
        by = f", ended by {version.ended_by}" if version.ended_by else ""
        return f"No measure opens this cap on {on}: {measure.id} held until {version.last_day}{by}. What is left of it permits nothing."

    def cap(self, cap_id: str) -> Cap:
        """Return a cap.

        Raises:
            InputError: There is none of that id.
        """
        if cap_id not in self.caps:
            raise InputError([Mistake("cap", repr(cap_id), ", ".join(self.caps))])
        return self.caps[cap_id][1]

    def _account(self, connection: Connection, cap: Cap, on: date, known_on: date, apart: str = "") -> Account | None:
        """Return the account of a cap; what the deal of reference `apart` holds is left out of what is reserved."""
        period = period_on(cap, on)
        if period is None:
            return None
        reserved: dict[str, Decimal] = {}
        for one in cap_shelf.reservations(connection, today(), cap.id):
            if one.period_first == period.first_day and not (apart and one.reference == apart):
                for unit, held in one.amounts.items():
                    reserved[unit] = reserved.get(unit, Decimal(0)) + held
        return account(cap, cap_shelf.held(connection, cap.id), on, known_on, self.factors(cap), reserved)

    def factors(self, cap: Cap) -> Factors:
        """Return the barrels a tonne of the products that a cap counts."""
        regime = self.caps[cap.id][0]
        scope = GoodsScope.of(regime.goods_lists, regime.placing)
        readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
        rows = ((product, {"product": product, "material": "other"}) for product in barrel_factors())
        counted = [product for product, row in rows if scope.holds(cap.goods, row, readings) is not False]
        return {product: barrel_factors()[product] for product in counted}

    def reserve(self, deal: Deal, actor: str, days: int = HOLD_DAYS) -> Reservation:
        """Hold what a deal needs of its cap, so that no other pending deal can use it.

        Args:
            deal: The deal.
            actor: Who reserves.
            days: Days for which it holds.

        Raises:
            InputError: No single cap holds the deal, it tells no amount, or too little is left or known to be left.
        """
        on = deal.top.get("on")
        if not isinstance(on, date):
            raise InputError([Mistake("deal: on", "is missing", "the day of the deal")])
        found = list(touched(self.book, deal, on))
        if len(found) != 1 or not found[0].certain:
            raise InputError(
                [Mistake("deal", f"{len(found)} caps may hold its goods", "a deal whose goods fall under one cap")]
            )
        cap, own = found[0].cap, found[0].amounts
        with self.store.write() as connection:
            body: dict[str, object] = {"act": "reserve", "cap": cap.id, "reference": str(deal.top.get("id") or "")}
            stated = {unit: str(amount) for unit, amount in own.items()}
            entry = log_book.append(
                connection, CAPS, actor, now(), body | {"amounts": stated}
            )  # first: who comes later waits
            reference = str(body["reference"])
            if reference and any(r.reference == reference for r in cap_shelf.reservations(connection, today(), cap.id)):
                raise InputError([Mistake(f"deal {reference}", "holds a reservation already", "release it first")])
            held = self._account(connection, cap, on, today())
            assert held is not None
            _check_room(held, own)
            one = Reservation(
                str(uuid4()), cap.id, held.period.first_day, reference, own, actor, entry.at,
                today() + timedelta(days=days),
            )  # fmt: skip
            cap_shelf.reserve(connection, one, entry.seq)
        return one

    def release(self, reservation_id: str, actor: str, why: str) -> Reservation:
        """Let a reservation go.

        Raises:
            InputError: There is none of that id that holds, or no reason is given.
        """
        if not why.strip():
            raise InputError([Mistake("why", "is empty", "why it is released")])
        with self.store.write() as connection:
            at = now()
            log_book.append(connection, CAPS, actor, at, {"act": "release", "reservation": reservation_id, "why": why})
            return cap_shelf.release(connection, reservation_id, at, why)

    def reservations(self, *, ended: bool = False) -> tuple[Reservation, ...]:
        """Return the reservations that hold today, or all that were ever made."""
        with self.store.read() as connection:
            return cap_shelf.reservations(connection, today(), ended=ended)

    def fed(self, deal: Deal, on: date | None, known_on: date | None) -> Deal:
        """Return a deal with what the ledger knows of its cap, where the deal itself does not say.

        The sum is the one that was published before the deal: of reports known on its day. What is fed is a sum that settles the question: the exact one, or that end of a band which leaves the same answer. A band that
        could mean both is not fed.

        Args:
            deal: The deal.
            on: Day to judge instead of the deal's own.
            known_on: Day by which reports had to be published.
        """
        day = on or deal.top.get("on")
        if not isinstance(day, date):
            return deal
        found = list(touched(self.book, deal, day))
        if not found:
            return deal
        with self.store.read() as connection:
            known = min(known_on or day, day)
            reference = str(deal.top.get("id") or "")
            accounts = [(one, self._account(connection, one.cap, day, known, reference)) for one in found]
        facts: dict[str, Value] = dict(deal.facts)
        origins = dict(deal.origins)
        for name, value, how in _facts(accounts):
            if name not in facts:
                facts[name] = value
                origins[f"facts.{name}"] = Origin("the ledger of caps", str(value), how)
        return replace(deal, facts=facts, origins=origins) if facts != dict(deal.facts) else deal


@dataclass(frozen=True, slots=True)
class Touched:
    """A cap that a deal's goods may fall under.

    Attributes:
        cap: The cap.
        amounts: What the deal needs of it, by unit; a unit that the deal does not tell is left out.
        certain: Whether the goods surely fall under it.
    """

    cap: Cap
    amounts: Mapping[str, Decimal]
    certain: bool


def caps_of(book: Book) -> dict[str, tuple[Regime, Cap]]:
    """Return the caps of a book by id."""
    return {cap.id: (regime, cap) for regime in book.regimes for cap in regime.caps}


def touched(book: Book, deal: Deal, on: date) -> Iterable[Touched]:
    """Yield the caps with a period on a day that some of a deal's goods may fall under."""
    for regime in book.regimes:
        if not regime.caps:
            continue
        scope = GoodsScope.of(regime.goods_lists, regime.placing)
        readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
        for cap in regime.caps:
            period = period_on(cap, on)
            if period is None:
                continue
            answers = [(row, scope.holds(cap.goods, row, readings)) for row in deal.goods]
            rows = [row for row, answer in answers if answer is not False]
            if rows:
                amounts = dict(_amounts(rows, [unit for unit, _ in period.limits]))
                yield Touched(cap, amounts, all(answer is True for _, answer in answers if answer is not False))


def _amounts(rows: list[Row], units: list[str]) -> Iterable[tuple[str, Decimal]]:
    for unit in units:
        found = [amount(row, unit) for row in rows]
        known = [one for one in found if one is not None]
        if len(known) == len(found):
            yield unit, sum(known, Decimal(0))


def _check_room(held: Account, own: Mapping[str, Decimal]) -> None:
    """Refuse what does not surely fit beside what was reported and what is reserved."""
    mistakes = []
    if held.stopped:
        mistakes.append(Mistake(held.cap.id, "the Committee has told States to stop", "no new deals in this period"))
    for one in held.standings:
        unit = UNIT_WORDS[one.unit]
        if one.unit not in own:
            mistakes.append(
                Mistake(held.cap.id, f"the deal tells no amount in {unit}", f"an amount in {unit} on each line")
            )
        elif one.high is None:
            mistakes.append(Mistake(held.cap.id, f"some report tells no amount in {unit}", "reports that do"))
        elif one.high + one.reserved + own[one.unit] > one.limit:
            left = max(one.limit - one.high - one.reserved, Decimal(0))
            mistakes.append(
                Mistake(
                    held.cap.id,
                    f"{own[one.unit]:,.0f} {unit} are more than the {left:,.0f} {unit} that are surely left",
                    f"{one.limit:,.0f} {unit} in the period, {one.reserved:,.0f} of them reserved",
                )
            )
    if mistakes and (held.cap.rule != "any" or len(mistakes) >= len(held.standings)):
        raise InputError(mistakes)


def _facts(accounts: list[tuple[Touched, Account | None]]) -> Iterable[tuple[str, Value, str]]:
    """Yield the facts that the ledger settles: (name, value, how)."""
    standings = [(one, held, row) for one, held in accounts if held and held.counted for row in held.standings]
    for one, held, row in standings:
        if sum(1 for _, _, other in standings if other.unit == row.unit) > 1:
            continue  # two caps in one unit: the fact cannot tell of which it speaks
        own = one.amounts.get(row.unit, Decimal(0))
        used = None
        if row.exact or row.status == OVER or row.low + row.reserved + own > row.limit:
            used = row.low + row.reserved
        elif row.status == WITHIN and row.high is not None and row.high + row.reserved + own <= row.limit:
            used = row.high + row.reserved
        if used is not None:
            parts = f"reported until {held.as_of}, as known on {held.known_on}"
            reserved = f"; {row.reserved} of it reserved by pending deals" if row.reserved else ""
            lacking = sum(1 for remark in held.remarks if remark.kind == "missing")
            reserved += f"; {lacking} reports overdue" if lacking else ""
            yield f"{TOTAL}{row.unit}", used, f"{held.cap.id}: {parts}{reserved}"
    stopped = next((held for _, held in accounts if held and held.stopped), None)
    if stopped:
        yield "stop_notice", True, f"{stopped.cap.id}: {stopped.notices[-1].source}"


def today_if_none(day: date | None) -> date:
    """Return a day, or today's."""
    return day or today()


def remarks_of(held: Account) -> list[str]:
    """Return what is odd about the reports of an account, a sentence each."""
    return [f"{one.says}" + (f" ({one.line})" if one.line else "") for one in held.remarks]


def counted_by_state(held: Account) -> dict[str, list[Notification]]:
    """Return the counted reports by State."""
    found: dict[str, list[Notification]] = {}
    for one in held.counted:
        found.setdefault(one.state, []).append(one)
    return found
