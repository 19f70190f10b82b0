"""`nndsl import`: a network of another library as a spec and a model file."""

import os
import tempfile
from argparse import Namespace
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from nndsl.cli.compiled import Compiled, with_module
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.importers import IMPORTERS, INSTEAD, LIBRARIES
from nndsl.cli.outputs import NO_FILES, check_plain, write_all
from nndsl.cli.streams import shell_word
from nndsl.compiler import understand
from nndsl.data.errors import counted
from nndsl.data.model_file import save_model
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Source
from nndsl.fmt.format import formatted
from nndsl.importing.compare import difference, rows_for
from nndsl.importing.imported import Imported, InexpressibleError
from nndsl.importing.restore import restored
from nndsl.importing.spec import spec_of
from nndsl.new.spec import network_name

LARGEST_DIFFERENCE = 1e-4
"""What rounding in float32 does not explain, relative to the largest output."""


def run(options: Namespace) -> int:
    """Write the network of `options.file` as a spec and, beside it, a model file."""
    path = options.file
    _check_options(path, options)
    reader = _reader(path)
    spec = _output(path, options.output)
    model_path = spec.with_suffix(".npz")
    for each in (spec, model_path):
        if check_plain(each) and not options.force:
            raise CommandError(
                f"{each}: already exists and was left unchanged; "
                "name another file with -o, or replace it with --force"
            )
    imported = _with_targets(_read(reader, path, options), path, options.target)
    compiled = _compiled(imported, path, spec)
    program, module = compiled.program, compiled.module
    model = restored(imported, program, module, compiled.model_class())
    apart = difference(imported, model)
    if apart is not None and not apart <= LARGEST_DIFFERENCE:
        raise CommandError(
            f"{path}: what was read of it answers otherwise than the file: by "
            f"{apart:.1e} of the largest output. Nothing is written"
        )
    text = compiled.checked.source.text
    write_all([(spec, text), (model_path, _saved(model, text))])
    print(visible(f"wrote {spec} and {model_path}: {imported.source}"))
    if apart is None:
        print(f"not compared with the source: {imported.unable}")
    else:
        rows = rows_for(imported)
        print(f"largest difference of an output on {rows} random rows: {apart:.1e}")
    print("next: nndsl show", shell_word(str(model_path)))
    return FINE


def _reader(path: str) -> Any:
    """The module that reads a format; CommandError if a library is not there."""
    name = IMPORTERS[Path(path).suffix.lower()]
    try:
        for library in LIBRARIES[name]:
            import_module(library)
        return import_module(f"nndsl.importing.{name}")
    except ImportError as error:
        if error.name not in LIBRARIES[name]:
            raise
        raise CommandError(
            f"{path}: reading it needs {error.name}; pip install 'nndsl[import]'"
        ) from None


def _check_options(path: str, options: Namespace) -> None:
    """Raise CommandError for other formats, for options of others, and for a pickled
    file that nobody trusts."""
    suffix = Path(path).suffix.lower()
    name = IMPORTERS.get(suffix)
    if name is None:
        *others, last = IMPORTERS
        formats = f"{', '.join(others)} or {last}"
        advice = INSTEAD.get(suffix)
        unknown = f"cannot tell the format from the name; use {formats}"
        raise CommandError(f"{path}: {advice or unknown}", USAGE)
    if options.trust and name != "from_sklearn":
        raise CommandError(f"--trust is for pickled files; {path} runs nothing", USAGE)
    if options.layers is not None and name != "from_torch":
        raise CommandError(f"--layers is for .safetensors files, not {path}", USAGE)
    if name == "from_sklearn" and not options.trust:
        raise CommandError(
            f"{path}: opening a pickled file runs whatever program its author put into "
            "it; if you trust where it comes from, add --trust"
        )


def _output(path: str, output: str | None) -> Path:
    """The spec to write: `output`, or `flowers.nn` here for `models/flowers.onnx`."""
    if output in NO_FILES:
        raise CommandError(f"-o {output!r} names no file; write -o NAME.nn", USAGE)
    spec = Path(f"{Path(path).stem}.nn" if output is None else output)
    if os.path.isdir(spec):
        spec = spec / f"{Path(path).stem}.nn"
    if spec.suffix != ".nn":
        raise CommandError(
            f"{spec}: a spec's file name ends in .nn; "
            f"write -o {spec.with_suffix('.nn')}",
            USAGE,
        )
    return spec


def _read(reader: Any, path: str, options: Namespace) -> Imported:
    try:
        imported: Imported = reader.read(path, options)
    except InexpressibleError as error:
        raise CommandError(f"{path}: cannot be imported: {error}") from None
    return imported


def _with_targets(imported: Imported, path: str, names: list[str]) -> Imported:
    """The network with the names of its target columns."""
    if len(names) not in (0, imported.n_targets):
        words = " --target NAME" * min(imported.n_targets, 3)
        more = " ..." * (imported.n_targets > 3)
        raise CommandError(
            f"{path}: the network predicts {counted(imported.n_targets, 'column')}, "
            f"--target names {len(names)}; write{words}{more}",
            USAGE,
        )
    return replace(imported, targets=tuple(names))


def _compiled(imported: Imported, path: str, spec: Path) -> Compiled:
    text = spec_of(imported, network_name(str(spec)))
    try:
        text = formatted(Source(str(spec), text))
        return with_module(understand(Source(str(spec), text), allow_large=True))
    except SpecError as error:
        first = error.diagnostics[0]
        said = f"{first.label} ({first.hint})" if first.hint else first.label
        raise CommandError(f"{path}: cannot be imported: {said}") from None


def _saved(model: Any, spec: str) -> bytes:
    """The model file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.npz")
        save_model(str(path), model, {"spec": spec, "finished": True})
        return path.read_bytes()
