"""Specs in, modules out: the only place of the compiler that touches files."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress

from nndsl import limits
from nndsl.cli.errors import USAGE, CommandError, reason
from nndsl.diagnostics.record import Source
from nndsl.syntax.characters import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def read_spec(name: str) -> Source:
    """The spec in the file `name`; `-` is standard input.

    Raises CommandError for a file that cannot be read, SpecError for one that is
    larger than 1 MiB or not UTF-8 text.
    """
    try:
        if name == "-":
            return decode(sys.stdin.buffer.read(limits.SPEC_BYTES + 1), "<stdin>")
        with open(name, "rb") as file:
            return decode(file.read(limits.SPEC_BYTES + 1), name)
    except IsADirectoryError:
        raise CommandError(f"{name}: is a folder, not a .nn file") from None
    except OSError as error:
        raise CommandError(f"{name}: {reason(error)}") from None


def output_path(spec: str, output: str | None) -> Path:
    """Where the module of `spec` goes: `output`, or `iris.py` beside `iris.nn`.

    Raises CommandError for a name that Python could not import or that would hide
    another module.
    """
    from pathlib import Path

    beside = Path(spec).with_suffix(".py")
    path = beside if output is None else Path(output)
    if path.is_dir():
        path = path / beside.name
    _check_module_name(path)
    return path


def _check_module_name(path: Path) -> None:
    import keyword

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
    """Whether `import name` finds a file outside this folder and that of `path`."""
    from importlib.machinery import PathFinder

    here = {os.path.realpath(folder) for folder in (os.curdir, path.parent)}
    folders = [folder for folder in sys.path if os.path.realpath(folder) not in here]
    found = PathFinder.find_spec(name, folders)
    return found is not None and found.origin is not None


def check_replaceable(path: Path, first_line: str) -> None:
    """Raise CommandError if `path` holds what nndsl did not write, or is a link."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise CommandError(f"{path}: there is no folder {path.parent}") from None
        return
    except OSError as error:
        raise CommandError(f"{path}: {reason(error)}") from None
    if stat.S_ISLNK(mode):
        raise CommandError(
            f"{path}: is a link; nndsl writes through none. Remove it, or use -o"
        )
    if not stat.S_ISREG(mode):
        raise CommandError(f"{path}: is no ordinary file; use --stdout")
    try:
        with path.open("rb") as file:
            start = file.read(len(first_line.encode()) + 2)
    except OSError as error:
        raise CommandError(f"{path}: {reason(error)}") from None
    if start.splitlines()[:1] != [first_line.encode()]:
        raise CommandError(
            f"{path}: was not written by nndsl and stays as it is. "
            "Move it away, or use -o"
        )


def write_all(files: Sequence[tuple[Path, str]]) -> None:
    """Write every text to its path, or none: no file changes before all are on disk.

    A reader sees the old file or the new one, never a part.  Raises CommandError; then
    old files are untouched.
    """
    temporaries: list[Path] = []
    try:
        for path, text in files:
            temporary = path.with_name(f".{path.name[:200]}.{os.urandom(6).hex()}.tmp")
            temporaries.append(temporary)
            _write(temporary, text, like=path)
        for temporary, (path, _) in zip(temporaries, files, strict=True):
            os.replace(temporary, path)
    except OSError as error:
        raise CommandError(f"{path}: {reason(error)}") from None
    finally:
        for temporary in temporaries:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write(path: Path, text: str, like: Path) -> None:
    """A new file with the permissions of `like`, if there is such a file."""
    mode = stat.S_IMODE(like.lstat().st_mode) if like.exists() else 0o666
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(path, flags, mode), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
