"""`nndsl verify` finds nothing wrong with what is right, and what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import numpy as np
import pytest
from reference.random_specs import random_spec

import nndsl.verify.verify as verifying
from nndsl.__main__ import main
from nndsl.check.check import Checked
from nndsl.compiler import module_text
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.program.in_place import Style
from nndsl.verify.verify import Proof, verify

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
FEW, ALL = 15, 400
SPEC = """network Small {
    input 4; dense 5 tanh; batch_norm; dropout 20%; dense 3 sigmoid l2=0.01
    dense 2 softmax
    loss categorical_crossentropy
}
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        count = ALL if metafunc.config.getoption("--all") else FEW
        metafunc.parametrize("seed", range(count))


def wrong(proofs: list[Proof]) -> list[str]:
    return [proof.what for proof in proofs if not proof.holds]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_specs_are_verified(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith(": verified")
    assert sum("gradient of" in line for line in lines) >= 2


def test_random_specs_are_verified(seed: int) -> None:
    _, text = random_spec(Random(seed), "Net")
    try:
        assert wrong(verify(Source("net.nn", text))) == []
    except SpecError:
        pytest.skip("no valid spec")


@pytest.mark.parametrize(
    ("style", "old", "new", "found"),
    [
        ("textbook", "1 - a1**2", "1 - a1", "gradient of"),
        ("fast", "dz3 /= len(x)", "dz3 /= 2", "gradients of the fast style"),
        ("textbook", "+ p.b2", "", "output and loss by the formulas"),
        ("fast", "m *= BETA1", "m *= BETA2", "5 steps of adam in the fast style"),
        ("textbook", "default_rng(self.seed)", "default_rng()", "the same seed twice"),
        (
            "textbook",
            "parameters_ = Parameters(*(data[name]",
            "parameters_ = Parameters(*(data[name] + 1",
            "saved and loaded",
        ),
        (
            "textbook",
            "z - z.max(axis=1, keepdims=True)",
            "z",
            "output of large numbers",
        ),
        ("textbook", "/ DTYPE(1 - rate)", "/ DTYPE(1)", "mean of the dropout masks"),
        ("textbook", "variance * n / (n - 1)", "variance", "running statistics"),
    ],
)
def test_what_is_wrong_is_found(
    style: Style,
    old: str,
    new: str,
    found: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(checked: Checked, wanted: Style) -> str:
        text = module_text(checked, wanted)
        if wanted == style:
            assert old in text, text
            text = text.replace(old, new)
        return text

    monkeypatch.setattr(verifying, "module_text", broken)
    names = wrong(verify(Source("small.nn", SPEC)))
    assert any(name.startswith(found) for name in names), names


def test_json_and_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "small.nn"
    spec.write_text(SPEC)
    assert main(["verify", str(spec), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["verified"] and record["network"] == "Small"
    assert all(proof["error"] <= proof["allowed"] for proof in record["proofs"])
    assert main(["verify", str(spec)]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"the same seed twice +0$", printed, re.MULTILINE)
    assert not re.search(r"e-[1-9]\d\d|0\.0e", printed)
    spec.write_text(SPEC.replace("softmax", "sofmax"))
    assert main(["verify", str(spec)]) == 1
    assert "did you mean `softmax`" in capsys.readouterr().err


def test_a_surrogate_is_named_and_left_out() -> None:
    text = SPEC.replace("dense 3 sigmoid l2=0.01", "dense 3 step(surrogate=tanh)")
    proofs = verify(Source("small.nn", text))
    assert wrong(proofs) == []
    remarks = {proof.what: proof.remark for proof in proofs}
    assert "surrogate" in remarks["gradient of w1"]
    assert "compared" in remarks["gradient of w3"]
    assert np.isfinite([proof.error for proof in proofs]).all()
