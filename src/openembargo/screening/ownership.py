"""Owned or controlled by listed parties: the tests as each authority has them, on shares that may be unknown.

Under every test a party that is owned counts whole for what it holds in turn. Source: OFAC's guidance of 13 August 2014
(50 % or more in sum); EU best practices of 2018 and later and the UK's regulations (more than 50 %, or control); the
resolutions of the Security Council ("owned or controlled").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openembargo.screening.holdings import ALL, Holding, Holdings

HALF = Decimal(50)
OWNED, NOT_OWNED, UNSURE = "owned", "not_owned", "cannot_exclude"


@dataclass(frozen=True, slots=True)
class Test:
    """How an authority tells that a party is owned.

    Attributes:
        authority: Its short name.
        inclusive: Whether exactly half is enough.
        control: Whether control without shares is enough.
        minority_open: Whether a share below half leaves it a question.
    """

    authority: str
    inclusive: bool
    control: bool
    minority_open: bool = False

    def reached(self, share: Decimal) -> bool:
        """Tell whether a share is enough."""
        return share >= HALF if self.inclusive else share > HALF


TESTS = (Test("OFAC", True, False), Test("EU", False, True), Test("UK", False, True), Test("UN", False, True, True))


@dataclass(frozen=True, slots=True)
class OwnershipAnswer:
    """What a test says of one party.

    Attributes:
        party: Name of the party.
        authority: Whose test.
        verdict: `owned`, `not_owned` or `cannot_exclude`.
        low: Least share that listed parties, and what they own, hold together.
        high: Largest share that they can hold.
        arithmetic: The sum, line by line.
        deciding: Holdings whose share would decide it, if it were known.
    """

    party: str
    authority: str
    verdict: str
    low: Decimal
    high: Decimal
    arithmetic: tuple[str, ...]
    deciding: tuple[str, ...] = ()


def trace_ownership(holdings: Holdings, listed: Iterable[str]) -> tuple[OwnershipAnswer, ...]:
    """Return what each authority's test says of every party that somebody holds, in the order of the file.

    Args:
        holdings: The holdings.
        listed: Ids or names of listed parties, as they stand in the holdings.
    """
    blocked = frozenset(listed)
    names_listed = {p for p in _parties(holdings) if p in blocked or holdings.name(p) in blocked}
    answers = []
    for test in TESTS:
        surely = _fixpoint(holdings, names_listed, test, worst=False)
        possibly = _fixpoint(holdings, names_listed, test, worst=True)
        for party in dict.fromkeys(h.owned for h in holdings.listed):
            if party not in names_listed:
                answers.append(_answer(holdings, party, test, (surely, possibly), names_listed))
    return tuple(answers)


def _parties(holdings: Holdings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for h in holdings.listed for p in (h.owner, h.owned)))


def _fixpoint(holdings: Holdings, listed: set[str], test: Test, worst: bool) -> frozenset[str]:
    """Return who is listed or owned, at the least or at the most; a cycle ends when nothing is added any more."""
    owned = set(listed)
    while True:
        sums: dict[str, Decimal] = {}
        control = set()
        for h in holdings.listed:
            if h.owner in owned and h.owner != h.owned:
                sums[h.owned] = sums.get(h.owned, Decimal(0)) + (h.high if worst else h.low)
                if h.control and test.control:
                    control.add(h.owned)
        more = {p for p, total in sums.items() if test.reached(min(total, ALL))} | control
        if more <= owned:
            return frozenset(owned)
        owned |= more


def _answer(
    holdings: Holdings, party: str, test: Test, sets: tuple[frozenset[str], frozenset[str]], listed: set[str]
) -> OwnershipAnswer:
    surely, possibly = sets
    mine = [h for h in holdings.listed if h.owned == party and h.owner != party]
    low = min(ALL, sum((h.low for h in mine if h.owner in surely), Decimal(0)))
    high = min(ALL, sum((h.high for h in mine if h.owner in possibly), Decimal(0)))
    verdict = OWNED if party in surely else UNSURE if party in possibly else NOT_OWNED
    if verdict == NOT_OWNED and test.minority_open and high > 0:
        verdict = UNSURE
    lines = [_line(holdings, h, surely, possibly, listed) for h in mine if h.owner in possibly]
    span = f"{low.normalize():f} %" if low == high else f"between {low.normalize():f} and {high.normalize():f} %"
    need = "50 % or more" if test.inclusive else "more than 50 %"
    controlled = [holdings.name(h.owner) for h in mine if h.control and h.owner in possibly and test.control]
    total = f"{test.authority}: {span} held by listed parties and what they own; {need} needed"
    if controlled:
        total += f", or control: {', '.join(controlled)}"
    if verdict == UNSURE and party not in possibly:
        total += "; a minority share alone: whether it is controlled is the question"
    deciding = tuple(
        f"{holdings.name(h.owner)} in {holdings.name(party)} ({h.words}, {h.where})"
        for h in mine
        if h.owner in possibly and h.low != h.high
    )
    return OwnershipAnswer(
        holdings.name(party), test.authority, verdict, low, high, (*lines, total), deciding if verdict == UNSURE else ()
    )


def _line(holdings: Holdings, h: Holding, surely: frozenset[str], possibly: frozenset[str], listed: set[str]) -> str:
    standing = (
        "listed"
        if h.owner in listed
        else "owned by listed parties, counts whole"
        if h.owner in surely
        else "perhaps owned by listed parties"
    )
    shares = f"holds {h.words}" + (" and controls it" if h.control else "")
    return f"{holdings.name(h.owner)} ({standing}) {shares} of {holdings.name(h.owned)} [{h.where}]"


def effective_shares(holdings: Holdings, listed: Iterable[str]) -> Mapping[str, tuple[Decimal, Decimal]]:
    """Return the shares multiplied through the chains, least and largest, for information; no authority uses them.

    Cross holdings are followed until a further round adds less than a hundredth of a percent.
    """
    blocked = frozenset(listed)
    result: dict[str, tuple[Decimal, Decimal]] = {}
    for place in (0, 1):
        share = {p: ALL if p in blocked or holdings.name(p) in blocked else Decimal(0) for p in _parties(holdings)}
        fixed = {p for p, value in share.items() if value == ALL}
        for _ in range(ROUNDS):
            fresh = {
                p: ALL
                if p in fixed
                else min(
                    ALL,
                    sum(
                        (share[h.owner] * (h.low, h.high)[place] / ALL for h in holdings.listed if h.owned == p),
                        Decimal(0),
                    ),
                )
                for p in share
            }
            settled = all(abs(fresh[p] - share[p]) < HUNDREDTH for p in share)
            share = fresh
            if settled:
                break
        for p, value in share.items():
            result[p] = (value, value) if place == 0 else (result[p][0], max(result[p][0], value))
    return {p: pair for p, pair in result.items() if any(h.owned == p for h in holdings.listed)}


ROUNDS = 200
HUNDREDTH = Decimal("0.01")
