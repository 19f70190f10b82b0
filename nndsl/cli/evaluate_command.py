"""`nndsl evaluate`: a trained network against a table."""

from argparse import Namespace

from nndsl.cli.compiled import answer, loaded_model, rows_of
from nndsl.cli.errors import FINE
from nndsl.cli.progress import print_figures
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
    given = [table.x] if table.y is None else [table.x, table.y]
    print_figures(answer(table, model.evaluate, *given))
    return FINE
