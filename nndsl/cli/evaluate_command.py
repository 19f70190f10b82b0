"""`nndsl evaluate`: a trained network against a table."""

from argparse import Namespace

from nndsl.cli.compiled import answer, loaded_model, rows_of
from nndsl.cli.errors import FINE
from nndsl.cli.progress import print_figures
from nndsl.cli.streams import say
from nndsl.data.digests import count_known, row_digests
from nndsl.data.schema import schema_of


def run(options: Namespace) -> int:
    """Print the loss and the metrics of `options.model` on `options.data`."""
    file, compiled, model = loaded_model(options)
    schema = schema_of(
        compiled.program.data,
        features=file.features,
        targets=file.targets,
        classes=file.classes,
        labels=file.labels,
    )
    table = rows_of(options, schema)
    print_figures(answer(table, model.evaluate, **table.given))
    known, more = count_known(row_digests(table.x, table.y), file.trained)
    if known:
        said = f"{'at least ' * more}{known} of these {len(table.x)} rows"
        say(f"nndsl: {said} were trained on; on new rows the figures may be worse")
    return FINE
