"""The desk's files beside its store: settings, the archive of lists, the key that signs the log; taken into a backup and put back."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from openembargo.terms.errors import InputError, Mistake

from . import dispositions, list_archive, list_catalogue, list_updates, screening_settings, signing
from .settings import home

BEGINNING = "home/"
SETTINGS = (screening_settings.FILE, screening_settings.LOG, dispositions.FILE, list_catalogue.OWN, list_updates.FILE)


def found(*, lists: bool, key: bool) -> Iterator[tuple[str, Path]]:
    """Yield the files that go with a backup: settings always, the archive of lists and the signing key when asked for."""
    names = [Path(name) for name in SETTINGS]
    if key:
        names.append(Path(signing.FILE))
    if lists:
        kept = (path.relative_to(home()) for path in list_archive.folder().rglob("*") if path.is_file())
        names += [path for path in kept if not path.name.startswith(".")]
    for name in sorted(names):
        if (home() / name).is_file():
            yield f"{BEGINNING}{name.as_posix()}", home() / name


def to_write(pack: ZipFile, *, replace: bool) -> list[tuple[Path, bytes]]:
    """Return the files of a backup that are not here as they are there.

    Raises:
        InputError: A file is here with other content and may not be replaced, or a name leads out of the folder.
    """
    wanted, wrong = [], []
    for name in pack.namelist():
        if not name.startswith(BEGINNING):
            continue
        inner = PurePosixPath(name.removeprefix(BEGINNING))
        if not _is_ours(inner):
            wrong.append(Mistake(name, "is no file of a desk", "a backup as it was written"))
            continue
        path, content = home() / inner, pack.read(name)
        if path.exists() and path.read_bytes() == content:
            continue
        if path.exists() and not replace:
            wrong.append(Mistake(str(path), "is here with other content", "an empty OPENEMBARGO_HOME, or --replace"))
        wanted.append((path, content))
    if wrong:
        raise InputError(wrong)
    return wanted


def write(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write files, each whole or not at all, readable by their owner alone.

    Raises:
        InputError: One cannot be written.
    """
    for path, content in files:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(content)
            fresh.replace(path)
        except OSError as error:
            raise InputError([Mistake(str(path), f"cannot be written: {error.strerror}", "space and rights")]) from None
        finally:
            fresh.unlink(missing_ok=True)


def _is_ours(inner: PurePosixPath) -> bool:
    plain = not inner.is_absolute() and ".." not in inner.parts and "\\" not in str(inner)
    return plain and (str(inner) in (*SETTINGS, signing.FILE) or inner.parts[0] == list_archive.FOLDER)
