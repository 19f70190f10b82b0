"""Other libraries doing the same work: the same network, the same rows, one call.

Each function is given a network and the number of rows, and gives back the call that
is measured.  It imports its library itself, so that one may be missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import cycle, pairwise
from typing import Any

import numpy as np
from networks import EPOCHS, Network

Step = Callable[[], object]


def weights_of(network: Network) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases as `he_normal` draws them."""
    random = np.random.RandomState(0)
    return [
        (
            (random.standard_normal((a, b)) * np.sqrt(2 / a)).astype(np.float32),
            np.zeros(b, np.float32),
        )
        for a, b in pairwise(network.sizes)
    ]


def jax_step(network: Network, n: int) -> Step:
    """A jitted step of adam, its state donated; the batch is a NumPy array."""
    batches = [(x, y.astype(np.int32)) for x, y in network.batches(n)]
    return _jax_step(network, cycle(batches))


def jax_step_of_own_arrays(network: Network, n: int) -> Step:
    """The same on batches that JAX has taken over before."""
    import jax.numpy as jnp

    batches = [(jnp.asarray(x), jnp.asarray(y)) for x, y in network.batches(n)]
    return _jax_step(network, cycle(batches))


def _jax_step(network: Network, batches: Iterator[Any]) -> Step:
    import jax
    import jax.numpy as jnp

    tree = jax.tree_util.tree_map

    def loss(p: Any, x: Any, y: Any) -> Any:
        for w, b in p[:-1]:
            x = jnp.maximum(x @ w + b, 0)
        w, b = p[-1]
        chosen = jnp.take_along_axis(jax.nn.log_softmax(x @ w + b), y[:, None], 1)
        return -chosen.mean()

    def step(p: Any, m: Any, v: Any, count: Any, x: Any, y: Any) -> Any:
        value, g = jax.value_and_grad(loss)(p, x, y)
        count = count + 1
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        a, b = 1 - 0.9**count, 1 - 0.999**count
        p = tree(
            lambda p, m, v: p - 0.001 * (m / a) / (jnp.sqrt(v / b) + 1e-8), p, m, v
        )
        return p, m, v, count, value

    jitted = jax.jit(step, donate_argnums=(0, 1, 2, 3))
    p = [tuple(map(jnp.asarray, pair)) for pair in weights_of(network)]
    zeros = tree(jnp.zeros_like, p)
    state = [p, zeros, tree(jnp.zeros_like, p), jnp.zeros((), jnp.float32)]

    def run() -> None:
        *state[:], value = jitted(*state, *next(batches))
        value.block_until_ready()

    return run


def _torch_model(network: Network) -> Any:
    import torch

    layers: list[Any] = []
    for w, b in weights_of(network):
        layer = torch.nn.Linear(*w.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(w.T.copy()))
            layer.bias.copy_(torch.from_numpy(b))
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def _torch_step(network: Network, n: int, compiled: bool, **options: bool) -> Step:
    import torch

    model = _torch_model(network)
    adam = torch.optim.Adam(model.parameters(), lr=0.001, **options)
    batches = cycle(network.batches(n))

    def loss(x: Any, y: Any) -> Any:
        return torch.nn.functional.cross_entropy(model(x), y)

    value_of = torch.compile(loss) if compiled else loss

    def run() -> float:
        rows, classes = map(torch.from_numpy, next(batches))
        adam.zero_grad(set_to_none=True)
        value = value_of(rows, classes)
        value.backward()
        adam.step()
        return float(value)

    return run


def torch_fused(network: Network, n: int) -> Step:
    """PyTorch with its fused adam."""
    return _torch_step(network, n, compiled=False, fused=True)


def torch_foreach(network: Network, n: int) -> Step:
    """PyTorch with adam over lists of arrays."""
    return _torch_step(network, n, compiled=False, foreach=True)


def torch_compile(network: Network, n: int) -> Step:
    """PyTorch compiled, with its fused adam."""
    return _torch_step(network, n, compiled=True, fused=True)


def keras_step(network: Network, n: int) -> Step:
    """Keras on JAX: `train_on_batch`."""
    model = _keras_model(network)
    batches = cycle(network.batches(n))
    return lambda: model.train_on_batch(*next(batches))


def _keras_model(network: Network, metrics: tuple[str, ...] = ()) -> Any:
    os.environ["KERAS_BACKEND"] = "jax"
    import keras

    dense = keras.layers.Dense
    layers = [keras.Input((network.sizes[0],))]
    layers += [dense(size, activation="relu") for size in network.sizes[1:-1]]
    layers.append(dense(network.sizes[-1], activation="softmax"))
    model = keras.Sequential(layers)
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=metrics
    )
    return model


def _sklearn_model(network: Network, n: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    hidden = network.sizes[1:-1]
    return MLPClassifier(hidden, alpha=0.0, batch_size=n, random_state=0)


def sklearn_step(network: Network, n: int) -> Step:
    """scikit-learn: `partial_fit` on one batch."""
    model = _sklearn_model(network, n)
    batches = cycle(network.batches(n))
    model.partial_fit(*next(batches), classes=np.arange(network.sizes[-1]))
    return lambda: model.partial_fit(*next(batches))


def onnxruntime_predict(network: Network, n: int) -> Step:
    """onnxruntime on the network as matrix products, relu and softmax."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants = [], []
    name = "x"
    pairs = weights_of(network)
    for i, (w, b) in enumerate(pairs):
        constants += [numpy_helper.from_array(w, f"w{i}")]
        constants += [numpy_helper.from_array(b, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"], [f"z{i}"]))
        kind = "Softmax" if i == len(pairs) - 1 else "Relu"
        nodes.append(helper.make_node(kind, [f"z{i}"], [f"a{i}"]))
        name = f"a{i}"
    sizes = network.sizes
    ends = [
        helper.make_tensor_value_info(end, TensorProto.FLOAT, [None, width])
        for end, width in (("x", sizes[0]), (name, sizes[-1]))
    ]
    graph = helper.make_graph(nodes, "peer", ends[:1], ends[1:], constants)
    operators = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=operators, ir_version=9)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    rows = network.data(n)[0]
    return lambda: session.run(None, {"x": rows})


def torch_predict(network: Network, n: int) -> Step:
    """PyTorch without gradients."""
    import torch

    model = _torch_model(network)
    batch = network.data(n)[0]

    def run() -> Any:
        rows = torch.from_numpy(batch)
        with torch.inference_mode():
            return torch.softmax(model(rows), 1).numpy()

    return run


def sklearn_fit(network: Network, n: int) -> Step:
    """scikit-learn: ten epochs of `fit`, shuffled; it has no metrics."""
    import warnings

    model = _sklearn_model(network, network.batch_size).set_params(max_iter=EPOCHS)
    rows, classes = network.data(n)

    def run() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(rows, classes)

    return run


def keras_fit(network: Network, n: int) -> Step:
    """Keras on JAX: ten epochs of `fit`, shuffled, with history and accuracy."""
    model = _keras_model(network, ("accuracy",))
    rows, classes = network.data(n)
    size = network.batch_size
    return lambda: model.fit(rows, classes, batch_size=size, epochs=EPOCHS, verbose=0)


STEPS = {
    "JAX": jax_step,
    "JAX, arrays of its own": jax_step_of_own_arrays,
    "scikit-learn": sklearn_step,
    "PyTorch, fused": torch_fused,
    "PyTorch, foreach": torch_foreach,
    "PyTorch, compile": torch_compile,
    "Keras on JAX": keras_step,
}
PREDICTIONS = {"onnxruntime": onnxruntime_predict, "PyTorch": torch_predict}
FITS = {"scikit-learn": sklearn_fit, "Keras on JAX": keras_fit}
