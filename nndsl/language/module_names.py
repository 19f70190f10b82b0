"""The names of the generated module, which nothing of a spec may take.

Whoever needs to know what a module calls its own asks here.
"""

import builtins
import keyword
import re

from nndsl import limits

_PRINTED = """
LARGEST NORMAL_TAIL SMALLEST math normal_cdf normal_exponential normal_pdf normal_tail
np sigmoid softplus times_normal_cdf
"""
_CONSTANTS = """
BLOCK CLASSES CLASS_WEIGHTS CLIP_NORM CLIP_VALUE COMMAND FEATURES FLOAT HOLES L1 L2
LARGEST LOGGED MAX_NORM MOST NETWORK NORMAL_TAIL NORM_EPSILON NORM_MOMENTUM OPTIONAL
OUTPUTS REMEMBERED ROWS SMALLEST TARGETS TINY VERBS WARMUP WEIGHTS
"""

_IMPORTS = """
annotations argparse cache copy_context csv dataclass deepcopy futures io islice math
np os re shlex sys time warnings zip_longest zipfile zlib
Any Callable Counter Hashable Iterator Mapping NDArray NamedTuple Real Self Sequence
TypeAlias
"""
_TYPES = "Array Arrays Figures Integers Path Random Share Shares Slopes Table Values"
_FUNCTIONS = """
as_number backward blocks check_output clip_gradients columns decide divide dropout_mask
fill_of find_classes find_columns forward helpers hits in_file in_threads is_number
keep_from_zero known_columns least_and_range limit_norms loss main mean_and_deviation
number numbered numbers_or_text parts predict print_epoch print_figures random_stream
read_array read_arrays read_csv read_header read_labels read_table read_weights remember
schedule set_stream_state softmax start start_running stream_state thread_count train
turned update update_running views width_of write_whole
"""
_LOCALS = "parameters random running self share total training"
"""What functions that call a spec's formulas call their own arguments."""

PRINTED = frozenset(_PRINTED.split())
"""What a printed formula may call or read."""
CONSTANTS = frozenset(_CONSTANTS.split())
NAMES = PRINTED | CONSTANTS
NAMES |= {*_IMPORTS.split(), *_TYPES.split(), *_FUNCTIONS.split(), *_LOCALS.split()}

NEEDED = "is a name the generated module needs itself"
"""Why a spec cannot have a name of these."""

_NUMBERED = re.compile(
    r"ONES[0-9]+|(L1|L2|MAX_NORM)_[A-Z]+[0-9]+|NORM_(EPSILON|MOMENTUM)_\w+"
)
_ARRAY = re.compile(
    r"d?([abhmnprtvwxyz][0-9]*|(mean|variance|scale|shift)[0-9]+)(_[0-9]+)?"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def of_the_module(name: str) -> bool:
    """Whether some generated module has this name at its top, or might shadow it."""
    return name in NAMES or _NUMBERED.fullmatch(name) is not None


def of_the_mathematics(name: str) -> bool:
    """Whether arrays of the generated mathematics are called so: `x`, `w1`, `dz2`."""
    return _ARRAY.fullmatch(name) is not None


def no_name(text: str) -> str | None:
    """Why a text cannot be a name in Python; None where it can."""
    if not _IDENTIFIER.fullmatch(text):
        return "is not made of the letters a to z, digits and `_`"
    if len(text) > limits.NAME_LENGTH:
        return f"has {len(text)} characters; {limits.NAME_LENGTH} are the most"
    if text.startswith("__"):
        return "begins with two underscores, as Python's own names do"
    if keyword.iskeyword(text) or keyword.issoftkeyword(text):
        return "is a word of Python"
    if hasattr(builtins, text):
        return "is a built-in name of Python"
    return None
