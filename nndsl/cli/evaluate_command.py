"""`nndsl evaluate`: a trained network against a table."""

from argparse import Namespace

from nndsl.cli.compiled import answer, loaded_model, rows_of
from nndsl.cli.errors import FINE
from nndsl.cli.progress import print_figures
from nndsl.cli.report_page import check_report, write_report
from nndsl.cli.streams import say
from nndsl.data.digests import count_known, row_digests
from nndsl.data.schema import schema_of
from nndsl.report.subject import of_evaluation


def run(options: Namespace) -> int:
    """Print the loss and the metrics of `options.model` on `options.data`."""
    check_report(options, options.model, options.data)
    file, compiled, model = loaded_model(options)
    schema = schema_of(
        compiled.program.data,
        features=file.features,
        targets=file.targets,
        classes=file.classes,
        labels=file.labels,
        needs_targets=False,
    )
    table = rows_of(options, schema)
    figures = answer(table, model.evaluate, **table.given)
    print_figures(figures)
    known, more = count_known(row_digests(table.x, table.y), file.trained)
    if known:
        of = "this row" if len(table.x) == 1 else f"these {len(table.x)} rows"
        said = of if of == "this row" else f"{'at least ' * more}{known} of {of}"
        were = "was" if known == 1 else "were"
        say(f"nndsl: {said} {were} trained on; on new rows the figures may be worse")
    if options.report is not None:
        subject = of_evaluation(
            compiled.checked, compiled.program, model, table, file, figures
        )
        write_report(options.report, subject, options.model)
    return FINE
