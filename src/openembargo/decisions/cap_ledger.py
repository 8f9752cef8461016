"""What the notifications under a cap add up to on a day, as known on a day: sums with bounds, late and missing reports, notices, a projection.

Reported amounts are kept as they were reported. Tonnes become barrels only by the factors of their product, and then they are a band.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openembargo.law.caps import BARRELS, TONNES, period_on
from openembargo.law.model import Cap, CapPeriod

Factors = Mapping[str, tuple[Decimal, Decimal]]
"""Barrels a tonne by product: lowest and highest."""
REPORT, NOTICE = "report", "notice"
OVER, WITHIN, UNKNOWN = "over", "within", "unknown"
HUNDRED = Decimal(100)
ZERO = Decimal(0)
MONTHS = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notification:
    """What a State reported, or the Committee's Secretary told.

    Attributes:
        cap: The cap.
        kind: `report` or `notice`.
        state: ISO code of the State that reports; empty for a notice.
        first_day, last_day: What it covers; of a notice, the day of its figure.
        quantity: In `unit`; None where only a value was told. Of a notice: the share in per cent.
        unit: `t`, `kg`, `bbl`, `m3`, `l`, or `percent`.
        value_usd: Value.
        product: Word of `goods.product`; empty where it was not told.
        reported_on: Day on which it was published.
        source: Where it was read.
        line: File and line.
    """

    cap: str
    kind: str
    state: str
    first_day: date
    last_day: date
    quantity: Decimal | None
    unit: str
    value_usd: Decimal | None
    product: str
    reported_on: date
    source: str
    line: str = ""

    @property
    def matter(self) -> tuple[str, str, date, date, str]:
        """What it is a report of: a later one on the same replaces it."""
        return self.cap, self.state, self.first_day, self.last_day, self.product


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about the reports.

    Attributes:
        kind: `late`, `revised`, `duplicate`, `missing`, `overlap`, `no_amount` or `outside`.
        says: In words.
        line: File and line of the report; empty for a missing one.
    """

    kind: str
    says: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is used of one limit.

    Attributes:
        unit: `t`, `usd` or `bbl`.
        limit: The limit.
        low, high: What is used, at the least and at the most; `high` is None when some report tells no amount in the unit.
        reserved: What pending deals hold.
        status: `over`, `within` or `unknown`, by what was reported.
        reached: (share in per cent, day on which the reported sum had surely reached it).
        projected: What the period would end with if the coming months were like the lowest and the highest so far; None without a month.
        full_on: First and last day on which that would reach the limit; None where it would not.
    """

    unit: str
    limit: Decimal
    low: Decimal
    high: Decimal | None
    reserved: Decimal
    status: str
    reached: tuple[tuple[int, date], ...]
    projected: tuple[Decimal, Decimal] | None
    full_on: tuple[date | None, date | None]

    @property
    def exact(self) -> bool:
        """Whether both bounds agree."""
        return self.low == self.high

    def share(self, amount: Decimal) -> Decimal:
        """Return an amount as a share of the limit, in per cent."""
        return amount / self.limit * HUNDRED if self.limit else HUNDRED


@dataclass(frozen=True, slots=True)
class Account:
    """A cap on a day.

    Attributes:
        cap: The cap.
        period: Its period of that day.
        on, known_on: The day, and the day by which reports had to be published.
        standings: One a limit.
        counted: Reports that are counted, oldest first.
        notices: What the Secretary told.
        remarks: What is odd.
        as_of: Last day that a counted report covers.
        factors: Barrels a tonne of the products that it counts.
    """

    cap: Cap
    period: CapPeriod
    on: date
    known_on: date
    standings: tuple[Standing, ...]
    counted: tuple[Notification, ...]
    notices: tuple[Notification, ...]
    remarks: tuple[Remark, ...]
    as_of: date | None
    factors: Factors

    @property
    def stopped(self) -> bool:
        """Whether the highest notice, at which States stop, was given."""
        top = max(self.cap.thresholds_percent, default=0)
        return bool(top) and any(one.quantity is not None and one.quantity >= top for one in self.notices)


def amount_of(one: Notification, unit: str, factors: Factors) -> tuple[Decimal, Decimal] | None:
    """Return a report's amount in a unit, at the least and at the most; None when it does not tell.

    Args:
        one: The report.
        unit: `t`, `usd` or `bbl`.
        factors: Barrels a tonne by product.
    """
    if unit == "usd":
        return None if one.value_usd is None else (one.value_usd, one.value_usd)
    if one.quantity is None:
        return None
    own = TONNES if unit == "t" else BARRELS
    if one.unit in own:
        exact = one.quantity * own[one.unit]
        return exact, exact
    if not factors:
        return None
    low, high = factors.get(one.product) or (min(f[0] for f in factors.values()), max(f[1] for f in factors.values()))
    if unit == "bbl" and one.unit in TONNES:
        tonnes = one.quantity * TONNES[one.unit]
        return tonnes * low, tonnes * high
    if unit == "t" and one.unit in BARRELS:
        barrels = one.quantity * BARRELS[one.unit]
        return barrels / high, barrels / low
    return None


def account(
    cap: Cap,
    notifications: Iterable[Notification],
    on: date,
    known_on: date,
    factors: Factors,
    reserved: Mapping[str, Decimal] | None = None,
) -> Account | None:
    """Return what is used of a cap.

    Args:
        cap: The cap.
        notifications: Everything that was reported under it.
        on: Day of the period.
        known_on: Day by which reports had to be published.
        factors: Barrels a tonne by product.
        reserved: What pending deals hold, by unit.

    Returns:
        The account; None on a day on which the cap has no period.
    """
    period = period_on(cap, on)
    if period is None:
        return None
    known = [one for one in notifications if one.cap == cap.id and one.reported_on <= known_on]
    inside = [one for one in known if _inside(one, period)]
    reports = [one for one in inside if one.kind == REPORT]
    counted, remarks = _settled(sorted(reports, key=lambda one: (one.reported_on, one.line)), cap)
    remarks += [
        Remark("outside", f"{_covers(one)} lies across the edge of a period and is not counted", one.line)
        for one in known
        if one.kind == REPORT and not _inside(one, period) and _touches(one, period)
    ]
    remarks += _missing(counted, cap, period, known_on)
    days = Days(period, known_on)
    standings = tuple(
        _standing(unit, limit, counted, cap, days, factors, (reserved or {}).get(unit, ZERO))
        for unit, limit in period.limits
    )
    notices = tuple(sorted((one for one in inside if one.kind == NOTICE), key=lambda one: one.reported_on))
    as_of = max((one.last_day for one in counted), default=None)
    return Account(cap, period, on, known_on, standings, tuple(counted), notices, tuple(remarks), as_of, factors)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a sum depends on."""

    period: CapPeriod
    known_on: date


def last_of(period: CapPeriod) -> date:
    """Return the last day of a period; a period without end ends with time."""
    return period.last_day or date.max


def _inside(one: Notification, period: CapPeriod) -> bool:
    return period.first_day <= one.first_day and one.last_day <= last_of(period)


def _touches(one: Notification, period: CapPeriod) -> bool:
    return one.first_day <= last_of(period) and one.last_day >= period.first_day


def _covers(one: Notification) -> str:
    what = f" of {one.product}" if one.product else ""
    return f"the report of {one.state}{what} on {one.first_day} to {one.last_day}"


def _settled(reports: Sequence[Notification], cap: Cap) -> tuple[list[Notification], list[Remark]]:
    """Return the reports that count: the newest on each matter, none that another one's months already hold."""
    remarks: list[Remark] = []
    newest: dict[tuple[str, str, date, date, str], Notification] = {}
    for one in reports:
        before = newest.get(one.matter)
        if before is not None:
            same = (before.quantity, before.unit, before.value_usd) == (one.quantity, one.unit, one.value_usd)
            says = "was reported twice and is counted once" if same else f"was revised on {one.reported_on}"
            remarks.append(Remark("duplicate" if same else "revised", f"{_covers(one)} {says}", one.line))
        newest[one.matter] = one
        late = cap.report_days and one.reported_on > one.last_day + timedelta(days=cap.report_days)
        if late and before is None:
            days = (one.reported_on - one.last_day).days - cap.report_days
            remarks.append(Remark("late", f"{_covers(one)} was published {days} days after it was due", one.line))
    counted: list[Notification] = []
    for one in sorted(newest.values(), key=lambda n: (n.first_day, n.first_day - n.last_day, n.line)):
        holder = next((held for held in counted if _holds(held, one)), None)
        if holder:
            says = f"{_covers(one)} is held by that of {holder.first_day} to {holder.last_day} and is not counted again"
            remarks.append(Remark("overlap", says, one.line))
            continue
        counted.append(one)
        if one.quantity is None and one.value_usd is None:
            remarks.append(Remark("no_amount", f"{_covers(one)} tells no amount", one.line))
    return counted, remarks


def _holds(held: Notification, one: Notification) -> bool:
    """Tell whether a report's days lie within another's of the same State, whose product is the same or was not told."""
    same = held.state == one.state and (held.product == one.product or not held.product or not one.product)
    return same and held.first_day <= one.last_day and one.first_day <= held.last_day and held.matter != one.matter


def months_of(first: date, last: date) -> list[date]:
    """Return the first days of the months that some days touch."""
    found = []
    at = first.replace(day=1)
    while at <= last:
        found.append(at)
        at = after_month(at)
    return found


def after_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return date(day.year + day.month // MONTHS, day.month % MONTHS + 1, 1)


def _missing(counted: Sequence[Notification], cap: Cap, period: CapPeriod, known_on: date) -> list[Remark]:
    """Return the months whose reports are overdue, for States that have reported in the period."""
    remarks = []
    for state in dict.fromkeys(one.state for one in counted):
        told = {month for one in counted if one.state == state for month in months_of(one.first_day, one.last_day)}
        lacking = [
            month
            for month in months_of(min(told), min(last_of(period), known_on))
            if month not in told and _due(month, cap) < known_on and after_month(month) - ONE_DAY <= last_of(period)
        ]
        for first, last in _runs(lacking):
            when = f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"
            remarks.append(Remark("missing", f"no report of {state} on {when}"))
    return remarks


def _due(month: date, cap: Cap) -> date:
    return after_month(month) - ONE_DAY + timedelta(days=cap.report_days)


def _runs(months: Sequence[date]) -> list[tuple[date, date]]:
    """Join months that follow each other."""
    runs: list[tuple[date, date]] = []
    for month in months:
        if runs and after_month(runs[-1][1]) == month:
            runs[-1] = runs[-1][0], month
        else:
            runs.append((month, month))
    return runs


def _standing(  # noqa: PLR0913 - the parts of one sum
    unit: str,
    limit: Decimal,
    counted: Sequence[Notification],
    cap: Cap,
    days: Days,
    factors: Factors,
    reserved: Decimal,
) -> Standing:
    amounts = [(one, amount_of(one, unit, factors)) for one in counted]
    low = sum((found[0] for _, found in amounts if found), ZERO)
    known = all(found is not None for _, found in amounts)
    high = sum((found[1] for _, found in amounts if found), ZERO) if known else None
    status = UNKNOWN
    if low > limit:
        status = OVER
    elif counted and high is not None and high <= limit:
        status = WITHIN
    reached = []
    for share in cap.thresholds_percent:
        day = _reached(amounts, limit * share / HUNDRED)
        if day:
            reached.append((share, day))
    projected = _projected(amounts, low, high, days)
    full = (None, None) if projected is None else _full(amounts, limit, days, low)
    return Standing(unit, limit, low, high, reserved, status, tuple(reached), projected, full)


Amounts = Sequence[tuple[Notification, tuple[Decimal, Decimal] | None]]


def _reached(amounts: Amounts, wanted: Decimal) -> date | None:
    """Return the day of publication by which the reported sum had surely reached an amount."""
    total = ZERO
    for one, found in sorted(amounts, key=lambda pair: pair[0].reported_on):
        total += found[0] if found else ZERO
        if total >= wanted > 0:
            return one.reported_on
    return None


def _rates(amounts: Amounts) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and the highest amount of a month so far; a report on several months is spread over them."""
    low: dict[date, Decimal] = {}
    high: dict[date, Decimal] = {}
    for one, found in amounts:
        months = months_of(one.first_day, one.last_day)
        for month in months:
            low[month] = low.get(month, ZERO) + (found[0] if found else ZERO) / len(months)
            high[month] = high.get(month, ZERO) + (found[1] if found else ZERO) / len(months)
    return (min(low.values()), max(high.values())) if low else None


def _projected(amounts: Amounts, low: Decimal, high: Decimal | None, days: Days) -> tuple[Decimal, Decimal] | None:
    rates = _rates(amounts)
    if rates is None or high is None or days.period.last_day is None:
        return None
    coming = len(_coming(amounts, days.period))
    return low + rates[0] * coming, high + rates[1] * coming


def _coming(amounts: Amounts, period: CapPeriod) -> list[date]:
    """Return the months of a period on which nothing was reported yet, after the last one that was."""
    last = max(one.last_day for one, _ in amounts)
    return [month for month in months_of(period.first_day, last_of(period)) if month > last]


def _full(amounts: Amounts, limit: Decimal, days: Days, low: Decimal) -> tuple[date | None, date | None]:
    """Return the ends of the months in which the limit would be reached, at the highest and at the lowest rate."""
    rates = _rates(amounts)
    assert rates is not None
    found: list[date | None] = []
    for rate in (rates[1], rates[0]):
        total, day = low, None
        for month in _coming(amounts, days.period):
            total += rate
            if total >= limit and day is None:
                day = min(after_month(month) - timedelta(days=1), last_of(days.period))
        found.append(day)
    return found[0], found[1]
