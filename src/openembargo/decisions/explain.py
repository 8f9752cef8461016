"""The answer in plain words, in the deal's own nouns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openembargo.terms.countries import country_codes, country_name
from openembargo.terms.deal import Deal
from openembargo.terms.fact import FactType
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import FACTS, TABLES

from .determination import Because, Determination, Finding, Parting, Tried

LEVEL_WORDS = {
    Level.PERMITTED: "permitted",
    Level.PERMITTED_WITH_CONDITIONS: "permitted with conditions",
    Level.AUTHORISATION_REQUIRED: "only with authorisation",
    Level.PROHIBITED: "prohibited",
}
CONFIDENCE_WORDS = {
    "verified_text": "the wording was seen",
    "verified_secondary": "from an official summary or an implementing law",
    "memory_sure": "from general knowledge, to be checked against the text",
    "memory_unsure": "unsure: check the text before relying on it",
}
HS_WORDS = {
    "named": "the act names the tariff heading",
    "guidance": "a Committee note names the tariff heading",
    "inferred": "the tariff heading is inferred, the act names goods in words",
}
EFFECT_WORDS = {
    "prohibits": "forbids it",
    "requires_authorisation": "allows it only with approval in advance",
    "conditions": "allows it on conditions",
    "exempts": "lets it pass",
    "advises": "advises",
    "undetermined": "hangs on facts that are missing",
}
GRANT_WORDS = {
    "exempt": "exemption",
    "authorisation": "approval in advance",
    "capped": "within a cap",
    "grace": "grace for an old contract",
    "wind_down": "time to wind down",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told: a heading and the sentences under it.

    Attributes:
        heading: What it is about.
        lines: Sentences.
        provision: The provision it tells of, or empty.
        effect: The effect word, for marking.
    """

    heading: str
    lines: tuple[str, ...]
    provision: str = ""
    effect: str = ""


def headline(answer: Determination) -> str:
    """Return the outcome in one sentence."""
    day = f"on {answer.on.isoformat()}"
    if answer.best == answer.worst:
        words = {
            Level.PERMITTED: f"No prohibition found {day} in the law that was examined",
            Level.PERMITTED_WITH_CONDITIONS: f"May go ahead {day}, on conditions",
            Level.AUTHORISATION_REQUIRED: f"May go ahead {day} only with approval in advance",
            Level.PROHIBITED: f"Prohibited {day}",
        }
        return words[answer.best]
    best, worst = LEVEL_WORDS[answer.best], LEVEL_WORDS[answer.worst]
    return f"Cannot be said yet: between “{best}” and “{worst}” {day}, by what is missing"


def outcome_words(best: Level, worst: Level) -> str:
    """Return an interval of levels in words."""
    if best == worst:
        return LEVEL_WORDS[best]
    return f"undetermined, between “{LEVEL_WORDS[best]}” and “{LEVEL_WORDS[worst]}”"


def parting_words(parting: Parting) -> str:
    """Return where readings of the law part, with who holds the other one, in words."""
    held = f", held by {', '.join(country_name(code) for code in parting.held_by)}" if parting.held_by else ""
    return (
        f"{parting.question} Answered as: {parting.primary.rstrip('.')}. "
        f"Under the other reading ({parting.other.rstrip('.')}{held}) {parting.regime} leaves it "
        f"{outcome_words(parting.best, parting.worst)}."
        + (" The State from which this deal is seen holds the other reading." if parting.held_here else "")
    )


def authority_name(authority: str) -> str:
    """Return who made a regime, in words: the United Nations, a country by its code, or the name as it stands."""
    if authority == "un":
        return "United Nations"
    code = authority.upper()
    return country_name(code) if code in country_codes() else authority


def quiet_words(answer: Determination) -> tuple[str, ...]:
    """Return which regimes were examined of which nothing reaches the deal, as a sentence, or none."""
    quiet = answer.untouched
    if not quiet:
        return ()
    first, last = min(one.checked for one in quiet), max(one.checked for one in quiet)
    when = f"on {last}" if first == last else f"between {first} and {last}"
    names = ", ".join(one.id for one in quiet)
    return (f"Nothing reaches the deal in {names} ({len(quiet)} regime{'s' * (len(quiet) != 1)}, law checked {when}).",)


def instrument(finding: Finding, answer: Determination) -> str:
    """Return the act that a finding cites; where several authorities are asked, with whose act it is."""
    if len(answer.by_authority) < 2:  # noqa: PLR2004 - one authority needs no name
        return finding.instrument
    makers = [one.authority for one in answer.examined if finding in one.findings]
    return f"{authority_name(makers[0])}, {finding.instrument}" if makers else finding.instrument


def on_another_day(day: date, answer: Determination) -> str:
    """Return how a deal's act on another day is told."""
    return f"if it had been done on {day}" if day < answer.on else f"if it were done on {day}"


def shown_change(value: object) -> object:
    """Return a value that was tried, in words where it stands for all that the law does not name."""
    return (
        "anything that the law does not name" if "~" in str(value) else ("another country" if value == "ZZ" else value)
    )


def why(answer: Determination) -> tuple[Told, ...]:
    """Return the reasons, paragraph by paragraph, strictest first."""
    told = []
    told += [_finding(finding, answer.deal, instrument(finding, answer)) for finding in answer.findings]
    if not told:
        told.append(
            Told(
                "No measure reaches this deal",
                ("Nothing that is known of the deal brings a measure in force into play.",),
            )
        )
    return tuple(told)


def _finding(finding: Finding, deal: Deal, act: str) -> Told:
    effect = EFFECT_WORDS[finding.effect]
    lines = [finding.says]
    reached = _list(grounds(finding.because, deal))
    matter = noun(finding.applies_to, deal)
    if finding.effect == "undetermined" and finding.missing:
        lines.append(
            f"Whether it reaches {matter} is not known: it hangs on {_list(fact_words(m, deal) for m in finding.missing)}."
        )
        lines += [f"Known so far: {reached}."] if reached else []
    else:
        lines.append(f"It reaches {matter}" + (f": {reached}." if reached else "."))
    lines += [_tried(tried, deal) for tried in finding.exemptions]
    basis = CONFIDENCE_WORDS[finding.confidence]
    heading_basis = f"; {HS_WORDS[finding.hs_basis]}" if finding.hs_basis else ""
    note = f" ({finding.confidence_note})" if finding.confidence_note else ""
    lines.append(f"How sure: {basis}{heading_basis}{note}.")
    heading = f"{act}, paragraph {finding.paragraph} - {finding.title}: {effect}"
    return Told(heading, tuple(lines), finding.provision, finding.effect)


def _tried(tried: Tried, deal: Deal) -> str:
    paragraph = tried.paragraph.replace(" (exemption)", "")
    name = f"Exemption tried, paragraph {paragraph} ({GRANT_WORDS[tried.grants]}), {tried.title}"
    if tried.met is None:
        wanted = _list(fact_words(path, deal) for path in tried.missing)
        return f"{name}: open" + (f", it hangs on {wanted}." if wanted else ", approval has not been given yet.")
    reasons = _list(grounds(tried.why, deal, only=tried.met))
    return f"{name}: {'met' if tried.met else 'not met'}" + (f", because {reasons}." if reasons else ".")


def grounds(because: Iterable[Because], deal: Deal, *, only: bool | None = None) -> tuple[str, ...]:
    """Return tests in words; with `only`, those that held (or failed) alone where there are any."""
    rows = tuple(because)
    if only is not None:
        rows = tuple(row for row in rows if row.holds is only) or rows
    told = [row for row in rows if not row.test.startswith("read as ")]
    return tuple(dict.fromkeys(_ground(row, deal) for row in told))


def _ground(row: Because, deal: Deal) -> str:
    if row.fact in (*TABLES, "facts") or "." not in row.fact:
        return row.test if row.holds else f"not: {row.test}"
    name = row.fact.rpartition(".")[2]
    if name in ("hs", "product", "material") and " is " in f" {row.test}":
        shown = "" if row.value is None else f" {row.value}"
        label = {"hs": "tariff code", "product": "product", "material": "material"}[name]
        return f"the {label}{shown} {row.test if row.holds else row.test.replace('is on', 'is not on')}"
    return f"{fact_words(row.fact, deal)}: {shown_value(row.fact, row.value)}"


def shown_value(path: str, value: object) -> str:
    """Return a value in words."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(shown_value(path, item) for item in value) or "none"
    fact = FACTS.get(_fact_path(path))
    if fact and fact.type in (FactType.COUNTRY, FactType.COUNTRIES) and isinstance(value, str):
        return country_name(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value).replace("_", " ") if fact and fact.one_of else str(value)


def fact_words(path: str, deal: Deal) -> str:
    """Return what a fact says, in words, with the line, party or vessel that it is of."""
    fact = FACTS.get(_fact_path(path))
    if fact is None:
        return {"party": "who takes part", "goods": "which goods they are", "vessel": "which vessel it is"}.get(
            path, path
        )
    where = path.partition(".")[0]
    several = where.partition("[")[0] in TABLES and len(deal.rows(where.partition("[")[0])) > 1
    of = f" ({noun(where, deal)})" if several or where.startswith("party") else ""
    return fact.meaning.partition(";")[0] + of


def _fact_path(path: str) -> str:
    where, _, name = path.partition(".")
    return f"{where.partition('[')[0]}.{name}"


def noun(path: str, deal: Deal) -> str:
    """Return a line, party or vessel in the deal's own words."""
    if path == "deal":
        return "the deal"
    section, _, index = path.rstrip("]").partition("[")
    rows = deal.rows(section)
    row = rows[int(index)] if index and int(index) < len(rows) else {}
    if section == "goods":
        return f"“{row.get('description') or row.get('product') or row.get('hs') or 'goods not described'}”"
    if section == "party":
        country = row.get("country")
        role = str(row.get("role", "party")).replace("_", " ")
        name = row.get("name") or str(row.get("kind", "")).replace("_", " ")
        described = " ".join(
            str(part) for part in (name, f"from {country_name(str(country))}" if country else "") if part
        )
        return f"the {role}" + (f", {described}" if described else "")
    if section == "vessel":
        named = row.get("name") or (f"IMO {row['imo']}" if "imo" in row else "")
        return f"the vessel {named}" if named else "the vessel"
    return path


def _list(parts: Iterable[str]) -> str:
    return "; ".join(parts)
