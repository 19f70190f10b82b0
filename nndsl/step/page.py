"""The page: a recording with the spec and the module, in one HTML text."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from nndsl.check.check import Checked
from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.origins import origins
from nndsl.report.html import HTML
from nndsl.resources import read
from nndsl.step.colours import coloured_module, coloured_spec
from nndsl.step.recording import PHASES, Recording
from nndsl.step.statements import Statement
from nndsl.step.tracer import Moment

MARK = "<!doctype html><!-- a walk through a training, by nndsl step -->"
"""How every page begins."""

_SCRIPTS = "data.js", "grids.js", "walk.js"
"""The parts of the page's script, in their order."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a page shows: a network, its textbook module, and what was recorded.

    `rows` says in words which rows it was trained on.
    """

    checked: Checked
    program: Program
    module: str
    recording: Recording
    rows: str


def step_page(walk: Walk) -> str:
    """The HTML text of a walk; it loads nothing and runs its own script alone."""
    script = "".join(read("templates", "step", name) for name in _SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = HTML.get_template("step/page.html.jinja").render(
        name=walk.checked.network.name,
        notes=_notes(walk),
        data=htmlsafe_json_dumps(_data(walk)),
        script=Markup(script),
        allowed=f"sha256-{digest}",
    )
    return f"{MARK}\n{page}"


def _notes(walk: Walk) -> list[str]:
    """Which rows, and what the page leaves out."""
    recording = walk.recording
    arrays, steps = recording.arrays, len(recording.steps)
    notes = [f"{walk.rows} Every step trains on these rows."]
    if arrays.cut:
        size = f"{arrays.corner} rows and {arrays.corner} columns"
        notes.append(f"Of larger arrays, the first {size} are shown.")
    if steps < recording.wanted:
        notes.append(
            f"Only the first {steps} of {recording.wanted} steps are recorded, so that "
            "the page stays small."
        )
    if walk.program.precision == "float64":
        notes.append("Numbers are computed in float64 and shown in float32.")
    return notes


def _data(walk: Walk) -> dict[str, object]:
    """What the script reads; numbers stand for statements and arrays."""
    statements: dict[Statement, int] = {}
    frames: dict[tuple[object, ...], int] = {}
    arrays = walk.recording.arrays

    def frame(moment: Moment) -> int:
        at = statements.setdefault(moment.statement, len(statements))
        shape = (
            at,
            PHASES.index(moment.phase),
            moment.function,
            moment.called_from,
            tuple((a.name, a.known_as, int(a.written)) for a in moment.arrays),
            tuple((name, int(written)) for name, _, written in moment.numbers),
        )
        return frames.setdefault(shape, len(frames))

    steps = [
        {
            "loss": step.loss,
            "moments": [
                [
                    frame(moment),
                    [a.array for a in moment.arrays],
                    [value for _, value, _ in moment.numbers],
                    [a.before for a in moment.arrays if a.written],
                ]
                for moment in step.moments
            ],
        }
        for step in walk.recording.steps
    ]
    source = walk.checked.source
    return {
        "spec": coloured_spec(source.text, walk.checked.tree),
        "code": coloured_module(walk.module),
        "origins": origins(walk.checked, walk.module),
        "phases": PHASES,
        "statements": [_statement(each) for each in statements],
        "frames": list(frames),
        "steps": steps,
        "corner": arrays.corner,
        "shapes": arrays.shapes,
        "numbers": arrays.text,
        "columns": _columns(walk.program.data),
    }


def _statement(statement: Statement) -> dict[str, object]:
    product = statement.product
    found: dict[str, object] = {"first": statement.first, "last": statement.last}
    if product is not None:
        found["product"] = {
            "left": (product.left, product.left_turned),
            "right": (product.right, product.right_turned),
            "added": product.added,
            "complete": product.complete,
        }
    return found


def _columns(data: Data) -> Mapping[str, list[str]]:
    """What the columns of x and t are called, where each has a name."""
    names = list(data.inputs.names) if not data.has_columns else []
    labels = list(data.targets.names)
    if data.labels is not None and data.encoding == "one_hot":
        labels = [str(value) for value in data.labels.values]
    return {"x": names, "t": labels}
