"""The text of a file, in pieces of whole lines: never the whole file at once."""

import codecs
import gzip
import sys
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

from nndsl.data.errors import DataError, reason

LINE = 1 << 24
"""The longest line that is read, in characters."""
TEXT_BYTES = 1 << 32
"""What a compressed file may hold: 4 GiB."""
_PIECE = 1 << 20
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""The marks that begin a file, and the encodings that they mean."""
_OTHER = {
    b"PK\x03\x04": "is a zip file; unpack it, or name an Excel file .xlsx",
    b"PAR1": "is a Parquet file; its name has to end in .parquet",
    b"ARROW1": "is a Feather file; its name has to end in .feather",
    b"\x93NUMPY": "is a NumPy file; its name has to end in .npy",
    b"\xd0\xcf\x11\xe0": "is an old Excel file; save it as .xlsx or CSV",
    b"BZh": "is compressed with bzip2; gzip is read, or unpack it",
    b"\xfd7zXZ": "is compressed with xz; gzip is read, or unpack it",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd; gzip is read, or unpack it",
    b"%PDF": "is a PDF, not a table",
}


def read_text(path: str, encoding: str | None = None) -> Iterator[str]:
    """Pieces of about 1 MiB, each of whole lines; `-` is standard input.

    A byte order mark decides on the encoding; otherwise it is `encoding` or UTF-8.
    What gzip has compressed is read as what it holds.  Raises DataError for a file that
    cannot be read, that is no text, or that has a line above 16 million characters.
    """
    try:
        if path == "-":
            yield from _pieces(path, _unpacked(sys.stdin.buffer), encoding)
            return
        with open(path, "rb") as file:
            yield from _pieces(path, _unpacked(file), encoding)
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a table") from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise DataError(f"{path}: its compressed data is damaged") from None
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None


def _unpacked(file: Any) -> IO[bytes]:
    stream: Any = file
    if file.peek(2)[:2] == b"\x1f\x8b":
        stream = gzip.GzipFile(fileobj=file)
    return cast(IO[bytes], stream)


def _pieces(path: str, file: IO[bytes], encoding: str | None) -> Iterator[str]:
    data = file.read(_PIECE)
    for start, words in _OTHER.items():
        if data.startswith(start):
            raise DataError(f"{path}: {words}")
    mark = next(filter(data.startswith, _MARKS), b"")
    encoding = _MARKS.get(mark, encoding or "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)()
    data, size = data[len(mark) :], len(data)
    line, rest = 1, ""
    while True:
        text = rest + _decoded(f"{path}, line", line, decoder, data, encoding)
        end = len(text) if not data else text.rfind("\n") + 1
        piece, rest = text[:end], text[end:]
        if "\0" in piece:
            wrong = line + piece.count("\n", 0, piece.index("\0"))
            raise DataError(
                f"{path}, line {wrong}: holds a zero byte, which no text does; if the "
                "file is UTF-16, write --encoding utf-16"
            )
        if len(rest) > LINE:
            wrong = line + piece.count("\n")
            raise DataError(
                f"{path}, line {wrong}: longer than {LINE:,} characters; this is no "
                "table"
            )
        if piece:
            yield piece
        if not data:
            return
        line += piece.count("\n")
        data = file.read(_PIECE)
        size += len(data)
        if size > TEXT_BYTES and isinstance(file, gzip.GzipFile):
            raise DataError(
                f"{path}: holds more than {TEXT_BYTES >> 30} GiB; unpack it"
            )


def _decoded(
    where: str,
    line: int,
    decoder: codecs.IncrementalDecoder,
    data: bytes,
    encoding: str,
) -> str:
    try:
        return decoder.decode(data, final=not data)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        wrong = f"byte 0x{error.object[error.start]:02x} is not {encoding.upper()}"
        others = "latin-1 or cp1252" if encoding == "utf-8" else "utf-8"
        raise DataError(
            f"{where} {line + before.count(chr(10))}: {wrong}; say which encoding the "
            f"file has, as in --encoding {others}"
        ) from None
    except UnicodeError:
        raise DataError(f"{where} {line}: is not {encoding}") from None
