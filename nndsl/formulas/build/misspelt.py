"""Parameters that are misspelt where they are defined, not where they are read."""

from collections.abc import Iterator

from nndsl.diagnostics.codes_formulas import NEVER_READ
from nndsl.diagnostics.suggest import suggest
from nndsl.formulas.build.scope import Scope
from nndsl.syntax import tree


def misspelt_parameters(
    spans: dict[str, tree.Span],
    others: tuple[str, ...],
    values: list[tree.Expression],
    scope: Scope,
) -> None:
    """A mistake for each parameter whose name the formulas spell another way.

    Where no formula reads a parameter, and the file has a similar word more often than
    its name, the name is taken for the typo.  `spans` get the word, too, so that its
    uses are no mistakes; `others` are names that mean something without a parameter.
    """
    read = [name for value in values for name in _names(value)]
    unread = [name for name in spans if name not in read]
    for word in dict.fromkeys(read):
        if word in spans or word in others:
            continue
        near = suggest(word, unread)
        if near and scope.words.get(word, 0) > scope.words.get(near[0], 0):
            span = spans[near[0]]
            label = f"`{near[0]}` is never read"
            hint = f"did you mean `{word}`?"
            scope.add(NEVER_READ, span, label, hint, fix=word, certain=False)
            spans[word] = span
            unread.remove(near[0])


def _names(value: tree.Expression) -> Iterator[str]:
    """The names that a formula reads; those it calls are others."""
    match value:
        case tree.Name(text=text):
            yield text
        case tree.Unary(operand=operand):
            yield from _names(operand)
        case tree.Binary(left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case tree.Call(arguments=arguments):
            for argument in arguments:
                yield from _names(argument.value)
