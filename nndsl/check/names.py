"""Names that become Python names: what they may be."""

from __future__ import annotations

import builtins
import keyword
import re

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import UNFIT_NAME
from nndsl.syntax.tree import Name
from nndsl.tables.initializers import INITIALIZERS
from nndsl.tables.layers import LAYERS
from nndsl.tables.metrics import METRICS
from nndsl.tables.settings import SETTINGS
from nndsl.tables.statements import DEFINITIONS, STATEMENTS

_MODULE = """
Any Array Arrays BinaryIO Callable FLOAT Iterable Iterator Literal Mapping
NDArray NamedTuple Path Self Sequence TextIO Values annotations argparse
backward base64 collections contextlib copy csv dataclass dataclasses datetime
forward functools hashlib io itertools json learning_rate_at loss main math
network np npt numpy optimizer os parameters pathlib pickle random re reprlib
self shutil signal start string struct sys tempfile textwrap threading time
types typing update warnings weakref zipfile zlib
CLASSES CLASS_WEIGHTS COMMAND FEATURES HOLES Integers NETWORK NUMBER OUTPUTS Real
Figures Random Share Shares TARGETS TypeAlias WEIGHTS array as_number cache check_output is_weights shlex clip_gradients decide deepcopy divide dropout_mask
evaluate find_classes find_columns first_width hits in_table in_threads is_number
islice known_columns limit_norms mean_and_deviation named_columns numbered
numbers_or_text predict print_epoch print_figures print_row random_stream read_array
read_arrays read_csv read_header read_label read_labels read_number read_rows
read_table read_target read_weights remember schedule set_stream_state softmax
stream_state threads total train unnamed update_running views without_holes
write_whole zip_longest ThreadPoolExecutor
"""
MODULE_NAMES = frozenset(_MODULE.split())
"""What the generated module imports and defines itself."""

_TEXTBOOK = re.compile(r"d?[abhmnprtvwxyz][0-9]*(_[0-9]+)?")
"""Arrays of the generated mathematics: `x`, `w1`, `dz2`."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_LANGUAGE = frozenset((*DEFINITIONS, *STATEMENTS, *LAYERS, *SETTINGS))
_LIBRARY = frozenset((*INITIALIZERS, *METRICS))


def unusable(name: str) -> str | None:
    """Why a name cannot become a Python name; None where it can."""
    if not _IDENTIFIER.fullmatch(name):
        return "is not made of the letters a to z, digits and `_`"
    if len(name) > limits.NAME_LENGTH:
        return f"has {len(name)} characters; {limits.NAME_LENGTH} are the most"
    if name.startswith("__"):
        return "begins with two underscores, as Python's own names do"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "is a word of Python"
    if hasattr(builtins, name):
        return "is a built-in name of Python"
    if name in MODULE_NAMES:
        return "is a name the generated module needs itself"
    return None


def check_name(findings: Findings, name: Name, what: str) -> bool:
    """Whether the name of a network or layer can be used; a finding where not."""
    reason = unusable(name.text)
    if reason is None and what == "network" and _TEXTBOOK.fullmatch(name.text):
        reason = "is a name the generated module needs itself"
    if reason is None:
        return True
    findings.add(
        UNFIT_NAME,
        name.span,
        f"`{name.text[:70]}` {reason}",
        f"choose another name for the {what}",
    )
    return False


def check_formula_name(
    findings: Findings, name: Name, kind: str, library: frozenset[str]
) -> bool:
    """Whether a formula may have this name; `library` are the built-in formulas."""
    text = name.text
    reason = unusable(text)
    if text in _LANGUAGE:
        reason = "is a word of the language"
    elif text in library or text in _LIBRARY:
        reason = "is built in"
    elif reason is None and _TEXTBOOK.fullmatch(text):
        reason = "is a name the generated module needs itself"
    if reason is None:
        return True
    findings.add(
        UNFIT_NAME,
        name.span,
        f"`{text[:70]}` {reason}",
        f"choose another name for the {kind}",
    )
    return False
