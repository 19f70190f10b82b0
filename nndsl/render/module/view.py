"""What the templates of a module print, and the switches by which they lay it out.

Everything a template prints is `Code`; whatever has to be decided or computed is
decided and computed in the `view_` modules, one for each topic.
"""

from dataclasses import dataclass

from nndsl.diagnostics.record import Source
from nndsl.network import Network, Train
from nndsl.program.data import Data
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.escape import WIDTH, Code, code, literal, name
from nndsl.render.inplace.flat_mathematics import in_place_mathematics
from nndsl.render.module.view_answers import Answers, answers
from nndsl.render.module.view_command_line import CommandLine, command_line
from nndsl.render.module.view_head import Head, head
from nndsl.render.module.view_metrics import Metrics, metrics
from nndsl.render.module.view_scaling import Scaling, scaling
from nndsl.render.module.view_training import Training, training
from nndsl.render.module.view_widths import Widths, widths
from nndsl.render.shapes import size
from nndsl.render.textbook.textbook import textbook_mathematics


@dataclass(frozen=True, slots=True)
class ModuleView:
    """The holes and switches of `module.py.jinja` and the templates it includes.

    Switches are also the program's `data` and the `train` block of the network.
    """

    class_name: Code
    data: Data
    train: Train
    head: Head
    widths: Widths
    answers: Answers
    scaling: Scaling
    training: Training
    metrics: Metrics
    command_line: CommandLine
    has_memory: bool
    memory: Code
    figures: Code
    count_loaded: Code
    last_layer: Code


def module_view(
    network: Network, program: Program, in_place: InPlace | None, source: Source
) -> ModuleView:
    """The view of the module of `network`; its imports are still missing."""
    if in_place is None:
        text = textbook_mathematics(network, program)
    else:
        text = in_place_mathematics(network, program, in_place)
    return ModuleView(
        class_name=name(network.name),
        data=program.data,
        train=network.train,
        head=head(network, program, text, source),
        widths=widths(network, program),
        answers=answers(network, program),
        scaling=scaling(program),
        training=training(network, program),
        metrics=metrics(network, program.data),
        command_line=command_line(network, program, source.name),
        has_memory=bool(program.update.states),
        figures=_figures(network, program, in_place is not None),
        last_layer=literal(network.layers[-1].name),
        count_loaded=code(
            size(
                program.n_parameters, {"features": "widths[0]", "outputs": "widths[1]"}
            )
        ),
        memory=code(
            "remember(self.parameters)"
            if in_place is None
            else "remember(self._weights.size)"
        ),
    )


def _figures(network: Network, program: Program, fast: bool) -> Code:
    """The dictionary of the loss and the metrics of outputs `a`."""
    loss = "loss(a, t, share)"
    if fast:
        loss = "self._loss_of(a, t, share)"
    elif program.penalties:
        loss = "loss(self.parameters, a, t, share)"
    more = metrics(network, program.data).and_metrics.text.removeprefix(", ")
    items = [f'"loss": {loss}', *([more] if more else [])]
    line = f"{{{', '.join(items)}}}"
    if len("        return ") + len(line) <= WIDTH:
        return code(line)
    rows = "".join(f"            {item},\n" for item in items)
    return code(f"{{\n{rows}        }}")
