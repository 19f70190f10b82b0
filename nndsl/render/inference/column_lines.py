"""What an exported module knows of columns that are not all treated alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nndsl.exporting.trained import Numbers, Trained
from nndsl.render.escape import Code, code, listing, literal, number


def column_constants(trained: Trained) -> Iterator[str]:
    """`NUMBERS`, `LABELS` and what else says how a cell becomes inputs."""
    numbers, words = trained.numbers, trained.words
    if numbers.names:
        yield from _dictionary("NUMBERS", _scales(numbers))
    if numbers.fills:
        pairs = zip(numbers.names, numbers.fill.tolist(), strict=True)
        yield from _dictionary(
            "FILLED", {name: number(fill) for name, fill in pairs if fill == fill}
        )
    yield from _dictionary("LIMITS", _limits(trained))
    labels = {each.name: _list(each.labels, len(each.name) + 6) for each in words}
    yield from _dictionary("LABELS", labels)
    fills = {w.name: literal(w.labels[w.fill]) for w in words if w.fill is not None}
    yield from _dictionary("MISSING", fills)
    others = [each.name for each in words if each.other is not None]
    if others:
        yield f"OTHER = {_list(others, len('OTHER = ')).text}"


def _scales(numbers: Numbers) -> dict[str, Code]:
    rows = zip(
        numbers.names, numbers.start.tolist(), numbers.spread.tolist(), strict=True
    )
    return {name: code(f"({start!r}, {spread!r})") for name, start, spread in rows}


def _limits(trained: Trained) -> dict[str, Code]:
    return {
        name: code(f"({_end(each.low, '-')}, {_end(each.high, '')})")
        for each in trained.program.data.number_columns
        for name in each.names
        if each.low is not None or each.high is not None
    }


def _end(value: float | None, sign: str) -> str:
    return f"{sign}math.inf" if value is None else repr(float(value))


def _list(items: Iterable[str], before: int) -> Code:
    return listing([literal(item) for item in items], 4, before)


def _dictionary(name: str, items: Mapping[str, Code]) -> Sequence[str]:
    if not items:
        return ()
    rows = (f"    {literal(key).text}: {value.text}," for key, value in items.items())
    return f"{name} = {{", *rows, "}"


def has_limits(trained: Trained) -> bool:
    return bool(_limits(trained))
