"""Where the program keeps its state, and the day it is."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import platformdirs

HOME_VARIABLE = "OPENEMBARGO_HOME"


def home() -> Path:
    """Return the folder of the program's state: `OPENEMBARGO_HOME`, or the platform's data folder."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("openembargo"))


def file_stamp(name: str) -> tuple[str, int, int]:
    """Return what changes when a file of the program's state does: its name, time and size; zeros where it is not there."""
    try:
        stat = (home() / name).stat()
    except FileNotFoundError:
        return name, 0, 0
    return name, stat.st_mtime_ns, stat.st_size


def today() -> date:
    """Return the day by the clock of this machine, in UTC. The doors alone may ask for it."""
    return datetime.now(tz=UTC).date()  # noqa: TID251 - the one place that reads the clock


def now() -> str:
    """Return the time by the clock of this machine, in UTC, ISO 8601 to the microsecond."""
    return datetime.now(tz=UTC).isoformat(timespec="microseconds")  # noqa: TID251 - the one place that reads the clock


def moment() -> datetime:
    """Return the time by the clock of this machine, in UTC."""
    return datetime.now(tz=UTC)  # noqa: TID251 - the one place that reads the clock
