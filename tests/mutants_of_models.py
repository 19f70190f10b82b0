"""Ways to break a module's model: data, training, metrics, answers, files."""

from mutant import Mutant

MODEL = "templates/model/"
DATA = "templates/data/"
METRICS = "templates/functions/metrics/"
TEXT = "nndsl/render/module/"
STOPPING = "test_stopping.py::test_"
FIGURES = "test_metrics.py::test_"
LABELS = "test_labels.py::test_"
SCALING = "test_scaling_and_filling.py::test_"
FIT = "test_fit_and_predict.py::test_"

MODELS = (
    Mutant(
        "scale by all rows, the test rows included",
        f"{TEXT}learning.py",
        'lines, known = [], f"rows{index}"',
        'lines, known = [], "rows"',
        (f"{SCALING}filling_and_scaling_learn_from_the_training_rows",),
    ),
    Mutant(
        "fill from all rows",
        f"{TEXT}learning.py",
        'f"self.fill_ = fill_values({known})"',
        '"self.fill_ = fill_values(rows)"',
        (f"{SCALING}filling_and_scaling_learn_from_the_training_rows",),
    ),
    Mutant(
        "low of a declared range forgotten",
        f"{MODEL}scale.py.jinja",
        "(rows - LOW) / (HIGH - LOW)",
        "rows / (HIGH - LOW)",
        (f"{SCALING}a_declared_range_counts_from_its_low_end",),
    ),
    Mutant(
        "rounding is spread",
        f"{DATA}numbers.py.jinja",
        "constant = size <= 1e-15 * np.abs(rows).max(axis=0)",
        "constant = size <= 0 * np.abs(rows).max(axis=0)",
        (f"{SCALING}a_constant_column_scales_to_0",),
    ),
    Mutant(
        "targets come back in float32",
        f"{TEXT}model_text.py",
        'a = f"({a} * self.target_std_ + self.target_mean_)"',
        'a = f"({a} * self.target_std_.astype(DTYPE) '
        '+ self.target_mean_.astype(DTYPE))"',
        (f"{SCALING}targets_come_back_in_float64",),
    ),
    Mutant(
        "the first of two labels is the positive one",
        f"{TEXT}data_text.py",
        "[[places[label]] for label in labels]",
        "[[1 - places[label]] for label in labels]",
        (f"{LABELS}two_classes",),
    ),
    Mutant(
        "a boolean is 0 or 1",
        f"{DATA}targets.py.jinja",
        "or isinstance(label, bool) != (classes.dtype == bool):",
        "or False:",
        (LABELS.split("::")[0],),
    ),
    Mutant(
        "a missing label is a class",
        f"{DATA}targets.py.jinja",
        '["", "nan", "None", "<NA>"]',
        '["-"]',
        (f"{LABELS}a_missing_label_is_never_a_class", LABELS.split("::")[0]),
    ),
    Mutant(
        "parts that are not stratified",
        f"{DATA}split.py.jinja",
        "np.unique(t, axis=0, return_inverse=True)",
        "t, np.zeros(len(t), int)",
        (f"{FIT}stratified_parts_have_the_classes_of_the_whole",),
    ),
    Mutant(
        "a frame's columns by position",
        f"{DATA}rows.py.jinja",
        "X = [X[name] for name in FEATURES]",
        "X = [X[name] for name in columns]",
        ("test_frames.py::test_columns_are_found_by_name_in_any_order",),
    ),
    Mutant(
        "min_delta the other way",
        f"{TEXT}fit_text.py",
        'sign, change = (">", "+") if stopping.larger_is_better else ("<", "-")',
        'sign, change = (">", "-") if stopping.larger_is_better else ("<", "+")',
        (f"{STOPPING}early_stopping_watches_one_figure_in_its_direction",),
    ),
    Mutant(
        "early stopping watches the training loss",
        f"{TEXT}fit_text.py",
        """f'log["{stopping.monitor}"] {sign} best{margin}'""",
        """f'log["loss"] {sign} best{margin}'""",
        (f"{STOPPING}early_stopping_watches_one_figure_in_its_direction",),
    ),
    Mutant(
        "early stopping compares the wrong way",
        "nndsl/check/rules/monitor.py",
        "figure is not None and figure.larger_is_better",
        "figure is None or not figure.larger_is_better",
        (f"{STOPPING}early_stopping_watches_one_figure_in_its_direction",),
    ),
    Mutant(
        "an epoch too patient",
        f"{MODEL}epochs.py.jinja",
        "stop or epoch - self.best_epoch_ >= self.patience",
        "stop or epoch - self.best_epoch_ > self.patience",
        (STOPPING.split("::")[0],),
    ),
    Mutant(
        "test rows judged before the best weights are back",
        f"{MODEL}epochs.py.jinja",
        "{% if view.estimator %}self.parameters_{% else %}self._fitted(){% endif +%}",
        "p",
        (f"{STOPPING}test_rows_are_judged_once_by_the_best_parameters",),
    ),
    Mutant(
        "the best parameters change with those in training",
        f"{MODEL}epochs.py.jinja",
        "Parameters(*(w.copy() for w in p))",
        "p",
        (f"{STOPPING}the_parameters_of_the_best_epoch_are_kept",),
    ),
    Mutant(
        "plateau watches the training loss",
        f"{MODEL}epochs.py.jinja",
        "{% if view.fit.validates %}val_loss{% else %}loss{% endif %}",
        "loss",
        (f"{STOPPING}plateau_watches_the_validation_loss_if_there_is_one",),
    ),
    Mutant(
        "plateau compares the wrong way",
        "templates/functions/plateau.py.jinja",
        "self.lowest * (1 - PLATEAU_THRESHOLD)",
        "self.lowest * (1 + PLATEAU_THRESHOLD)",
        (f"{STOPPING}plateau_by_the_threshold",),
    ),
    Mutant(
        "plateau forgets to start counting again",
        "templates/functions/plateau.py.jinja",
        "            self.waited = 0\n",
        "",
        (STOPPING.split("::")[0], "test_optimizers_in_modules.py"),
    ),
    Mutant(
        "a last batch of one row",
        f"{MODEL}epochs.py.jinja",
        "{{ view.fit.count }} - 1, self.batch_size)",
        "{{ view.fit.count }}, self.batch_size)",
        (f"{FIT}a_row_alone_joins_the_batch_before",),
    ),
    Mutant(
        "fit does not say how many steps it takes",
        f"{TEXT}fit_text.py",
        'return "1" if network.train.batch_size is None else "(len(cuts) + 1)"',
        'return "1"',
        ("test_random_specs.py", "test_stopping.py", "test_optimizers_in_modules.py"),
    ),
    Mutant(
        "balanced weights from all rows",
        f"{MODEL}epochs.py.jinja",
        "class_weights(t{{ view.fit.rows }}{%",
        "class_weights(t{%",
        ("test_gradients_of_steps.py", f"{FIT}balanced_weights_are_scikit_learns"),
    ),
    Mutant(
        "ties in auc count as hits",
        f"{METRICS}auc.py.jinja",
        "losses.cumsum() - losses / 2",
        "losses.cumsum()",
        (FIGURES.split("::")[0],),
    ),
    Mutant(
        "classes that are only predicted are left out",
        f"{METRICS}counts_of_classes.py.jinja",
        "np.unique([predicted, true])",
        "np.unique(true)",
        (f"{FIGURES}several_classes",),
    ),
    Mutant(
        "f1 of two classes is a mean of both",
        f"{METRICS}counts_of_classes.py.jinja",
        "np.array([1]) if k == 2 else np.unique([predicted, true])",
        "np.unique([predicted, true])",
        (f"{FIGURES}two_classes_are_judged_by_the_second",),
    ),
    Mutant(
        "r2 of a target that does not vary",
        f"{METRICS}r2.py.jinja",
        "np.where(varies, 1 - ((t - a) ** 2).mean(axis=0) / variance, 0)",
        "(1 - ((t - a) ** 2).mean(axis=0) / variance)",
        (f"{FIGURES}edges",),
    ),
    Mutant(
        "equal outputs are hits of top_k_accuracy",
        f"{TEXT}metric_text.py",
        "({a} >= own)",
        "({a} > own - 0)",
        (f"{FIGURES}edges", f"{FIGURES}several_classes"),
    ),
    Mutant(
        "errors are not in the unit of the target",
        f"{TEXT}metric_text.py",
        'unit=" * unit" if has_unit else ""',
        'unit=""',
        (f"{FIGURES}errors_are_in_the_unit_of_the_target",),
    ),
    Mutant(
        "hinge decides at 0.5",
        "nndsl/lower/processing.py",
        'Decision("threshold", 0.0)',
        'Decision("threshold", 0.5)',
        (f"{FIT}hinge_decides_at_0",),
    ),
    Mutant(
        "the confusion matrix is turned",
        f"{MODEL}measure.py.jinja",
        "({{ view.metrics.true }}, {{ view.metrics.predicted }})",
        "({{ view.metrics.predicted }}, {{ view.metrics.true }})",
        (f"{FIGURES}confusion_matrix",),
    ),
    Mutant(
        "a load forgets what was learned beside the parameters",
        f"{TEXT}file_text.py",
        """f"{given} = (data[name] for name in {name})\"""",
        """f"{given} = (0 * data[name] + 1 for name in {name})\"""",
        (f"{SCALING}a_load_restores_the_same_predictions",),
    ),
    Mutant(
        "weights of another shape are loaded",
        f"{MODEL}files.py.jinja",
        "if a.shape != w.shape or",
        "if",
        ("test_fit_and_predict.py", "test_models.py", "test_model_files.py"),
    ),
)
