"""What `nndsl --help` prints, from a table: argparse takes longer than a check."""

from __future__ import annotations

DESCRIPTION = "Describe a neural network; get readable NumPy that trains it."
COMMANDS = {
    "compile": "Write the module of each spec",
    "check": "List the mistakes in specs",
    "show": "Print a spec as it is compiled, settings from outside included",
    "train": "Compile a spec in memory and learn from a table",
    "evaluate": "Compare a trained network with a table",
    "predict": "Say what a trained network makes of each row",
    "summary": "List the layers with their shapes",
}
EXAMPLES = """\
examples:
  nndsl train iris.nn iris.csv           learn from a table; saves iris.npz
  nndsl predict iris.nn new.csv          what the trained network says of new rows
  nndsl compile iris.nn                  write iris.py, a module that needs NumPy only
  nndsl check *.nn                       list the mistakes in specs
  nndsl show iris.nn --defaults          the spec with every default written out

exit codes: 0 fine, 1 mistakes found, 2 wrong usage, 70 a bug in nndsl, 130 Ctrl-C
"""


def help_text() -> str:
    """The commands, the options before them, and examples."""
    commands = "\n".join(f"    {name:<9} {short(name)}" for name in COMMANDS)
    return f"""\
usage: nndsl [-h] [--version] COMMAND ...

{DESCRIPTION}

positional arguments:
  COMMAND
{commands}

options:
  -h, --help  show this help message and exit
  --version   print the version

{EXAMPLES}"""


def short(command: str) -> str:
    """What a command does, as it stands in a list."""
    words = COMMANDS[command]
    return words[:1].lower() + words[1:]
