"""The loss of a batch as one number, and the penalty that may be added to it."""

from nndsl.formulas.expression import Expression, Operation
from nndsl.formulas.traverse import variables
from nndsl.program.program import Program
from nndsl.render.expressions.forms import CALL, FORMS
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs
from nndsl.render.library import NUMPY, Library
from nndsl.render.lines import WIDTH, call
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.statement_lines import NUMBERS, Writer, array_names
from nndsl.render.prose import docstring, first_sentence, lowered
from nndsl.render.shapes import shape

_SHORT_NAMES = {
    "categorical_crossentropy": "cross_entropy",
    "binary_crossentropy": "cross_entropy",
}
_TARGETS = {
    "one_hot": "t is one-hot,",
    "binary": "t is 0 or 1,",
    "sign": "t is -1 or 1,",
}


def loss_name(program: Program) -> str:
    """What the function is called: as its formula is."""
    return _SHORT_NAMES.get(program.loss.name, program.loss.name)


def loss_call(program: Program, weights: str = "") -> str:
    """The loss of the output and of `t`, penalties included.

    `weights`: an expression for the weights of the classes, where the spec has any.
    """
    given = [program.output, "t"]
    given += ["sample_weight"] * bool(program.loss.sample_weight)
    given += [weights] * bool(program.loss.weights)
    called = f"{loss_name(program)}({', '.join(given)})"
    return f"{called} + penalty(p)" if program.penalties else called


def loss_function(
    program: Program, library: Library = NUMPY
) -> tuple[list[str], set[str]]:
    """The function of the loss, and the functions it calls.

    NumPy's gives a float, that of another library an array of one number.
    """
    loss, a = program.loss, program.loss.prediction
    scalars = frozenset(variables(loss.each) - program.arrays.keys())
    array = library.array
    number = "float" if library == NUMPY else array
    arguments = [f"{a}: {array}", f"t: {array}"]
    arguments += [f"sample_weight: {array}"] * bool(loss.sample_weight)
    arguments += [f"weights: {array} | None = None"] * bool(loss.weights)
    sizes = shape(program.arrays[a].shape)
    text = first_sentence(loss.documentation).rstrip(".") or f"the {loss.name} loss"
    mean = "Mean" if loss.sample_weight is None else "Weighted mean"
    what = _TARGETS.get(program.data.encoding, f"{a} and t are")
    lines = call(f"def {loss_name(program)}(", arguments, f") -> {number}:")
    lines += docstring(f"{mean} of {lowered(text)}; {what} {sizes}.", "    ")
    writer = Writer(program, Activations(library=library), array_names(program))
    writer.shape_before = program.arrays[a].shape
    if loss.smoothed is not None:
        lines += writer.lines(loss.smoothed)
    *steps, last = print_steps(loss.each, "each", WIDTH - 4, NUMBERS, scalars, library)
    lines += [f"    {step}" for step in steps]
    each = last.removeprefix("each = ")
    added = ".sum(axis=1)" if loss.summed else ""
    if not _is_call(loss.each):
        each = f"({each})"
    if loss.sample_weight is not None:
        lines += _weighted_mean(
            last, each, added, loss.weights and writer.name(loss.weights), library
        )
        return lines, set(needs(loss.each, scalars))
    whole = f"    return {_number(f'{each}{added}.mean()', library)}"
    if loss.weights is None and len(whole) <= WIDTH:
        return [*lines, whole], set(needs(loss.each, scalars))
    lines.append(f"    {last}")
    if loss.weights is not None:
        added = f" * {writer.name(loss.weights)}){added}"
        each = "(each"
    else:
        each = "each"
    lines.append(f"    return {_number(f'{each}{added}.mean()', library)}")
    return lines, set(needs(loss.each, scalars))


def _number(value: str, library: Library) -> str:
    return f"float({value})" if library == NUMPY else value


def _weighted_mean(
    last: str, each: str, added: str, weights: str | None, library: Library
) -> list[str]:
    """The mean over the rows, each of which counts as its sample_weight says."""
    added = added or ".mean(axis=1)"
    mean = f"{library.name}.average({each}{added}, weights=sample_weight)"
    line = f"    return {_number(mean, library)}"
    if weights is None and len(line) <= WIDTH:
        return [line]
    each = "each" if weights is None else f"(each * {weights})"
    mean = f"{library.name}.average({each}{added}, weights=sample_weight)"
    return [f"    {last}", f"    return {_number(mean, library)}"]


def _is_call(value: Expression) -> bool:
    return isinstance(value, Operation) and FORMS[value.name].numpy.precedence >= CALL


def penalty_function(program: Program) -> list[str]:
    """`penalty`, or nothing where the spec has none."""
    if not program.penalties:
        return []
    names = array_names(program)
    groups: dict[tuple[str, str], list[str]] = {}
    for penalty in program.penalties:
        w = names[penalty.parameter]
        if penalty.l1:
            groups.setdefault((penalty.l1, "np.abs(w).sum()"), []).append(w)
        if penalty.l2:
            groups.setdefault((penalty.l2, "(w**2).sum()"), []).append(w)
    terms = []
    for (factor, size), ws in groups.items():
        if len(ws) == 1:
            terms.append(f"{factor} * float({size.replace('w', ws[0], 1)})")
        else:
            terms.append(f"{factor} * sum(float({size}) for w in ({', '.join(ws)}))")
    lines = [
        "def penalty(p: Parameters) -> float:",
        '    """Return the part of the loss that keeps the parameters small."""',
    ]
    if len(terms) == 1 and len(f"    return {terms[0]}") <= WIDTH:
        return [*lines, f"    return {terms[0]}"]
    lines += [
        part
        for at, term in enumerate(terms)
        for part in _sum_lines(f"    total {'+' if at else ''}= {term}")
    ]
    return [*lines, "    return total"]


def _sum_lines(line: str) -> list[str]:
    """A sum over many parameters, wrapped as a formatter does."""
    if len(line) <= WIDTH:
        return [line]
    head, _, rest = line.partition("sum(float(")
    size, _, names = rest.partition(") for w in (")
    first = f"        float({size}) for w in ({names[:-1]}"
    if len(first) <= WIDTH:
        return [f"{head}sum(", first, "    )"]
    return [
        f"{head}sum(",
        f"        float({size})",
        *call("        for w in (", names[:-2].split(", ")),
        "    )",
    ]
