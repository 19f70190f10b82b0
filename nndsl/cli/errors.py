"""What a command says when it cannot go on."""

from nndsl.diagnostics.excerpt import visible

FINE, FINDINGS, USAGE, BUG, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 70, 130, 141


class CommandError(Exception):
    """One message; `exit_code` is the exit status of the process.

    Characters that a terminal might interpret, as in a file's name, are escaped.
    """

    def __init__(self, message: str, exit_code: int = FINDINGS) -> None:
        super().__init__(visible(message))
        self.exit_code = exit_code


def reason(error: OSError) -> str:
    """The operating system's words, without number and path: `permission denied`."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]
