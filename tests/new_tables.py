"""Tables for the tests of `nndsl new`."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np

Cells = dict[str, list[object]]
N = 120
RNG = np.random.default_rng(3)
AGE = [round(float(v), 1) for v in RNG.normal(40, 9, N)]
CITY = [("Rome", "Oslo", "Bonn")[i % 3] for i in RNG.permutation(N)]
SOLD = [("no", "yes")[int(v > 0.4)] for v in RNG.random(N)]


def write(path: Path, columns: Cells) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return str(path)


def with_gaps(cells: list[object], *rows: int, by: str = "") -> list[object]:
    return [by if row in rows else cell for row, cell in enumerate(cells)]


HOSTILE = [
    'a"b', "a'b", "a\\", "a\nb", "a\tb", "#", "a # b", "input", "any", "other",
    "x: y", "a | b", "a,b", "å", "日本語", "1", "1.5", "-", "in", "}", "{{ x }}",
    "network", "None!", "missing=median", "\\n", '"', '"""', "é\u0301", "a\u00a0b",
    "class", "__import__('os')",
]  # fmt: skip


def random_table(seed: int) -> Cells:
    """Columns of all kinds, with gaps, in any number of rows from 3 on."""
    rng = random.Random(seed)
    n = rng.choice((3, 8, 20, 60, 150, 400))
    columns: Cells = {}
    for place in range(rng.randint(2, 9)):
        many = rng.choice((1, 2, 2, 3, 5, 13, 40, 300))
        kinds = {
            "float": lambda many=many: round(rng.gauss(0, 10), 2),
            "int": lambda many=many: rng.randint(-many, many),
            "label": lambda many=many: f"l{rng.randrange(many)}",
            "hostile": lambda many=many: HOSTILE[rng.randrange(len(HOSTILE))],
            "switch": lambda many=many: rng.randint(0, 1),
            "date": lambda many=many: f"2024-02-{rng.randint(10, 28)}",
        }
        kind = rng.choice([*kinds])
        gaps = rng.choice((0, 0, 0.1, 0.7))
        cells = ["" if rng.random() < gaps else kinds[kind]() for _ in range(n)]
        columns[rng.choice((f"c{place}", f"{HOSTILE[place]}{place}"))] = cells
    return columns
