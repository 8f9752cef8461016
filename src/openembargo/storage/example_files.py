"""The example deals that come with the program."""

from pathlib import Path

from openembargo.terms.deal import Deal

from .deal_files import read_deal_file

EXAMPLES = Path(__file__).parent.parent / "examples"


def read_example(name: str) -> Deal:
    """Read one example deal by the name of its file."""
    return read_deal_file(str(EXAMPLES / f"{name}.toml"))
