"""How everything stands, as JSON holds it."""

from dataclasses import asdict

from openembargo.jobs.tell_health import Health

Plain = dict[str, object]


def health_plain(found: Health) -> Plain:
    """Return how everything stands as JSON holds it."""
    trial = found.trial
    return {
        "at": found.at,
        "state": found.state.value,
        "lines": [line.plain() for line in found.lines],
        "backtest": {
            "threshold": trial.current, "judged": trial.judged, "left_out": trial.left_out,
            "thresholds": [asdict(row) for row in trial.rows],
        },
    }  # fmt: skip
