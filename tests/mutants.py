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
        "skip a bias",
        "nndsl/render/textbook/statement_lines.py",
        'f" + {self.names(product.bias)}" if product.bias else ""',
        '""',
        (f"{BY_HAND}layer_norm_standardises_each_row",),
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
        "one optimizer state for arrays of equal shape",
        "nndsl/render/textbook/step_function.py",
        """f'memory[f"{state.name}/{{name}}"]' for state in states""",
        """f'[m for k, m in memory.items() if k.startswith("{state.name}/") """
        """and m.shape == weight.shape][0]' for state in states""",
        (f"{STEPS}[adam-textbook]",),
    ),
    Mutant(
        "forget the division by n",
        "nndsl/render/textbook/methods.py",
        '"1 / len(t)"',
        '"1.0"',
        (SQUARES,),
    ),
    Mutant(
        "forget the division by the outputs",
        "nndsl/lower/loss.py",
        "if not loss.summed and loss.outputs != 1:",
        "if False:",
        (SQUARES,),
    ),
    Mutant(
        "scale by all rows, the test rows included",
        "templates/fit.py.jinja",
        "self._scaling = mean_and_deviation(rows[train]",
        "self._scaling = mean_and_deviation(rows",
        ("test_specs.py::test_scaling_knows_the_training_rows_alone",),
    ),
    Mutant(
        "a transpose is missing",
        "nndsl/render/textbook/statement_lines.py",
        '".T" if product.transpose_right else ""',
        '""',
        (
            f"{GRADIENTS}layers[dense 6 tanh biases=uniform(-1, 1); "
            "dense 6 tanh; dense 6 tanh]",
        ),
    ),
    Mutant(
        "softmax without the row's largest",
        "templates/functions/softmax.py.jinja",
        "np.exp(z - z.max(axis=1, keepdims=True))",
        "np.exp(z)",
        (f"{GRADIENTS}softmax_of_large_numbers_is_finite",),
    ),
    Mutant(
        "no label smoothing in the gradient",
        "nndsl/lower/loss.py",
        "if smoothing is not None:",
        "if False:",
        (f"{GRADIENTS}loss[categorical_crossentropy(label_smoothing=0.1)]",),
    ),
    Mutant(
        "softmax's derivative without the sum",
        "nndsl/render/textbook/statement_lines.py",
        'f"{a} * ({da} - {total})"',
        'f"{a} * {da} * (1 - {a})"',
        (f"{GRADIENTS}last_activation_without_a_rewrite[softmax]",),
    ),
    Mutant(
        "the rewrite to p - y where the activation is another",
        "nndsl/lower/loss.py",
        '("softmax", "kl_divergence"),',
        '("softmax", "kl_divergence"),\n    ("softmax", "mean_squared_error"),',
        (f"{GRADIENTS}last_activation_without_a_rewrite[softmax]",),
    ),
    Mutant(
        "bias gradients are means",
        "nndsl/render/textbook/statement_lines.py",
        'f"{text}.sum(axis=0)"',
        'f"{text}.mean(axis=0)"',
        (CLASSES,),
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
        "fit does not plan its steps",
        "nndsl/render/module/view_training.py",
        'and "steps" in variables(rate.formula.value)',
        "and False",
        (f"{OPTIMIZERS}schedule[one_cycle(0.5)-textbook]",),
    ),
    Mutant(
        "l2 without the factor 2",
        "nndsl/render/textbook/passes.py",
        "+= 2 * {penalty.l2}",
        "+= {penalty.l2}",
        (PENALTIES,),
    ),
    Mutant(
        "l2 without the factor 2, in place",
        "nndsl/optimise/plan.py",
        "multiply(Number(2.0), Variable(penalty.l2))",
        "multiply(Number(1.0), Variable(penalty.l2))",
        (PENALTIES,),
    ),
    Mutant(
        "penalties missing in the loss",
        "nndsl/render/textbook/loss_function.py",
        '    return [*lines, "    return total"]',
        '    lines[-1] = lines[-1].replace("+=", "+= 0 *")\n'
        '    return [*lines, "    return total"]',
        (PENALTIES,),
    ),
    Mutant(
        "dropout that does not scale up",
        "templates/functions/dropout_mask.py.jinja",
        "(random.random_sample(shape) >= rate) / (1 - rate)",
        "(random.random_sample(shape) >= rate) / 1.0",
        (DROPOUT,),
    ),
    Mutant(
        "dropout in the loss that is asked for",
        "templates/functions/dropout_mask.py.jinja",
        "        return np.ones(shape, dtype=FLOAT)",
        "        random = np.random.RandomState(1)",
        (DROPOUT,),
    ),
    Mutant(
        "dropout draws from the stream of the start",
        "templates/engines/started.py.jinja",
        "random_stream(self.seed, 2)",
        "random_stream(self.seed, 0)",
        (DROPOUT,),
    ),
    Mutant(
        "a biased running variance",
        "nndsl/render/textbook/after_step.py",
        'number.format("n / max(n - 1, 1)")',
        'number.format("1.0")',
        (BATCH_NORM,),
    ),
    Mutant(
        "batch norm predicts with the batch's statistics",
        "nndsl/render/textbook/statement_lines.py",
        'f"{self.indent}if training:"',
        'f"{self.indent}if training or len(x):"',
        (BATCH_NORM,),
    ),
    Mutant(
        "batch norm's statistics as constants in the gradient",
        "nndsl/render/textbook/statement_lines.py",
        'f"{dh} - {dh}.mean({axis}) - {h} * {along}"',
        'f"{dh} - 0 * {along}"',
        (f"{GRADIENTS}layers[dense 6; batch_norm; tanh]",),
    ),
    Mutant(
        "max_norm over rows",
        "nndsl/render/textbook/after_step.py",
        ".sum(axis=0))",
        ".sum(axis=1, keepdims=True))",
        (f"{OF_STEPS}max_norm_bounds_the_columns_after_a_step",),
    ),
    Mutant(
        "each gradient clipped by its own norm",
        "templates/functions/clip_norm.py.jinja",
        "d *= min(1.0, CLIP_NORM / (length + 1e-6))",
        "d *= min(1.0, CLIP_NORM / (math.sqrt((d * d).sum()) + 1e-6))",
        (f"{OF_STEPS}clipping_by_norm_scales_all_gradients_together",),
    ),
    Mutant(
        "the surrogate in the forward pass",
        "nndsl/render/textbook/activation_functions.py",
        '"""`use` at the array written `source`."""',
        "use = use.surrogate or use",
        (SURROGATE,),
    ),
    Mutant(
        "he_normal with a gain of 1",
        "templates/functions/initializers/he_normal.py.jinja",
        "math.sqrt(2 / shape[0])",
        "math.sqrt(1 / shape[0])",
        ("test_initializers.py::test_normal[he_normal-0.6324555320336759]",),
    ),
    Mutant(
        "class weights that are not normalised",
        "templates/tasks/weights_of_classes.py.jinja",
        "(mean or 1)",
        "1",
        (f"{OF_STEPS}class_weights_multiply_the_rows_losses[a=2.0 b=0.5-textbook]",),
    ),
    Mutant(
        "the first of two labels is the positive one",
        "templates/tasks/target_two.py.jinja",
        "return x, places.reshape(-1, 1).astype(FLOAT)",
        "return x, 1 - places.reshape(-1, 1).astype(FLOAT)",
        ("test_labels.py::test_two_classes",),
    ),
    Mutant(
        "quotes in labels are left out",
        "nndsl/render/escape.py",
        """f"\\\\{c}" if c in""",
        """"" if c in""",
        (INJECTION,),
    ),
    Mutant(
        "in place, no row of ones for the biases to weigh",
        "nndsl/render/inplace/flat_passes.py",
        "[-1] = 1",
        "[-1] = 0",
        (LAYERS,),
    ),
    Mutant(
        "in place, the rows averaged over one more",
        "nndsl/render/inplace/flat_passes.py",
        "np.full((n, 1), 1 / n, dtype=FLOAT)",
        "np.full((n, 1), 1 / (n + 1), dtype=FLOAT)",
        (BATCH_NORM,),
    ),
    Mutant(
        "in place, all rows weigh the same",
        "templates/functions/inplace/turned.py.jinja",
        "isinstance(share, float) else share.T",
        "isinstance(share, float) else share.T * 0 + 1 / share.size",
        (f"{OF_STEPS}class_weights_multiply_the_rows_losses[a=2.0 b=0.5-fast]",),
    ),
    Mutant(
        "in place, the two means of the gradient of batch norm swapped",
        "nndsl/optimise/statement_calls.py",
        "zip(s.sums, (mean, along), strict=True)",
        "zip(s.sums[::-1], (mean, along), strict=True)",
        (BATCH_NORM,),
    ),
    Mutant(
        "in place, softmax divides by one class too many",
        "nndsl/render/inplace/flat_mathematics.py",
        'np.ones(({k}, {k}), dtype=FLOAT)"',
        'np.ones(({k}, {k}), dtype=FLOAT) + 1 / {k}"',
        (CLASSES,),
    ),
    Mutant(
        "the caller's rows are handed back",
        "templates/data.py.jinja",
        "return self._seen(X).copy()",
        "return self._seen(X)",
        ("test_module_memory.py::test_nothing_given_is_written_to_or_handed_back",),
    ),
    Mutant(
        "in place, a rescaled state is saved as it is kept",
        "templates/engines/fast.py.jinja",
        "array.astype(np.float64) * unit",
        "array.astype(np.float64)",
        ("test_fast.py::test_saved_optimizer_state_resumes_exactly[float32]",),
    ),
    Mutant(
        "fading states are put to zero, whatever their sign",
        "templates/functions/inplace/keep_from_zero.py.jinja",
        "TINY * np.sign(state[small])",
        "TINY * 0",
        ("test_fast_fading.py::test_signs_and_zeros_are_kept",),
    ),
    Mutant(
        "fading states are kept away from zero though something jumps",
        "nndsl/optimise/denormals.py",
        "found &= node.name in _CONTINUOUS",
        "pass",
        ("test_fast_fading.py::test_which_states_are_kept_away_from_zero[jump]",),
    ),
    Mutant(
        "a thread leaves blocks of the update out",
        "templates/threads.py.jinja",
        "starts[k::count]",
        "starts[k :: count + 1]",
        ("test_fast_threads.py::test_threads_do_what_the_textbook_does[lion]",),
    ),
    Mutant(
        "errors of a thread of the update are lost",
        "templates/threads.py.jinja",
        "        each.result()",
        "        each.done()",
        ("test_fast_threads.py::test_settings_and_faults_reach_the_helpers",),
    ),
)
FEW = (
    *("drop a ReLU", "skip a bias", "relu'(0) = 1", "forget the division by n"),
    "swap operands where all widths are equal",
    "one optimizer state for arrays of equal shape",
    "scale by all rows, the test rows included",
)
