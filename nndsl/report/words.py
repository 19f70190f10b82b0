"""Numbers and names as a page shows them."""

import math
from collections.abc import Sequence

from nndsl.diagnostics.excerpt import visible


def shown(text: object, most: int = 40) -> str:
    """A name or a label of at most `most` characters, all of which can be seen."""
    words = visible(str(text))
    return words if len(words) <= most else words[: most - 1] + "…"


def figure(value: float) -> str:
    """A loss or a metric: four decimals, fewer for a large one."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    decimals = 4 if size < 10 else 2 if size < 10_000 else 0
    rounded = round(value, decimals) + 0.0  # not -0
    return _minus(f"{rounded:,.{decimals}f}" if size < 10**9 else f"{value:.4g}")


def number(value: float) -> str:
    """A value of a column, to four digits or as a whole number."""
    if not math.isfinite(value):
        return "–"
    whole = value == int(value) or abs(value) >= 1000
    return _minus(f"{value:,.0f}" if whole and abs(value) < 10**9 else f"{value:,.4g}")


def percent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "–"


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def count(n: int, what: str) -> str:
    """`1 row`, `1,024 rows`."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def listed(names: Sequence[object], most: int = 6) -> str:
    """`a, b and c`, or the first of them and how many more there are."""
    words = [shown(name, 30) for name in names]
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
