"""`early_stopping`: whether the figure it watches is there."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.train_block import Settings
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import MONITOR, WRONG_VALUE
from nndsl.language.metric_table import METRICS
from nndsl.network import EarlyStopping, Split
from nndsl.syntax.tree import Name


def early_stopping(
    findings: Findings,
    settings: Settings,
    split: Split | None,
    metrics: Sequence[str] | None,
) -> EarlyStopping | None:
    """The setting, its figure checked against the metrics and the split.

    `metrics` is None where they could not be read.
    """
    options = settings.options.get("early_stopping")
    if options is None or options.values["patience"] is None:
        return None
    span = settings.spans["early_stopping"]
    monitor = str(options.values["monitor"])
    value = options.raw.get("monitor")
    known = METRICS if metrics is None else metrics
    figures = ("loss", *(name for name in known if METRICS[name].monitored))
    if value is not None:
        span = value.span
        if not isinstance(value, Name):
            findings.add(
                WRONG_VALUE,
                span,
                f"{found(value)} where the name of a figure is expected",
                "for example `monitor=val_loss`",
            )
            return None
        monitor = value.text
        if monitor.removeprefix("val_") not in figures:
            _unknown(findings, value, figures)
            return None
    validates = split is None or split.validation > 0 or not settings.complete
    if monitor.startswith("val_") and not validates:
        is_split = "split" in settings.spans
        none = "`split` has none" if is_split else "without `split` there are none"
        findings.add(
            MONITOR,
            span,
            f"`{monitor}` needs validation rows, and {none}",
            "for example `split 80% / 20% / 0%`, or watch `monitor=loss`",
        )
    figure = METRICS.get(monitor.removeprefix("val_"))
    return EarlyStopping(
        options.count("patience"),
        monitor,
        options.number("min_delta"),
        figure is not None and figure.larger_is_better,
    )


def _unknown(findings: Findings, value: Name, figures: tuple[str, ...]) -> None:
    bare = value.text.removeprefix("val_")
    entry = METRICS.get(bare)
    if entry is not None and entry.monitored:
        findings.add(
            MONITOR,
            value.span,
            f"`{bare}` is not among the metrics of this network",
            f"add it: `metrics {bare}`",
        )
    elif entry is not None:
        findings.add(
            MONITOR,
            value.span,
            f"`{bare}` is not a single number",
            f"figures to watch: {', '.join(figures)}, or `val_` and one of them",
        )
    else:
        known = (*figures, *(f"val_{figure}" for figure in figures))
        findings.unknown("word", value, known, "to monitor")
