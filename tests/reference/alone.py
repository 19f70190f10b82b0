"""Run in a Python of its own: every module of a folder, with NumPy and nothing else.

    python -I alone.py MODULES TABLES SITE_PACKAGES

Each module trains an epoch on its table, from Python and from its command line, is
saved, loaded, and must predict the same bits.  What came of it is printed as JSON.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import json
import sys
import traceback
from pathlib import Path

MODULES, TABLES = Path(sys.argv[1]), Path(sys.argv[2])
OWN = {path.stem for path in MODULES.glob("*.py")}


class Refuse:
    """Finds no module that is neither Python's own, nor NumPy's, nor to be tested."""

    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        if root not in sys.stdlib_module_names and root not in {"numpy", *OWN}:
            raise ImportError(f"{name} is not NumPy")


sys.meta_path.insert(0, Refuse())
sys.path[:] = [p for p in sys.path if not p.endswith("-packages")]
sys.path += [str(MODULES), sys.argv[3]]

np = importlib.import_module("numpy")


def read(name):
    with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    marks = {"autoencoder": 0, "tags": 4}.get(name, 1)
    width = len(rows[0]) - marks
    x = np.array([row[:width] for row in rows], dtype=float)
    y = np.array([row[width:] for row in rows])
    if name not in ("iris", "any_table"):
        y = y.astype(float if name in ("diabetes", "formulas") else int)
    return x, y[:, 0] if marks == 1 else y


def run(name):
    module = importlib.import_module(name)
    (network,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type) and hasattr(value, "train_batch")
    )
    x, y = read(name)
    model = network(epochs=1)
    model.fit(x, y) if y.size else model.fit(x)
    path = MODULES / f"{name}.npz"
    model.save(path)
    again = network.load(path)
    assert model.predict(x).tobytes() == again.predict(x).tobytes(), "loaded"
    trained = MODULES / f"{name}_trained.npz"
    table, printed = str(TABLES / f"{name}.csv"), io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = module.main(["train", table, "-o", str(trained), "--epochs", "1"])
    assert code == 0, printed.getvalue()
    assert "loss" in printed.getvalue()
    trained_there = network.load(trained)
    assert model.predict(x).tobytes() == trained_there.predict(x).tobytes(), "trained"
    return model.history_["loss"]


results = {}
for name in sorted(OWN):
    try:
        results[name] = run(name)
    except BaseException:
        results[name] = traceback.format_exc()
print(json.dumps(results))
