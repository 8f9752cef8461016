"""The amounts of goods lines judged by SQL: within a cap or over it, over a threshold or not, or not known."""

from collections.abc import Mapping
from decimal import Decimal

from openembargo.decisions.amounts import AmountTests, CapTest, SumTest
from openembargo.law.caps import BARREL_IN_M3

NUMBER = "DECIMAL(30, 8)"
GIVEN, WITHIN, OVER, UNKNOWN = 0, 1, 2, 3


def quoted(name: str) -> str:
    """Return a column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class AmountSql:
    """SQL over `l`, a row of text cells."""

    def __init__(self, tests: AmountTests, columns: Mapping[str, str], on_map: int | None) -> None:
        """Take the tests, the column of each number fact and of the unit by path, and the map of the days."""
        self.tests = tests
        self.columns = columns
        self.on_map = on_map

    def number(self, path: str) -> str:
        """Return a number fact; NULL when it is not given or no number."""
        column = self.columns.get(path)
        return f"TRY_CAST(l.{quoted(column)} AS {NUMBER})" if column else f"CAST(NULL AS {NUMBER})"

    def text(self, path: str) -> str:
        """Return a text fact; NULL when it is not given."""
        column = self.columns.get(path)
        return f"nullif(trim(l.{quoted(column)}), '')" if column else "CAST(NULL AS VARCHAR)"

    def joins(self) -> list[str]:
        """Return the joins to the limits of the day's span."""
        if self.on_map is None:
            return []
        days = f"LEFT JOIN map_{self.on_map} AS days ON l.{quoted(self.columns['deal.on'])} = days.text"
        return [days] + [f"LEFT JOIN cap_{i} ON cap_{i}.span = days.code" for i in range(len(self.tests.caps))]

    def expressions(self) -> list[str]:
        """Return what the law tells apart in the amounts of a row, each as a small whole number."""
        found = [self.given()]
        if self.on_map is not None:
            found += [self.cap(i, cap) for i, cap in enumerate(self.tests.caps)]
        return found + [self.sum(test) for test in self.tests.sums] + [self.piece(v) for v in self.tests.piece_values]

    def given(self) -> str:
        """Return which amounts are given, as a sum of powers of two."""
        paths = [path for path in self.columns if path not in ("deal.on", "goods.unit")]
        bits = [f"CASE WHEN {self.number(path)} IS NULL THEN 0 ELSE {2**i} END" for i, path in enumerate(sorted(paths))]
        return " + ".join(bits) or "0"

    def own(self, unit: str) -> str:
        """Return a row's amount in a cap's unit."""
        if unit == "usd":
            return self.number("goods.value_usd")
        quantity, given = self.number("goods.quantity"), self.text("goods.unit")
        if unit == "t":
            cases = f"WHEN 't' THEN {quantity} WHEN 'kg' THEN {quantity} / 1000 WHEN 'g' THEN {quantity} / 1000000"
        else:
            cases = f"WHEN 'bbl' THEN {quantity} WHEN 'm3' THEN {quantity} / {BARREL_IN_M3} WHEN 'l' THEN {quantity} / ({BARREL_IN_M3} * 1000)"
        return f"CASE {given} {cases} END"

    def cap(self, number: int, cap: CapTest) -> str:
        """Return how a row stands to one limit: none holds, within, over, not known."""
        limit, used, own = f"cap_{number}.cap_limit", self.number(f"facts.total_used_{cap.unit}"), self.own(cap.unit)
        return (
            f"CASE WHEN {limit} IS NULL THEN {GIVEN} "
            f"WHEN {used} IS NULL THEN CASE WHEN {own} > {limit} THEN {OVER} ELSE {UNKNOWN} END "
            f"WHEN ({own}) IS NULL THEN CASE WHEN {used} > {limit} THEN {OVER} ELSE {UNKNOWN} END "
            f"WHEN {used} + ({own}) <= {limit} THEN {WITHIN} ELSE {OVER} END"
        )

    def sum(self, test: SumTest) -> str:
        """Return how a comparison of amounts stands: holds, does not, not known."""
        left = " + ".join(self.number(term) for term in test.terms)
        right = str(test.right) if isinstance(test.right, Decimal) else self.number(test.right)
        return f"CASE WHEN ({left}) {test.op} {right} THEN {WITHIN} WHEN NOT ({left}) {test.op} {right} THEN {OVER} ELSE {UNKNOWN} END"

    def piece(self, threshold: Decimal) -> str:
        """Return how the value of one piece stands to a threshold; exact, for it multiplies and does not divide."""
        units = ", ".join(f"'{unit}'" for unit in self.tests.pieces)
        piece, value, quantity = (self.number(f"goods.{n}") for n in ("unit_value_usd", "value_usd", "quantity"))
        return (
            f"CASE WHEN {piece} IS NOT NULL THEN CASE WHEN {piece} > {threshold} THEN {OVER} ELSE {WITHIN} END "
            f"WHEN {self.text('goods.unit')} IN ({units}) AND {quantity} > 0 AND {value} IS NOT NULL "
            f"THEN CASE WHEN {value} > {threshold} * {quantity} THEN {OVER} ELSE {WITHIN} END ELSE {UNKNOWN} END"
        )
