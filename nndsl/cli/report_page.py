"""`--report`: where the page goes, and what it needs."""

from argparse import Namespace
from importlib.util import find_spec
from os.path import abspath
from pathlib import Path

from threadpoolctl import threadpool_limits

from nndsl.cli.errors import USAGE, CommandError
from nndsl.cli.outputs import NO_FILES, check_marked, check_suffix, write_all
from nndsl.diagnostics.excerpt import visible
from nndsl.report.page import MARK, report_page
from nndsl.report.subject import Subject


def check_report(options: Namespace, *others: str) -> None:
    """Raise CommandError if the report cannot be written; `others` are files that the
    command reads or writes."""
    report = options.report
    if report is None:
        return
    if report in NO_FILES:
        raise CommandError(f"--report {report!r} names no file", USAGE)
    check_suffix(report, "--report", ".html", ".htm")
    if abspath(report) in map(abspath, others):
        raise CommandError(
            f"--report {report}: is another file of this command; name a page such as "
            "report.html",
            USAGE,
        )
    if find_spec("matplotlib") is None:
        raise CommandError(
            "--report draws with matplotlib, which is not installed: "
            "pip install 'nndsl[report]'"
        )
    check_marked(Path(report), MARK, "report", "--report")


def write_report(path: str, subject: Subject, model_file: str) -> None:
    """Write the page, whole or not at all, and say so."""
    with threadpool_limits(1, user_api="blas"):  # many small products
        page = report_page(subject, Path(model_file).name)
    write_all([(Path(path), page)])
    print(f"report: {visible(path)}")
