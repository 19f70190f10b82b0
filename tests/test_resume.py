"""`nndsl train --resume`: what was cut off ends as if it had not been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl.cli import compiled
from nndsl.cli.main import main
from nndsl.cli.progress import Progress
from nndsl.compiler import module_text

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

SPEC = """
network Net {{
    input a, b, c
    dense 8 relu
    {layers}
    dense 1 sigmoid
    target y: no | yes
    loss binary_crossentropy
    metrics accuracy, auc
    train {{
        epochs 12
        batch_size 10
        scale standard
        checkpoint every=3
        {train}
    }}
}}
"""
SETTINGS = {
    "plain": ("", "optimizer sgd(momentum=0.9)"),
    "stopping": (
        "batch_norm; dropout 30%",
        "split 60% / 20% / 20%; early_stopping patience=4",
    ),
    "plateau": (
        "dropout 50%",
        "optimizer adam(learning_rate=plateau(learning_rate=0.1, patience=1))",
    ),
    "by_step": ("layer_norm", "optimizer adam(learning_rate=one_cycle)"),
    "by_epoch": (
        "batch_norm",
        "optimizer sgd(learning_rate=step_decay(every=2)); split 70% / 30% / 0%",
    ),
    "nadam": ("", "optimizer nadam; class_weights balanced; precision float64"),
    "radam": ("", "optimizer radam; batch_size all"),
    "lion": ("dropout 20%", "optimizer lion; shuffle no; clip_gradients norm=1"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(64, 3))
    labels = np.where(rows.sum(axis=1) + rng.normal(size=64) > 0, "yes", "no")
    lines = [
        ",".join([*map(str, row), label])
        for row, label in zip(rows, labels, strict=True)
    ]
    Path("table.csv").write_text("\n".join(["a,b,c,y", *lines]))
    return tmp_path


def write_spec(layers: str = "", train: str = "", name: str = "net.nn") -> None:
    text = SPEC.format(layers=layers, train=train)
    if "batch_size all" in train:
        text = text.replace("batch_size 10\n", "\n")
    Path(name).write_text(text)


def arrays(path: str) -> dict[str, Any]:
    with np.load(path) as file:
        return dict(file)


class Killed(BaseException):
    """What ends a run without giving it a chance to save."""


def killed_after(epoch: int, monkeypatch: Patch, *words: str) -> None:
    after = Progress.epoch

    def killing(self: Progress, number: int, log: Any) -> None:
        after(self, number, log)
        if number == epoch:
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Progress, "epoch", killing)
        main(["train", "net.nn", "table.csv", *words])


@pytest.mark.one_in(2)
@pytest.mark.parametrize("style", ["fast", "textbook"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_it_ends_with_the_same_bits(
    setting: str, style: Any, folder: Path, monkeypatch: Patch
) -> None:
    write_spec(*SETTINGS[setting])
    monkeypatch.setattr(
        compiled, "module_text", lambda checked, _: module_text(checked, style)
    )
    assert main(["train", "net.nn", "table.csv", "-o", "whole.npz"]) == 0
    whole = arrays("whole.npz")
    epochs = len(whole["history/loss"])
    killed_after(4, monkeypatch)
    for epoch in (5, 8):
        if epoch < epochs:
            killed_after(epoch, monkeypatch, "--resume")
    assert "resume/epoch" in arrays("net.npz")
    assert main(["train", "net.nn", "table.csv", "--resume"]) == 0
    again = arrays("net.npz")
    assert again.keys() == whole.keys()
    for name, array in whole.items():
        assert array.dtype == again[name].dtype
        assert array.tobytes() == again[name].tobytes(), name


def test_ctrl_c_loses_no_epoch(
    folder: Path, monkeypatch: Patch, capsys: Output
) -> None:
    write_spec("dropout 20%")
    assert main(["train", "net.nn", "table.csv", "-o", "whole.npz"]) == 0
    after = Progress.epoch

    def stopping(self: Progress, number: int, log: Any) -> None:
        after(self, number, log)
        if number == 8:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch", stopping)
        assert main(["train", "net.nn", "table.csv"]) == 130
    assert int(arrays("net.npz")["resume/epoch"]) == 8
    assert main(["train", "net.nn", "table.csv", "--resume"]) == 0
    assert "goes on after epoch 8 of 12" in capsys.readouterr().err
    whole, again = arrays("whole.npz"), arrays("net.npz")
    assert all(np.array_equal(whole[name], again[name]) for name in whole)


def damaged(name: str, value: Any) -> None:
    with open("net.npz", "wb") as file:
        np.savez(file, **{**arrays("backup.npz"), name: np.array(value)})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: os.remove("net.npz"), "net.npz: no such file to resume"),
        (
            lambda: Path("net.nn").write_text(
                Path("net.nn").read_text().replace("epochs 12", "epochs 13")
            ),
            "net.npz: was trained by another spec: `epochs 12` there, `epochs 13` here",
        ),
        (
            lambda: Path("net.nn").write_text(
                Path("net.nn").read_text().replace("checkpoint every=3", "")
            ),
            "--resume continues from a checkpoint, and the spec makes none",
        ),
        (
            lambda: Path("table.csv").write_text(
                Path("table.csv").read_text() + "\n0,0,0,no"
            ),
            "net.npz: was trained on other rows than these; give it the same table",
        ),
        (
            lambda: main(["train", "net.nn", "table.csv"]),
            "net.npz: its training came to its end after 12 epochs",
        ),
        (lambda: damaged("resume/epoch", 40), "net.npz: its checkpoint is damaged"),
        (lambda: damaged("resume/epoch", -1), "net.npz: its checkpoint is damaged"),
        (lambda: damaged("resume/epoch", "x"), "holds no checkpoint to resume from"),
        (lambda: damaged("resume/generator", "{}"), "its checkpoint is damaged"),
        (lambda: damaged("resume/generator", "["), "its checkpoint is damaged"),
        (lambda: damaged("resume/last_w1", [1.0]), "its checkpoint is damaged"),
        (lambda: damaged("resume/best_w1", [1.0]), "its checkpoint is damaged"),
        (lambda: damaged("resume/optimizer_m", 1), "its checkpoint is damaged"),
        (lambda: damaged("resume/optimizer_step", "1"), "its checkpoint is damaged"),
    ],
)
def test_what_cannot_be_resumed_is_refused(
    wrong: Any, message: str, folder: Path, monkeypatch: Patch, capsys: Output
) -> None:
    write_spec()
    killed_after(4, monkeypatch)
    Path("backup.npz").write_bytes(Path("net.npz").read_bytes())
    wrong()
    before = Path("net.npz").read_bytes() if Path("net.npz").exists() else b""
    capsys.readouterr()
    assert main(["train", "net.nn", "table.csv", "--resume"]) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1 and "Traceback" not in error
    assert before == (Path("net.npz").read_bytes() if before else b"")


def test_sigkill_at_any_moment(folder: Path, request: pytest.FixtureRequest) -> None:
    kills = 40 if request.config.getoption("--all") else 3
    write_spec("batch_norm; dropout 30%", "epochs 200")
    text = Path("net.nn").read_text().replace("epochs 12\n", "\n")
    Path("net.nn").write_text(text.replace("every=3", "every=1"))
    command = [sys.executable, "-m", "nndsl", "train", "net.nn", "table.csv"]
    started = time.perf_counter()
    subprocess.run([*command, "-o", "whole.npz"], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    moments, survived, ended = random.Random(kills), 0, False
    while survived < kills or not ended:
        words = ["--resume"] * Path("net.npz").exists()
        process = subprocess.Popen(
            [*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            limit = moments.uniform(0, seconds) if survived < kills else None
            _, said = process.communicate(timeout=limit)
            # the last kill may have come between the last epoch and the end
            assert process.returncode == 0 or b"nothing to resume" in said
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
            survived, ended = survived + 1, False
            continue
        whole, again = arrays("whole.npz"), arrays("net.npz")
        assert whole.keys() == again.keys()
        assert all(np.array_equal(whole[name], again[name]) for name in whole)
        if words:
            files = ["net.nn", "net.npz", "table.csv", "whole.npz"]
            assert sorted(os.listdir()) == files
        ended = True
        os.remove("net.npz")
