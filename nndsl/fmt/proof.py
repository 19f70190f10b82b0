"""Proof that a text was formatted and not changed."""

from collections.abc import Sequence

from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.fmt.words import Word, read_words
from nndsl.syntax.parse import parse
from nndsl.syntax.spans import at
from nndsl.syntax.tree import File

_TOO_LONG = "E002", "E014"


def refuse_change(source: Source, text: str, tree: File, words: Sequence[Word]) -> None:
    """Raise RuntimeError unless `text` says what `source` says.

    Both have the same syntax tree, of which the network is made, and the same comments,
    each between the same two words.  Raises `SpecError` for a text that is too long.
    """
    try:
        same = parse(Source(source.name, text)) == tree
    except SpecError as error:
        (code, *_) = [each.code for each in error.diagnostics]
        if code in _TOO_LONG:
            label, hint = "too long in the style of `nndsl fmt`", "leave it as it is"
            start = at(source.text, 0, 0)
            raise SpecError(source, (Diagnostic(code, start, label, hint),)) from None
        same = False
    if not same or _comments(read_words(text)) != _comments(words):
        raise RuntimeError(f"formatting {source.name} would change what it says")


def _comments(words: Sequence[Word]) -> list[tuple[int, str, bool]]:
    """Each comment, and the number of the word that follows it."""
    return [
        (number, note.text, note.behind)
        for number, word in enumerate(words)
        for note in word.notes
    ]
