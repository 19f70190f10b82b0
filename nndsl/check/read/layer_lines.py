"""The layers: what each line says, then widths, names and starting numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import activation_names, use_activation
from nndsl.check.read.initializer import initializer
from nndsl.check.read.options import Options, statement_options
from nndsl.check.read.parts import (
    head_name,
    no_block,
    no_call,
    one_group,
    split_options,
    spread,
    too_many,
)
from nndsl.check.read.values import found, read_count
from nndsl.check.rules.python_names import check_name
from nndsl.diagnostics.codes_checks import (
    CONTRADICTION,
    MISSING,
    OUT_OF_RANGE,
    WRONG_VALUE,
)
from nndsl.diagnostics.record import Related
from nndsl.language.layer_table import ACTIVATION, LAYERS, UNITS
from nndsl.network import ActivationUse, Initializer
from nndsl.syntax.tree import (
    Call,
    Mark,
    Name,
    Number,
    Part,
    Percent,
    Span,
    Statement,
)
from nndsl.written.canonical import written


@dataclass(slots=True)
class Draft:
    """One layer as its line says it, before widths are known.

    `kind` is a name of the table or `activation`; `units` is a count, a word, or None
    where it was wrong.  `activation` is None where there is none or it was wrong;
    `sound` says whether everything on the line was right.
    """

    kind: str
    statement: Statement
    span: Span
    text: str
    options: Options = field(default_factory=Options)
    units: int | str | None = None
    units_span: Span | None = None
    activation: ActivationUse | None = None
    activation_span: Span | None = None
    rate: float = 0.0
    weights: Initializer | None = None
    biases: Initializer | None = None
    name: str | None = None
    name_span: Span | None = None
    sound: bool = True


def read_layer(findings: Findings, formulas: Formulas, statement: Statement) -> Draft:
    """One line of the network that is a layer or an activation."""
    before = len(findings.diagnostics)
    name = head_name(statement).text
    kind = name if name in LAYERS else "activation"
    entry = LAYERS.get(name, ACTIVATION)
    draft = Draft(kind, statement, _line_span(statement), written(statement))
    no_block(findings, statement)
    if kind == "activation":
        draft.activation = use_activation(findings, formulas, statement.head)
        draft.activation_span = statement.head.span
    elif not no_call(findings, statement, entry.signature):
        draft.sound = False
        return draft
    plain, options = split_options(one_group(findings, statement))
    draft.options = statement_options(findings, name, entry.options, options)
    match kind:
        case "dense":
            _dense(findings, formulas, draft, plain)
        case "dropout":
            _dropout(findings, draft, plain)
        case _:
            too_many(findings, plain, f"write it as `{entry.signature}`")
    _named(findings, draft)
    draft.sound = len(findings.diagnostics) == before
    return draft


def _line_span(statement: Statement) -> Span:
    return statement.span


def _dense(
    findings: Findings, formulas: Formulas, draft: Draft, parts: tuple[Part, ...]
) -> None:
    rest = _units(findings, formulas, draft, parts)
    if rest and isinstance(rest[0], Name | Call):
        draft.activation = use_activation(findings, formulas, rest[0])
        draft.activation_span = rest[0].span
        rest = rest[1:]
    too_many(findings, rest, f"write it as `{LAYERS['dense'].signature}`")
    options = draft.options
    if "weights" in options.raw:
        draft.weights = initializer(findings, options.raw["weights"], "weights")
    draft.biases = Initializer("zeros")
    if "biases" in options.raw:
        draft.biases = initializer(findings, options.raw["biases"], "biases")
    if not options.switch("use_bias"):
        draft.biases = None
        for key in ("biases", "bias_l1", "bias_l2"):
            if key in options.spans:
                findings.add(
                    CONTRADICTION,
                    options.spans[key],
                    f"`{key}` for a layer without biases",
                    f"leave out `{key}`, or `use_bias=no`",
                    related=(Related(options.spans["use_bias"], "switched off here"),),
                )


def _units(
    findings: Findings, formulas: Formulas, draft: Draft, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """Read the units; what stands behind them is given back."""
    match parts:
        case (Name(text=word), *_) if word in UNITS.words:
            draft.units = word
        case (Number() as number, *_):
            draft.units = read_count(findings, UNITS, number)
        case (Mark(text="-" | "+"), Number() as number, *_):
            findings.add(
                OUT_OF_RANGE,
                spread(parts[:2]),
                "the units of a layer are counted without a sign",
                f"for example `dense {number.text}`",
            )
            return parts[2:]
        case (Name() | Call() as use, *_) if (
            use.name if isinstance(use, Call) else use
        ).text in activation_names(formulas):
            findings.add(
                MISSING,
                use.span,
                f"the number of units before {found(use)} is missing",
                f"for example `dense 16 {written(use)}`",
            )
            return parts
        case (Name() as name, *_):
            findings.unknown("word", name, UNITS.words, "for units")
        case (Percent() | Call() as other, *_):
            findings.add(
                WRONG_VALUE,
                other.span,
                f"{found(other)} where the number of units is expected",
                "for example `dense 16 relu`",
            )
        case ():
            findings.add(
                MISSING,
                draft.statement.head.span,
                "the number of units is missing",
                "for example `dense 16 relu`",
            )
            return ()
        case _:
            return parts
    draft.units_span = parts[0].span
    return parts[1:]


def _dropout(findings: Findings, draft: Draft, parts: tuple[Part, ...]) -> None:
    draft.rate = 0.0
    match parts:
        case (Percent(value=value), *_):
            draft.rate = value / 100
            if not 0 <= value < 100:
                findings.add(
                    OUT_OF_RANGE,
                    parts[0].span,
                    f"{found(parts[0])} of the units cannot be dropped",
                    "the share is at least 0% and below 100%",
                )
            rest = parts[1:]
        case (Number(value=value), *_):
            share = round(value * 100 if value < 1 else value, 10)
            percent = f"{share:g}%"
            findings.add(
                WRONG_VALUE,
                parts[0].span,
                f"{found(parts[0])} where a percentage is expected",
                f"write `{percent}`" if share < 100 else "for example `dropout 20%`",
                fix=percent if share < 100 else None,
            )
            rest = parts[1:]
        case ():
            findings.add(
                MISSING,
                draft.statement.head.span,
                "the share to drop is missing",
                "for example `dropout 20%`",
            )
            return
        case _:
            rest = parts
    too_many(findings, rest, "write it as `dropout 20%`")


def _named(findings: Findings, draft: Draft) -> None:
    value = draft.options.raw.get("name")
    if value is None:
        return
    if not isinstance(value, Name):
        findings.add(
            WRONG_VALUE,
            value.span,
            f"{found(value)} where a name is expected",
            "for example `name=code`",
        )
        return
    if check_name(findings, value, "layer"):
        draft.name = value.text
        draft.name_span = value.span
