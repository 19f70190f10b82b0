"""`nndsl show`: a network in figures, as a drawing, or as a spec with all defaults."""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.files import is_model
from nndsl.cli.outputs import NO_FILES, check_marked, check_suffix, write_all
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import print_file
from nndsl.diagnostics.excerpt import visible
from nndsl.show.drawing import MARK, drawing
from nndsl.show.figures import Figures, figures_of
from nndsl.show.record import figures_record
from nndsl.show.table import figures_text
from nndsl.spec_text.defaults import with_defaults


def run(options: Namespace) -> int:
    """Print what is asked for of `options.spec`; with `--svg`, write the drawing."""
    path = _svg_path(options)
    if is_model(options.spec):
        text = _of_model(options)
    else:
        (text,) = for_each_spec([options.spec], options, _shown(options))
    if path is None:
        print_file(text)
    else:
        write_all([(path, text)])
        print(f"wrote {visible(str(path))}")
    return FINE


def _svg_path(options: Namespace) -> Path | None:
    """The file of `--svg`, which may be written; None where the text is printed."""
    if options.svg in (None, "-"):
        return None
    if options.svg in NO_FILES:
        raise CommandError(f"--svg {options.svg!r} names no file", USAGE)
    path = Path(options.svg)
    check_marked(path, MARK, "drawing", "--svg")
    check_suffix(options.svg, "--svg", ".svg")
    return path


def _shown(
    options: Namespace,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    labels: Mapping[int, tuple[str, ...]] | None = None,
    trained: Mapping[str, object] | None = None,
    named: Callable[[Figures], Figures] = lambda figures: figures,
) -> Callable[[Checked], str]:
    """What the options ask for; the others are known of a trained model."""

    def text(checked: Checked) -> str:
        if options.defaults:
            return with_defaults(checked)
        figures = figures_of(checked, shapes)
        if options.svg is not None:
            return drawing(named(figures))
        if options.format == "json":
            return _json({**figures_record(figures, labels or {}), "trained": trained})
        return figures_text(figures, labels or {})

    return text


def _of_model(options: Namespace) -> str:
    from nndsl.cli.compiled import spec_inside
    from nndsl.data.model_file import read_model_file
    from nndsl.show.trained import trained_record, trained_text, with_names

    if options.settings:
        raise CommandError(
            f"{options.spec}: is trained already; --set changes a spec", USAGE
        )
    file = read_model_file(options.spec)
    if not file.spec:
        if options.svg is not None or options.format == "json":
            raise CommandError(f"{options.spec}: holds no spec, only the weights")
        return f"{file.network}\n"
    shown = _shown(
        options,
        file.shapes,
        file.labels,
        trained_record(file),
        lambda figures: with_names(figures, file),
    )
    text = shown(spec_inside(file))
    plain = not options.defaults and options.svg is None and options.format != "json"
    return text + trained_text(file) if plain else text


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
