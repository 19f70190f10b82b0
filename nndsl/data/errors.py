"""What is wrong with a file that holds data."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class DataError(ValueError):
    """What is wrong with a table or a model file; each argument is one line."""

    def __str__(self) -> str:
        return "\n".join(self.args)


class CellErrors(ValueError):
    """Cells that their column does not take: `rows` within those that were given."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(rows)
        self.rows = rows


def reason(error: OSError) -> str:
    """The operating system's words, without number and path: `permission denied`."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def counted(n: int, noun: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{n:,} {noun}" + "s" * (n != 1)


@contextmanager
def explained(hint: str) -> Iterator[None]:
    """Add `hint` to what is wrong with the columns of a table."""
    try:
        yield
    except DataError as error:
        if not hint:
            raise
        raise DataError(f"{error}; {hint}") from None


def shown(cell: str) -> str:
    """A cell as a message quotes it, at most fifty characters long."""
    return repr(cell if len(cell) <= 50 else cell[:49] + "…")
