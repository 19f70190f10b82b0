"""The signal that a word or formula cannot be read."""

from nndsl.diagnostics.record import Diagnostic


class Misread(Exception):
    """One mistake of form, raised where it is noticed and gathered by `parse`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.label)
        self.diagnostic = diagnostic
