"""How large a network is, and how it is trained: from the number of rows."""

from dataclasses import dataclass

FEW = 50
"""With fewer rows none are held back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`patience` 0: no rows are held back, and training does not stop early."""

    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    patience: int
    l2: str = ""


_PLANS = (
    (FEW, Plan((8,), 8, 100, 0)),
    (500, Plan((16,), 16, 200, 20)),
    (2_000, Plan((32, 16), 32, 200, 20)),
    (20_000, Plan((64, 32), 32, 200, 20, l2="0.001")),
    (100_000, Plan((64, 32), 64, 100, 10, l2="0.001")),
)
"""Each for tables of fewer rows than its number."""
_LARGEST = Plan((128, 64), 256, 100, 10)


def plan_for(n_rows: int) -> Plan:
    """What suits a table of so many rows that have a target."""
    return next((plan for rows, plan in _PLANS if n_rows < rows), _LARGEST)
