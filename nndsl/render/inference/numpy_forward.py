"""The forward pass over NumPy arrays, as the textbook style writes it."""

from nndsl.program.predicting import Predicting
from nndsl.program.program import Constant, Program, Standardise
from nndsl.render.escape import heading
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.functions import function_lines
from nndsl.render.inference.written import Written
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.statement_lines import Writer


def numpy_functions(program: Program, predicted: Predicting) -> Written:
    """`forward` and what it calls."""
    activations = Activations()
    arrays = [*(p.array for p in program.parameters), *program.running]
    names = {array.name: array.key for array in arrays}
    writer = Writer(program, activations, names)
    kind, last = "ndarray", predicted.output
    text = "Compute the output of the last layer."
    if predicted.code is not None:
        kind, last = "tuple[ndarray, ndarray]", f"{predicted.code}, {predicted.output}"
        text = "Compute the outputs of the narrowest and of the last layer."
    lines = [f"def forward(x: ndarray) -> {kind}:", f'    """{text}"""']
    for block in predicted.blocks:
        lines.append(f"    {heading(block.text)}")
        lines += [line for each in block.statements for line in writer.lines(each)]
    lines.append(f"    return {last}")
    used = writer.used | activations.used
    functions = (
        *(text.split("\n") for text in helper_functions(used, program.precision)),
        *activations.ordered(),
        *([function_lines("softmax")] if "softmax" in used else []),
        lines,
    )
    helpers = [Constant(*each) for each in helper_constants(used, program.precision)]
    return Written(functions, (*norm_constants(program, predicted), *helpers))


def norm_constants(program: Program, predicted: Predicting) -> list[Constant]:
    """What keeps layer norms from dividing by 0."""
    norms = [each for each in predicted.statements if isinstance(each, Standardise)]
    wanted = {program.names.epsilon[each.layer] for each in norms}
    return [each for each in program.constants if each.name in wanted]
