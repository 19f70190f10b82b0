"""Ways to break what is written for other programs, and what is read of them."""

from mutant import Mutant

EXPORT = ("test_export_onnx.py",)
IMPORT = ("test_import_sklearn.py", "test_import_files.py")

EXCHANGE = (
    Mutant(
        "exported rows are not filled",
        "nndsl/exporting/onnx_data.py",
        "    if numbers.fills:\n",
        "    if False:\n",
        EXPORT,
    ),
    Mutant(
        "two exported labels are 1 for the first",
        "nndsl/exporting/onnx_data.py",
        "1 if count == 2 else 0, count)",
        "0, 1 if count == 2 else count)",
        EXPORT,
    ),
    Mutant(
        "an exported missing label is the first",
        "nndsl/exporting/onnx_data.py",
        '[*labels, ""], [*places, words.fill]',
        '[*labels, ""], [*places, 0]',
        EXPORT,
    ),
    Mutant(
        "exported numbers are not in the target's units",
        "nndsl/exporting/onnx_data.py",
        "if not start.any() and (spread == 1).all():",
        "if True:",
        EXPORT,
    ),
    Mutant(
        "exported batch norm by its batch",
        "nndsl/exporting/onnx_network.py",
        "if statement.running_mean is not None:",
        "if False:",
        EXPORT,
    ),
    Mutant(
        "exported decision above the threshold",
        "nndsl/exporting/onnx_data.py",
        'holds = graph.node("GreaterOrEqual", [output, threshold])',
        'holds = graph.node("LessOrEqual", [output, threshold])',
        EXPORT,
    ),
    Mutant(
        "a dropped label weighs as much as the next",
        "nndsl/importing/from_sklearn.py",
        "rows.get((place, k), np.zeros_like(weights[0]))",
        "rows.get((place, k), weights[0])",
        IMPORT,
    ),
    Mutant(
        "two scalings count as the first",
        "nndsl/importing/sklearn_steps.py",
        "spread=each.spread * wide,",
        "spread=each.spread if each.scale != 'none' else wide,",
        IMPORT,
    ),
    Mutant(
        "the bias before batch norm is lost",
        "nndsl/importing/fold.py",
        "mean=mean - before.biases",
        "mean=mean",
        IMPORT,
    ),
    Mutant(
        "the first of two labels is lost",
        "nndsl/importing/restore.py",
        "biases = biases + rows[0]",
        "pass",
        IMPORT,
    ),
    Mutant(
        "pickles are trusted",
        "nndsl/cli/import_command.py",
        'if name == "from_sklearn" and not options.trust:',
        "if False:",
        IMPORT,
    ),
    Mutant(
        "layers of Keras by the place of others",
        "nndsl/importing/from_keras.py",
        "        seen[name] += 1\n",
        "        seen[name] += 0\n",
        IMPORT,
    ),
)
