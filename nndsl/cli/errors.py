"""What a command says when it cannot go on."""

from nndsl.diagnostics.excerpt import visible

FINE, FINDINGS, USAGE, BUG, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 70, 130, 141


class CommandError(Exception):
    """One message; `exit_code` is what the process answers.

    What a terminal might obey, as in the name of a file, is written as an escape.
    """

    def __init__(self, message: str, exit_code: int = FINDINGS) -> None:
        super().__init__(visible(message))
        self.exit_code = exit_code


def reason(error: OSError) -> str:
    """The operating system's words, without number and path: `permission denied`."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]
