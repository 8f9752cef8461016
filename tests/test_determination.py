"""What a determination says: bytes, digests, days, readings, lines, questions, reasons and other ways."""

import json
from datetime import date
from pathlib import Path

import pytest

from openembargo.decisions.cases import cited
from openembargo.decisions.counterfactual import better_days, what_would_change
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.explain import headline, why
from openembargo.decisions.prepare import changed
from openembargo.storage.example_files import EXAMPLES, read_example
from openembargo.terms.errors import InputError, OutsideCoverage
from openembargo.terms.outcome import Level
from openembargo.terms.read_deal import read_deal

KEYS = {
    "id",
    "on",
    "known_on",
    "seen_from",
    "outcome",
    "between",
    "missing",
    "findings",
    "lines",
    "conditions",
    "duties",
    "consequences",
    "screened",
    "regimes",
    "lists",
    "engine",
    "digest",
}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.stem)
def test_the_same_inputs_print_the_same_bytes(whole_book, path: Path):
    deal = read_example(path.stem)
    one = json.dumps(Decider(whole_book).decide(deal).plain())
    assert json.dumps(Decider(whole_book).decide(deal).plain()) == one
    assert set(json.loads(one)) >= KEYS


def test_the_digest_hangs_on_inputs_and_book(decider):
    deal = read_example("coal")
    first = decider.decide(deal)
    assert decider.decide(changed(deal, "goods[0].origin", "CN")).digest != first.digest
    assert decider.decide(deal, Options(known_on=date(2017, 3, 1))).digest != first.digest
    assert first.digest.startswith("sha256:")


def test_conditions_have_days(decider):
    answer = decider.decide(read_example("coal")).plain()
    report = next(c for c in answer["conditions"] if c["duty"].startswith("report"))
    assert report["by_when"] == "2017-03-30"
    assert report["provision"] == "un.dprk.2321.26-b"
    assert report["to_whom"] == "1718 Committee"
    assert "RU" in report["by_whom"]


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2016-03-01", "permitted"),
        ("2016-03-10", "permitted_with_conditions"),
        ("2017-02-03", "permitted_with_conditions"),
        ("2017-08-04", "permitted_with_conditions"),
        ("2017-08-05", "prohibited"),
        ("2026-11-24", "prohibited"),
    ],
)
def test_the_same_coal_through_time(decider, on, outcome):
    assert decider.decide(changed(read_example("coal"), "deal.on", date.fromisoformat(on))).outcome == outcome


def test_what_was_known_then(decider):
    """On 6 August 2017, with the book of 1 August, the cap of 2321 still governs."""
    deal = changed(read_example("coal"), "deal.on", date(2017, 8, 6))
    then = decider.decide(deal, Options(known_on=date(2017, 8, 1)))
    assert then.outcome == "permitted_with_conditions"
    assert "un.dprk.2321.26" in cited(then)
    assert decider.decide(deal, Options(known_on=date(2017, 8, 5))).outcome == "prohibited"


def test_before_the_first_day_nothing_is_answered(decider):
    deal = read_example("coal")
    with pytest.raises(OutsideCoverage, match="2006-07-15"):
        decider.decide(changed(deal, "deal.on", date(2006, 7, 14)))
    assert decider.decide(changed(deal, "deal.on", date(2006, 7, 15))).outcome == "permitted"


def test_after_the_last_check_it_warns_and_later_refuses(decider, book):
    deal, checked = read_example("gold"), book.regimes[0].checked
    assert decider.decide(changed(deal, "deal.on", checked)).warnings == ()
    soon = decider.decide(changed(deal, "deal.on", date.fromordinal(checked.toordinal() + 1)))
    assert "may have changed" in soon.warnings[0]
    late = changed(deal, "deal.on", date.fromordinal(checked.toordinal() + 181))
    with pytest.raises(OutsideCoverage, match="accept-stale"):
        decider.decide(late)
    assert decider.decide(late, Options(accept_stale=True)).outcome == "prohibited"
    assert decider.decide(late, Options(stale_after=181)).outcome == "prohibited"


def test_a_deal_without_a_day_is_bad_input(decider):
    with pytest.raises(InputError, match="no day"):
        decider.decide(changed(read_example("coal"), "deal.on", None))


def test_readings_part_where_the_law_is_doubtful(decider):
    deal = read_deal(
        {
            "on": date(2017, 9, 20),
            "conduct": ["export"],
            "seen_from": "RU",
            "party": [{"role": "supplier", "country": "RU"}, {"role": "consignee", "country": "KP"}],
            "goods": [{"hs": "2710.19", "product": "diesel", "origin": "RU"}],
        }
    )
    answer = decider.decide(deal)
    assert answer.outcome == "prohibited"
    parting = next(p for one in answer.examined for p in one.partings if p.doubt == "petroleum-gap")
    assert (parting.best, parting.worst) == (Level.PERMITTED, Level.PERMITTED)


def test_lines_are_severable(decider):
    deal = read_example("gold")
    mixed = changed(deal, "goods[1].hs", "1006.30")
    mixed = changed(mixed, "goods[1].origin", "KP")
    lines = {
        line["path"]: line["outcome"]
        for line in decider.decide(mixed).plain()["lines"]
        if line["path"].startswith("goods")
    }
    assert lines == {"goods[0]": "prohibited", "goods[1]": "permitted"}


def test_the_smallest_set_of_questions_comes_first(decider):
    answer = decider.decide(read_example("iron-ore")).plain()
    assert answer["between"] == ["permitted_with_conditions", "prohibited"]
    assert answer["missing"][0] == {
        "fact": "facts.livelihood_finding",
        "path": "facts",
        "question": "Has the State found it exclusively for livelihood?",
        "decides": True,
    }


def test_nobody_is_screened_without_a_name(decider):
    screened = decider.decide(
        read_deal(
            {
                "on": date(2017, 2, 3),
                "conduct": ["import"],
                "party": [{"role": "seller", "country": "KP"}],
                "goods": [{"hs": "1006.30"}],
            }
        )
    ).plain()["screened"]
    assert screened[0]["how"] == "no name given"


@pytest.mark.parametrize(
    "name",
    [
        "Tanchon Commercial Bank",
        "TANCHON  commercial bank.",
        "bank commercial tanchon",
        "Korea Changgwang Credit Bank",
        "Foreign Trade Bank",
    ],
)
def test_a_listed_name_is_known_in_any_case_and_order(decider, name):
    deal = read_deal(
        {
            "on": date(2018, 2, 3),
            "conduct": ["transfer_funds"],
            "party": [{"role": "payer", "country": "DE"}, {"role": "payee", "name": name}],
            "finance": {"for_mission": False},
            "facts": {"basic_expenses": False, "court_process": False, "humanitarian_actor": False},
        }
    )
    answer = decider.decide(deal)
    assert answer.outcome == "prohibited"
    assert "un.dprk.1718.8-d" in cited(answer)


def test_not_examined_is_told(decider):
    questions = [row["fact"] for row in decider.decide(read_example("rail-cargo")).plain()["not_examined"]]
    assert "goods.on_control_list" in questions
    assert "goods.could_contribute_to_programmes" in questions


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.stem)
def test_reasons_are_told_in_words(whole_decider, path):
    answer = whole_decider.decide(read_example(path.stem))
    told = why(answer)
    assert headline(answer)
    assert all(line.strip() for one in told for line in one.lines)
    assert not any("None" in line or "{" in line for one in told for line in one.lines)


def test_what_would_change_coal_after_the_ban(decider):
    """Russian coal through Rajin is the way that the law itself leaves open."""
    deal = changed(read_example("coal"), "deal.on", date(2017, 8, 6))
    ways = what_would_change(decider, deal, Options())
    rajin = [
        w for w in ways if {c.path for c in w.changes} == {"goods[0].origin", "route.loaded_at", "facts.origin_shown"}
    ]
    assert rajin
    assert rajin[0].worst is Level.PERMITTED_WITH_CONDITIONS
    assert any("notify" in duty for duty in rajin[0].owed)
    assert [day.isoformat() for day, _, _ in better_days(decider, deal, Options())] == ["2017-08-04"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.stem)
def test_every_way_is_proved_by_deciding_again_and_changes_only_what_may_honestly_differ(whole_decider, path):
    from openembargo.terms.vocabulary import FACTS

    deal = read_example(path.stem)
    before = whole_decider.interval(deal, Options())
    for way in what_would_change(whole_decider, deal, Options()):
        other = deal
        for change in way.changes:
            section, _, name = change.path.partition(".")
            assert FACTS[f"{section.partition('[')[0]}.{name}"].may_differ
            other = changed(other, change.path, change.now)
        assert whole_decider.interval(other, Options()) == (way.best, way.worst)
        assert way.worst < before[1]
