"""`openembargo impact gravity|synthetic|step`: the models of the effect on any table, to check what handbooks print."""

from pathlib import Path
from typing import Annotated

import typer

from openembargo.terms.errors import InputError, Mistake

from .consoles import stdout_console
from .failing import clear_failures
from .render import print_json

Table = Annotated[Path, typer.Argument(metavar="TABLE", help="CSV (also .gz) or Stata.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group `impact`."""
    app.command("gravity")(gravity)
    app.command("synthetic")(synthetic)
    app.command("step")(step)


def gravity(  # noqa: PLR0913 - each is an option of the command
    table: Table,
    outcome: Annotated[str, typer.Option("--outcome", metavar="COLUMN", help="What is explained.")],
    on: Annotated[
        list[str], typer.Option("--on", metavar="COLUMN", help="What explains it; log(COLUMN) for a logarithm.")
    ],
    cluster: Annotated[str, typer.Option("--cluster", metavar="A+B", help="By what errors are clustered.")],
    effects: Annotated[list[str] | None, typer.Option("--effect", metavar="A+B", help="Fixed effects, each.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="COLUMN=VALUE", help="Only these rows.")] = None,
    least_squares: Annotated[bool, typer.Option("--ols", help="Least squares in place of PPML.")] = False,
) -> None:
    """Fit PPML with fixed effects; prints JSON with the correction of the errors."""
    from openembargo.jobs.fit_model import Gravity, fit_gravity

    with clear_failures():
        asked = Gravity(outcome, on, effects or [], cluster, dict(_pair(one) for one in only or []), least_squares)
        found = fit_gravity(table, asked)
    print_json(stdout_console(), found)


def synthetic(  # noqa: PLR0913 - each is an option of the command
    table: Table,
    unit: Annotated[str, typer.Option("--unit", metavar="COLUMN", help="Units.")],
    time: Annotated[str, typer.Option("--time", metavar="COLUMN", help="Times, numbers.")],
    outcome: Annotated[str, typer.Option("--outcome", metavar="COLUMN", help="What is compared.")],
    treated: Annotated[str, typer.Option("--treated", metavar="UNIT", help="The treated unit.")],
    since: Annotated[float, typer.Option("--since", metavar="TIME", help="First treated time.")],
    fit: Annotated[str, typer.Option("--fit", metavar="A:B", help="Times that are fitted; default: all before.")] = "",
    predictors: Annotated[
        list[str] | None, typer.Option("--predictor", metavar="COLUMN:A:B", help="A column averaged from time A to B.")
    ] = None,
    left_out: Annotated[list[str] | None, typer.Option("--without", metavar="UNIT", help="A unit left out.")] = None,
    placebo: Annotated[bool, typer.Option("--placebo/--no-placebo", help="Each other unit as if treated.")] = True,
) -> None:
    """Fit a synthetic control; prints JSON with weights, gaps and the place among placebos."""
    from openembargo.jobs.fit_model import Mixture, fit_mixture

    with clear_failures():
        over = [_span(one, "--predictor") for one in predictors or []]
        fitted = _span(f"fit:{fit}", "--fit")[1:] if fit else None
        asked = Mixture(unit, time, outcome, treated, since, fitted, over, left_out or [], placebo)
        found = fit_mixture(table, asked)
    print_json(stdout_console(), found)


def step(
    table: Table,
    count: Annotated[str, typer.Option("--count", metavar="COLUMN", help="Counts or values, in the order of time.")],
    exposed: Annotated[str, typer.Option("--exposed", metavar="COLUMN", help="What they are rates of.")],
    after: Annotated[str, typer.Option("--after", metavar="COLUMN", help="0 before, 1 after.")],
    month: Annotated[str, typer.Option("--month", metavar="COLUMN", help="Months, 1 to 12, for harmonics.")] = "",
    harmonics: Annotated[int, typer.Option("--harmonics", min=0, max=6, help="Pairs of sine and cosine.")] = 0,
) -> None:
    """Fit a step in a rate (quasi-Poisson); prints JSON with ratio, interval and dispersion."""
    from openembargo.jobs.fit_model import fit_step

    with clear_failures():
        found = fit_step(table, (count, exposed, after), month, harmonics)
    print_json(stdout_console(), found)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InputError([Mistake("--only", f"found {text!r}", "COLUMN=VALUE")])
    return name, value


def _span(text: str, where: str) -> tuple[str, float, float]:
    parts = text.rsplit(":", 2)
    try:
        name, first, last = parts
        return name, float(first), float(last)
    except ValueError:
        raise InputError([Mistake(where, f"found {text!r}", "two times, such as 1960:1969")]) from None
