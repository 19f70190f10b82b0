"""The package's quick dataclasses behave as the standard ones."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from nndsl import records


def place(decorator: Any, field: Any) -> Any:
    class Place:
        """Every kind of field the package uses."""

        name: str
        size: int = 3
        parts: dict[str, int] = field(default_factory=dict)
        span: int = field(compare=False, repr=False, kw_only=True)

    return decorator(frozen=True, slots=True)(Place)


STANDARD = place(dataclasses.dataclass, dataclasses.field)
QUICK = place(records.dataclass, records.field)
COMPILED = place(records.dataclass, records.field)
for _ in range(100):  # behind some of them its constructor is another one
    COMPILED("a", span=1)


@records.dataclass(frozen=True, slots=True)
class Word:
    text: str
    span: int = records.field(default=0, compare=False, repr=False)


@pytest.mark.parametrize("made", [STANDARD, QUICK, COMPILED])
def test_same_behaviour(made: Any) -> None:
    one = made("a", span=1)
    assert one == made("a", 3, {}, span=2)
    assert one != made("b", span=1)
    assert one != "a"
    assert repr(one).endswith("Place(name='a', size=3, parts={})")
    assert dataclasses.replace(one, size=4) == made("a", 4, span=1)
    assert [each.name for each in dataclasses.fields(one)] == [
        "name",
        "size",
        "parts",
        "span",
    ]
    assert made.__match_args__ == ("name", "size", "parts")
    assert not hasattr(one, "__dict__")
    assert one.parts is not made("a", span=1).parts
    assert (made("a", span=1, parts={"b": 2}).size, made("a", 4, span=1).size) == (3, 4)
    for wrong, named in (
        ((), {"span": 1}),
        (("a",), {}),
        (("a", 1, {}, 4), {}),
        (("a", 1, {}, 4), {"span": 1}),
        (("a",), {"name": "a", "span": 1}),
        (("a",), {"nothing": 2, "span": 1}),
    ):
        with pytest.raises(TypeError):
            made(*wrong, **named)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.size = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.size


def test_copies_and_sets() -> None:
    word = Word("a", 7)
    assert {word, Word("a", 8)} == {word}
    for made in (copy.deepcopy(word), pickle.loads(pickle.dumps(word))):
        assert (made.text, made.span) == ("a", 7)


def test_changeable_records_compare_but_have_no_hash() -> None:
    @records.dataclass(slots=True)
    class Draft:
        parts: list[int] = records.field(default_factory=list)

    draft = Draft()
    draft.parts = [1]
    assert draft == Draft([1])
    with pytest.raises(TypeError):
        hash(draft)
