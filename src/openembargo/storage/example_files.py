"""The example deals and papers that come with the program."""

from pathlib import Path

from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake

from .deal_files import read_deal_file

EXAMPLES = Path(__file__).parent.parent / "examples"


def read_example(name: str) -> Deal:
    """Read one example deal by the name of its file."""
    return read_deal_file(str(EXAMPLES / f"{name}.toml"))


def example_names() -> tuple[str, ...]:
    """Return the names of the example deals."""
    return tuple(sorted(path.stem for path in EXAMPLES.glob("*.toml")))


def example_papers() -> tuple[str, ...]:
    """Return the names of the example papers."""
    return tuple(sorted(path.name for path in (EXAMPLES / "papers").iterdir() if path.is_file()))


def example_deal(name: str) -> Deal:
    """Return an example deal that somebody asks for by name.

    Raises:
        InputError: There is none of that name.
    """
    if name not in example_names():
        raise InputError([Mistake("example", f"no example {name!r}", f"one of {', '.join(example_names())}")])
    return read_example(name)


def example_paper(name: str) -> bytes:
    """Return an example paper that somebody asks for by name.

    Raises:
        InputError: There is none of that name.
    """
    if name not in example_papers():
        raise InputError([Mistake("example", f"no paper {name!r}", f"one of {', '.join(example_papers())}")])
    return (EXAMPLES / "papers" / name).read_bytes()
