"""A long table: reading it and five epochs, beside pandas and scikit-learn.

    pip install pandas scikit-learn
    python benchmarks/long_table.py [--rows 318000] [--pairs 5]

Ten columns and two labels; the network is 10-32-16-1 with batches of 200 on both sides.
Each contestant is a process of its own that starts, reads the CSV, scales the columns,
trains and keeps the model; they take turns.  Seconds are of the processor (user and
system), so that a busy machine disturbs less.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

SPEC = """\
network Long {
    input    a, b, c, d, e, f, g, h, i, j
    dense    32 relu
    dense    16 relu
    dense    1 sigmoid
    target   bought: no | yes
    loss     binary_crossentropy
    train {
        scale       standard
        optimizer   adam
        batch_size  200
        epochs      5
        seed        0
    }
}
"""

THEIRS = """\
import joblib
import pandas as pd
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

frame = pd.read_csv("long.csv")
X = StandardScaler().fit_transform(frame.drop(columns="bought").to_numpy())
y = frame["bought"].to_numpy()
model = MLPClassifier((32, 16), batch_size=200, random_state=0)
for _ in range(5):
    model.partial_fit(X, y, classes=["no", "yes"])
joblib.dump(model, "long.joblib")
"""

OURS = ["-m", "nndsl", "train", "long.nn", "long.csv", "-o", "long.npz", "--force"]


def write_table(rows: int) -> None:
    generator = np.random.default_rng(0)
    X = generator.standard_normal((rows, 10))
    odds = X @ generator.standard_normal(10) + np.sin(3 * X[:, 0])
    bought = generator.random(rows) < 1 / (1 + np.exp(-odds))
    with open("long.csv", "w", encoding="utf-8") as file:
        file.write("a,b,c,d,e,f,g,h,i,j,bought\n")
        for row, yes in zip(X, bought, strict=True):
            numbers = ",".join(f"{number:.6f}" for number in row)
            file.write(f"{numbers},{'yes' if yes else 'no'}\n")


def seconds(words: list[str]) -> float:
    """The processor's time that one process takes."""
    before = os.times()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=318_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_table(options.rows)
        Path("long.nn").write_text(SPEC, encoding="utf-8")
        Path("theirs.py").write_text(THEIRS, encoding="utf-8")
        pairs = [(seconds(OURS), seconds(["theirs.py"])) for _ in range(options.pairs)]
        os.chdir("/")
    ours, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(
        f"{options.rows:,} rows: nndsl {ours:.1f} s, pandas and scikit-learn ", end=""
    )
    print(f"{theirs:.1f} s of the processor; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
