"""The words of the command line: every command, option and example."""

import shlex
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from typing import NoReturn

from nndsl.cli.errors import USAGE
from nndsl.cli.exporters import EXPORTERS
from nndsl.cli.importers import IMPORTERS
from nndsl.cli.stages import STAGES
from nndsl.cli.table_options import add_table_options
from nndsl.diagnostics.layout import RENDERERS
from nndsl.language.settings import SETTINGS
from nndsl.version import __version__

DESCRIPTION = "Describe a neural network; get readable NumPy that trains it."
EXAMPLES = """\
examples:
  nndsl new sales.csv                    write sales.nn, a spec for your own table
  nndsl train iris.nn iris.csv           learn from a table; saves iris.npz
  nndsl predict iris.npz new.csv         what the trained network says of new rows
  nndsl compile iris.nn                  write iris.py, a module that needs NumPy only
  nndsl check *.nn                       list the mistakes in specs
  nndsl fmt *.nn                         lay them out in one style
  nndsl explain E122                     what a code, a name or a line means
  nndsl show iris.nn --defaults          the spec with every default written out

exit codes: 0 fine, 1 mistakes found, 2 wrong usage, 70 a bug in nndsl, 130 Ctrl-C
"""
SPEC = "a .nn file; - is standard input"
STYLES = ("textbook", "fast")
TARGETS = ("numpy", "sklearn", "jax")


class Parser(ArgumentParser):
    """A parser that says in one line what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"nndsl: {message}; see {self.prog} --help\n")


def command_parser() -> ArgumentParser:
    """The parser of `nndsl`; `command` in what it returns names the command."""
    top = Parser(
        prog="nndsl",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"nndsl {__version__}",
        help="print the version",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (words, add_options) in COMMANDS.items():
        command = commands.add_parser(
            name, help=words[:1].lower() + words[1:], description=f"{words}."
        )
        add_options(command)
        command.add_argument(
            "--debug", action="store_true", help="show the traceback of a bug in nndsl"
        )
    return top


def unknown_option(words: Sequence[str], command: str) -> str:
    """What to say of words behind `command` that it does not know."""
    option, _, value = words[0].partition("=")
    value = value or (words[1] if len(words) > 1 else "VALUE")
    name = option.strip("-").replace("-", "_")
    advice = f"see nndsl {command} --help"
    if command in ("explain", "new", "evaluate", "predict", "export", "import"):
        return f"nothing is called {words[0]} here; {advice}"
    if name in ("lr", "learning_rate"):
        advice = f"write --set 'train.optimizer=adam(learning_rate={value})'"
    elif option.startswith("--") and name in SETTINGS:
        advice = f"write --set {shlex.quote(f'train.{name}={value}')}"
    return f"nothing is called {words[0]} here; {advice}"


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(
            f"expected a whole number, found {text[:50]!r}"
        ) from None


def _of_specs(command: ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="NAME=VALUE",
        help="change a setting of the spec, such as train.epochs=5",
    )
    add("--format", choices=RENDERERS, default="text", help="how mistakes are printed")
    add("--allow-large", action="store_true", help="more than 10^8 parameters")


def _style(command: ArgumentParser) -> None:
    command.add_argument(
        "--style",
        choices=STYLES,
        default=STYLES[0],
        help="one formula a line (default), or in place and fast",
    )


def _compile(command: ArgumentParser) -> None:
    command.add_argument("specs", nargs="+", metavar="SPEC", help=SPEC)
    add = command.add_mutually_exclusive_group().add_argument
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="module, or folder, to write (default: iris.py beside iris.nn)",
    )
    add("--stdout", action="store_true", help="print the module, write no file")
    add("--show", choices=STAGES, help="print this stage of the compiler instead")
    _style(command)
    command.add_argument(
        "--target",
        choices=TARGETS,
        default=TARGETS[0],
        help="a module that needs NumPy only (default), one whose class is a "
        "scikit-learn estimator, or one that JAX computes",
    )
    _force(command)
    _of_specs(command)


def _check(command: ArgumentParser) -> None:
    command.add_argument("specs", nargs="+", metavar="SPEC", help=SPEC)
    command.add_argument(
        "--fix",
        action="store_true",
        help="correct in the files what can only have been meant in one way",
    )
    _of_specs(command)


def _fmt(command: ArgumentParser) -> None:
    words = "a .nn file, or a folder with such files; - is standard input"
    command.add_argument("specs", nargs="+", metavar="SPEC", help=words)
    add = command.add_argument
    add(
        "--check",
        action="store_true",
        help="write nothing; name the files that would change, and exit with 1",
    )
    add("--diff", action="store_true", help="write nothing; print what would change")


def _show(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=f"{SPEC}, or a trained MODEL.npz")
    add = command.add_mutually_exclusive_group().add_argument
    add("--defaults", action="store_true", help="print the spec with every default")
    add("--svg", metavar="FILE", help="draw the network; - prints the drawing")
    _of_specs(command)


def _explain(command: ArgumentParser) -> None:
    command.add_argument(
        "what",
        nargs="+",
        metavar="WHAT",
        help="a code such as E122, a name such as relu, adam or early_stopping, or a "
        "line such as iris.nn:5",
    )
    command.set_defaults(settings=[], format="text", allow_large=True)


def _data(command: ArgumentParser) -> None:
    command.add_argument(
        "data",
        metavar="DATA",
        help="a table with names over its columns: CSV, Parquet, Excel, …; - is CSV "
        "on standard input",
    )
    add_table_options(command)


def _new(command: ArgumentParser) -> None:
    _data(command)
    add = command.add_argument
    add("--target", metavar="COLUMN", help="what to learn (default: the last column)")
    add(
        "-o",
        "--output",
        metavar="SPEC",
        help="file to write (default: iris.nn in the current folder for iris.csv)",
    )


def _train(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    _data(command)
    add = command.add_argument
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="file to write (default: iris.npz in the current folder)",
    )
    add("--epochs", type=_whole, metavar="N", help="instead of the spec's")
    add("--seed", type=_whole, metavar="N", help="instead of the spec's")
    add(
        "--resume",
        action="store_true",
        help="go on from the last checkpoint of a run that was cut off",
    )
    add(
        "--folds",
        type=_whole,
        metavar="K",
        help="hold out each of K parts once and print the figures; saves no model",
    )
    add(
        "--seeds",
        type=_whole,
        metavar="N",
        help="train with N seeds and print the figures; saves no model",
    )
    _report(command)
    _force(command)
    _of_specs(command)


def _force(command: ArgumentParser) -> None:
    command.add_argument(
        "--force",
        action="store_true",
        help="replace files that are otherwise kept",
    )


def _report(command: ArgumentParser) -> None:
    command.add_argument(
        "--report",
        metavar="FILE",
        help="also write a page about the model, such as report.html",
    )


def _model(command: ArgumentParser) -> None:
    command.add_argument(
        "model",
        metavar="MODEL",
        help="a file that `nndsl train` or `nndsl import` wrote",
    )
    _data(command)


def _evaluate(command: ArgumentParser) -> None:
    _model(command)
    _report(command)


def _predict(command: ArgumentParser) -> None:
    _model(command)
    command.add_argument(
        "-o", "--output", metavar="FILE", help="CSV file to write (default: print)"
    )
    _force(command)


def _export(command: ArgumentParser) -> None:
    add = command.add_argument
    add(
        "model",
        metavar="MODEL",
        help="a file that `nndsl train` or `nndsl import` wrote",
    )
    add(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help=f"file to write; its name ends in {' or '.join(EXPORTERS)}",
    )
    add(
        "--no-numpy",
        action="store_true",
        help="a .py file that needs the standard library alone",
    )
    _force(command)


def _import(command: ArgumentParser) -> None:
    add = command.add_argument
    add("file", metavar="FILE", help=f"its name ends in {', '.join(IMPORTERS)}")
    add(
        "-o",
        "--output",
        metavar="SPEC",
        help="spec to write; the model goes beside it (default: net.nn and net.npz in "
        "the current folder for net.onnx)",
    )
    add(
        "--target",
        action="append",
        default=[],
        metavar="COLUMN",
        help="what the network predicts; once for each column, if it predicts several",
    )
    add(
        "--trust",
        action="store_true",
        help="open a pickled file, which can run any program that its author wanted",
    )
    add(
        "--layers",
        metavar="LAYERS",
        help="the layers of a .safetensors file, as in 'dense, relu, dense, softmax'",
    )
    _force(command)


def _step(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    add = command.add_argument
    add("data", nargs="?", metavar="DATA", help="a table (default: rows are drawn)")
    add_table_options(command)
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="page to write (default: iris.step.html in the current folder)",
    )
    add("--rows", type=int, default=8, metavar="N", help="rows of the batch, 2 to 16")
    add("--steps", type=int, default=20, metavar="N", help="steps of training to show")
    _force(command)
    _of_specs(command)


def _verify(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    _of_specs(command)


COMMANDS: dict[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "compile": ("Write the module of each spec", _compile),
    "check": ("List the mistakes in specs", _check),
    "fmt": ("Write specs in one style; what they mean stays", _fmt),
    "show": ("Show the network of a spec or of a trained model", _show),
    "explain": ("Say what a code, a name or a line of a spec means", _explain),
    "new": ("Write a spec for a table", _new),
    "train": ("Compile a spec in memory and learn from a table", _train),
    "evaluate": ("Compare a trained network with a table", _evaluate),
    "predict": ("Predict for each row of a table", _predict),
    "export": ("Write a trained network for other programs", _export),
    "import": ("Read a network that another library trained", _import),
    "step": ("Write a page that walks through the first steps of training", _step),
    "verify": ("Check the modules of a spec by independent computation", _verify),
}
"""What each command does, and what adds its options."""
