"""Names that become Python names: what they may be."""

from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import UNFIT_NAME
from nndsl.formulas.build.convert import CONSTANTS
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.metric_table import METRICS
from nndsl.language.module_names import (
    NEEDED,
    class_name,
    no_name,
    of_the_mathematics,
    of_the_module,
)
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.layers.registry import LAYERS
from nndsl.syntax.tree import Name

KINDS = ("activation", "loss", "schedule", "optimizer")
"""What formulas are of."""
_LANGUAGE = frozenset((*DEFINITIONS, *STATEMENTS, *LAYERS, *SETTINGS))
_LIBRARY = frozenset((*INITIALIZERS, *METRICS))


def unusable(name: str) -> str | None:
    """Why a name cannot become a name of the module; None where it can."""
    if of_the_module(name) or name in _LIBRARY or name.endswith("_slope"):
        return NEEDED
    return no_name(name)


def _is_mathematics(name: str) -> bool:
    """Whether a module may have an array or a built-in activation of this name."""
    built_in = (name in library_names(kind) for kind in KINDS)
    return of_the_mathematics(name) or any(built_in)


def unusable_for_network(name: str) -> str | None:
    """Why a name cannot become a network's class; None where it can."""
    return unusable(name) or (NEEDED if _is_mathematics(name) else None)


def check_name(findings: Findings, name: Name, what: str) -> bool:
    """Whether the name of a network or layer can be used; a finding where not."""
    judge = unusable_for_network if what == "network" else unusable
    reason = judge(name.text)
    return _is_fit(findings, name, what, reason)


def check_formula_name(
    findings: Findings, name: Name, kind: str, library: frozenset[str]
) -> bool:
    """Whether a formula may have this name; `library` are the built-in formulas."""
    reason = unusable(name.text)
    if name.text in _LANGUAGE:
        reason = "is a word of the language"
    elif name.text in CONSTANTS:
        reason = "is a number of the language"
    elif name.text in library or name.text in _LIBRARY:
        reason = "is built in"
    elif of_the_mathematics(name.text):
        reason = reason or NEEDED
    elif kind == "optimizer":
        made = class_name(name.text)
        if of_the_module(made) or no_name(made):
            reason = (
                reason or f"needs the class {made}, which {no_name(made) or NEEDED}"
            )
    return _is_fit(findings, name, kind, reason)


def _is_fit(findings: Findings, name: Name, what: str, reason: str | None) -> bool:
    if reason is not None:
        label = f"`{name.text[:70]}` {reason}"
        hint = f"choose another name for the {what}"
        findings.add(UNFIT_NAME, name.span, label, hint)
    return reason is None
