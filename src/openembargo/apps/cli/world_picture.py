"""States by kind of measure on a day, as a picture of the world in SVG.

Outlines: the package countryinfo (extra `map`), which has Natural Earth's at 1:110 million; small States have none there.
Projection: equirectangular, between 58 degrees south and 84 degrees north.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from openembargo.jobs.law_books import OTHER, UnderMeasures
from openembargo.terms.countries import country_codes, country_name
from openembargo.terms.errors import InputError, Mistake

NORTH, SOUTH, WIDTH = 84.0, -58.0, 1000.0
SCALE = WIDTH / 360
MAP_HEIGHT = (NORTH - SOUTH) * SCALE
CLASSES = (
    ("wide", "goods, finance or other trade, beside arms and listed parties", ("goods", OTHER)),
    ("arms", "arms, beside listed parties", ("arms",)),
    ("listed", "listed parties only (freeze, travel, arms)", ("freeze", "travel", "arms_listed")),
)
STYLE = """
text{font:15px system-ui,sans-serif;fill:#1b1f24}.title{font-weight:700;font-size:20px}.soft{fill:#57606a;font-size:13px}
.sea{fill:#f6f8fa}.land{fill:#d9dee4;stroke:#fff;stroke-width:.5}.wide{fill:#a40e26}.arms{fill:#d4820f}.listed{fill:#2f6fb3}
.open{fill:url(#open)}.frame{stroke:#1b1f24;stroke-width:.5}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9da7b3}.sea{fill:#0d1117}.land{fill:#30363d;stroke:#0d1117}
.wide{fill:#f0566b}.arms{fill:#e3a13f}.listed{fill:#63a4e8}.frame{stroke:#e6edf3}}
"""


def draw(rows: Sequence[UnderMeasures], on: date) -> str:
    """Return the picture.

    Raises:
        InputError: When the outlines are not installed.
    """
    by_state: dict[str, list[UnderMeasures]] = {}
    for row in rows:
        if row.target:
            by_state.setdefault(row.target, []).append(row)
    outlines = dict(_outlines())
    land, marked = [], []
    for code, path in outlines.items():
        if code in by_state:
            marked.append(_state(code, path, by_state[code]))
        else:
            land.append(f'<path class="land" d="{path}"/>')
    absent = sorted(country_name(code) for code in by_state if code not in outlines)
    others = [row.regime.name for row in rows if not row.target]
    height = MAP_HEIGHT + 150 + 20 * (len(others) + len(absent))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-labelledby="title">'
        f'<title id="title">States under measures on {on}</title><style>{STYLE}</style>'
        '<defs><pattern id="open" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="2.4" height="6" fill="#fff" fill-opacity=".75"/></pattern></defs>'
        f'<rect class="sea" width="{WIDTH:.0f}" height="{height:.0f}"/>'
        f'<text class="title" x="20" y="30">Under measures on {on}</text>'
        f'<g transform="translate(0,40)">{"".join(land)}{"".join(marked)}</g>{_legend(others, absent)}</svg>\n'
    )


def _state(code: str, path: str, rows: Sequence[UnderMeasures]) -> str:
    groups = {group for row in rows for group in row.groups}
    name, wanted = next((name, set(wanted)) for name, _, wanted in CLASSES if groups & set(wanted))
    doubts = [row.doubt for row in rows if wanted & set(row.groups)]
    doubt = ", ".join(sorted(set(doubts))) if all(doubts) else ""
    says = "; ".join(
        f"{row.regime.id}: {', '.join(row.groups)}" + (f" ({row.doubt})" if row.doubt else "") for row in rows
    )
    tip = f"{country_name(code)}: {says}"
    over = f'<path class="open" d="{path}"/>' if doubt else ""
    return f'<g><title>{escape(tip)}</title><path class="{name} frame" d="{path}"/>{over}</g>'


def _legend(others: Sequence[str], absent: Sequence[str]) -> str:
    top = MAP_HEIGHT + 62
    rows = []
    for index, (name, says, _) in enumerate(CLASSES):
        y = top + 24 * index
        rows.append(
            f'<rect class="{name}" x="20" y="{y - 13:.0f}" width="22" height="16"/><text x="50" y="{y:.0f}">{says}</text>'
        )
    x = WIDTH / 2 + 60
    rows.append(
        f'<rect class="arms" x="{x:.0f}" y="{top - 13:.0f}" width="22" height="16"/><rect class="open" x="{x:.0f}" y="{top - 13:.0f}" width="22" '
        f'height="16"/><text x="{x + 30:.0f}" y="{top:.0f}">hatched: in force if renewed, or disputed</text>'
    )
    y = top + 24 * len(CLASSES)
    for says in [f"Listed parties anywhere: {name}" for name in others] + [f"Not drawn: {name}" for name in absent]:
        rows.append(f'<text class="soft" x="20" y="{y:.0f}">{escape(says)}</text>')
        y += 20
    return "".join(rows)


def _outlines() -> Iterator[tuple[str, str]]:
    """Yield each State's code and outline as an SVG path."""
    try:
        from countryinfo import CountryInfo
        from countryinfo.exceptions import CountryNotFoundError
    except ImportError:
        raise InputError(
            [
                Mistake(
                    "--svg",
                    "the outlines of States are not installed",
                    'install the extra: pip install "openembargo[map]"',
                )
            ]
        ) from None
    for code in sorted(country_codes()):
        try:
            features = CountryInfo(code).geo_json().get("features", [])
        except CountryNotFoundError:
            continue
        path = "".join(_path(feature.get("geometry") or {}) for feature in features)
        if path:
            yield code, path


def _path(geometry: dict[str, object]) -> str:
    rings = geometry.get("coordinates", [])
    polygons = rings if geometry.get("type") == "MultiPolygon" else [rings]
    parts = []
    for polygon in polygons if isinstance(polygons, list) else []:
        for ring in polygon:
            points = [f"{(lon + 180) * SCALE:.1f},{(NORTH - lat) * SCALE:.1f}" for lon, lat, *_ in ring if lat >= SOUTH]
            if len(points) > 2:  # noqa: PLR2004 - a ring has three points
                parts.append("M" + "L".join(points) + "Z")
    return "".join(parts)
