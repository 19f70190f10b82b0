"""What the templates of a module print, and the switches by which they lay it out.

Everything a template prints is `Code`; whatever has to be decided or computed is
decided and computed in this folder.
"""

import keyword
import os.path
import re
from dataclasses import dataclass

from nndsl.diagnostics.record import Source
from nndsl.network import Network, Train
from nndsl.program.data import Data, Decision, Labels
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.escape import Code, code, comment, name
from nndsl.render.module.column_text import ColumnText, column_text
from nndsl.render.module.data_text import DataText, data_text
from nndsl.render.module.fit_text import FitText, fit_text
from nndsl.render.module.metric_text import Metrics, metrics, score_name
from nndsl.render.module.model_text import ModelText, model_text
from nndsl.render.module.names import name_lines, network_line, title
from nndsl.render.module.reading import read_csv_lines
from nndsl.render.network.network_text import NetworkText, network_text


@dataclass(frozen=True, slots=True)
class ModuleView:
    """The holes and switches of `module.py.jinja` and the templates it includes.

    `estimator`: whether the class inherits scikit-learn's.  `jax`: whether the network
    is computed by JAX; `double`: in float64.
    """

    class_name: Code
    title: tuple[Code, ...]
    stem: Code
    spec: Code
    names: tuple[Code, ...]
    network_line: Code
    precision: Code
    fast: bool
    text: NetworkText
    metrics: Metrics
    score: Code
    scores_r2: bool
    weighs: bool
    balanced: bool
    checkpoints: bool
    output: Code
    data: Data
    train: Train
    labels: Labels | None
    decision: Decision
    learns_input: bool
    model: ModelText
    fit: FitText
    rows: DataText
    columns: ColumnText
    read_csv: tuple[Code, ...]
    estimator: bool = False
    jax: bool = False
    double: bool = False


def module_view(
    network: Network,
    program: Program,
    in_place: InPlace | None,
    source: Source,
    seed: str = "seed",
    text: NetworkText | None = None,
    reported: Metrics | None = None,
) -> ModuleView:
    """The view of the module of `network`; `seed` is what its class calls that.

    `text` and `reported` stand in for NumPy's network and its metrics.
    """
    data = program.data
    stem = _stem(network, source.name)
    text = text or network_text(network, program, in_place)
    reported = reported or metrics(network, program)
    fit = fit_text(network, program, text.schedule, reported.has_unit, seed)
    return ModuleView(
        class_name=name(network.name),
        title=tuple(map(code, title(network.name, program, stem))),
        stem=name(stem),
        spec=comment(_as_prose(source.text)),
        names=tuple(map(code, name_lines(network, program))),
        network_line=code(network_line(network)),
        precision=code(program.precision),
        fast=in_place is not None,
        text=text,
        metrics=reported,
        score=code(score_name(data)),
        scores_r2=score_name(data) == "r2",
        weighs=network.train.class_weights is not None,
        balanced=network.train.class_weights == "balanced",
        checkpoints=network.train.checkpoint_every is not None,
        output=code(program.output),
        data=data,
        train=network.train,
        labels=data.labels,
        decision=data.decision,
        learns_input=data.encoding == "input",
        model=model_text(network, program),
        fit=fit,
        rows=data_text(program),
        columns=column_text(network, program),
        read_csv=tuple(map(code, read_csv_lines(data))),
    )


def _stem(network: Network, source_name: str) -> str:
    """The module's name: the spec's, or the network's where that is no module name."""
    stem = os.path.splitext(os.path.basename(source_name))[0]
    names = stem, network.name.lower()[:40], network.name
    return next(name for name in names if _is_module_name(name))


def _is_module_name(name: str) -> bool:
    plain = re.fullmatch("(?!__)[A-Za-z_]\\w{0,63}", name, re.ASCII)
    return plain is not None and not keyword.iskeyword(name)


def _as_prose(text: str) -> str:
    """A spec whose opening comment is no longer marked as one."""
    opening = re.match(r"(#.*\n)*", text)
    end = opening.end() if opening else 0
    return re.sub(r"(?m)^# ?", "", text[:end]) + text[end:]
