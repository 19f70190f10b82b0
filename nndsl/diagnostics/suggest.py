"""What a misspelt word was probably meant to be."""

import re
from collections.abc import Iterable


def suggest(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names closest to `word`; of equally close ones the likelier first.

    A slip swaps two letters or hits the key beside the right one more often than any
    other, and of two names the one that `names` lists first is meant more often.

    A name that differs in upper and lower case alone is the only answer.  Otherwise a
    name counts if at most a third of the word's letters (at least one) must be changed,
    added, removed or swapped with a neighbour; case does not matter.
    """
    lower = word.lower()
    reach = max(1, len(word) // 3)
    best: list[str] = []
    for name in names:
        if abs(len(name) - len(word)) > reach:
            continue
        steps = distance(lower, name.lower())
        if steps < reach:
            best.clear()
            reach = steps
        if steps == reach:
            best.append(name)
    return tuple(sorted(best, key=lambda name: _unlikely(lower, name.lower())))


_KEYS = "qwertyuiop", "asdfghjkl;", "zxcvbnm,._"


def _unlikely(word: str, name: str) -> int:
    """0 for a swap, a doubled letter or a neighbouring key, 1 for any other slip."""
    if sorted(word) == sorted(name):
        return 0
    if len(word) == len(name):
        wrong = [pair for pair in zip(word, name, strict=True) if pair[0] != pair[1]]
        return 0 if all(_neighbours(*pair) for pair in wrong) else 1
    return 0 if re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", name) else 1


def _neighbours(a: str, b: str) -> bool:
    places = [(r, k.index(x)) for x in (a, b) for r, k in enumerate(_KEYS) if x in k]
    if len(places) < 2:
        return False
    (row, column), (other_row, other_column) = places
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def suggest_of_data(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """The same for columns and labels, which may be of one or two letters.

    So short a word is at most cut off or of another case.
    """
    if len(word) > 2:
        return suggest(word, names)
    lower = word.lower()
    longer = [name for name in names if name.lower().startswith(lower)]
    same = [name for name in longer if len(name) == len(word)]
    words = filter(str.isalpha, longer) if word.isalpha() else ()
    return tuple(same or words)


def distance(a: str, b: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions, and swaps of two
    neighbours none of which is edited again (Damerau 1964, restricted form).
    """
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            steps = min(
                before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other)
            )
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                steps = min(steps, last[j - 2] + 1)
            row.append(steps)
    return row[-1]
