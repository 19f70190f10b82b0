"""Ways to break row weights, folds and resumed trainings."""

from mutant import Mutant

WEIGHTS = "test_row_weights.py::test_"
RESUME = "test_resume.py::test_"
RUNS = "test_several_runs.py::test_"

RUNS_AND_WEIGHTS = (
    Mutant(
        "weights do not reach the gradient",
        "nndsl/lower/loss.py",
        "for weights in (loss.weights, loss.sample_weight):",
        "for weights in (loss.weights,):",
        (f"{WEIGHTS}two_is_a_row_twice",),
    ),
    Mutant(
        "weights keep their size",
        "templates/model/epochs.py.jinja",
        "(sample_weight / sample_weight{{ view.fit.rows }}.mean()).astype(DTYPE)",
        "sample_weight.astype(DTYPE)",
        (f"{WEIGHTS}any_factor_of_all_weights_changes_nothing",),
    ),
    Mutant(
        "balanced classes without row weights",
        "templates/model/class_weights.py.jinja",
        "sizes = sample_weight @ t\n",
        "sizes = t.sum(axis=0)\n",
        (f"{WEIGHTS}two_is_a_row_twice",),
    ),
    Mutant(
        "rows of weight 0 are split off",
        "templates/model/fit.py.jinja",
        "complete = np.flatnonzero(sample_weight > 0)",
        "complete = np.flatnonzero(sample_weight >= 0)",
        (f"{WEIGHTS}zero_is_no_row",),
    ),
    Mutant(
        "the moments of a resumed training start anew",
        "nndsl/cli/resume.py",
        "array[...] = saved",
        "pass",
        (f"{RESUME}it_ends_with_the_same_bits",),
    ),
    Mutant(
        "the generator of a resumed training starts anew",
        "nndsl/cli/resume.py",
        "self.rng.bit_generator.state = json",
        "_ = json",
        (f"{RESUME}it_ends_with_the_same_bits",),
    ),
    Mutant(
        "the best weights of a resumed training are forgotten",
        "nndsl/cli/resume.py",
        "model.parameters_ = type(self.parameters)(**best)",
        "pass",
        (f"{RESUME}it_ends_with_the_same_bits",),
    ),
    Mutant(
        "folds that are not stratified",
        "nndsl/data/folds.py",
        "if y is None:",
        "if True:",
        (f"{RUNS}folds_of_labels",),
    ),
    Mutant(
        "a fold is measured on what it learned",
        "nndsl/cli/several_runs.py",
        "_rows(table, run.held_out)",
        "_rows(table, ~run.held_out)",
        (f"{RUNS}folds_are_a_loop_over_the_module",),
    ),
    Mutant(
        "the worst is the best",
        "nndsl/cli/several_runs.py",
        "if _larger_is_better(name) else",
        "if not _larger_is_better(name) else",
        (f"{RUNS}folds_of_numbers_and_worst_errors",),
    ),
)
