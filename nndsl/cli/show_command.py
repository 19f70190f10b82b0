"""`nndsl show`: the layers of a spec, or of a model file and what it was trained to."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE, CommandError, reason
from nndsl.cli.progress import figures
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import print_file
from nndsl.compiler import understand
from nndsl.data.errors import DataError
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.spec_text.defaults import with_defaults


def run(options: Namespace) -> int:
    """Print the layers, or the spec with every default."""
    words = with_defaults if options.defaults else layer_table
    if not options.spec.endswith(".npz"):
        (text,) = for_each_spec([options.spec], options, words)
        print_file(text)
        return FINE
    print_file(_of_model(options, words))
    return FINE


def _of_model(options: Namespace, words: Callable[[Checked], str]) -> str:
    """What `words` says of the spec in a model file, and how far it was trained."""
    from nndsl.data.model_file import read_model_file

    try:
        file = read_model_file(options.spec)
        checked = understand(Source(options.spec, file.spec), options.settings)
    except (DataError, SpecError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{options.spec}: {reason(error)}") from None
    if options.defaults:
        return words(checked)
    return words(checked) + _trained(file.history, file.features, file.targets)


def layer_table(checked: Checked) -> str:
    """Each layer with the shape of its output and the number of its parameters."""
    network, program = checked.network, lower(checked.network)
    width = network.inputs.width or "features"
    rows = [("layer", "output", "parameters", ""), ("", f"(n, {width})", "", "input")]
    for layer in network.layers:
        count = program.n_parameters_of(layer.name).fixed
        size = "?" if count is None else f"{count:,}"
        shape = f"(n, {layer.n_outputs})"
        rows.append((layer.name, shape, size, layer.text))
    total = program.n_parameters.fixed
    rows.append(("", "", "?" if total is None else f"{total:,}", "in all"))
    lines = (f"{a:<16}{b:<16}{c:>12}  {d}".rstrip() for a, b, c, d in rows)
    return f"{network.name}\n" + "\n".join(lines) + "\n"


def _trained(
    history: Mapping[str, list[float]], features: Sequence[str], targets: Sequence[str]
) -> str:
    """How far the network of a model file was trained."""
    epochs = max(map(len, history.values()), default=0)
    last = {name: values[-1] for name, values in history.items() if values}
    lines = [f"trained for {epochs} epochs; the last one: {figures(last)}"]
    for kind, names in (("inputs", features), ("target", targets)):
        lines += [f"{kind}: {', '.join(names)[:300]}"] * bool(names)
    return "\n".join(lines) + "\n"
