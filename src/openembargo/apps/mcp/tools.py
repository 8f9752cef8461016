"""What agents may ask: decisions, questions, screening and the law, with the answers of the interface for programs.

Source: the Model Context Protocol.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from openembargo import __version__
from openembargo.apps.api.screening import MOST_NAMES, Party
from openembargo.apps.api.shapes import Name, Object
from openembargo.apps.doors import law_answers
from openembargo.apps.doors.answers import ScreeningAsked, decided, questions, screened
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.hit_plain import Asked
from openembargo.jobs.decide_deal import Request
from openembargo.storage.store import StoreGone
from openembargo.terms.errors import OpenembargoError

Plain = dict[str, Any]
SAYS = (
    "UN sanctions as software: may this deal go ahead, on this day, and under which paragraph? An answer between two outcomes names the "
    "facts that decide: find them out, never guess them. 'permitted' never means clear: it names the regimes, days and lists that were "
    "examined. Decisions are kept on a record under the name that the server was started with."
)
Deal = Annotated[
    Object,
    Field(description="The deal, with the keys of a deal file: on, conduct, goods, party, vessel, route, facts ..."),
]
On = Annotated[date | None, Field(description="Day to judge instead of the deal's own.")]
KnownOn = Annotated[date | None, Field(description="Day by which law and lists had to be on record.")]
Day = Annotated[date, Field(description="The day.")]
Regime = Annotated[Name, Field(description="Only this regime, by its id; empty for all.")]


def offered(desks: Desks, actor: str) -> MCPServer[Any]:
    """Return the server of what agents may ask.

    Args:
        desks: What answers.
        actor: Under which name decisions are kept.
    """
    server: MCPServer[Any] = MCPServer("openembargo", version=__version__, instructions=SAYS, log_level="WARNING")
    _decisions(server, desks, actor)
    _names(server, desks)
    _law(server, desks)
    return server


def _told(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work returns
    """Return what some work gives, or tell in plain words why it cannot."""
    try:
        return work()
    except OpenembargoError as error:
        raise ToolError("\n".join(str(m).removeprefix(": ") for m in error.mistakes)) from None
    except StoreGone:
        raise ToolError("the store does not answer; nothing was decided. Ask again later.") from None


def _decisions(server: MCPServer[Any], desks: Desks, actor: str) -> None:
    @server.tool()
    def decide(deal: Deal, on: On = None, known_on: KnownOn = None) -> Plain:
        """Decide a deal and keep the decision on the record: outcome, paragraphs, exemptions tried, conditions, what is missing."""
        return dict(_told(lambda: decided(desks, deal, Request(on=on, known_on=known_on), actor)))

    @server.tool()
    def open_questions(deal: Deal, on: On = None, known_on: KnownOn = None) -> Plain:
        """Tell what a deal is still asked, without keeping a decision."""
        return dict(_told(lambda: questions(desks, deal, Request(on=on, known_on=known_on))))


def _names(server: MCPServer[Any], desks: Desks) -> None:
    @server.tool()
    def screen(
        parties: Annotated[list[Party], Field(min_length=1, max_length=MOST_NAMES, description="Whom to look for.")],
        on: Annotated[date | None, Field(description="Day on which they must have been listed; else today.")] = None,
        known_on: KnownOn = None,
        lists: Annotated[list[Name] | None, Field(description="Lists to search; none means all.")] = None,
        top: Annotated[int, Field(ge=1, le=100)] = 5,
    ) -> Plain:
        """Look for names, vessels and banks in the annexes and the loaded lists; each hit says why."""
        asked = tuple(Asked(p.name, p.dob, p.country, p.kind, tuple(p.identifiers), p.id) for p in parties)
        return dict(_told(lambda: screened(desks, ScreeningAsked(asked, on, known_on, tuple(lists or ()), top))))


def _law(server: MCPServer[Any], desks: Desks) -> None:
    book = desks.record.book

    @server.tool()
    def law_regimes() -> list[Plain]:
        """List the regimes that are held, with version and the day on which they were last checked."""
        return law_answers.regimes(book)

    @server.tool()
    def law_regime(regime: Name, on: On = None) -> Plain:
        """Show a regime on one page: what held on a day, doubts, timeline, sources."""
        return dict(_told(lambda: law_answers.brief(book, regime, on)))

    @server.tool()
    def law_in_force(on: Day, known_on: KnownOn = None, regime: Regime = "") -> Plain:
        """List the measures that held on a day."""
        return dict(_told(lambda: law_answers.in_force(book, on, known_on, regime)))

    @server.tool()
    def law_provision(provision: Name) -> Plain:
        """Show a provision by its id: what it says, versions, ways out, source, and how sure it is."""
        return dict(_told(lambda: law_answers.provision(book, provision)))

    @server.tool()
    def law_diff(before: Day, after: Day, regime: Regime = "") -> list[Plain]:
        """Tell what differs in the law between two days, regime by regime."""
        return list(_told(lambda: law_answers.diff(book, before, after, regime)))
