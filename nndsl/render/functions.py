"""Functions of the generated module whose text is always the same."""

from __future__ import annotations

FUNCTIONS: dict[str, list[str]] = {
    "softmax": [
        "def softmax(z: Array) -> Array:",
        '    """Positive numbers that add up to 1 in a row; exp sees 0 or less."""',
        "    e = np.exp(z - z.max(axis=1, keepdims=True))",
        "    a: Array = e / e.sum(axis=1, keepdims=True)",
        "    return a",
    ],
    "dropout_mask": [
        "def dropout_mask(random: Random | None, shape: tuple[int, ...], rate: float) "
        "-> Array:",
        '    """0 for a unit that is dropped, 1 / (1 - rate) for one that stays."""',
        "    if random is None:",
        "        return np.ones(shape, dtype=FLOAT)",
        "    return ((random.random_sample(shape) >= rate) / (1 - rate)).astype(FLOAT)",
    ],
    "clip_norm": [
        "def clip_gradients(gradients: Arrays) -> None:",
        '    """Scale all gradients down together where longer than CLIP_NORM."""',
        "    length = math.sqrt(sum(float((d * d).sum()) for d in gradients.values()))",
        "    for d in gradients.values():",
        "        d *= min(1.0, CLIP_NORM / (length + 1e-6))",
    ],
    "clip_value": [
        "def clip_gradients(gradients: Arrays) -> None:",
        '    """Keep every gradient between -CLIP_VALUE and CLIP_VALUE."""',
        "    for d in gradients.values():",
        "        d.clip(-CLIP_VALUE, CLIP_VALUE, out=d)",
    ],
}
"""Softmax: Bishop (2006), 4.3.4; dropout: Srivastava et al. (2014), the inverted form;
clipping by norm: Pascanu et al. (2013), with the 1e-6 that PyTorch adds."""
