"""Unknown is a value: taking a fact away never improves an outcome."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openembargo.decisions.decide import Options
from openembargo.decisions.prepare import changed
from openembargo.terms.deal import Deal

from .deals import deals, found_facts

NOT_UNKNOWN_WHEN_ABSENT = found_facts() | {
    # absence has a meaning of its own (docs/reference/outcomes.md)
    "facts.committee_approval", "facts.notified_by", "facts.performed", "facts.stop_notice", "party.designated", "party.name",
    "party.located_in", "vessel.designated", "vessel.designated_measures", "vessel.name", "vessel.craft", "goods.carried_as",
}  # fmt: skip
EXAMPLES = 3000 if os.environ.get("OPENEMBARGO_SOAK") else 250


def known_paths(deal: Deal) -> list[str]:
    paths = []
    for section in ("deal", "goods", "party", "vessel", "route", "finance", "undertaking", "facts"):
        for index, row in enumerate(deal.rows(section)):
            for name in row:
                if f"{section}.{name}" in NOT_UNKNOWN_WHEN_ABSENT or (section, name) in (
                    ("deal", "on"),
                    ("deal", "id"),
                ):
                    continue
                several = section in ("goods", "party", "vessel")
                paths.append(f"{section}[{index}].{name}" if several else f"{section}.{name}")
    return paths


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(deal=deals(), data=st.data())
def test_one_fact_less_never_improves_an_outcome(decider, deal, data):
    paths = known_paths(deal)
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    options = Options(accept_stale=True)
    best, worst = decider.interval(deal, options)
    less_best, less_worst = decider.interval(changed(deal, path, None), options)
    assert less_worst >= worst, f"without {path} the deal is better: {less_worst.word} instead of {worst.word}"
    assert less_best <= best, f"without {path} the best outcome is worse: {less_best.word} instead of {best.word}"


@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(deal=deals(), index=st.integers(0, 1))
def test_one_designation_more_never_improves_an_outcome(decider, deal, index):
    if len(deal.party) <= index:
        return
    options = Options(accept_stale=True)
    free = changed(deal, f"party[{index}].designated", False)
    listed = changed(deal, f"party[{index}].designated", True)
    assert decider.interval(listed, options)[1] >= decider.interval(free, options)[1]
