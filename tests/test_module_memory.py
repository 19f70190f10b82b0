"""Whose memory it is: what is given stays as it is, what is returned is not shared."""

from __future__ import annotations

import numpy as np
import pytest

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 8.0], [1.0, 1.0], [9.0, 2.0]])


@pytest.mark.parametrize(
    ("head", "y"),
    [
        ("input 2; dropout 20%; dense 3 relu; dense 1; loss mean_squared_error", "n"),
        ("input 2; dropout 20%; dense 3 softmax; loss categorical_crossentropy", "k"),
        ("input 2; dense 1; dense 2; target input; loss mean_squared_error", ""),
    ],
)
def test_nothing_given_is_written_to_or_handed_back(head: str, y: str) -> None:
    rows = X.astype(np.float32)
    given = {"n": rows[:, 0].copy(), "k": np.array([0, 1, 2, 0, 1, 2]), "": None}[y]
    rows.flags.writeable = False
    before = rows.tobytes()
    text = f"network Net {{ {head}; train {{ epochs 2 }} }}"
    styles: tuple[Style, ...] = ("fast", "textbook")
    for style in styles:
        made = module_of(compile_text(text, "net.nn", style=style), "net.nn")
        model = made.Net()
        model.fit(rows, given)
        answers = [model.prepare(rows), model.predict(rows), model.forward(rows)]
        if given is not None:
            answers += model.prepare(rows, given)
            model.train_batch(rows, given)
        answers += [model.activations(rows, layer) for layer in made.OUTPUTS]
        for answer in answers:
            assert not np.shares_memory(answer, rows)
            assert answer.flags.writeable
        assert rows.tobytes() == before
