"""Ways to break a module for scikit-learn."""

from mutant import Mutant

SKLEARN = "templates/sklearn/"
TARGET = "test_sklearn_target.py::test_"
ENGINES = "test_sklearn_engines.py::test_"

ESTIMATORS = (
    Mutant(
        "probabilities in the order of the spec",
        f"{SKLEARN}predict.py.jinja",
        "return self._forward(X)[-1]{% if estimator.sorts %}"
        "[:, np.argsort(CLASSES)]{% endif +%}",
        "return self._forward(X)[-1]",
        (f"{TARGET}labels_of_the_spec_stand_in_scikit_learns_order",),
    ),
    Mutant(
        "a margin speaks for the wrong label",
        f"{SKLEARN}predict.py.jinja",
        "{% if estimator.sorts %}-{% endif %}",
        "",
        (f"{TARGET}labels_of_the_spec_stand_in_scikit_learns_order",),
    ),
    Mutant(
        "every clone draws the same numbers",
        f"{SKLEARN}fit.py.jinja",
        "rng = np.random.default_rng(self.random_state)",
        "rng = np.random.default_rng(0)",
        (f"{TARGET}random_state_is_a_number_none_or_a_generator",),
    ),
    Mutant(
        "rows of weight 0 stay",
        f"{SKLEARN}fit.py.jinja",
        "        {{ estimator.filtered }}\n",
        "",
        (f"{TARGET}no_weights_are_weights_of_1_and_one_of_0_is_no_row",),
    ),
    Mutant(
        "parameters of an earlier fit stay",
        f"{SKLEARN}fit.py.jinja",
        'self.__dict__.pop("parameters_", None)',
        "pass",
        (f"{TARGET}a_failed_fit_leaves_no_parameters_of_another",),
    ),
    Mutant(
        "numbered labels are unknown",
        f"{SKLEARN}fit.py.jinja",
        "np.array(numbers) if numbered else np.sort(CLASSES)",
        "np.sort(CLASSES)",
        (f"{ENGINES}scikit_learn_may_number_the_labels_of_the_spec",),
    ),
)
