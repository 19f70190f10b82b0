"""Which numbers weights and biases start from."""

from nndsl.check.findings import Findings
from nndsl.check.read.named_use import known_use
from nndsl.check.read.options import fill
from nndsl.language.initializers import INITIALIZERS
from nndsl.layers.uses import Initializer
from nndsl.syntax.tree import Expression


def initializer(findings: Findings, value: Expression, what: str) -> Initializer | None:
    """An initializer with its arguments; `what` is `weights` or `biases`."""
    expected = f"`{what}` needs an initializer"
    hint = f"for example `{what}=normal(0.01)` or `{what}=zeros`"
    use = known_use(findings, "initializer", value, INITIALIZERS, expected, hint)
    if use is None:
        return None
    name, given = use
    options = INITIALIZERS[name].options
    values = fill(findings, f"of {name}", options, given, value.span)
    return Initializer(name, values.arguments(options))
