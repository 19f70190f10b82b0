"""`nndsl export`: a trained network for other programs, in the format of a suffix."""

from argparse import Namespace
from importlib import import_module
from pathlib import Path
from typing import Any

from nndsl.cli.compiled import loaded_model
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.exporters import EXPORTERS, EXTRAS
from nndsl.cli.files import check_module_name
from nndsl.cli.outputs import NO_FILES, check_plain, is_ours, of_command, write_all
from nndsl.diagnostics.excerpt import visible
from nndsl.exporting.mark import MARK, is_edited
from nndsl.exporting.trained import trained_of

_OURS = MARK.encode(), b"\x12\x05nndsl"
"""What exported files begin with: a text, and the producer of an ONNX model."""


def run(options: Namespace) -> int:
    """Write `options.model` in the format that `options.output` ends in."""
    path = Path(options.output)
    exporter = _exporter(options.output)
    if options.no_numpy and path.suffix != ".py":
        raise CommandError("--no-numpy is for files that end in .py", USAGE)
    if path.suffix == ".py":
        check_module_name(path)
    file, compiled, model = loaded_model(options)
    network = compiled.checked.network.name
    trained = trained_of(network, compiled.program, model, file.features, file.targets)
    given = {"numpy": False} if options.no_numpy else {}
    files = exporter.export(trained, path, **given)
    for each, _ in files:
        _check_replaceable(each, options.force)
    write_all(files)
    for each, _ in files:
        print(f"wrote {visible(str(each))}")
    return FINE


def _exporter(output: str) -> Any:
    """The module that writes the format; CommandError if its library is not there."""
    name = None if output in NO_FILES else EXPORTERS.get(Path(output).suffix)
    if name is None:
        *others, last = EXPORTERS
        formats = f"{', '.join(others)} or {last}"
        raise CommandError(
            f"-o {output!r}: cannot tell the format from the name; use {formats}",
            USAGE,
        )
    try:
        return import_module(f"nndsl.exporting.{name}")
    except ImportError as error:
        library, extra = EXTRAS.get(name, ("", ""))
        if error.name != library:
            raise
        raise CommandError(
            f"{output}: writing it needs {library}; pip install 'nndsl[{extra}]'"
        ) from None


def _check_replaceable(path: Path, force: bool) -> None:
    """Raise CommandError for a file that `nndsl export` did not write."""
    if not check_plain(path) or force:
        return
    content = path.read_bytes()
    if is_edited(content):
        raise CommandError(
            f"{path}: was edited by hand and was left unchanged; "
            "name another file with -o, or replace it with --force"
        )
    if is_ours(path):
        raise CommandError(of_command(path, "compile"))
    if not any(mark in content[:200] for mark in _OURS):
        raise CommandError(
            f"{path}: was not written by nndsl and was left unchanged; "
            "name another file with -o, or replace it with --force"
        )
