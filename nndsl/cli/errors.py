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
