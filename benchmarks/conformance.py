"""Run the test suites of other projects on what nndsl makes, and write what they say.

pip install -e '.[test,jax]' optax
python benchmarks/conformance.py            every suite; writes docs/conformance.md
python benchmarks/conformance.py --print    prints the page instead
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import estimator_checks
import onnx_cases
import optax_cases

PAGE = Path(__file__).parent.parent / "docs" / "conformance.md"
HEAD = """# Conformance

What the test suites of other projects say of the modules that nndsl makes. Written by
`python benchmarks/conformance.py`.
"""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite of somebody else's, and what it is run on.

    `cases` gives a name and a function each; the function's results are dicts of
    `check_name`, `status` (`passed`, `skipped` or another word) and `exception`, which
    says why a check did not pass.
    """

    title: str
    text: str
    version: str
    cases: Callable[[], Iterable[tuple[str, Callable[[], list[dict[str, Any]]]]]]


SUITES = (
    Suite(
        "scikit-learn's estimator checks",
        """`check_estimator` on the classes that `nndsl compile --target sklearn`
makes ([scikit_learn.md](scikit_learn.md)); no check is marked as
expected to fail. The networks compute in float64, as scikit-learn's own do: that a
weight of 2 counts a row twice is checked to 1e-7, which float32 does not reach.""",
        estimator_checks.VERSION,
        estimator_checks.cases,
    ),
    Suite(
        "ONNX's own test cases",
        """the graphs of ONNX's tests over tables of floats, read by `nndsl import`
([exchange.md](exchange.md)), answer as the tests say, to 2e-6 in float32; and ONNX's
training operators, run by its reference evaluator, take the same steps as ours.""",
        onnx_cases.VERSION,
        onnx_cases.cases,
    ),
    Suite(
        "optax",
        """twenty steps with the same gradients in float64 end at the same weights, to
1e-12 of the largest.""",
        optax_cases.VERSION,
        optax_cases.cases,
    ),
)


def section(suite: Suite) -> Iterator[str]:
    """The lines about one suite: a row for each case, then what did not pass."""
    yield from ("", f"## {suite.title}", "", f"{suite.version}: {suite.text}", "")
    yield "| | passed | skipped | failed |"
    yield "| --- | ---: | ---: | ---: |"
    notes = []
    for name, run in suite.cases():
        results = run()
        counts = {"passed": 0, "skipped": 0, "failed": 0}
        for result in results:
            status, check = result["status"], result["check_name"]
            counts[status if status in counts else "failed"] += 1
            if status != "passed":
                reason = " ".join(str(result["exception"]).split())
                notes.append(f"- `{check}`, {status}: {reason[:200]}")
        numbers = " | ".join(map(str, counts.values()))
        yield f"| {name} | {numbers} |"
    if notes:
        yield ""
        yield from dict.fromkeys(notes)


def page(suites: Iterable[Suite] = SUITES) -> str:
    lines = [line for suite in suites for line in section(suite)]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--print"]):
        sys.exit(__doc__)
    text = page()
    if sys.argv[1:]:
        print(text, end="")
    else:
        PAGE.write_text(text, encoding="utf-8")
