"""The lines of a text file, read one by one and never more than a line at once."""

from collections.abc import Iterator
from itertools import count

from nndsl.data.errors import DataError, reason

LINE_BYTES = 1 << 24
"""The longest line that is read: 16 MiB."""
_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: str) -> Iterator[str]:
    """The lines of a file in UTF-8, with or without a byte order mark.

    Raises DataError for a file that cannot be read, that is no text, or that has a line
    above 16 MiB.
    """
    try:
        with open(path, "rb") as file:
            for number in count(1):
                line = file.readline(LINE_BYTES + 1)
                if not line:
                    return
                if number == 1:
                    _check_encoding(path, line)
                    line = line.removeprefix(_MARK)
                yield _text(f"{path}, line {number}", line)
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a table") from None
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None


def _check_encoding(path: str, line: bytes) -> None:
    if line.startswith(_UTF_16):
        raise DataError(f"{path}: is UTF-16; expected text in UTF-8, save it so")
    if line.startswith(b"PK\x03\x04"):
        raise DataError(f"{path}: is a zip file, not a table; expected CSV")


def _text(where: str, line: bytes) -> str:
    if len(line) > LINE_BYTES:
        raise DataError(f"{where}: longer than {LINE_BYTES:,} bytes; this is no table")
    if 0 in line:
        raise DataError(f"{where}: holds a zero byte; expected text in UTF-8")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        wrong = f"byte 0x{line[error.start]:02x} is not UTF-8"
        raise DataError(f"{where}: {wrong}; save the file as UTF-8") from None
