"""The train block: every setting once, read by its form in the table."""

from dataclasses import dataclass, field
from functools import partial

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.class_weights import Weights, read_weights
from nndsl.check.read.elsewhere import no_equals
from nndsl.check.read.optimizer_setting import OptimizerSetting, read_optimizer
from nndsl.check.read.options import Options, require, statement_options
from nndsl.check.read.parts import (
    head_name,
    no_block,
    no_call,
    one_group,
    split_options,
    too_many,
)
from nndsl.check.read.split_setting import Shares, read_split
from nndsl.check.read.values import first_value, read_word
from nndsl.diagnostics.codes_checks import (
    DUPLICATE,
    MISSING,
    WRONG_PLACE,
)
from nndsl.diagnostics.record import Related
from nndsl.language.settings import SETTINGS, Setting
from nndsl.language.statements import STATEMENTS
from nndsl.layers.registry import LAYERS
from nndsl.syntax.tree import Line, Name, Part, Span, Statement


@dataclass(slots=True)
class Settings:
    """The train block as it was read; `spans` are those of the settings written.

    `optimizer` and `shares` are None where none is written or it cannot be read.
    """

    values: Options = field(default_factory=Options)
    options: dict[str, Options] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    optimizer: OptimizerSetting | None = None
    shares: Shares | None = None
    scale: str = "none"
    scale_target: Span | None = None
    weights: Weights | None = None
    complete: bool = True
    """Whether the names of all lines are known."""


_OF_OPTIMIZERS = ("learning_rate", "lr", "momentum", "nesterov", "epsilon", "warmup")


def read_train(
    findings: Findings, formulas: Formulas, statement: Statement | None, span: Span
) -> Settings:
    """Every setting, defaults filled in; those stand at `span`."""
    settings = Settings()
    for name, setting in SETTINGS.items():
        if setting.form == "value":
            settings.values.values[name] = setting.options[0].default
    for line in () if statement is None else _lines(findings, statement):
        if isinstance(line, Statement):
            _setting(findings, formulas, settings, line)
        else:
            known = (*SETTINGS, *STATEMENTS, *LAYERS)
            unknown = partial(unknown_setting, findings)
            equals = no_equals(findings, line, known, "setting", unknown)
            settings.complete &= not equals
    if "optimizer" not in settings.spans:
        adam = Name(str(SETTINGS["optimizer"].options[0].default), span)
        settings.optimizer = read_optimizer(findings, formulas, adam)
    return settings


def _lines(findings: Findings, statement: Statement) -> tuple[Line, ...]:
    """The lines of the block."""
    if not no_call(findings, statement, STATEMENTS["train"].signature):
        return ()
    hint = "settings go in braces: `train { epochs 50 }`"
    too_many(findings, one_group(findings, statement), hint)
    if statement.block is None:
        if not statement.groups:
            findings.add(MISSING, statement.span, "`train` has no settings", hint)
        return ()
    return statement.block.lines


def _setting(
    findings: Findings, formulas: Formulas, settings: Settings, line: Statement
) -> None:
    name = head_name(line)
    setting = SETTINGS.get(name.text)
    if setting is None:
        unknown_setting(findings, name)
        settings.complete = False
        return
    if setting.name in settings.spans:
        findings.add(
            DUPLICATE,
            name.span,
            f"`{setting.name}` is set a second time",
            "leave one of the lines out",
            related=(Related(settings.spans[setting.name], "set here first"),),
        )
        return
    settings.spans[setting.name] = line.span
    no_block(findings, line)
    if not no_call(findings, line, setting.signature):
        return
    if not line.groups:
        findings.add(
            MISSING,
            line.span,
            f"`{setting.name}` has no value",
            f"write it as `{setting.signature}`",
        )
        return
    match setting.form:
        case "value":
            _value(findings, settings, setting, one_group(findings, line))
        case "options":
            _options(findings, settings, setting, line)
        case "call":
            parts = one_group(findings, line)
            settings.optimizer = read_optimizer(findings, formulas, parts[0])
            too_many(findings, parts[1:], _arguments_hint(parts[0]))
        case "split":
            parts = one_group(findings, line)
            if len(line.groups) == 1:
                settings.shares = read_split(findings, setting, parts)
        case "scale":
            _scale(findings, settings, setting, line)
        case "weights":
            settings.weights = read_weights(findings, setting, line)


def _arguments_hint(use: Part) -> str:
    name = use.text if isinstance(use, Name) else "adam"
    return f"arguments are written in parentheses: `{name}(learning_rate=0.01)`"


def unknown_setting(findings: Findings, name: Name) -> None:
    """A finding that says where the name belongs, or what it may have meant."""
    if name.text in _OF_OPTIMIZERS:
        findings.add(
            WRONG_PLACE,
            name.span,
            f"`{name.text}` is not a setting of its own",
            "write it at the optimizer: `optimizer adam(learning_rate=0.01)`",
        )
    elif name.text in STATEMENTS or name.text in LAYERS:
        findings.add(
            WRONG_PLACE,
            name.span,
            f"`{name.text}` does not belong to the train block",
            "write it outside, in the network",
        )
    else:
        findings.unknown("setting", name, SETTINGS)


def _value(
    findings: Findings, settings: Settings, setting: Setting, parts: tuple[Part, ...]
) -> None:
    option = setting.options[0]
    value, rest = first_value(findings, option, parts, setting.signature)
    too_many(findings, rest, f"write it as `{setting.signature}`")
    if value is not None:
        settings.values.values[setting.name] = value


def _options(
    findings: Findings, settings: Settings, setting: Setting, line: Statement
) -> None:
    plain, options = split_options(one_group(findings, line))
    too_many(findings, plain, f"write it as `{setting.signature}`")
    before = len(findings.diagnostics)
    values = statement_options(findings, setting.name, setting.options, options)
    if not plain and len(findings.diagnostics) == before:
        where = f"of {setting.name}"
        require(findings, where, setting.options, values, head_name(line).span)
    settings.options[setting.name] = values


def _scale(
    findings: Findings, settings: Settings, setting: Setting, line: Statement
) -> None:
    """`scale standard`, `scale standard, target=standard`, `scale target=standard`."""
    of_inputs, of_target = setting.options
    seen: dict[str, Span] = {}
    for group in line.groups:
        plain, options = split_options(group)
        for word in plain[:1]:
            if "scale" in seen or not isinstance(word, Name):
                too_many(findings, (word,), f"write it as `{setting.signature}`")
                continue
            seen["scale"] = word.span
            settings.scale = read_word(findings, of_inputs, word) or settings.scale
        too_many(findings, plain[1:], f"write it as `{setting.signature}`")
        for option in options:
            if option.key.text != of_target.name:
                names = (of_target.name,)
                findings.unknown("option", option.key, names, "of scale")
            elif "target" in seen:
                findings.add(
                    DUPLICATE,
                    option.span,
                    "`target` is given a second time",
                    "leave one of them out",
                    related=(Related(seen["target"], "given here first"),),
                )
            else:
                seen["target"] = option.span
                if read_word(findings, of_target, option.value) == "standard":
                    settings.scale_target = option.span
