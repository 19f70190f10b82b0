"""What the templates of a module print, and the switches by which they lay it out.

Everything a template prints is `Code`; whatever has to be decided or computed is
decided and computed here and in the `view_` modules.
"""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.render.escape import Code
from nndsl.render.view_command_line import CommandLine


@dataclass(frozen=True, slots=True)
class Argument:
    """A keyword argument of the constructor; `note` is a comment or empty."""

    name: Code
    type: Code
    default: Code
    note: Code


@dataclass(frozen=True, slots=True)
class ModuleView:
    """The holes and switches of `module.py.jinja` and the templates it includes."""

    # The head
    title: Code
    version: Code
    source_name: Code
    layer_table: tuple[Code, ...]
    source_comment: Code
    standard_imports: tuple[Code, ...]
    precision: Code
    constants: tuple[Code, ...]
    mathematics: Code
    engine: Code

    # Names and widths
    class_name: Code
    settings: tuple[Code, ...]
    arguments: tuple[Argument, ...]
    counted_arguments: tuple[Argument, ...]
    n_inputs: Code
    n_outputs: Code
    n_inputs_text: Code
    output_shape: Code
    has_columns: bool
    fixed_widths: bool
    open_widths: bool
    open_inputs: bool

    # What y is
    answers_note: tuple[Code, ...]
    rows_phrase: Code
    y_default: Code
    validation_type: Code
    has_answers: bool
    learns_input: bool
    has_labels: bool
    places: bool
    keeps_shape: bool
    margin: bool
    initial_classes: Code
    learns_names: bool
    learns_classes: bool
    fixed_classes: bool
    open_classes: bool
    find_classes: Code
    class_count: Code
    class_count_parameter: Code
    learns_from_first_look: bool
    reads_one_hot: bool
    words: bool
    perhaps_words: bool
    labels_note: Code
    names_targets: bool
    target_width: Code
    target_options: Code
    target_is_binary: bool
    target_is_distribution: bool
    target_signs: Code
    read_answers_template: str
    network_target_template: str
    predict_template: str
    predict_note: Code
    prepare_note: Code
    has_probabilities: bool
    has_narrowest: bool
    narrowest: Code
    narrowest_name: Code

    # Scaling and missing values
    needs_fit: bool
    scales: bool
    scale_standard: bool
    scale_minmax: bool
    scale_declared: bool
    low: Code
    range: Code
    scales_target: bool
    converts_units: bool
    uses_mean_and_deviation: bool
    scaling_parameters: Code
    scaling_data: Code
    blank_scaling_data: Code
    scaling_note: Code
    has_holes: bool
    fills: bool
    fill: Code
    drops_rows: bool
    holes_parameter: Code
    holes_allowed_in_fit: Code
    has_bounds: bool
    read_options: Code
    read_table_parameters: Code
    numbers_columns: bool

    # Learning
    build_arguments: Code
    stratified: bool
    divided: Code
    shuffles: bool
    has_learning_rate: bool
    remedy: Code
    plans_steps: bool
    has_dropout: bool
    early_stopping: bool
    monitor: Code
    worst: Code
    improves: Code
    kept_epoch: Code
    checkpoints: bool
    checkpoint_every: Code
    plateau: bool
    plateau_factor: Code
    plateau_patience: Code
    plateau_threshold: Code
    class_weights: bool
    balanced: bool
    initial_class_weights: Code
    class_weights_template: str
    class_weights_note: Code

    # Metrics
    decides: bool
    decide_template: str
    metric_templates: tuple[str, ...]
    metrics_dict: Code
    averages_batches: bool
    averaged: Code
    threshold: Code
    score: Code
    score_name: Code
    counts_confusion: bool
    evaluation: Code

    command_line: CommandLine
