"""Checks that need the whole regime: ids stand once, and every reference leads somewhere."""

from collections import Counter
from collections.abc import Iterator

from openembargo.terms.errors import Mistake

from .model import Regime
from .words import KINDS, nearest

LIFTS_SAID = "ids of measures in this folder, kind:asset_freeze and the like, or *"


def provision_ids(regime: Regime) -> Iterator[tuple[str, str]]:
    """Yield every id of the regime that can be cited, with the file that holds it."""
    for measure in regime.measures:
        yield measure.id, measure.file
        for exemption in measure.exemptions:
            yield exemption.id, measure.file
    for general in regime.general:
        yield general.id, general.file
    for provision in regime.provisions:
        yield provision.id, provision.file


def check_links(regime: Regime, folder: str) -> list[Mistake]:
    """Return the mistakes in the links between the parts of a regime."""
    files = dict(provision_ids(regime))
    parts = {measure.file: measure.part for measure in regime.measures}
    holders: dict[tuple[str, str], list[str]] = {}
    for name, file in provision_ids(regime):
        holders.setdefault((name, parts.get(file, "")), []).append(file)
    mistakes = [
        Mistake(
            found[-1],
            f"id {name!r} stands {len(found)} times, also in {', '.join(dict.fromkeys(found[:-1]))}",
            "each id stands once, or once for each `part`",
        )
        for (name, _), found in holders.items()
        if name and len(found) > 1
    ]
    wrong = Counter(row for row in _references(regime, folder) if row[2] not in files)
    mistakes += [
        Mistake(
            file,
            f"{what} {target!r} is no provision of this regime" + (f" ({count} rows)" if count > 1 else ""),
            nearest(target, files) if target else "the id of the provision",
        )
        for (file, what, target), count in wrong.items()
    ]
    for general in regime.general:
        for name in (*general.lifts, *general.spares):
            kind = name.removeprefix("kind:")
            if name != "*" and name not in files and not (name != kind and kind in KINDS):
                mistakes.append(
                    Mistake(general.file, f"lifts {name!r}, which is no measure of this regime and no kind", LIFTS_SAID)
                )
    return mistakes


def _references(regime: Regime, folder: str) -> Iterator[tuple[str, str, str]]:
    yield from _within_measures(regime)
    for owner in regime.owners():
        for edge in owner.amends:
            yield owner.file, "amends", edge.provision
    for provision in regime.provisions:
        for carrier in provision.carried_by:
            yield provision.file, "carried_by", carrier
    for party in regime.parties:
        yield f"{folder}/annexes/parties.csv", f"{party.ref}: act", party.provision
    for vessel in regime.vessels:
        yield f"{folder}/annexes/vessels.csv", f"{vessel.names[0]}: provision", vessel.provision
    for cap in regime.caps:
        yield f"{folder}/caps", f"cap {cap.id} is set by", cap.provision


def _within_measures(regime: Regime) -> Iterator[tuple[str, str, str]]:
    for measure in regime.measures:
        for version in measure.versions:
            if version.ended_by:
                yield measure.file, "ended_by", version.ended_by
        for consequence in measure.consequences:
            if consequence.by:
                yield measure.file, "consequence by", consequence.by
