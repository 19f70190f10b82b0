"""`nndsl check --fix` mends what can only have been meant in one way."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from reference.edits import edited

from nndsl.cli.fixes import Fix, Fixed, Fixer
from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.diagnostics.codes_syntax import SYNTAX
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source

Output = pytest.CaptureFixture[str]
SPEC = """\
activation bent(x, by=1.0 in 0..1) = sqrt(by * x^2 + 1)
network Test {
    input    a, "b c", "Solar.R"
    dense    8 relu
    dropout  20%
    dense    4 bent(by=0.5)
    dense    3 softmax weights=he_normal use_bias=yes l2=0.1
    target   y: no | yes | "not sure"
    loss     categorical_crossentropy
    metrics  accuracy
    train {
        optimizer      adam(learning_rate=0.01, beta1=0.9)
        class_weights  "not sure": 2
        epochs         5
    }
}
"""
KINDS = {
    "a misspelt activation": ("relu", "rleu"),
    "a misspelt setting": ("epochs", "epoch"),
    "a name in capitals": ("accuracy", "Accuracy"),
    "what others call it": ("learning_rate=", "lr="),
    "a misspelt name in a formula": ("sqrt", "sqtr"),
    "a misspelt definition": ("activation bent", "activaton bent"),
    "a misspelt initializer": ("he_normal", "he_norml"),
    "a misspelt label": ('"not sure": 2', '"not sue": 2'),
    "a number for a word": ("use_bias=yes", "use_bias=1"),
    "a point in a whole number": ("epochs         5", "epochs         5.0"),
    "a percentage for a number": ("l2=0.1", "l2=10%"),
    "a number for a percentage": ("20%", "0.2"),
    "a percentage without its mark": ("20%", "20"),
    "single quotes": ('"b c"', "'b c'"),
    "a name with a dot": ('"Solar.R"', "Solar.R"),
    "another power": ("x^2", "x**2"),
    "a colon for equals": ("by=0.5", "by:0.5"),
    "a colon and equals": ("by=0.5", "by:=0.5"),
    "a colon behind a name": ("loss     ", "loss:     "),
    "equals behind a label": ('"not sure": 2', '"not sure"= 2'),
    "no comma between arguments": ("0.01, beta1", "0.01 beta1"),
    "a comma at the end of a line": ("accuracy\n", "accuracy,\n"),
    "a parenthesis that is not closed": ("by=0.5)", "by=0.5"),
    "a decimal comma": ("learning_rate=0.01", "learning_rate=0,01"),
    "another word for limits": ("1.0 in 0", "1.0 of 0"),
}
UNCERTAIN = {
    "two names are as close": ("metrics  accuracy", "metrics  r1, f2"),
    "another activation is needed": ("softmax", "relu"),
    "another width is needed": ("dense    3", "dense    4"),
    "the derivative of step is 0": ("8 relu", "8 step"),
    "limits in the wrong order": ('"Solar.R"', '"Solar.R" in 1..0'),
    "1 may be 1% or 100%": ("20%", "1"),
    "two columns or one": ('a, "b c"', "a b c"),
    "an unknown name": ("relu", "frobnicate"),
}


def mistakes(text: str) -> tuple[Diagnostic, ...]:
    try:
        understand(Source("a.nn", text))
    except SpecError as error:
        return error.diagnostics
    return ()


def broken(kinds: dict[str, tuple[str, str]], name: str) -> str:
    right, wrong = kinds[name]
    assert SPEC.count(right) == 1, name
    return SPEC.replace(right, wrong)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("a.nn")


@pytest.mark.parametrize("name", KINDS)
def test_a_certain_mistake_is_mended(name: str, spec: Path, capsys: Output) -> None:
    spec.write_text(broken(KINDS, name))
    (mistake, *_) = mistakes(spec.read_text())
    assert main(["check", "--fix", "a.nn"]) == 0
    assert spec.read_text() == SPEC
    said, counts, last = capsys.readouterr().out.splitlines()
    assert counts == "a.nn: 1 fixed, 0 left"
    place = f"a.nn:{mistake.span.line}:{mistake.span.column}"
    assert said.startswith(f"{place}: fixed[{mistake.code}]: ")
    assert last == "1 spec checked, nothing found"
    assert main(["check", "--fix", "a.nn"]) == 0
    assert capsys.readouterr().out == "1 spec checked, nothing found\n"


@pytest.mark.parametrize("name", UNCERTAIN)
def test_an_uncertain_one_is_not(name: str, spec: Path, capsys: Output) -> None:
    text = broken(UNCERTAIN, name)
    assert mistakes(text)
    spec.write_text(text)
    assert main(["check", "--fix", "a.nn"]) == 1
    assert spec.read_text() == text
    assert "fixed[" not in capsys.readouterr().out


def test_what_is_said(spec: Path, capsys: Output) -> None:
    text = broken(KINDS, "a misspelt activation").replace("accuracy\n", "accuracy,\n")
    text = text.replace("0.01, beta1", "0.01 beta1").replace("softmax", "zoftmaxx")
    spec.write_text(text)
    assert main(["check", "--fix", "a.nn"]) == 0
    assert capsys.readouterr().out == (
        """\
a.nn:10:22: fixed[E030]: `,` is removed
a.nn:12:48: fixed[E024]: `,` is put in
a.nn:4:16: fixed[E101]: `rleu` is now `relu`
a.nn:7:16: fixed[E101]: `zoftmaxx` is now `softmax`
a.nn: 4 fixed, 0 left
1 spec checked, nothing found
"""
    )


def test_all_kinds_at_once(spec: Path) -> None:
    text = SPEC
    for right, wrong in KINDS.values():
        if text.count(right) == 1:
            text = text.replace(right, wrong)
    assert len(mistakes(text)) >= 5
    spec.write_text(text)
    assert main(["check", "--fix", "a.nn"]) == 0
    assert understand(Source("", spec.read_text())).network == (
        understand(Source("", SPEC)).network
    )


def test_more_mistakes_than_one_run_shows(spec: Path) -> None:
    columns = ", ".join(f"'c {i}'" for i in range(70))
    spec.write_text(SPEC.replace('a, "b c"', columns))
    assert main(["check", "--fix", "a.nn"]) == 0
    assert spec.read_text() == SPEC.replace('a, "b c"', columns.replace("'", '"'))


def test_a_fix_may_bring_others_to_light(spec: Path, capsys: Output) -> None:
    """With the loss known, the last layer does not fit it."""
    text = SPEC.replace("categorical_crossentropy", "binary_crossentrpy")
    spec.write_text(text)
    assert main(["check", "--fix", "a.nn"]) == 1
    assert spec.read_text() == text.replace("entrpy", "entropy")
    out = capsys.readouterr().out
    assert "fixed[E101]" in out
    assert "a.nn: 1 fixed, 1 left" in out


def test_an_edit_that_takes_no_mistake_away_is_not_made() -> None:
    source, fixer = Source("a.nn", SPEC.replace("relu", "rleu")), Fixer()
    spec = Fixed(source, fixer.mistakes(source))
    (mistake,) = spec.left
    wrong = replace(mistake.fixes[0], text="rlue")
    assert fixer.together(spec, [Fix(mistake, wrong, "rleu")]) is None


HIDDEN = """\
netwrok Netz {
  input a, b, c
  dense 16 activation='tanh'
  dense 16 activation=tanh
  dropot 0.2
  dense 8 reluu
  dense 3 softmx
  target ‘y’: a | b | c
  loss crossentropy
  train {
    epoch = 50
    batchsize: 32
    patience = 5
    optimizer Adam(lr=0,01)
  }
}
"""
SHOWN = """\
network Netz {
  input a, b, c
  dense 16 tanh
  dense 16 tanh
  dropout 20%
  dense 8 reluu
  dense 3 softmax
  target "y": a | b | c
  loss categorical_crossentropy
  train {
    epochs 50
    batch_size 32
    early_stopping = 5
    optimizer adam(learning_rate=0.01)
  }
}
"""


def test_few_mistakes_that_hide_many(spec: Path, capsys: Output) -> None:
    """`reluu` may be `relu` or `relu6`; `early_stopping 5` would mean nothing."""
    spec.write_text(HIDDEN)
    assert main(["check", "--fix", "a.nn"]) == 1
    assert spec.read_text() == SHOWN
    assert "a.nn: 16 fixed, 2 left" in capsys.readouterr().out
    assert main(["check", "--fix", "a.nn"]) == 1
    assert spec.read_text() == SHOWN
    assert "fixed" not in capsys.readouterr().out


def test_what_is_left_is_printed(spec: Path, capsys: Output) -> None:
    spec.write_text(SPEC.replace("relu", "rleu").replace("l2=0.1", "l2=-1"))
    assert main(["check", "--fix", "a.nn"]) == 1
    out = capsys.readouterr().out
    assert "fixed[E101]" in out
    assert "a.nn:7:58: error[E108]: value out of range" in out
    assert spec.read_text() == SPEC.replace("l2=0.1", "l2=-1")


def test_standard_input_is_printed_with_its_fixes(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for wrong in ("rleu", "frobnicate"):
        text = SPEC.replace("relu", wrong)
        stream = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(sys, "stdin", stream)
        code = main(["check", "--fix", "-"])
        out, err = capfdbinary.readouterr()
        assert out.decode() == (SPEC if wrong == "rleu" else text)
        assert code == (wrong != "rleu")
        assert (b"fixed[E101]" in err) == (wrong == "rleu")


def test_json_holds_what_is_left(spec: Path, capsys: Output) -> None:
    spec.write_text(SPEC.replace("relu", "rleu").replace("softmax", "relu"))
    assert main(["check", "--fix", "--format", "json", "a.nn"]) == 1
    out, err = capsys.readouterr()
    assert "fixed[E101]" in err
    (left,) = json.loads(out)
    assert [fix["certain"] for fix in left["fixes"]] == [False]


def test_settings_from_outside_are_not_fixed(spec: Path, capsys: Output) -> None:
    spec.write_text(SPEC)
    words = ["check", "--fix", "--set", "train.epochs=3", "a.nn"]
    assert main(words) == 2
    assert "leave one out" in capsys.readouterr().err


def test_line_ends_stay(spec: Path) -> None:
    before = SPEC.replace("\n", "\r\n").encode()
    spec.write_bytes(before.replace(b"relu", b"rleu"))
    assert main(["check", "--fix", "a.nn"]) == 0
    assert spec.read_bytes() == before


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the edits, or all of them with `--all`."""
    if "seed" in metafunc.fixturenames:
        seeds = range(1000 if metafunc.config.getoption("--all") else 100)
        metafunc.parametrize("seed", seeds)


def assert_better(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> None:
    """Fewer mistakes, or those of form are gone, or others came to light."""
    forms = [sum(each.code in SYNTAX for each in found) for found in (before, after)]
    assert forms[1] <= forms[0]
    assert after != before


def test_an_edited_spec_changes_for_the_better_and_once(seed: int) -> None:
    text = edited(Random(seed))
    fixed = Fixer().fix(Source("a.nn", text))
    after = fixed.source.text
    assert bool(fixed.made) == (after != text)
    assert fixed.left == mistakes(after)
    if fixed.made:
        assert_better(mistakes(text), fixed.left)
        assert not Fixer().fix(fixed.source).made
