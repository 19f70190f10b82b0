"""The figures of a network as a record, for programs."""

from nndsl.program.program import Dimension
from nndsl.program.size import Size
from nndsl.show.figures import Figures, LayerFigures
from nndsl.show.table import Labels, columns_of
from nndsl.spec_text.texts import activation_text

Record = dict[str, object]


def figures_record(figures: Figures, labels: Labels) -> Record:
    """What `nndsl show --format json` prints; `docs/commands.md` says what each is.

    A number that only the data decide is None.
    """
    network = figures.network
    columns: list[Record] = [
        {"name": name, "inputs": width}
        for name, width, _ in columns_of(network.inputs, labels)
    ]
    return {
        "network": network.name,
        "precision": figures.program.precision,
        "inputs": _width(figures.inputs),
        "columns": columns or [{"name": n, "inputs": 1} for n in _names(figures)],
        "layers": [_layer(layer, figures.bytes_each) for layer in figures.layers],
        "outputs": _width(figures.layers[-1].outputs),
        "loss": network.loss.name,
        "optimizer": network.train.optimizer.name,
        "parameters": figures.parameters.fixed,
        "multiply_adds": figures.multiply_adds.fixed,
        "bytes": _bytes(figures.parameters, figures.bytes_each),
        "training": _training(figures),
    }


def _names(figures: Figures) -> tuple[str, ...]:
    return figures.network.inputs.columns or ()


def _layer(layer: LayerFigures, each: int) -> Record:
    activations = [activation_text(a, defaults=False) for a in layer.layer.activations]
    return {
        "name": layer.layer.name,
        "type": layer.layer.word,
        "line": " ".join(layer.layer.text.split()),
        "outputs": _width(layer.outputs),
        "activation": activations[0] if activations else None,
        "parameters": layer.parameters.fixed,
        "shapes": {a.key: [_width(d) for d in a.shape] for a in layer.arrays},
        "multiply_adds": layer.multiply_adds.fixed,
        "bytes": _bytes(layer.parameters, each),
    }


def _training(figures: Figures) -> Record:
    memory, each = figures.memory, figures.bytes_each
    total, activations = memory.total, memory.activations
    return {
        "batch_size": memory.rows,
        "optimizer_states": list(memory.states),
        "kept_arrays": list(memory.kept),
        "bytes": {
            "parameters": _bytes(memory.parameters, each),
            "gradients": _bytes(memory.gradients, each),
            "optimizer_state": _bytes(memory.optimizer_state, each),
            "running_statistics": _bytes(memory.running, each),
            "activations": None if activations is None else activations * each,
            "activations_per_row": _bytes(memory.each_row, each),
            "total": None if total is None else total * each,
        },
    }


def _width(width: Dimension) -> int | None:
    return width if isinstance(width, int) else None


def _bytes(size: Size, each: int) -> int | None:
    return None if size.fixed is None else size.fixed * each
