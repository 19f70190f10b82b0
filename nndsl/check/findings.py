"""Mistakes as they are found, and the answer to a name nobody knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nndsl.diagnostics.codes_checks import CHECKS, NOT_THERE, UNKNOWN_NAME
from nndsl.diagnostics.collecting import Collecting
from nndsl.diagnostics.record import Diagnostic, Related, Source
from nndsl.diagnostics.suggest import suggest
from nndsl.language.synonyms import ABSENT, SYNONYMS
from nndsl.syntax.tree import Name, Span

_DEFINABLE = "activation", "loss", "optimizer", "schedule"
PLURALS = {
    "activation": "activations",
    "definition": "definitions",
    "initializer": "initializers",
    "loss": "losses",
    "metric": "metrics",
    "optimizer": "optimizers",
    "option": "options",
    "schedule": "schedules",
    "setting": "settings",
    "statement": "statements",
    "word": "words",
}


@dataclass(slots=True)
class Findings(Collecting):
    """What is wrong with one spec; errors and warnings in the order they were found."""

    source: Source
    diagnostics: list[Diagnostic] = field(default_factory=list)
    misdefined: set[str] = field(default_factory=set)
    """Names whose definitions could not be read: their uses are no mistakes."""
    defined: dict[str, Span] = field(default_factory=dict)
    """The formulas that the spec defines."""
    unread: bool = False
    """Whether a line outside of networks could not be read: it may define anything."""

    def unknown(
        self, kind: str, word: Name, names: Iterable[str], where: str = ""
    ) -> None:
        """Enter an unknown name of a kind (`activation`, `option`, …).

        `where` says whose options were looked up, as in `of dense`.
        """
        if word.text in self.misdefined:
            return
        known = tuple(names)
        what = f"{kind} {where}".strip()
        lower = word.text.lower()
        synonym = SYNONYMS.get(kind, {}).get(lower)
        near = suggest(word.text, known)
        near_own = [name for name in near if name in self.defined]
        if self.unread and not near and not synonym and kind in _DEFINABLE:
            return
        label = f"no {what} is called `{word.text}`"
        if kind == "word" and where.startswith("for "):
            label = f"`{where.removeprefix('for ')}` cannot be `{word.text}`"
        if lower in ABSENT:
            self.add(NOT_THERE, word.span, f"nndsl has no `{word.text}`", ABSENT[lower])
        elif synonym in known and not near_own and lower not in map(str.lower, near):
            self.add(
                UNKNOWN_NAME,
                word.span,
                f"nndsl calls it `{synonym}`",
                f"write `{synonym}` instead of `{word.text}`",
                fix=synonym,
            )
        elif near:
            offered = " or ".join(f"`{name}`" for name in near[:3])
            self.add(
                UNKNOWN_NAME,
                word.span,
                label,
                f"did you mean {offered}?",
                related=tuple(
                    Related(self.defined[name], f"`{name}` is defined here")
                    for name in near_own[:1]
                ),
                fix=near[0],
                certain=len(near) == 1,
            )
        else:
            listed = ", ".join(known) if known else "none"
            self.add(
                UNKNOWN_NAME,
                word.span,
                label,
                f"{PLURALS[kind]} {where} are: {listed}".replace("  ", " "),
            )

    @property
    def errors(self) -> bool:
        return any(_is_error(each) for each in self.diagnostics)

    def in_order(self, severity: str) -> tuple[Diagnostic, ...]:
        """The errors or the warnings, in the order of the file."""
        chosen = [
            each
            for each in self.diagnostics
            if _is_error(each) == (severity == "error")
        ]
        return tuple(sorted(chosen, key=lambda each: each.span.start))


def _is_error(diagnostic: Diagnostic) -> bool:
    code = CHECKS.get(diagnostic.code)
    return code is None or code.severity == "error"
