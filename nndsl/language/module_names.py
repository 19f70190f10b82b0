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
BLOCK CHECKPOINT CLASSES CLASS_WEIGHTS CLIP_NORM CLIP_VALUE DROP DROPOUT DTYPE FEATURES
FILL FILLED HIGH L1 L2 LABELS LARGEST LEARNED LIMITS LOW MAX_NORM MISSING NETWORK
NORMAL_TAIL NORM_EPSILON NORM_MOMENTUM NUMBERS OTHER SMALLEST SPREAD START TARGETS
TARGET_SPREAD TARGET_START WARMUP
"""

_IMPORTS = """
Array BaseEstimator ClassNamePrefixFeaturesOutMixin ClassifierMixin Mesh NamedSharding
NamedTuple PartitionSpec RegressorMixin TransformerMixin _check_sample_weight b64decode
check_classification_targets check_is_fitted csv dataclass jax jnp joblib math mul
ndarray ndtr np os partial r2_score struct sys validate_data
"""
_FUNCTIONS = """
add array array64 backward blocks by_name check_limits check_rows check_targets
check_weights class_weights clip_gradients complete_rows confusion_matrix counts
cross_entropy dense dropout_mask encode encode_row fill_values find_classes find_labels
forward initialize limit_norms low_and_range mean_and_std measure median_and_iqr one_hot
penalty predict predict_proba print_epoch read_csv row_weights signs softmax sort_labels
split_rows spread standardise start_and_spread to_columns to_label to_number to_numbers
to_positions to_vector train_batch transform update_running views warm_up
zeros_and_ones
"""
_LOCALS = """
X along arrays batch best both callback classes cls complete constant current_rate cuts
device_t device_weight device_x epoch mask_seed
expected filled gradients key known log model name network ones out outputs parameters
part path plateau rng rows sample_weight self size start steps stop targets test train
training unit update validation value values vector vectors weights y zeros
difference magnitude opposite power product quotient root square choice
"""
"""What functions that call a spec's formulas, or its optimizer, call their own."""

_CLASS_NAMES = {
    "adam": "Adam",
    "adamw": "AdamW",
    "adamax": "Adamax",
    "nadam": "NAdam",
    "radam": "RAdam",
    "adagrad": "AdaGrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "lion": "Lion",
}

PRINTED = frozenset(_PRINTED.split())
"""What a printed formula may call or read."""
CONSTANTS = frozenset(_CONSTANTS.split())
NAMES = PRINTED | CONSTANTS
NAMES |= {"Parameters", "Plateau", *_IMPORTS.split(), *_CLASS_NAMES.values()}
NAMES |= {*_FUNCTIONS.split(), *_LOCALS.split()}

NEEDED = "is a name the generated module needs itself"
"""Why a spec cannot have a name of these."""

_NUMBERED = re.compile(
    r"(L1|L2|MAX_NORM)_[A-Z]+[0-9]+|(NORM_(EPSILON|MOMENTUM)|DROPOUT|PLATEAU)_\w+"
)
_ARRAY = re.compile(
    r"d*([abhmnprtvwxyz][0-9]*|(mask|mean|variance|scale|shift|std)[0-9]+)"
    r"(_hat|_smooth)?(_[0-9]+)?"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def class_name(optimizer: str) -> str:
    """The class of an optimizer: as its paper writes it, or `SignMomentum`."""
    words = optimizer.split("_")
    plain = "".join(word[:1].upper() + word[1:] for word in words)
    return _CLASS_NAMES.get(optimizer, plain)


def variable_name(optimizer: str) -> str:
    """What an object of that class is called."""
    return "optimizer" if class_name(optimizer) == optimizer else optimizer


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
        return f"has {len(text)} characters; at most {limits.NAME_LENGTH} are allowed"
    if text.startswith("__"):
        return "begins with two underscores, as Python's own names do"
    if keyword.iskeyword(text) or keyword.issoftkeyword(text):
        return "is a word of Python"
    if hasattr(builtins, text):
        return "is a built-in name of Python"
    return None
