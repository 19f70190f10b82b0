"""The update of a large network shares its blocks out among threads."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of

LARGE = """network Large {
    input 700
    dense 800 relu
    dense 10 softmax
    loss categorical_crossentropy
    train { optimizer OPTIMIZER; epochs 1; batch_size all }
}
"""
OWN = """optimizer blocks(learning_rate=0.01, root=0.9, starts=0.5) {
    state   in_threads = 0
    state   count = 0
    in_threads = root * in_threads + gradient
    count   = count + starts
    weight  = weight - learning_rate * in_threads / count
}
"""
OPTIMIZERS = ("adam", "sgd(momentum=0.9)", "lion", "sgd")


def large(optimizer: str = "adam") -> Any:
    text = LARGE.replace("OPTIMIZER", optimizer)
    return module_of(compile_text(text), "large")


def rows(n: int = 3) -> tuple[Any, Any]:
    random = np.random.RandomState(1)
    return random.standard_normal((n, 700)), random.randint(0, 10, n)


def after(module: Any, steps: int = 3) -> Any:
    """The parameters of a network after some steps."""
    model = module.Large(seed=3).build()
    for _ in range(steps):
        model.train_batch(*rows())
    return model.parameters


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_bits_do_not_depend_on_the_number_of_threads(
    monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    module = large(optimizer)
    found = []
    for count in (1, 2, 3, 50):
        monkeypatch.setattr(module, "thread_count", lambda count=count: count)
        module.helpers.cache_clear()
        monkeypatch.setattr(module, "BLOCK", 10_007)
        found.append(after(module))
    for name, array in found[0].items():
        assert array.std() > 0 or name.endswith("biases")
        for others in found[1:]:
            assert np.array_equal(array, others[name])


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, "own"])
def test_threads_do_what_the_textbook_does(
    monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    text = LARGE.replace("OPTIMIZER", "blocks" if optimizer == "own" else optimizer)
    text = OWN + text if optimizer == "own" else text
    text = text.replace("epochs 1;", "epochs 1; precision float64;")
    module = module_of(compile_text(text), "large")
    monkeypatch.setattr(module, "thread_count", lambda: 4)
    monkeypatch.setattr(module, "BLOCK", 10_000)
    plain = after(module_of(compile_text(text, style="textbook"), "large"))
    for name, array in after(module).items():
        assert np.abs(array - plain[name]).max() <= 1e-12 * np.abs(plain[name]).max()


def test_blocks_are_worked_on_in_several_threads_once_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = large()
    monkeypatch.setattr(module, "thread_count", lambda: 3)
    met = threading.Barrier(3, timeout=30)
    seen: list[int] = []

    def work(starts: range) -> None:
        met.wait()
        seen.extend(starts)

    module.in_threads(work, range(0, 120, 10))
    assert sorted(seen) == list(range(0, 120, 10))
    few: list[range] = []
    module.in_threads(few.append, range(0, 70, 10))
    assert few == [range(0, 70, 10)]


def test_settings_and_faults_reach_the_helpers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = large()
    monkeypatch.setattr(module, "thread_count", lambda: 2)

    def overflow_in_the_second_share(starts: range) -> None:
        if starts[0] > 0:
            np.full(3, 1e300) * 1e300

    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        module.in_threads(overflow_in_the_second_share, range(8))


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"OPENBLAS_NUM_THREADS": "3"}, 3),
        ({"OMP_NUM_THREADS": "1"}, 1),
        ({"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "5"}, 2),
        ({"OPENBLAS_NUM_THREADS": "0"}, 1),
        ({"OMP_NUM_THREADS": "many"}, None),
    ],
)
def test_the_settings_of_blas_decide(
    tmp_path: Path, settings: dict[str, str], count: int | None
) -> None:
    text = compile_text(LARGE.replace("OPTIMIZER", "adam"))
    (tmp_path / "large.py").write_text(text, encoding="utf-8")
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
    environment = {k: v for k, v in os.environ.items() if k not in names}
    done = subprocess.run(
        [sys.executable, "-c", "import large; print(large.thread_count())"],
        cwd=tmp_path,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == (
        len(os.sched_getaffinity(0)) if count is None else count
    )


def _in_a_child(module: Any, queue: Any) -> None:
    queue.put(float(after(module)["dense1.weights"].sum()))


@pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)
def test_a_forked_process_has_threads_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = large()
    monkeypatch.setattr(module, "thread_count", lambda: 2)
    monkeypatch.setattr(module, "BLOCK", 10_000)
    expected = float(after(module)["dense1.weights"].sum())
    forking = multiprocessing.get_context("fork")
    queue = forking.Queue()
    child = forking.Process(target=_in_a_child, args=(module, queue))
    child.start()
    try:
        assert queue.get(timeout=60) == expected
    finally:
        child.kill()


def test_small_networks_have_no_threads() -> None:
    text = compile_text(LARGE.replace("OPTIMIZER", "adam").replace("800", "80"))
    assert "in_threads" not in text
