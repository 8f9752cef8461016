"""Patterns: measures that many regimes word alike, written once and filled in by each regime."""

from collections.abc import Mapping
from copy import deepcopy

from openembargo.terms.errors import Mistake

from .table_reader import File

LISTS = ("exemption", "condition", "consequence", "amends")
"""Tables that a pattern adds to those of the file that uses it."""


def fill(file: File, patterns: Mapping[str, Mapping[str, object]], head: Mapping[str, str]) -> None:
    """Fill a file that names a `pattern` from it; what the file says itself stands.

    Args:
        file: The file; its `pattern` and `with` keys are taken out.
        patterns: The patterns by name, parsed.
        head: Words that every pattern may use: `target`, `committee`, `regime`.
    """
    name = file.parsed.pop("pattern", None)
    given = file.parsed.pop("with", {})
    if name is None:
        if given:
            file.wrong("with", "[with] without a pattern", "name the pattern that takes these words")
        return
    if not isinstance(name, str) or name not in patterns:
        file.wrong("pattern", f"unknown pattern {name!r}", f"one of: {', '.join(sorted(patterns))}")
        file.broken = True
        return
    pattern = dict(patterns[name])
    takes = pattern.pop("takes", [])
    pattern.pop("meaning", None)
    wanted = {str(word) for word in takes} if isinstance(takes, list) else set()
    found = {str(key): str(value) for key, value in given.items()} if isinstance(given, Mapping) else {}
    for word in sorted(set(found) - wanted):
        file.wrong(
            f"with.{word}", f"pattern {name!r} takes no {word!r}", f"it takes: {', '.join(sorted(wanted)) or 'nothing'}"
        )
    words = {key: value for key, value in (*head.items(), *found.items()) if value} | {
        key: str(file.parsed[key]) for key in ("id", "act") if key in file.parsed
    }
    lacking = sorted(wanted - set(words))
    if lacking:
        file.wrong("with", f"pattern {name!r} wants {', '.join(lacking)}", "write them under [with]")
        file.broken = True
        return
    _merge(file.parsed, {key: _worded(value, words) for key, value in pattern.items()})


def _merge(own: dict[str, object], pattern: Mapping[str, object]) -> None:
    for key, value in pattern.items():
        if key == "version" and isinstance(value, list):
            rows = own.get("version", [])
            for row in rows if isinstance(rows, list) else []:
                for name, cell in value[0].items():
                    row.setdefault(name, cell)
        elif key in LISTS and isinstance(value, list):
            before = own.get(key, [])
            own[key] = [*(before if isinstance(before, list) else []), *value]
        else:
            own.setdefault(key, value)


def _worded(value: object, words: Mapping[str, str]) -> object:
    """Return a value of a pattern with its words filled in."""
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace("{" + word + "}", text)
        return value
    if isinstance(value, list):
        return [_worded(item, words) for item in value]
    if isinstance(value, Mapping):
        return {key: _worded(item, words) for key, item in value.items()}
    return deepcopy(value)


def read_patterns(texts: Mapping[str, str], mistakes: list[Mistake]) -> dict[str, dict[str, object]]:
    """Parse the pattern files; the name of a pattern is that of its file."""
    return {
        name.rpartition("/")[2].removesuffix(".toml"): File(f"shared/{name}", text, mistakes).parsed
        for name, text in sorted(texts.items())
        if name.startswith("patterns/") and name.endswith(".toml")
    }
