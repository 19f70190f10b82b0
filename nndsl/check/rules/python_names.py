"""Names that become Python names: what they may be."""

from __future__ import annotations

import builtins
import keyword
import re

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import UNFIT_NAME
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.layer_table import LAYERS
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.syntax.tree import Name

_MODULE = """
Any Array Arrays BLOCK BinaryIO CLASSES CLASS_WEIGHTS CLIP_NORM CLIP_VALUE COMMAND
Callable Counter FEATURES FLOAT Figures HOLES Hashable Integers Iterable Iterator L1 L2
LARGEST LOGGED Literal MAX_NORM MOST Mapping NDArray NETWORK NORMAL_TAIL NORM_EPSILON
NORM_MOMENTUM NUMBER NamedTuple OPTIONAL OUTPUTS Path REMEMBERED ROWS Random Real
SMALLEST Self Sequence Share Shares Slopes TARGETS TINY Table TextIO TypeAlias VERBS
Values WARMUP WEIGHTS annotations argparse array as_number backward base64 cache
check_output clip_gradients collections columns contextlib copies copy copy_context csv
dataclass dataclasses datetime decide deepcopy divide dropout_mask evaluate fill_of
find_classes find_columns first_width forward functools futures hashlib helpers hits
in_file in_table in_threads io is_number is_weights islice itertools json keep_from_zero
known_columns learning_rate_at least_and_range limit_norms loss main math
mean_and_deviation named_columns network normal_cdf normal_exponential normal_pdf
normal_tail np npt number numbered numbers_or_text numpy optimizer os parameters parts
pathlib pickle predict print_epoch print_figures print_row random random_stream re
read_array read_arrays read_csv read_header read_label read_labels read_number read_rows
read_table read_target read_weights remember reprlib schedule self set_stream_state
share shlex shutil sigmoid signal softmax softplus start start_running stream_state
string struct sys tempfile textwrap thread_count threading time times_normal_cdf total
train training turned types typing unmasked unnamed update update_running views warnings
weakref weighted_total width_of without_holes write_whole zip_longest zipfile zlib
"""
MODULE_NAMES = frozenset((*_MODULE.split(), *(f"ONES{k}" for k in range(1, 33))))
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
    if name in MODULE_NAMES or name in _LIBRARY or name.endswith("_slope"):
        return "is a name the generated module needs itself"
    return None


def _is_mathematics(name: str) -> bool:
    """Whether a module may have an array or a built-in activation of this name."""
    return bool(_TEXTBOOK.fullmatch(name)) or name in library_names("activation")


def check_name(findings: Findings, name: Name, what: str) -> bool:
    """Whether the name of a network or layer can be used; a finding where not."""
    reason = unusable(name.text)
    if reason is None and what == "network" and _is_mathematics(name.text):
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
