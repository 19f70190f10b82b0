"""What the network of a model file was trained to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nndsl.data.errors import counted
from nndsl.data.model_file import ModelFile
from nndsl.network import ColumnGroup, Target
from nndsl.show.figures import Figures


def trained_text(file: ModelFile) -> str:
    """Inputs, target, epochs, and the figures of the epoch that is kept."""
    return "\n".join(["", *_lines(file), ""])


def trained_record(file: ModelFile) -> dict[str, object]:
    """The same as a record."""
    return {
        "features": list(file.features),
        "targets": list(file.targets),
        "classes": list(file.classes),
        "epochs": file.epochs,
        "best_epoch": file.best_epoch,
        "finished": file.finished,
        "figures": dict(_figures(file)),
    }


def with_names(figures: Figures, file: ModelFile) -> Figures:
    """The figures, with the columns and labels that only the training rows told."""
    network = figures.network
    inputs, target = network.inputs, network.target
    columns = inputs.columns or file.features or None
    groups = tuple(_with_labels(inputs.groups, file.labels))
    width = figures.inputs if isinstance(figures.inputs, int) else None
    inputs = replace(inputs, columns=columns, groups=groups, width=width)
    if file.classes and target.kind != "input":
        target = Target("classes", target.columns or file.targets, file.classes)
    return replace(figures, network=replace(network, inputs=inputs, target=target))


def _with_labels(
    groups: Iterable[ColumnGroup], labels: Mapping[int, tuple[str, ...]]
) -> Iterator[ColumnGroup]:
    place = 0
    for group in groups:
        if group.labels is None:
            yield group
            continue
        for name in group.columns:
            one = replace(group, columns=(name,))
            if found := labels.get(place):
                one = replace(one, labels=found, learned=False, other=False)
            yield one
            place += 1


def _lines(file: ModelFile) -> Iterator[str]:
    if file.features:
        yield f"inputs: {_few(file.features, ', ')}"
    if file.targets:
        labels = f": {_few(file.classes, ' | ')}" if file.classes else ""
        yield f"target: {_few(file.targets, ', ')}{labels}"
    if file.is_imported:
        yield "imported, not trained here"
        return
    end = "" if file.finished else ", then interrupted"
    kept = f"; epoch {file.best_epoch} is kept" if file.best_epoch else ""
    yield f"trained for {counted(file.epochs, 'epoch')}{end}{kept}"
    for name, figure in _figures(file):
        yield f"{name.replace('test_', 'test '):>22}  {figure:.4f}"


def _figures(file: ModelFile) -> Iterator[tuple[str, float]]:
    """Those of the epoch that is kept, then those on the test rows."""
    place = (file.best_epoch or file.epochs) - 1
    for name, figures in file.history.items():
        if 0 <= place < len(figures):
            yield name, figures[place]
    for name, figure in file.test.items():
        yield f"test_{name}", figure


def _few(names: Sequence[object], between: str) -> str:
    """The first ten names."""
    more = f"{between}… ({len(names)})" if len(names) > 10 else ""
    return between.join(str(name)[:50] for name in names[:10]) + more
