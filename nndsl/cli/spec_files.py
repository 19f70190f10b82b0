"""Specs that a command writes anew: where they are, and how they are replaced."""

import codecs
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from nndsl.cli.errors import CommandError
from nndsl.cli.files import read_spec
from nndsl.cli.outputs import write_all
from nndsl.data.errors import reason
from nndsl.diagnostics.record import Source


def spec_files(names: Sequence[str]) -> list[str]:
    """The files that the words of a command line name, each once.

    A folder stands for the `.nn` files in it and in its folders, but for hidden ones;
    links in it are not followed.  Raises CommandError for a folder without specs.
    """
    found: dict[str, None] = {}
    for name in names:
        if not os.path.isdir(name):
            found[name] = None
            continue
        inside = sorted(_walk(name))
        if not inside:
            raise CommandError(f"{name}: there is no .nn file in this folder")
        found.update(dict.fromkeys(inside))
    return list(found)


def _walk(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _walk(entry.path)
                elif entry.name.endswith(".nn") and entry.is_file(
                    follow_symlinks=False
                ):
                    yield entry.path
    except OSError as error:
        raise CommandError(f"{error.filename or folder}: {reason(error)}") from None


def replace_spec(source: Source, text: str) -> None:
    """Put `text` in place of what was read as `source`, in one step.

    Permissions stay, and so does a byte order mark.  Raises CommandError for a link,
    for a file that is read-only, and for one that was changed since.
    """
    path = Path(source.name)
    try:
        if stat.S_ISLNK(path.lstat().st_mode):
            raise CommandError(
                f"{path}: is a link; nndsl writes through none. Name the file itself"
            )
        if not (path.is_file() and os.access(path, os.W_OK)):
            raise CommandError(f"{path}: is read-only")
        if read_spec(source.name).text != source.text:
            raise CommandError(f"{path}: was changed while nndsl read it; run it again")
        with open(path, "rb") as file:
            marked = file.read(3) == codecs.BOM_UTF8
    except OSError as error:
        raise CommandError(f"{path}: {reason(error)}") from None
    write_all([(path, "\ufeff" * marked + text)])
