"""The exception that carries the diagnostics of a spec."""

from nndsl.diagnostics.layout import render_text
from nndsl.diagnostics.record import Diagnostic, Source


class SpecError(Exception):
    """A spec that cannot be compiled: all its diagnostics, in the order of the file."""

    def __init__(self, source: Source, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(source, diagnostics)
        self.source = source
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return render_text(self.source, self.diagnostics)
