"""Several devices and several processes learn what one device learns."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.estimators import module

from nndsl.compiler import compile_text

jax = pytest.importorskip("jax")
jnp = jax.numpy


SEVERAL = """input any; dense 6 relu; dense classes softmax
    loss categorical_crossentropy
    train { scale standard; epochs 3; batch_size 8; precision float64; seed 2 }"""
SCRIPT = """
import json, sys
import jax
if len(sys.argv) == 4:
    jax.distributed.initialize(f"localhost:{sys.argv[2]}", 2, int(sys.argv[3]))
sys.path.insert(0, sys.argv[1])
import net
import numpy as np
X = np.random.default_rng(0).normal(size=(60, 4))
model = net.Net().fit(X, [[3, 1, 2][each] for each in np.argmax(X[:, :3], axis=1)])
parts = net.spread(np.arange(8), in_parts=True).addressable_shards
print(json.dumps({
    "devices": len(jax.devices()),
    "part": [len(each.data) for each in parts],
    "history": model.history_["loss"],
    "weights": np.asarray(model.parameters_.w1).tolist(),
    "predicted": model.predict(X).tolist(),
}))
"""


def start(folder: Path, devices: int, *words: object) -> subprocess.Popen[str]:
    flags = f"--xla_force_host_platform_device_count={devices}"
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), *map(str, words)],
        env={**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    try:
        out, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    result: dict[str, Any] = json.loads(out.splitlines()[-1])
    return result


def check_alone(result: dict[str, Any]) -> None:
    """Several devices learn what one learns; 60 rows leave a last batch of 4."""
    X = np.random.default_rng(0).normal(size=(60, 4))
    y = [[3, 1, 2][each] for each in np.argmax(X[:, :3], axis=1)]
    model = module(SEVERAL, "numpy", "textbook").Net().fit(X, y)
    np.testing.assert_allclose(result["history"], model.history_["loss"], rtol=1e-9)
    np.testing.assert_allclose(result["weights"], model.parameters_.w1, rtol=1e-8)
    assert result["predicted"] == model.predict(X).tolist()


def write(folder: Path) -> None:
    text = compile_text(f"network Net {{ {SEVERAL} }}", "net.nn", target="jax")
    (folder / "net.py").write_text(text)


def test_four_devices_share_a_batch_and_learn_the_same(tmp_path: Path) -> None:
    write(tmp_path)
    result = ended(start(tmp_path, 4))
    assert (result["devices"], result["part"]) == (4, [2, 2, 2, 2])
    check_alone(result)


def test_two_processes_learn_the_same(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--all"):
        pytest.skip("two processes, with --all")
    write(tmp_path)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    processes = [start(tmp_path, 1, port, number) for number in range(2)]
    for result in map(ended, processes):
        assert (result["devices"], result["part"]) == (2, [4])
        check_alone(result)
