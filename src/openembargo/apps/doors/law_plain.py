"""The law as JSON holds it, the same at every door."""

from collections import Counter
from collections.abc import Iterable

from openembargo.jobs.law_books import Brief, UnderMeasures
from openembargo.law.book import InForce
from openembargo.law.history import Difference, TurningPoint
from openembargo.law.model import Exemption, GeneralExemption, Measure, Provision, Regime
from openembargo.terms.countries import country_name

Plain = dict[str, object]


def in_force_plain(regime: Regime, held: InForce) -> Plain:
    """Return a measure in force as JSON holds it."""
    return {
        "regime": regime.id,
        "provision": held.measure.id,
        "title": held.measure.title,
        "kind": held.measure.kind,
        "direction": held.measure.direction,
        "effect": held.measure.effect,
        "modality": held.measure.modality,
        "first_day": held.version.first_day.isoformat(),
        "last_day": held.version.last_day.isoformat() if held.version.last_day else None,
        "if_renewed": held.version.if_renewed,
        "confidence": held.version.grounds.confidence,
        "ways_out": [{"provision": route.id, "grants": route.grants} for route in held.routes],
    }


def provision_plain(regime: Regime, row: Measure | GeneralExemption | Provision) -> Plain:
    """Return a provision as JSON holds it."""
    plain: Plain = {
        "regime": regime.id, "provision": row.id, "act": row.act, "paragraph": row.paragraph, "title": row.title,
        "kind": row.kind, "modality": row.modality, "says": row.says, "confidence": row.grounds.confidence,
        "confidence_note": row.grounds.note or None, "source": row.grounds.source, "file": row.file,
    }  # fmt: skip
    if isinstance(row, Measure):
        plain |= {
            "part": row.part or None, "direction": row.direction, "effect": row.effect, "bound": row.bound, "hs_basis": row.hs_basis or None,
            "versions": [
                {"first_day": v.first_day.isoformat(), "last_day": v.last_day.isoformat() if v.last_day else None,
                 "ended_by": v.ended_by or None, "when": v.text, "checked": v.checked.isoformat()}
                for v in row.versions
            ],
            "exemptions": [_route_plain(e) for e in row.exemptions],
        }  # fmt: skip
    elif isinstance(row, GeneralExemption):
        plain |= {"lifts": list(row.lifts), "routes": [_route_plain(e) for e in row.routes]}
    else:
        plain |= {"reason": row.reason, "carried_by": list(row.carried_by), "first_day": row.first_day.isoformat()}
    plain["amends"] = [
        {"provision": e.provision, "how": e.how, "on": e.on.isoformat(), "says": e.says} for e in row.amends
    ]
    return plain


def _route_plain(route: Exemption) -> Plain:
    return {
        "provision": route.id, "paragraph": route.paragraph, "title": route.title, "says": route.says, "grants": route.grants,
        "when": route.text, "cap": route.cap or None, "advance_notice_by": route.advance_notice_by or None,
        "first_day": route.first_day.isoformat(), "last_day": route.last_day.isoformat() if route.last_day else None,
        "conditions": [{"duty": c.duty, "by_whom": c.by_whom, "to_whom": c.to_whom, "deadline": c.deadline} for c in route.conditions],
        "confidence": route.grounds.confidence,
    }  # fmt: skip


def difference_plain(regime: Regime, found: Difference) -> Plain:
    """Return a difference as JSON holds it."""
    return {
        "regime": regime.id, "before": found.before.isoformat(), "after": found.after.isoformat(),
        "began": [m.id for m in found.began], "ended": [m.id for m in found.ended],
        "exemptions": [{"provision": c.route.id, "of": c.measure.id, "opened": c.opened, "on": c.on.isoformat()} for c in found.routes],
        "general_exemptions": [{"provision": g.id, "began": began} for g, began in found.general],
        "other_provisions": [p.id for p in found.provisions],
        "amendments": [{"by": e.by, "provision": e.provision, "how": e.how, "on": e.on.isoformat(), "says": e.says} for e in found.edges],
        "listed": [{"ref": p.ref, "name": p.names[0], "on": p.listed_on.isoformat(), "act": p.provision} for p in found.listed],
        "delisted": [{"ref": p.ref, "name": p.names[0]} for p in found.delisted],
        "vessels": [{"imo": v.imo, "name": v.names[0], "on": v.designated_on.isoformat()} for v in found.vessels],
    }  # fmt: skip


def brief_plain(brief: Brief) -> Plain:
    """Return a brief as JSON holds it."""
    regime = brief.regime
    return {
        "id": regime.id, "name": regime.name, "authority": regime.authority, "target": regime.target or None,
        "committee": regime.committee or None, "list_types": list(regime.list_types), "bound": regime.bound,
        "on": brief.on.isoformat(), "checked": regime.checked.isoformat(), "version": regime.digest,
        "in_force": [
            {"provision": law.measure.id, "title": law.measure.title, "kind": law.measure.kind,
             "first_day": law.version.first_day.isoformat(), "if_renewed": law.version.if_renewed,
             "ways_out": list(dict.fromkeys(route.id for route in law.routes)), "confidence": law.version.grounds.confidence}
            for law in brief.held
        ],
        "ended": [
            {"provision": m.id, "title": m.title, "last_day": str(m.versions[-1].last_day or "")} for m in brief.ended
        ],
        "doubts": [
            {"doubt": doubt.id, "question": doubt.question,
             "readings": [{"says": r.says, "primary": r.primary, "held_by": list(r.held_by)} for r in doubt.readings]}
            for doubt in regime.doubts
        ],
        "timeline": [
            {"on": point.day.isoformat(), "kind": point.kind, "says": point.says} for point in brief.points
        ],
        "confidence": dict(Counter(row.confidence for row in brief.rows)),
        "sources": list(regime.sources),
    }  # fmt: skip


def state_plain(row: UnderMeasures) -> Plain:
    """Return one row of the table of States as JSON holds it."""
    return {
        "target": row.target or None,
        "name": country_name(row.target) if row.target else row.regime.name,
        "regime": row.regime.id,
        "measures": {name: list(ids) for name, ids in row.groups.items()},
        "doubt": row.doubt or None,
    }


def shown_plain(regime: Regime, asked: str, rows: Iterable[Measure | GeneralExemption | Provision]) -> Plain:
    """Return what an id names as JSON holds it: one provision, or the parts of a paragraph that has several."""
    parts = [provision_plain(regime, row) for row in rows]
    return parts[0] if len(parts) == 1 else {"provision": asked, "parts": parts}


def timeline_plain(rows: Iterable[tuple[Regime, Iterable[TurningPoint]]]) -> list[Plain]:
    """Return the days on which regimes turned as JSON holds them."""
    return [
        {"regime": one.id, "on": p.day.isoformat(), "kind": p.kind, "says": p.says, "provision": p.provision or None}
        for one, points in rows
        for p in points
    ]
