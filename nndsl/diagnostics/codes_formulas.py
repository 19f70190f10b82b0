"""Errors in formulas: activations, losses, schedules and optimizers."""

from nndsl.diagnostics.code import Code

UNKNOWN_VARIABLE = "E201"
UNKNOWN_FUNCTION = "E202"
ARGUMENTS = "E203"
RECURSION = "E204"
TOO_LARGE = "E205"
NOT_FINITE = "E206"
LIMITS = "E207"
NAME = "E208"
TWICE = "E209"
SUM = "E210"
SIGNATURE = "E211"
NEVER_READ = "E212"
STATE = "E213"
NOT_ASSIGNABLE = "E214"
NOT_A_FORMULA = "E215"

FORMULAS = {
    UNKNOWN_VARIABLE: Code(
        "unknown name in formula",
        "A formula reads its parameters and what its kind is given, nothing else.",
    ),
    UNKNOWN_FUNCTION: Code(
        "unknown function",
        "A formula calls the functions of the language and other formulas.",
    ),
    ARGUMENTS: Code(
        "arguments do not fit", "A function is given each of its arguments once."
    ),
    RECURSION: Code("formula calls itself", "No formula may call itself."),
    TOO_LARGE: Code(
        "formula too large",
        "With the formulas it calls put in, a formula has at most 500 nodes, at most "
        "50 inside one another.",
    ),
    NOT_FINITE: Code("no finite value", "Constants are finite 64-bit floats."),
    LIMITS: Code("limits do not fit", "A default lies within its limits, low to high."),
    NAME: Code(
        "unusable name",
        "Names of formulas, parameters and locals become Python names.",
    ),
    TWICE: Code("name used twice", "Each name of a formula stands for one thing."),
    SUM: Code(
        "misplaced sum",
        "`sum(...)` stands around the whole formula of a loss and nowhere else.",
    ),
    SIGNATURE: Code(
        "wrong parameters",
        "A formula names what it is given first; its parameters have defaults.",
    ),
    NEVER_READ: Code("value never read", "What a formula names or computes, it uses."),
    STATE: Code("state not updated", "An optimizer updates every state it keeps."),
    NOT_ASSIGNABLE: Code(
        "cannot be set",
        "An optimizer sets `weight`, its states, and names of its own.",
    ),
    NOT_A_FORMULA: Code(
        "not a formula", "A formula is made of numbers, names, operators and calls."
    ),
}
