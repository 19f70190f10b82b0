"""`nndsl new`: a spec for a table, which trains as it stands."""

import os
from argparse import Namespace
from pathlib import Path

from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.outputs import NO_FILES, check_plain, write_all
from nndsl.cli.streams import shell_word
from nndsl.cli.table_options import dialect_of, table_words
from nndsl.diagnostics.excerpt import visible
from nndsl.new.new import New, new_spec


def run(options: Namespace) -> int:
    """Write a spec for `options.data`; no file is ever replaced."""
    path = _output(options.data, options.output)
    new = new_spec(options.data, options.target, dialect_of(options))
    if check_plain(path):
        raise CommandError(
            f"{path}: already exists and was left unchanged; "
            "name another file with -o SPEC.nn"
        )
    write_all([(path, new.text)])
    print(visible(f"wrote {path}: {_summary(new, options.target is None)}"))
    words = ["nndsl", "train", shell_word(str(path)), shell_word(options.data)]
    print("next:", *words, *table_words(options))
    return FINE


def _output(data: str, output: str | None) -> Path:
    """The file to write: `output`, or `titanic.nn` here for `data/titanic.csv.gz`."""
    if output is None and data == "-":
        raise CommandError("- (standard input) needs -o SPEC.nn", USAGE)
    if data.endswith(".nn"):
        raise CommandError(f"{data}: is a spec; expected a table", USAGE)
    if output in NO_FILES:
        raise CommandError(f"-o {output!r} names no file; write -o SPEC.nn", USAGE)
    name = Path(data).name.removesuffix(".gz")
    path = Path(f"{Path(name).stem}.nn") if output is None else Path(output)
    if os.path.isdir(path):
        path = path / f"{Path(name).stem}.nn"
    if path.suffix != ".nn":
        better = path.with_suffix(".nn")
        raise CommandError(
            f"{path}: a spec's file name ends in .nn; write -o {better}", USAGE
        )
    return path


def _summary(new: New, guessed: bool) -> str:
    inputs = "1 input" if new.n_inputs == 1 else f"{new.n_inputs} inputs"
    last = " (the last column)" if guessed else ""
    text = f"{inputs}, target {new.target}{last}"
    if not new.left_out:
        return text
    names = ", ".join(new.left_out[:5]) + ", …" * (len(new.left_out) > 5)
    return f"{text}; left out: {names}"
