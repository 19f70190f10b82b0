"""Ways to break nndsl, each with the tests that must notice."""

from mutants_of_estimators import ESTIMATORS
from mutants_of_exchange import EXCHANGE
from mutants_of_exports import EXPORTS
from mutants_of_models import MODELS
from mutants_of_networks import NETWORKS
from mutants_of_nndsl import AROUND
from mutants_of_runs import RUNS_AND_WEIGHTS

MUTANTS = (
    *NETWORKS,
    *MODELS,
    *AROUND,
    *RUNS_AND_WEIGHTS,
    *EXPORTS,
    *EXCHANGE,
    *ESTIMATORS,
)
FEW = (
    *("drop a ReLU", "skip a bias", "relu'(0) = 1", "forget the division by n"),
    *("swap operands where all widths are equal", "a transpose is missing, in place"),
    *("scale by all rows, the test rows included", "min_delta the other way"),
    *("a copy of the parameters is not written back", "line numbers one too small"),
)
