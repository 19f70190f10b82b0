"""`nndsl show`: the layers of a spec, or of a trained model and what it came to."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.files import is_model
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import print_file
from nndsl.data.errors import counted
from nndsl.lower.lower import lower
from nndsl.network import Inputs
from nndsl.program.size import size_of
from nndsl.spec_text.canonical import group_options
from nndsl.spec_text.defaults import with_defaults

if TYPE_CHECKING:
    from nndsl.data.model_file import ModelFile

_SHOWN = 100
"""Characters of a column's labels and options that are shown."""
Shape = tuple[int | str, ...]
Labels = Mapping[int, tuple[str, ...]]


def run(options: Namespace) -> int:
    """Print the layers of `options.spec`, or with `--defaults` the whole spec."""
    if not is_model(options.spec):
        words = with_defaults if options.defaults else layer_table
        (text,) = for_each_spec([options.spec], options, words)
    else:
        text = _model_text(options)
    print_file(text)
    return FINE


def _model_text(options: Namespace) -> str:
    from nndsl.cli.compiled import spec_inside
    from nndsl.data.model_file import read_model_file

    if options.settings:
        raise CommandError(
            f"{options.spec}: is trained already; --set changes a spec", USAGE
        )
    file = read_model_file(options.spec)
    if not file.spec:
        return f"{file.network}\n"
    checked = spec_inside(file)
    if options.defaults:
        return with_defaults(checked)
    layers = layer_table(checked, file.shapes, file.labels)
    return layers + "\n".join(["", *_trained(file), ""])


def layer_table(
    checked: Checked,
    shapes: Mapping[str, Shape] | None = None,
    labels: Labels | None = None,
) -> str:
    """Each layer with the shape of its output and the number of its parameters.

    `shapes` are those of a trained model's arrays, `labels` those that it has learned:
    without them widths may be open.
    """
    network, program = checked.network, lower(checked.network)
    arrays = [parameter.array for parameter in program.parameters]
    known = {a.key: (shapes or {}).get(a.key, a.shape) for a in arrays}
    open_widths = {
        word: size
        for a in arrays
        for word, size in zip(a.shape, known[a.key], strict=False)
        if isinstance(word, str)
    }

    def width(of: int | str | None) -> str:
        return f"(n, {open_widths.get(str(of), of)})"

    def count(layer: str) -> str:
        sizes = [known[a.key] for a in arrays if layer in ("", a.layer)]
        fixed = size_of(sizes).fixed
        return "by the data" if fixed is None else f"{fixed:,}"

    rows = [("layer", "output", "parameters", "")]
    rows.append(("input", width(network.inputs.width or "features"), "", ""))
    for layer in network.layers:
        text = " ".join(layer.text.split())
        learned = count(layer.name) if layer.learns else ""
        rows.append((layer.name, width(layer.n_outputs), learned, text))
    rows.append(("", "", count(""), "in all"))
    wide = max(10, *(len(row[0]) for row in rows))
    lines = [f"  {a:<{wide}}  {b:<14} {c:>11}  {d}".rstrip() for a, b, c, d in rows]
    if network.inputs.groups:
        lines += ["", *column_table(network.inputs, labels or {})]
    return "\n".join([network.name, *lines, ""])


def column_table(inputs: Inputs, labels: Labels) -> Iterator[str]:
    """Each column of the table with the number of inputs that it becomes."""
    rows = [("column", "inputs", "")]
    place = 0
    for group in inputs.groups:
        what = group_options(group)
        for name in group.columns:
            width = group.width
            if group.labels is not None:
                known = labels.get(place)
                width = len(known) - (len(known) == 2) if known else width
                place += 1
            rows.append((name, str(width or "by the data"), what))
    wide = max(10, *(len(name) for name, _, _ in rows))
    for name, width_text, what in rows:
        short = what if len(what) <= _SHOWN else f"{what[: _SHOWN - 1]}…"
        yield f"  {name:<{wide}}  {width_text:>11}  {short}".rstrip()


def _trained(file: ModelFile) -> Iterator[str]:
    """What the network of a model file was trained to."""
    if file.features:
        yield f"inputs: {_few(file.features, ', ')}"
    if file.targets:
        labels = f": {_few(file.classes, ' | ')}" if file.classes else ""
        yield f"target: {_few(file.targets, ', ')}{labels}"
    end = "" if file.finished else ", then interrupted"
    kept = f"; epoch {file.best_epoch} is kept" if file.best_epoch else ""
    yield f"trained for {counted(file.epochs, 'epoch')}{end}{kept}"
    place = (file.best_epoch or file.epochs) - 1
    for name, figures in file.history.items():
        if 0 <= place < len(figures):
            yield f"{name:>22}  {figures[place]:.4f}"
    for name, figure in file.test.items():
        yield f"{f'test {name}':>22}  {figure:.4f}"


def _few(names: Sequence[object], between: str) -> str:
    """The first ten names."""
    more = f"{between}… ({len(names)})" if len(names) > 10 else ""
    return between.join(str(name)[:50] for name in names[:10]) + more
