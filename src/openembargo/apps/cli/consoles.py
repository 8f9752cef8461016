"""The consoles that commands print to."""

import sys

from rich.console import Console

WIDTH_WHEN_PIPED = 110


def stdout_console() -> Console:
    """Return the console on standard output; piped text is wrapped at a fixed width."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WHEN_PIPED)


def stderr_console() -> Console:
    """Return the console on standard error, which never cuts a line."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
