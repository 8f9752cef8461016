"""Parts of a zip package, checked before and while they are unpacked: a bomb is refused, not unpacked.

Source: PKWARE APPNOTE 6.3, sections 4.3.7 (local header) and 4.4.5 (methods).
"""

import zlib
from collections.abc import Iterator
from struct import unpack
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from openembargo.terms.errors import Mistake, SourceError

MOST_UNPACKED = 1 << 30
MOST_RATIO = 200
SMALL = 8 << 20
"""Unpacked bytes up to which the ratio does not matter."""
MOST_PARTS = 10_000
LOCAL_HEADER, NAME_AT, EXTRA_AT = 30, 26, 28
PIECE = 1 << 18
ENCRYPTED = 1


def checked_zip(file: BinaryIO, source: str) -> ZipFile:
    """Return a zip package whose directory promises no more than a paper may hold.

    Raises:
        SourceError: When it is damaged, locked, or a bomb by the sizes of its directory.
    """
    try:
        package = ZipFile(file)
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise SourceError([Mistake(source, f"is a damaged zip package: {error}", "a whole file")]) from None
    parts = package.infolist()
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    file.seek(0, 2)
    size = file.tell()
    wrong = ""
    if len(parts) > MOST_PARTS:
        wrong = f"has {len(parts):,} parts; at most {MOST_PARTS:,}"
    elif any(p.flag_bits & ENCRYPTED for p in parts):
        wrong = "is locked by a password"
    elif any(p.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for p in parts):
        wrong = "is packed in an unusual way"
    elif any(not 0 <= p.header_offset < size for p in parts):
        wrong = "has a directory that points outside it"
    elif packed > size:
        wrong = "has parts that lie over each other"
    elif unpacked > MOST_UNPACKED:
        wrong = f"would unpack to {unpacked:,} bytes; at most {MOST_UNPACKED:,}"
    elif unpacked > SMALL and unpacked > MOST_RATIO * max(size, 1):
        wrong = f"would unpack to {unpacked // max(size, 1)} times its size; at most {MOST_RATIO} times"
    if wrong:
        raise SourceError([Mistake(source, wrong, "a workbook as spreadsheets write it")])
    return package


def pieces_of(file: BinaryIO, part: ZipInfo, source: str) -> Iterator[bytes]:
    """Yield a part's bytes piece by piece, and refuse it as soon as it holds more than its directory says, or other bytes.

    Raises:
        SourceError: When the part is damaged or larger than promised.
    """
    file.seek(part.header_offset)
    header = file.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER:
        raise SourceError([Mistake(f"{source}: {part.filename}", "is cut off", "a whole file")])
    file.seek(part.header_offset + LOCAL_HEADER + sum(unpack("<HH", header[NAME_AT : EXTRA_AT + 2])))
    left, seen, check = part.compress_size, 0, 0
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == ZIP_DEFLATED else None
    while left > 0:
        packed = file.read(min(PIECE, left))
        if not packed:
            raise SourceError([Mistake(f"{source}: {part.filename}", "is cut off", "a whole file")])
        left -= len(packed)
        for piece in _inflated(inflate, packed, f"{source}: {part.filename}") if inflate else (packed,):
            seen += len(piece)
            check = zlib.crc32(piece, check)
            if seen > part.file_size:
                raise SourceError(
                    [Mistake(f"{source}: {part.filename}", "holds more than its directory says", "a whole file")]
                )
            yield piece
    if seen != part.file_size or check != part.CRC:
        raise SourceError([Mistake(f"{source}: {part.filename}", "is damaged: its checksum differs", "a whole file")])


def _inflated(inflate: "zlib._Decompress", packed: bytes, at: str) -> Iterator[bytes]:
    rest = packed
    while rest:
        try:
            yield inflate.decompress(rest, PIECE)
        except zlib.error as error:
            raise SourceError([Mistake(at, f"is damaged: {error}", "a whole file")]) from None
        rest = inflate.unconsumed_tail
