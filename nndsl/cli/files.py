"""Where specs are read from, and which file a module goes to."""

import keyword
import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path

from nndsl import limits
from nndsl.cli.errors import USAGE, CommandError
from nndsl.cli.outputs import is_ours
from nndsl.cli.streams import shell_word
from nndsl.data.errors import reason
from nndsl.diagnostics.record import Source
from nndsl.syntax.characters import decode


def read_spec(name: str) -> Source:
    """The spec in the file `name`; `-` is standard input.

    Raises CommandError for a file that cannot be read, SpecError for one that is
    larger than 1 MiB or not UTF-8 text.
    """
    if name.lower().endswith(".csv") and os.path.isfile(name):
        raise CommandError(f"{name}: is a table, not a .nn file", USAGE)
    check_no_model(name)
    try:
        if name == "-":
            return decode(sys.stdin.buffer.read(limits.SPEC_BYTES + 1), "<stdin>")
        with open(name, "rb") as file:
            return decode(file.read(limits.SPEC_BYTES + 1), name)
    except IsADirectoryError:
        raise CommandError(f"{name}: is a folder, not a .nn file") from None
    except OSError as error:
        raise CommandError(f"{name}: {reason(error)}") from None


def is_model(name: str) -> bool:
    """Whether a file is a model file by its name, or a zip file as those are."""
    try:
        with open(name, "rb") as file:
            return file.seekable() and file.read(4) == b"PK\x03\x04"
    except OSError:
        return name.endswith(".npz")


def check_no_model(name: str) -> None:
    """Raise CommandError for a model file where a spec is expected."""
    if os.path.exists(name) and is_model(name):
        raise CommandError(
            f"{name}: is a model file, not a .nn file; `nndsl show --defaults "
            f"{shell_word(name)}` prints the spec that is in it",
            USAGE,
        )


def output_path(spec: str, output: str | None) -> Path:
    """Where the module of `spec` goes: `output`, or `iris.py` beside `iris.nn`.

    Raises CommandError for a name that Python could not import or that would hide
    another module.
    """
    beside = Path(spec).with_suffix(".py")
    path = beside if output is None else Path(output)
    if os.path.isdir(path):
        path = path / beside.name
    check_module_name(path)
    return path


def check_module_name(path: Path) -> None:
    """Raise CommandError for what Python cannot import, or what hides a module."""
    stem = path.stem
    if path.suffix != ".py":
        module = path.with_suffix(".py")
        raise CommandError(
            f"{path}: a module's file name ends in .py; write -o {module}", USAGE
        )
    if not (stem.isidentifier() and stem.isascii()) or keyword.iskeyword(stem):
        words = "".join(c if c.isascii() and c.isalnum() else "_" for c in stem)
        better = words if words.isidentifier() and words != stem else f"net_{words}"
        better = f"net_{better}" if keyword.iskeyword(better) else better
        raise CommandError(
            f"{path}: Python cannot import a module called {stem!r}; "
            f"write -o {path.with_name(better + '.py')}",
            USAGE,
        )
    own = {"numpy", "nndsl", "__main__", *map(str.lower, sys.stdlib_module_names)}
    for name in (stem.lower(), stem):
        if name in own or _is_installed(name, path):
            raise CommandError(
                f"{path}: would hide the module {name!r}; "
                f"write -o {path.with_name(f'{stem}_net.py')}",
                USAGE,
            )


def _is_installed(name: str, path: Path) -> bool:
    """Whether `import name` finds what nndsl did not write, outside this folder and
    that of `path`."""
    try:
        here = {os.path.realpath(folder) for folder in (os.curdir, path.parent)}
    except FileNotFoundError:
        raise CommandError("the current folder is no longer there") from None
    folders = [folder for folder in sys.path if os.path.realpath(folder) not in here]
    found = PathFinder.find_spec(name, folders)
    if found is None or found.origin is None:
        return False
    try:
        return not is_ours(found.origin)
    except OSError:
        return True
