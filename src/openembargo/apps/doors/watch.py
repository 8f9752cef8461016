"""What is counted and logged of every request, and what Prometheus is told.

Source: the text format of Prometheus.
"""

import logging
import time
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openembargo import __version__
from openembargo.jobs.watch_desk import Standing, Waiting, standing

from . import logs
from .desks import Desks

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
UNKNOWN = "(no such address)"
BROKEN = 500


class Meters:
    """Counts the requests of one application."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "openembargo_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "openembargo_request_seconds", "Seconds from request to answer.", ("method", "route"),
            registry=self.registry, buckets=BUCKETS,
        )  # fmt: skip

    def told(self, desks: Desks) -> bytes:
        """Return what Prometheus is told: the requests, and how the desk stands."""
        every = CollectorRegistry()
        every.register(_Standing(desks))
        return generate_latest(self.registry) + generate_latest(every)


class _Standing(Collector):
    """Asks the desk how it stands, when it is asked itself."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    def collect(self) -> Iterator[Metric]:
        """Yield what there is to tell."""
        tally = self._desks.cases.tally
        decisions = CounterMetricFamily("openembargo_decisions", "Decisions taken since the start.", labels=["outcome"])
        for outcome, count in sorted(tally.outcomes.items()):
            decisions.add_metric([outcome], count)
        yield decisions
        yield CounterMetricFamily(
            "openembargo_alerts", "Alerts that came with decisions since the start.", tally.alerts
        )
        version = GaugeMetricFamily("openembargo_build_info", "Version of the program.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        yield from _of(standing(self._desks.store, self._desks.record.book))


def _of(found: Standing) -> Iterator[Metric]:
    yield GaugeMetricFamily("openembargo_store_up", "Whether the store answers.", int(found.waiting is not None))
    yield GaugeMetricFamily("openembargo_law_age_days", "Days since the law was last checked.", found.law_age_days)
    yield from _of_lists(found)
    if found.waiting is not None:
        yield from _of_store(found.waiting)


def _of_lists(found: Standing) -> Iterator[Metric]:
    told: dict[str, tuple[str, dict[str, float]]] = {
        "age_days": ("Days since a list was published.", {}),
        "entries": ("Entries of a list.", {}),
        "update_age_days": ("Days since a list was loaded, or its publisher was asked and had nothing newer.", {}),
        "usual_entries": ("Median of the entries of a list's earlier snapshots.", {}),
    }
    for one in found.lists:
        for name, (_, values) in told.items():
            value = getattr(one, name)
            if value is not None:
                values[one.list_id] = value
    for name, (says, values) in told.items():
        yield _gauge(f"openembargo_list_{name}", says, "list", values)
    yield GaugeMetricFamily(
        "openembargo_lists_not_loaded", "Lists of the catalogue that are not loaded.", found.not_loaded
    )


def _of_store(found: Waiting) -> Iterator[Metric]:
    yield _gauge("openembargo_cases", "Cases by state.", "state", found.cases)
    yield _gauge("openembargo_overdue", "Open cases and duties past their day.", "kind", found.overdue)
    yield GaugeMetricFamily("openembargo_duties_open", "Duties that are owed.", found.duties)
    yield _gauge("openembargo_batches", "Batches in the background; failed: in a week.", "state", found.batches)
    yield GaugeMetricFamily(
        "openembargo_batch_oldest_wait_seconds", "Seconds that the oldest batch has waited.", found.oldest_wait_s
    )
    yield _gauge("openembargo_dispositions", "Alerts by what they were decided to be.", "verdict", found.dispositions)
    yield GaugeMetricFamily("openembargo_log_entries", "Entries of the log.", found.log_entries)


def _gauge(name: str, says: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


class Watch:
    """Gives each request an id, counts it, and logs it when it is answered."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        """Take the application behind it, and what counts."""
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        ident = logs.request_id(given)
        scope.setdefault("state", {})["request_id"] = ident
        one = _Watched(self.meters, scope, ident, send)
        try:
            await self.app(scope, receive, one.send)
        except BaseException as error:
            one.over(error)
            raise
        one.over(None)


class _Watched:
    def __init__(self, meters: Meters, scope: Scope, ident: str, send: Send) -> None:
        self._meters, self._scope, self._ident, self._send = meters, scope, ident, send
        self._status = BROKEN
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            others = [pair for pair in message.get("headers", ()) if pair[0].lower() != b"x-request-id"]
            message["headers"] = [*others, (b"x-request-id", self._ident.encode())]
        await self._send(message)

    def over(self, error: BaseException | None) -> None:
        took = time.perf_counter() - self._began
        route, method = pattern_of(self._scope), self._scope["method"]
        self._meters.requests.labels(method, route, str(self._status)).inc()
        self._meters.seconds.labels(method, route).observe(took)
        level = logging.ERROR if self._status >= BROKEN else logging.INFO
        fields: dict[str, object] = {
            "request": self._ident, "method": method, "route": route, "status": self._status,
            "milliseconds": round(took * 1000, 1),
        }  # fmt: skip
        if error is not None:
            fields |= logs.failure(error, error.__traceback__)
        logs.LOGGER.log(level, "request", extra={logs.FIELDS: fields})


def pattern_of(scope: Scope) -> str:
    """Return the pattern of the address that a request came to; what stands in its places may be somebody's name."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    found = getattr(context, "path", None) or getattr(scope.get("route"), "path", None)
    return str(found) if found else UNKNOWN
