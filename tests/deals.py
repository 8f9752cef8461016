"""Deals made up at random from what the law tells apart, so that measures are really hit."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from openembargo.law.conditions import Compare, Found, InList, walk
from openembargo.law.regime_conditions import conditions_of
from openembargo.storage.book_shelf import open_book
from openembargo.terms.deal import Deal
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import FACTS, facts_of

REGIME = open_book().regime("un.dprk")
FIRST_DAY = REGIME.covered_from
DAYS = sorted(
    {
        d + timedelta(days=s)
        for m in REGIME.measures
        for v in m.versions
        for d in (v.first_day, v.last_day)
        if d
        for s in (-1, 0, 1)
    }
    | {date(2010, 5, 1), date(2014, 6, 1), date(2019, 6, 1), date(2024, 2, 29)}
)
DAYS = [day for day in DAYS if FIRST_DAY <= day <= REGIME.checked]
HEADINGS = sorted({r.hs for g in REGIME.goods_lists for r in g.rows if r.hs})
COUNTRIES = ["KP", "KP", "KP", "RU", "CN", "KR"]
PLACES = ["KP", "KPRJN", "KPNAM", "RU", "RUVVO", "CN"]


def _literals() -> dict[str, list[object]]:
    found: dict[str, set[object]] = {}
    for node in conditions_of(REGIME):
        for part in walk(node):
            if isinstance(part, InList):
                found.setdefault(part.fact.path, set()).update(part.values)
            elif isinstance(part, Compare) and hasattr(part.left, "path") and isinstance(part.right, str | int | date):
                found.setdefault(part.left.path, set()).add(part.right)
    return {path: sorted(values, key=str) for path, values in found.items()}


LITERALS = _literals()


def found_facts() -> frozenset[str]:
    """Facts whose absence counts as no such finding, because some condition asks for them by `found`."""
    names = set()
    for node in conditions_of(REGIME):
        for part in walk(node):
            if isinstance(part, Found):
                for inner in walk(part.of):
                    for ref in (getattr(inner, "fact", None), getattr(inner, "left", None)):
                        if hasattr(ref, "path"):
                            names.add(ref.path)
    return frozenset(names)


def value_of(path: str) -> st.SearchStrategy:
    fact = FACTS[path]
    words = LITERALS.get(path, [])
    if fact.type is FactType.BOOLEAN:
        return st.booleans()
    if fact.type is FactType.COUNTRY:
        return st.sampled_from(COUNTRIES)
    if fact.type is FactType.PLACE:
        return st.sampled_from(PLACES)
    if fact.type is FactType.PLACES:
        return st.lists(st.sampled_from(PLACES), max_size=2).map(tuple)
    if fact.type is FactType.COUNTRIES:
        return st.lists(st.sampled_from(["RU", "CN", "KR"]), max_size=2).map(tuple)
    if fact.type is FactType.DATE:
        return st.sampled_from(DAYS)
    if fact.type is FactType.HS:
        return st.sampled_from(HEADINGS).flatmap(
            lambda h: st.sampled_from([h, h[:2], h[:4], (h + "0000")[:6], "110100"])
        )
    if fact.type is FactType.DECIMAL:
        return st.sampled_from(
            [Decimal(v) for v in (0, 1, 100, 499, 501, 20000, 300000, 499999, 500001, 4000001, 400870019)]
        )
    if fact.type is FactType.INTEGER:
        return st.integers(0, 3)
    if fact.type is FactType.CODE:
        return st.sampled_from([str(w) for w in (words or fact.one_of)] + [str(fact.one_of[-1])])
    if fact.type is FactType.TEXTS:
        return st.lists(st.sampled_from([str(w) for w in words] or ["S/2006/814"]), max_size=1).map(tuple)
    if fact.type is FactType.CODES:
        return st.lists(st.sampled_from([str(w) for w in fact.one_of]), min_size=1, max_size=2, unique=True).map(tuple)
    return st.sampled_from(["Tu-204-300", "Il-76", "Tanchon Commercial Bank", "nobody listed"])


SKIPPED = {
    "deal.id",
    "deal.on",
    "deal.known_on",
    "deal.regimes",
    "deal.notes",
    "goods.description",
    "goods.hs_edition",
    "vessel.imo",
    "deal.conduct",
    "party.designated",
}


@st.composite
def rows(draw, section: str, share: float):
    row = {}
    for name, fact in facts_of(section).items():
        if fact.derived or fact.path in SKIPPED:
            continue
        if draw(st.floats(0, 1, allow_nan=False)) < share:
            row[name] = draw(value_of(fact.path))
    return row


CONDUCTS = ["import", "import", "import", "export", "export", "export"] + [str(w) for w in FACTS["deal.conduct"].one_of]


@st.composite
def deals(draw) -> Deal:
    top = draw(rows("deal", 0.5)) | {
        "on": draw(st.sampled_from(DAYS)),
        "conduct": tuple(draw(st.lists(st.sampled_from(CONDUCTS), min_size=1, max_size=2, unique=True))),
    }
    parties = []
    for _ in range(draw(st.integers(0, 2))):
        row = draw(rows("party", 0.45))
        if draw(st.booleans()):
            row["designated"] = draw(st.booleans())
        parties.append(row)
    return Deal(
        top=top,
        goods=tuple(draw(rows("goods", 0.55)) for _ in range(draw(st.integers(0, 2)))),
        party=tuple(parties),
        vessel=tuple(draw(rows("vessel", 0.5)) for _ in range(draw(st.integers(0, 1)))),
        route=draw(rows("route", 0.5)),
        finance=draw(rows("finance", 0.5)),
        undertaking=draw(rows("undertaking", 0.5)),
        facts=draw(rows("facts", 0.6)),
    )
