"""Ways to break what `nndsl export` writes as source text."""

from mutant import Mutant

NUMBERS = ("test_export_inference.py",)
HOSTILE = ("test_export_hostile.py",)

EXPORTS = (
    Mutant(
        "softmax in C without the maximum taken off",
        "templates/c/functions/softmax.c.jinja",
        "total += z[i] = exp(z[i] - largest);",
        "total += z[i] = exp(z[i]);",
        ("test_export_inference.py::test_softmax_of_large_numbers",),
    ),
    Mutant(
        "weights in C column by column",
        "nndsl/exporting/c/arrays.py",
        "for v in values.ravel().tolist()",
        "for v in values.T.ravel().tolist()",
        NUMBERS,
    ),
    Mutant(
        "dropout halves what an export computes",
        "nndsl/program/predicting.py",
        "known[target] = Number(1.0)",
        "known[target] = Number(0.5)",
        NUMBERS,
    ),
    Mutant(
        "batch norm without its epsilon",
        "nndsl/program/predicting.py",
        "add(variance, Number(statement.epsilon))",
        "variance",
        NUMBERS,
    ),
    Mutant(
        "a difference in C that loses its parentheses",
        "nndsl/exporting/c/forms.py",
        'infix("-", ADDED, left=ADDED, right=MULTIPLIED)',
        'infix("-", ADDED, left=ADDED, right=ADDED)',
        ("test_export_formulas.py",),
    ),
    Mutant(
        "trigraphs in labels",
        "nndsl/exporting/c/escape.py",
        "if character in '\"\\\\?':",
        "if character in '\"\\\\':",
        HOSTILE,
    ),
    Mutant(
        "comments in C that a column ends",
        "nndsl/exporting/c/escape.py",
        r'r"\*(?=/)|/(?=\*)"',
        r'r"/(?=\*)"',
        HOSTILE,
    ),
    Mutant(
        "targets of plain Python stay scaled",
        "nndsl/render/inference/learned_text.py",
        'return [line], f"{output} * {second} + {first}"',
        'return [line], f"{output}"',
        NUMBERS,
    ),
    Mutant(
        "weights in Python least byte last",
        "nndsl/render/inference/view.py",
        'return "<f4" if small',
        'return ">f4" if small',
        NUMBERS,
    ),
    Mutant(
        "an exported file that was edited is replaced",
        "nndsl/exporting/mark.py",
        "not in first\n",
        'in ""\n',
        ("test_export_command.py",),
    ),
)
