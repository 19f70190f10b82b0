"""Run in a Python of its own: every module of a folder, with NumPy and nothing else.

    python -I alone.py MODULES TABLES SITE_PACKAGES

Each module trains an epoch on its table, from Python and as a script, is saved,
loaded, and must predict the same bits.  What came of it is printed as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
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


def run(name):
    """The loss of an epoch, trained from Python; then the same as a script."""
    module = importlib.import_module(name)
    (network,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type) and hasattr(value, "fit")
    )
    table = str(TABLES / f"{name}.csv")
    read = module.read_csv(table)
    x, *y = read if isinstance(read, tuple) else (read,)
    model = network(epochs=1).fit(x, *y)
    path = MODULES / f"{name}.npz"
    model.save(str(path))
    again = network.load(str(path))
    answers = model.predict(x).tobytes()
    assert answers == again.predict(x).tobytes(), "loaded"
    path.unlink()
    text = (MODULES / f"{name}.py").read_text(encoding="utf-8")
    short = re.sub(r"( {4}epochs: int =) .*", r"\1 1", text)
    printed, space = io.StringIO(), {"__name__": "__main__"}
    sys.argv = [f"{name}.py", table]
    with contextlib.redirect_stdout(printed), contextlib.chdir(MODULES):
        exec(compile(short, f"{name}.py", "exec"), space)
    assert "loss" in printed.getvalue(), printed.getvalue()
    assert answers == network.load(str(path)).predict(x).tobytes(), "as a script"
    return model.history_["loss"]


results = {}
for name in sorted(OWN):
    try:
        results[name] = run(name)
    except BaseException:
        results[name] = traceback.format_exc()
print(json.dumps(results))
