"""Ways to break the compiler, each with the tests that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` in `file` becomes `new`; `tests` are the node ids that must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


GRADIENTS = "test_gradients.py::test_"
BY_HAND = "test_gradients_by_hand.py::test_"
OF_STEPS = "test_gradients_of_steps.py::test_"
OPTIMIZERS = "test_optimizers_in_modules.py::test_"
BATCH_NORM = f"{BY_HAND}batch_norm_is_what_ioffe_and_szegedy_say"
DROPOUT = f"{BY_HAND}dropout_multiplies_by_the_mask_of_its_stream"
SURROGATE = f"{BY_HAND}surrogate_lends_its_derivative"
STEPS = f"{OPTIMIZERS}twenty_steps"
PENALTIES = f"{GRADIENTS}penalties_of_the_train_block"
LAYERS = f"{GRADIENTS}layers[dense 40 relu; dense 33 tanh]"
CLASSES = f"{GRADIENTS}loss[categorical_crossentropy]"
SQUARES = f"{GRADIENTS}loss[mean_squared_error]"
INJECTION = "test_injection.py::test_what_has_broken_others"

MUTANTS = (
    Mutant(
        "drop a ReLU",
        "nndsl/layers/activation.py",
        "if use.name == LINEAR and use.surrogate is None:",
        'if use.name in (LINEAR, "relu"):',
        (BATCH_NORM,),
    ),
    Mutant(
        "go by the order of the layers",
        "nndsl/lower/forward.py",
        "source = forward.outputs.get(layer.reads, x)",
        "source = forward.current",
        ("test_layers.py::test_what_a_layer_reads_is_what_it_is_computed_from",),
    ),
    Mutant(
        "swap the operands of a product",
        "nndsl/lower/backward.py",
        "Product(name, product.left, upstream, transpose_left=True)",
        "Product(name, upstream, product.left, transpose_left=True)",
        (CLASSES,),
    ),
    Mutant(
        "swap operands where all widths are equal",
        "nndsl/lower/backward.py",
        "lambda name: Product(name, product.left, upstream, transpose_left=True)",
        "lambda name: Product(name, *((upstream, product.left) "
        "if product.right == 'w2' else (product.left, upstream)), transpose_left=True)",
        (
            f"{GRADIENTS}layers[dense 6 tanh biases=uniform(-1, 1); "
            "dense 6 tanh; dense 6 tanh]",
        ),
    ),
    Mutant(
        "relu'(0) = 1",
        "nndsl/language/library/activations/relu.nn",
        "max(x, 0)",
        "max(0, x)",
        (f"{BY_HAND}gradient_at_a_kink_is_that_of_its_second_argument",),
    ),
    Mutant(
        "softmax without the row's largest",
        "templates/functions/softmax.py.jinja",
        "np.exp(z - z.max(axis=1, keepdims=True))",
        "np.exp(z)",
        (f"{GRADIENTS}softmax_of_large_numbers_is_finite",),
    ),
    Mutant(
        "the rewrite to p - y where the activation is another",
        "nndsl/lower/loss.py",
        '("softmax", "kl_divergence"),',
        '("softmax", "kl_divergence"),\n    ("softmax", "mean_squared_error"),',
        (f"{GRADIENTS}last_activation_without_a_rewrite[softmax]",),
    ),
    Mutant(
        "Adam's first correction does not grow with the step",
        "nndsl/language/library/optimizers/adam.nn",
        "1 - beta1^step",
        "1 - beta1",
        (f"{STEPS}[adam-textbook]",),
    ),
    Mutant(
        "Adam's epsilon inside the root",
        "nndsl/language/library/optimizers/adam.nn",
        "(sqrt(v_hat) + epsilon)",
        "sqrt(v_hat + epsilon)",
        (
            f"{STEPS}[adam(learning_rate=0.05, beta1=0.8, beta2=0.9, epsilon=0.01)"
            "-textbook]",
        ),
    ),
    Mutant(
        "AdamW's decay through the gradient",
        "nndsl/language/library/optimizers/adamw.nn",
        "+ (1 - beta1) * gradient",
        "+ (1 - beta1) * (gradient + weight_decay * weight)",
        (f"{STEPS}[adamw-textbook]",),
    ),
    Mutant(
        "momentum with the wrong sign",
        "nndsl/language/library/optimizers/sgd.nn",
        "velocity = momentum * velocity + g",
        "velocity = g - momentum * velocity",
        (f"{STEPS}[sgd(learning_rate=0.1, momentum=0.9)-textbook]",),
    ),
    Mutant(
        "Nesterov without the look ahead",
        "nndsl/language/library/optimizers/sgd.nn",
        "g + momentum * velocity, velocity",
        "g + momentum * g, velocity",
        (f"{STEPS}[sgd(learning_rate=0.1, momentum=0.9, nesterov=yes)-textbook]",),
    ),
    Mutant(
        "a schedule that is a step late",
        "nndsl/language/library/schedules/inverse_time.nn",
        "decay * (step - 1)",
        "decay * step",
        (f"{OPTIMIZERS}schedule[inverse_time(0.5, decay=0.1)-textbook]",),
    ),
    Mutant(
        "quotes in labels are left out",
        "nndsl/render/escape.py",
        """f"\\\\{c}" if c in""",
        """"" if c in""",
        (INJECTION,),
    ),
    Mutant(
        "skip a bias",
        "nndsl/render/network/statement_lines.py",
        'f" + {self.name(product.bias)}" if product.bias else ""',
        '""',
        ("test_gradients_by_hand.py",),
    ),
    Mutant(
        "forget the division by n",
        "nndsl/lower/loss.py",
        'Operation("divide", (error, number))',
        "error",
        ("test_gradients.py::test_loss",),
    ),
    Mutant(
        "forget the division by the outputs",
        "nndsl/lower/loss.py",
        "over_rows = loss.summed or ",
        "over_rows = True or ",
        ("test_gradients.py::test_loss",),
    ),
    Mutant(
        "no label smoothing in the gradient",
        "nndsl/lower/loss.py",
        "first, aim = [loss.smoothed], loss.smoothed.target",
        "first, aim = [loss.smoothed], loss.target",
        ("test_gradients.py::test_loss",),
    ),
    Mutant(
        "softmax's derivative without the sum",
        "nndsl/render/network/statement_lines.py",
        'f"{a} * ({da} - {total})"',
        'f"{a} * {da}"',
        ("test_gradients.py::test_last_activation_without_a_rewrite",),
    ),
    Mutant(
        "bias gradients are means",
        "nndsl/render/network/statement_lines.py",
        'f"{text}.sum(axis=0)"',
        'f"{text}.mean(axis=0)"',
        ("test_gradients.py::test_loss",),
    ),
    Mutant(
        "l2 without the factor 2",
        "nndsl/render/network/statement_lines.py",
        'f"2 * {penalty.l2} * {w}"',
        'f"{penalty.l2} * {w}"',
        ("test_gradients.py::test_penalties_of_the_train_block",),
    ),
    Mutant(
        "penalties missing in the loss",
        "nndsl/render/network/loss_function.py",
        'return f"{called} + penalty(p)" if program.penalties else called',
        "return called",
        ("test_pages.py",),
    ),
    Mutant(
        "dropout that does not scale up",
        "templates/functions/dropout_mask.py.jinja",
        "/ DTYPE(1 - rate)",
        "/ DTYPE(1)",
        ("test_gradients_by_hand.py",),
    ),
    Mutant(
        "a biased running variance",
        "nndsl/render/network/after_step.py",
        "variance * n / (n - 1)",
        "variance",
        ("test_fit_and_predict.py::test_a_row_alone_joins_the_batch_before",),
    ),
    Mutant(
        "batch norm predicts with the batch's statistics",
        "nndsl/render/network/statement_lines.py",
        'f"{computed} if training else {self.name(str(running))}"',
        "computed",
        ("test_gradients_by_hand.py",),
    ),
    Mutant(
        "max_norm over rows",
        "nndsl/render/network/after_step.py",
        "**2).sum(axis=0))",
        "**2).sum(axis=1, keepdims=True))",
        ("test_gradients_of_steps.py",),
    ),
    Mutant(
        "each gradient clipped by its own norm",
        "templates/functions/clip_norm.py.jinja",
        "(norm + 1e-6)",
        "(math.sqrt(float(np.vdot(g, g))) + 1e-6)",
        ("test_gradients_of_steps.py",),
    ),
    Mutant(
        "he_normal with a gain of 1",
        "templates/functions/initializers/he_normal.py.jinja",
        "np.sqrt(2 / n_in)",
        "np.sqrt(1 / n_in)",
        ("test_initializers.py",),
    ),
    Mutant(
        "class weights that are not normalised",
        "templates/model/class_weights.py.jinja",
        "return weights / row_weights(t, weights).mean()",
        "return weights",
        ("test_fit_and_predict.py::test_balanced_weights_are_scikit_learns",),
    ),
    Mutant(
        "min_delta the other way",
        "nndsl/render/module/fit_text.py",
        'sign, change = (">", "+") if stopping.larger_is_better else ("<", "-")',
        'sign, change = (">", "-") if stopping.larger_is_better else ("<", "+")',
        ("test_stopping.py",),
    ),
    Mutant(
        "early stopping compares the wrong way",
        "nndsl/check/rules/monitor.py",
        "figure is not None and figure.larger_is_better",
        "figure is None or not figure.larger_is_better",
        ("test_stopping.py",),
    ),
    Mutant(
        "early stopping watches the training loss",
        "nndsl/render/module/fit_text.py",
        "f'log[\"{stopping.monitor}\"] {sign} best{margin}'",
        "f'log[\"loss\"] {sign} best{margin}'",
        ("test_stopping.py",),
    ),
    Mutant(
        "plateau compares the wrong way",
        "templates/functions/plateau.py.jinja",
        "if loss < self.lowest",
        "if loss > self.lowest",
        ("test_stopping.py",),
    ),
    Mutant(
        "plateau watches the training loss",
        "templates/model/fit.py.jinja",
        '{% if view.fit.validates %}val_loss{% else %}loss{% endif %}"])',
        'loss"])',
        ("test_stopping.py",),
    ),
    Mutant(
        "ties in auc count nothing",
        "templates/functions/metrics/auc.py.jinja",
        "losses.cumsum() - losses / 2",
        "losses.cumsum() - losses",
        ("test_metrics.py",),
    ),
    Mutant(
        "classes that are only predicted do not count",
        "templates/functions/metrics/counts_of_classes.py.jinja",
        "np.unique([predicted, true])",
        "np.unique(true)",
        ("test_metrics.py::test_several_classes",),
    ),
    Mutant(
        "hinge says the first label at 0",
        "templates/model/predict.py.jinja",
        "[:, 0] >= ",
        "[:, 0] > ",
        ("test_fit_and_predict.py::test_hinge_decides_at_0",),
    ),
    Mutant(
        "test rows judged by the last parameters",
        "templates/model/fit.py.jinja",
        "        p = self._fitted()\n",
        "",
        ("test_stopping.py",),
    ),
    Mutant(
        "filling from all rows, the test rows included",
        "nndsl/render/module/model_text.py",
        'f"self.fill_ = fill_values({known})"',
        '"self.fill_ = fill_values(rows)"',
        (
            "test_fit_and_predict.py::test_missing_values_are_filled_from_the_training_rows",
        ),
    ),
    Mutant(
        "low of a declared range forgotten",
        "templates/model/scale.py.jinja",
        "(rows - LOW) / (HIGH - LOW)",
        "rows / (HIGH - LOW)",
        ("test_fit_and_predict.py::test_a_declared_range_scales_from_its_low_end",),
    ),
    Mutant(
        "celu whose alpha is 1",
        "nndsl/language/library/activations/celu.nn",
        "alpha * expm1(x / alpha)",
        "alpha * expm1(x)",
        ("test_formulas_in_modules.py",),
    ),
    Mutant(
        "a row alone in batch norm",
        "templates/model/fit.py.jinja",
        " - 1, self.batch_size)",
        ", self.batch_size)",
        ("test_fit_and_predict.py::test_a_row_alone_joins_the_batch_before",),
    ),
    Mutant(
        "scaled back in float32",
        "nndsl/render/module/model_text.py",
        "({a} * self.target_std_ + self.target_mean_)",
        "({a} * DTYPE(self.target_std_) + DTYPE(self.target_mean_))",
        ("test_fit_and_predict.py::test_scaled_targets_come_back_in_float64",),
    ),
    Mutant(
        "True is 1",
        "templates/data/targets.py.jinja",
        " or isinstance(label, bool) != (classes.dtype == bool)",
        "",
        (
            "test_fit_and_predict.py::test_a_label_that_is_none_of_the_declared_is_refused",
        ),
    ),
    Mutant(
        "r2 of a constant target is 1",
        "templates/functions/metrics/r2.py.jinja",
        "/ variance, 0)",
        "/ variance, 1)",
        ("test_metrics.py::test_edges",),
    ),
    Mutant(
        "errors in the scaled unit",
        "nndsl/render/module/metric_text.py",
        '" * unit" if has_unit else ""',
        '""',
        ("test_metrics.py::test_errors_are_in_the_unit_of_the_target",),
    ),
    Mutant(
        "in place, any vector is taken for the parameters",
        "templates/functions/fast/to_vector.py.jinja",
        "own and isinstance(vector, ndarray) and vector.shape == (size,)",
        "isinstance(vector, ndarray)",
        ("test_fast_update.py::test_parameters_in_any_memory_are_updated",),
    ),
    Mutant(
        "in place, memory that is still read is taken over",
        "nndsl/optimise/optimise.py",
        "computed - read_later - fixed",
        "computed",
        ("test_program.py",),
    ),
    Mutant(
        "in place, copies are not written back",
        "nndsl/render/fast/fast_optimizer.py",
        '"                array[:] = new"',
        '"                pass"',
        ("test_fast_update.py::test_parameters_that_are_no_views_are_written_back",),
    ),
    Mutant(
        "in place, softmax without the shift",
        "templates/functions/fast/softmax.py.jinja",
        "    z -= np.maximum.reduce(z, axis=1, keepdims=True)\n",
        "",
        ("test_gradients.py::test_softmax_of_large_numbers_is_finite",),
    ),
    Mutant(
        "edited modules are replaced",
        "nndsl/cli/outputs.py",
        "first.removeprefix(MARK) != digest(rest)",
        "False",
        ("test_cli_files.py",),
    ),
    Mutant(
        "equal outputs are hits",
        "nndsl/render/module/metric_text.py",
        "({a} >= own)",
        "({a} > own)",
        ("test_metrics.py::test_edges",),
    ),
)

FEW = (
    *("drop a ReLU", "skip a bias", "relu'(0) = 1", "forget the division by n"),
    "swap operands where all widths are equal",
    "min_delta the other way",
    "in place, memory that is still read is taken over",
)
