"""Tables with columns of labels."""

from __future__ import annotations

import pandas as pd


def words(column: pd.Series) -> pd.Series:
    """A column as text: 10.0 of a column with gaps is `10`."""
    return column.map(lambda v: f"{v:g}" if isinstance(v, float) else str(v)).where(
        column.notna()
    )


def targets(n: int) -> list[str]:
    return ["a", "b"] * (n // 2)
