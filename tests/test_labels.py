"""What y may be: places, labels and one-hot rows mean the same to every method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.data import STYLES, model_class
from reference.gradients import redraw
from reference.networks import INPUTS, small, small_module, spec

from nndsl.program.in_place import Style

ROWS = 30
WORDS = "target fruit: pear | apple | cherry"
NUMBERS = "target size: 30 | 10 | 20"
TRAIN = "optimizer adam; epochs 2; batch_size 8; seed 3"


def fitted(text: str, style: Style, y: Any) -> tuple[Any, np.ndarray]:
    model = small(text, style)
    x = np.random.RandomState(1).standard_normal((ROWS, INPUTS))
    return model.fit(x, y), x


def forms(target: str) -> tuple[np.ndarray, dict[str, Any]]:
    """Places of classes, and the same in every form that y may have."""
    places = np.random.RandomState(2).randint(0, 3, ROWS)
    one_hot = np.eye(3)[places]
    if target == NUMBERS:
        labels = np.array([30, 10, 20])[places]
        return places, {
            "labels": labels,
            "list": labels.tolist(),
            "floats": labels.astype(float),
            "column": labels[:, None],
            "one-hot": one_hot,
            "one-hot integers": one_hot.astype(int),
        }
    labels = np.array(["pear", "apple", "cherry"])[places]
    return places, {
        "labels": labels,
        "list": labels.tolist(),
        "objects": labels.astype(object),
        "column": labels[:, None],
        "places": places,
        "small places": places.astype(np.uint8),
        "one-hot": one_hot,
        "one-hot integers": one_hot.astype(int),
        "one-hot lists": one_hot.tolist(),
    }


LOSSES = [
    ("3 softmax", "categorical_crossentropy"),
    ("3", "mean_squared_error"),
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("target", [WORDS, NUMBERS], ids=["words", "numbers"])
@pytest.mark.parametrize(("last", "loss"), LOSSES)
def test_every_form_of_y_gives_one_loss(
    last: str, loss: str, target: str, style: Style
) -> None:
    places, answers = forms(target)
    text = spec(last=last, loss=loss, train=TRAIN, target=target)
    found = []
    for y in answers.values():
        model, x = fitted(text, style, y)
        random = np.random.RandomState(4)
        redraw(model, random)
        a = model.forward(x)
        if loss == "mean_squared_error":
            expected = np.square(a - np.eye(3)[places]).mean()
        else:
            expected = -np.log(a[np.arange(ROWS), places]).mean()
        prepared = model.prepare(x, y)
        assert model.loss(*prepared) == pytest.approx(expected, rel=1e-6)
        assert model.evaluate(x, y)["loss"] == pytest.approx(expected, rel=1e-6)
        assert model.score(x, y) == np.mean(a.argmax(axis=1) == places)
        found.append((model.history_["loss"], model.predict(x).tolist()))
    assert all(each == found[0] for each in found)
    names = ["pear", "apple", "cherry"] if target == WORDS else [30, 10, 20]
    assert model.classes_.tolist() == names
    assert found[0][1] == [names[i] for i in a.argmax(axis=1)]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("last", "loss"),
    [
        ("1 sigmoid", "binary_crossentropy"),
        ("1", "hinge"),
        ("1 tanh", "squared_hinge"),
    ],
)
def test_two_classes(last: str, loss: str, style: Style) -> None:
    """The second label is the positive one, in the declared order."""
    text = spec(last=last, loss=loss, train=TRAIN, target="target churn: yes | no")
    positive = np.random.RandomState(2).randint(0, 2, ROWS)
    labels = np.array(["yes", "no"])[positive]
    for y in (labels, positive, labels.tolist(), labels[:, None], positive == 1):
        model, x = fitted(text, style, y)
        redraw(model, np.random.RandomState(4))
        a = model.forward(x)[:, 0]
        signed = 2 * positive - 1
        short = np.maximum(1 - signed * a, 0)
        if loss == "binary_crossentropy":
            expected = -np.log(np.where(positive == 1, a, 1 - a)).mean()
        else:
            expected = (short if loss == "hinge" else short**2).mean()
        assert model.loss(*model.prepare(x, y)) == pytest.approx(expected, rel=1e-6)
        assert model.evaluate(x, y)["loss"] == pytest.approx(expected, rel=1e-6)
        bar = 0.5 if loss == "binary_crossentropy" else 0.0
        told = model.predict(x)
        assert told.shape == np.shape(y)
        assert told.ravel().tolist() == np.where(a >= bar, "no", "yes").tolist()
    if loss == "binary_crossentropy":
        proba = model.predict_proba(x)
        np.testing.assert_allclose(proba, np.stack([1 - a, a], axis=1), atol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_without_declared_classes_they_are_those_seen(style: Style) -> None:
    text = (
        "network Small {\ninput any\ndense classes softmax\n"
        f"loss categorical_crossentropy\ntrain {{ {TRAIN} }}\n}}\n"
    )
    places, answers = forms(WORDS)
    model = model_class(small_module(text, style))()
    with pytest.raises(ValueError, match="n_features"):
        model.build()
    x = np.random.RandomState(1).standard_normal((ROWS, INPUTS))
    model.fit(x, answers["labels"])
    assert model.classes_.tolist() == ["apple", "cherry", "pear"]
    redraw(model, np.random.RandomState(4))
    a = model.forward(x)
    ordered = np.array([2, 0, 1])[places]
    expected = -np.log(a[np.arange(ROWS), ordered]).mean()
    for y in (answers["labels"], ordered, np.eye(3)[ordered]):
        assert model.evaluate(x, y)["loss"] == pytest.approx(expected, rel=1e-6)
    assert set(model.predict(x)) <= {"apple", "cherry", "pear"}
    model.fit(x, np.array([30, 10, 20])[places])
    assert model.classes_.tolist() == [10, 20, 30]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("target", "y"),
    [
        (WORDS, ["plum"]),
        (WORDS, [3]),
        (WORDS, [-1]),
        (WORDS, [0.5]),
        (WORDS, [[1, 1, 0]]),
        (WORDS, [[0.5, 0.5, 0]]),
        (WORDS, [[0, 1]]),
        (WORDS, [None]),
        (WORDS, [float("nan")]),
        (NUMBERS, [1]),
        (NUMBERS, [0]),
        (NUMBERS, ["30 "]),
        (NUMBERS, [10.5]),
    ],
)
def test_no_class_is_refused(target: str, y: Any, style: Style) -> None:
    model, x = fitted(spec(train=TRAIN, target=target), style, forms(target)[1]["list"])
    with pytest.raises(ValueError, match="y"):
        model.evaluate(x[:1], y)


@pytest.mark.parametrize("style", STYLES)
def test_numbers_answer_in_the_shape_of_y(style: Style) -> None:
    text = spec(last="1", loss="mean_squared_error", train=TRAIN)
    t = np.random.RandomState(2).standard_normal(ROWS)
    flat, x = fitted(text, style, t)
    column, _ = fitted(text, style, t[:, None])
    assert flat.predict(x).shape == (ROWS,)
    assert column.predict(x).shape == (ROWS, 1)
    assert flat.predict(x).tobytes() == column.predict(x).tobytes()
    assert flat.history_ == column.history_
    with pytest.raises(ValueError, match=r"\(30, 2\)"):
        flat.fit(x, np.stack([t, t], axis=1))
