"""Specs with one line of them replaced, and what the checker says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nndsl.check.check import Checked, check
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.syntax.parse import parse


def checked(text: str) -> Checked:
    source = Source("test.nn", text)
    return check(source, parse(source))


def mistakes(text: str) -> tuple[Diagnostic, ...]:
    try:
        return checked(text).warnings
    except SpecError as error:
        return error.diagnostics


@dataclass(frozen=True)
class Network:
    """A valid spec with one line of it replaced."""

    input: str = "input 4"
    layers: str = "dense 8 relu\ndense 3 softmax"
    target: str = ""
    loss: str = "loss categorical_crossentropy"
    metrics: str = ""
    train: str = "train { epochs 5 }"
    before: str = ""
    name: str = "network Test"

    @property
    def text(self) -> str:
        lines = (
            self.input,
            self.layers,
            self.target,
            self.loss,
            self.metrics,
            self.train,
        )
        return f"{self.before}\n{self.name} {{\n" + "\n".join(lines) + "\n}\n"


def n(**lines: str) -> str:
    return Network(**lines).text


def layers(text: str, **lines: str) -> str:
    return n(layers=text, **lines)


def binary(**lines: str) -> str:
    given = {
        "layers": "dense 8 relu\ndense 1 sigmoid",
        "loss": "loss binary_crossentropy",
    }
    return n(**{**given, **lines})


def numbers(**lines: str) -> str:
    given = {"layers": "dense 8 relu\ndense 1", "loss": "loss mean_squared_error"}
    return n(**{**given, **lines})


def train(text: str) -> str:
    return n(train="train {\n" + text + "\n}")


LABELS = "target kind: a | b | c"


def judge(code: str, marked: str) -> None:
    """The one mistake of a spec has this code and the place that stands between « and
    »; a place may need several of them."""
    places = re.findall("«(.*?)»", marked, re.DOTALL)
    start = marked.index("«")
    text = marked.replace("«", "").replace("»", "")
    found = mistakes(text)
    assert [each.code for each in found] == [code], [each.label for each in found]
    span = found[0].span
    assert text[span.start : span.end] == places[0]
    assert span.start == start
    assert found[0].label
    assert found[0].hint
