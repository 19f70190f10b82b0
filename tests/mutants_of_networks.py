"""Ways to break the mathematics: passes, losses, optimizers, metrics' and layers'."""

from mutant import Mutant

PROGRAMS = "nndsl/lower/"
TEXTBOOK = "nndsl/render/network/"
FAST = "nndsl/render/fast/"
FUNCTIONS = "templates/functions/"
LIBRARY = "nndsl/language/library/"
GRADIENTS = "test_gradients.py::test_"
BY_HAND = "test_gradients_by_hand.py::test_"
OF_STEPS = "test_gradients_of_steps.py::test_"
OPTIMIZERS = "test_optimizers_in_modules.py::test_"
BATCH_NORM = f"{BY_HAND}batch_norm_is_what_ioffe_and_szegedy_say"
DROPOUT = f"{BY_HAND}dropout_multiplies_by_its_mask"
SURROGATE = f"{BY_HAND}surrogate_lends_its_derivative"
STEPS = f"{OPTIMIZERS}twenty_steps"
PENALTIES = f"{GRADIENTS}penalties_of_the_train_block"
LAYERS = f"{GRADIENTS}layers"
LOSSES = f"{GRADIENTS}loss"
WEIGHTS = f"{OF_STEPS}class_weights_"

NETWORKS = (
    Mutant(
        "drop a ReLU",
        "nndsl/layers/activation.py",
        "if use.name == LINEAR and use.surrogate is None:",
        'if use.name in (LINEAR, "relu"):',
        (BATCH_NORM,),
    ),
    Mutant(
        "go by the order of the layers",
        f"{PROGRAMS}forward.py",
        "source = forward.outputs.get(layer.reads, x)",
        "source = forward.current",
        ("test_layers.py::test_what_a_layer_reads_is_what_it_is_computed_from",),
    ),
    Mutant(
        "skip a bias",
        f"{TEXTBOOK}statement_lines.py",
        'f" + {self.name(product.bias)}" if product.bias else ""',
        '""',
        (f"{BY_HAND}layer_norm_standardises_each_row",),
    ),
    Mutant(
        "swap the operands of a product",
        f"{PROGRAMS}backward.py",
        "Product(name, product.left, upstream, transpose_left=True)",
        "Product(name, upstream, product.left, transpose_left=True)",
        (LOSSES,),
    ),
    Mutant(
        "swap operands where all widths are equal",
        f"{PROGRAMS}backward.py",
        "lambda name: Product(name, product.left, upstream, transpose_left=True)",
        "lambda name: Product(name, *((upstream, product.left) "
        "if product.right == 'w2' else (product.left, upstream)), transpose_left=True)",
        (LAYERS,),
    ),
    Mutant(
        "a transpose is missing",
        f"{TEXTBOOK}statement_lines.py",
        '".T" if product.transpose_right else ""',
        '""',
        (LAYERS,),
    ),
    Mutant(
        "a transpose is missing, in place",
        f"{FAST}fast_lines.py",
        '".T" if product.transpose_right else ""',
        '""',
        (LAYERS,),
    ),
    Mutant(
        "in place, skip a bias",
        f"{FAST}fast_lines.py",
        "if product.bias is not None:",
        "if False:",
        (f"{BY_HAND}layer_norm_standardises_each_row",),
    ),
    Mutant(
        "relu'(0) = 1",
        f"{LIBRARY}activations/relu.nn",
        "max(x, 0)",
        "max(0, x)",
        (f"{BY_HAND}gradient_at_a_kink_is_that_of_its_second_argument",),
    ),
    Mutant(
        "celu's slope at 0 depends on alpha",
        f"{LIBRARY}activations/celu.nn",
        "expm1(x / alpha)",
        "expm1(x)",
        ("test_formulas_in_modules.py", "test_library_values.py"),
    ),
    Mutant(
        "forget the division by n",
        f"{TEXTBOOK}statement_lines.py",
        '"n": "len(x)", "size": "t.size"',
        '"n": "1.0", "size": "1.0"',
        (LOSSES,),
    ),
    Mutant(
        "divide by the rows, not by all outputs",
        f"{PROGRAMS}loss.py",
        'Variable("n" if over_rows else "size")',
        'Variable("n")',
        (LOSSES,),
    ),
    Mutant(
        "no label smoothing in the gradient",
        f"{PROGRAMS}loss.py",
        "first, aim = [loss.smoothed], loss.smoothed.target",
        "first, aim = [loss.smoothed], loss.target",
        (LOSSES,),
    ),
    Mutant(
        "the rewrite to p - y where the loss is another",
        f"{PROGRAMS}loss.py",
        '("softmax", "kl_divergence"),',
        '("softmax", "kl_divergence"),\n    ("softmax", "mean_squared_error"),',
        (f"{GRADIENTS}last_activation_without_a_rewrite",),
    ),
    Mutant(
        "softmax without the row's largest",
        f"{FUNCTIONS}softmax.py.jinja",
        "np.exp(z - z.max(axis=1, keepdims=True))",
        "np.exp(z)",
        (f"{GRADIENTS}softmax_of_large_numbers_is_finite",),
    ),
    Mutant(
        "softmax's derivative without the sum",
        f"{TEXTBOOK}statement_lines.py",
        'f"{a} * ({da} - {total})"',
        'f"{a} * {da} * (1 - {a})"',
        (f"{GRADIENTS}last_activation_without_a_rewrite",),
    ),
    Mutant(
        "bias gradients are means",
        f"{TEXTBOOK}statement_lines.py",
        'f"{text}.sum(axis=0)"',
        'f"{text}.mean(axis=0)"',
        (LOSSES,),
    ),
    Mutant(
        "in place, what the backward pass reads is overwritten",
        "nndsl/optimise/optimise.py",
        "kept = {*kept_values(program), *_given(program)}",
        "kept = {*_given(program)}",
        (GRADIENTS.split("::")[0], "test_fast.py"),
    ),
    Mutant(
        "Adam's first correction does not grow with the step",
        f"{LIBRARY}optimizers/adam.nn",
        "1 - beta1^step",
        "1 - beta1",
        (STEPS,),
    ),
    Mutant(
        "Adam's epsilon inside the root",
        f"{LIBRARY}optimizers/adam.nn",
        "(sqrt(v_hat) + epsilon)",
        "sqrt(v_hat + epsilon)",
        (STEPS,),
    ),
    Mutant(
        "AdamW's decay through the gradient",
        f"{LIBRARY}optimizers/adamw.nn",
        "+ (1 - beta1) * gradient",
        "+ (1 - beta1) * (gradient + weight_decay * weight)",
        (STEPS,),
    ),
    Mutant(
        "momentum with the wrong sign",
        f"{LIBRARY}optimizers/sgd.nn",
        "velocity = momentum * velocity + g",
        "velocity = g - momentum * velocity",
        (STEPS,),
    ),
    Mutant(
        "Nesterov without the look ahead",
        f"{LIBRARY}optimizers/sgd.nn",
        "g + momentum * velocity, velocity",
        "g + momentum * g, velocity",
        (STEPS,),
    ),
    Mutant(
        "a schedule that is a step late",
        f"{LIBRARY}schedules/inverse_time.nn",
        "decay * (step - 1)",
        "decay * step",
        (f"{OPTIMIZERS}schedule",),
    ),
    Mutant(
        "a state that is kept without a factor is read with it",
        "nndsl/optimise/fast_update.py",
        "written = steps.rescaled(written, state.name, scale)",
        "pass",
        ("test_fast_update.py", "test_fast_optimizers.py"),
    ),
    Mutant(
        "the loop over blocks leaves out every second one",
        f"{FUNCTIONS}fast/blocks.py.jinja",
        "range(0, size, BLOCK)",
        "range(0, size, 2 * BLOCK)",
        ("test_fast.py", "test_fast_update.py"),
    ),
    Mutant(
        "a copy of the parameters is not written back",
        f"{FAST}fast_optimizer.py",
        '"                array[:] = new",',
        '"                new[:] = array",',
        ("test_fast_update.py::test_parameters_that_are_no_views_are_written_back",),
    ),
    Mutant(
        "l2 without the factor 2",
        f"{TEXTBOOK}statement_lines.py",
        'f"2 * {penalty.l2} * {w}"',
        'f"{penalty.l2} * {w}"',
        (PENALTIES,),
    ),
    Mutant(
        "penalties missing in the loss",
        f"{TEXTBOOK}loss_function.py",
        'f"{called} + penalty(p)" if program.penalties else called',
        "called",
        ("test_module_text.py", PENALTIES, "test_fit_and_predict.py", "test_models.py"),
    ),
    Mutant(
        "dropout that does not scale up",
        f"{FUNCTIONS}dropout_mask.py.jinja",
        "/ DTYPE(1 - rate)",
        "/ DTYPE(1)",
        (DROPOUT,),
    ),
    Mutant(
        "dropout in what is predicted",
        f"{FUNCTIONS}dropout_mask.py.jinja",
        "return np.ones(shape, DTYPE)",
        "rng = np.random.default_rng(1)",
        (DROPOUT,),
    ),
    Mutant(
        "a biased running variance",
        f"{TEXTBOOK}after_step.py",
        "unbiased = variance * n / (n - 1)",
        "unbiased = variance",
        (BATCH_NORM,),
    ),
    Mutant(
        "batch norm predicts with the batch's statistics",
        f"{TEXTBOOK}statement_lines.py",
        'f"{computed} if training else',
        'f"{computed} if training or len(x) else',
        (BATCH_NORM,),
    ),
    Mutant(
        "in place, batch norm predicts with the batch's statistics",
        f"{FAST}fast_lines.py",
        "mean(axis=0) if training else {running[0]}",
        "mean(axis=0) if len(x) else {running[0]}",
        (BATCH_NORM,),
    ),
    Mutant(
        "batch norm's statistics as constants in the gradient",
        f"{TEXTBOOK}statement_lines.py",
        "f\"{dy} - ({shift} + {z} * {scale}) / {self.name('n')}\"",
        'f"{dy} - 0 * ({shift} + {z} * {scale})"',
        (LAYERS,),
    ),
    Mutant(
        "max_norm over rows",
        f"{TEXTBOOK}after_step.py",
        ".sum(axis=0))",
        ".sum(axis=1, keepdims=True))",
        (f"{OF_STEPS}max_norm_bounds_the_columns_after_a_step",),
    ),
    Mutant(
        "each gradient clipped by its own norm",
        f"{FUNCTIONS}clip_norm.py.jinja",
        "g *= min(1, CLIP_NORM / (norm + 1e-6))",
        "g *= min(1, CLIP_NORM / (math.sqrt(float(np.vdot(g, g))) + 1e-6))",
        (f"{OF_STEPS}clipping_by_norm_scales_all_gradients_together",),
    ),
    Mutant(
        "the surrogate in the forward pass",
        f"{TEXTBOOK}activation_functions.py",
        '"""`use` at the array written `source`."""',
        "use = use.surrogate or use",
        (SURROGATE,),
    ),
    Mutant(
        "he_normal with a gain of 1",
        f"{FUNCTIONS}initializers/he_normal.py.jinja",
        "np.sqrt(2 / n_in)",
        "np.sqrt(1 / n_in)",
        ("test_initializers.py::test_normal",),
    ),
    Mutant(
        "class weights of the first class for all rows",
        f"{FUNCTIONS}row_weights.py.jinja",
        "(t @ weights)[:, None]",
        "(0 * (t @ weights) + weights[0])[:, None]",
        (f"{WEIGHTS}multiply_the_rows_losses",),
    ),
    Mutant(
        "absent and present labels change their weights",
        f"{FUNCTIONS}row_weights_of_labels.py.jinja",
        "weights[1], weights[0]",
        "weights[0], weights[1]",
        (f"{WEIGHTS}of_several_labels",),
    ),
    Mutant(
        "class weights that are not normalised",
        "templates/model/class_weights.py.jinja",
        "{% else %}row_weights(t, weights){% endif %}.mean()",
        "{% else %}np.float32(1){% endif %}",
        (OF_STEPS.split("::")[0],),
    ),
)
