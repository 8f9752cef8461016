"""Structured logs: one JSON object a line on standard error; never a body, a query or a name.

An address is told by its pattern (`/api/v1/cases/{case_id}`), for what stands in its place may be somebody's name.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from uuid import uuid4

from openembargo.storage.settings import now

LOGGER = logging.getLogger("openembargo.http")
REQUEST_ID = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")
FIELDS = "fields"


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, object] = {"at": now(), "level": record.levelname.lower(), "logger": record.name}
        fields = getattr(record, FIELDS, None)
        if isinstance(fields, Mapping):
            told |= {"says": record.msg, **fields}
        elif record.exc_info:
            told["says"] = "failure"
        else:
            told["says"] = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            told |= failure(record.exc_info[1], record.exc_info[2])
        return json.dumps(told, ensure_ascii=False)


def failure(error: BaseException, trace: TracebackType | None) -> dict[str, object]:
    """Return kind and place of a failure, without its message, which may hold what somebody sent."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"failure": type(error).__name__, "trace": places}


def begin() -> None:
    """Write logs to standard error from now on, those of the server too."""
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter(JsonLines())
    for name, level in (("openembargo", logging.INFO), ("uvicorn", logging.INFO), ("uvicorn.access", logging.CRITICAL)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [written], False
        logger.setLevel(level)
    logging.getLogger("uvicorn.error").handlers = []


def request_id(given: str) -> str:
    """Return the id of a request: the one that came with it when it is plain, else a new one."""
    return given if REQUEST_ID.match(given) else uuid4().hex
