"""`nndsl evaluate`: a trained network against a table."""

from argparse import Namespace

from nndsl.cli.compiled import answer, loaded_model, rows_of
from nndsl.cli.errors import FINE
from nndsl.cli.progress import print_figures
from nndsl.cli.report_page import check_report, write_report
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
    )
    table = rows_of(options.data, schema)
    given = [table.x] if table.y is None else [table.x, table.y]
    figures = answer(table, model.evaluate, *given)
    print_figures(figures)
    if options.report is not None:
        subject = of_evaluation(
            compiled.checked, compiled.program, model, table, file, figures
        )
        write_report(options.report, subject, options.model)
    return FINE
