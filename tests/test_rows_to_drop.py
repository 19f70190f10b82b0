"""`missing drop`: rows with a missing value are left out, and not predicted."""

from __future__ import annotations

import numpy as np
import pytest
from reference.modules import STYLES, load, model_class

from nndsl.program.in_place import Style

SPEC = """network Drop {{
    input {inputs}; dense 4 relu; dense 2 softmax
    target kind: a | b
    loss categorical_crossentropy
    train {{ epochs 3; missing drop; {scale}; split 60% / 20% / 20% }}
}}
"""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("scale", ["scale none", "scale standard", "scale minmax"])
@pytest.mark.parametrize("inputs", ["2", "any", "x, y", "2 in 0..9"])
def test_rows_with_missing_values(inputs: str, scale: str, style: Style) -> None:
    model = model_class(load(SPEC.format(inputs=inputs, scale=scale), style))()
    X = np.random.default_rng(0).uniform(0, 9, (50, 2))
    y = np.where(X[:, 0] > 4, "a", "b")
    X[3, 0] = np.nan
    model.fit(X, y)
    assert sorted(np.concatenate(model.split_)) == [*range(3), *range(4, 50)]
    complete = np.arange(50) != 3
    assert model.evaluate(X, y) == model.evaluate(X[complete], y[complete])
    for method in (model.predict, model.predict_proba):
        assert len(method(X[complete])) == 49
        with pytest.raises(ValueError, match="row 3"):
            method(X)
