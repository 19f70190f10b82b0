"""What is wrong with a file that holds data."""


class DataError(ValueError):
    """What is wrong with a table or a model file, in one line."""


def reason(error: OSError) -> str:
    """The operating system's words, without number and path: `permission denied`."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def shown(cell: str) -> str:
    """A cell as a message quotes it, at most fifty characters long."""
    return repr(cell if len(cell) <= 50 else cell[:49] + "…")
