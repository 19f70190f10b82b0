"""Read a value where an option says what it may be: kind, limits, words."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.numbers import constant
from nndsl.diagnostics.codes_checks import OUT_OF_RANGE, WRONG_VALUE
from nndsl.diagnostics.suggest import suggest
from nndsl.language.entry import Option
from nndsl.language.synonyms import SYNONYMS
from nndsl.syntax.spans import over
from nndsl.syntax.tree import (
    Binary,
    Call,
    Expression,
    Mark,
    Name,
    Number,
    Part,
    Percent,
    Text,
    Unary,
)
from nndsl.syntax.tree import Option as OptionPart

_NO_LIMIT = 1e6
"""An upper limit beyond this guards the machine; messages about 0 leave it out."""

Value = float | bool | str | None

SWITCH = {"yes": True, "no": False}


def found(value: Expression | Part) -> str:
    """What stands there, in a reader's words."""
    match value:
        case Name() | Number() | Percent() | Mark():
            return f"`{value.text}`"
        case Text():
            return f'`"{value.value}"`'
        case Call():
            return f"`{value.name.text}(…)`"
        case OptionPart():
            return f"`{value.key.text}=…`"
        case Unary(operator=sign, operand=Number(text=text)):
            return f"`{sign}{text}`"
        case Unary() | Binary():
            return "a formula"


def read_value(findings: Findings, option: Option, value: Expression) -> Value:
    """The value of a number, count, switch or word; None after a finding."""
    if isinstance(value, Name) and value.text in option.words:
        return value.text
    match option.kind:
        case "switch":
            return read_switch(findings, option, value)
        case "word":
            read_word(findings, option, value)
            return None
        case "count":
            return read_count(findings, option, value)
        case _:
            return read_number(findings, option, value)


def signed(parts: Sequence[Part]) -> Number | Unary | None:
    """A number with or without a sign; None where the parts are anything else."""
    match list(parts):
        case [Number() as number]:
            return number
        case [Mark(text="-" | "+") as sign, Number() as number]:
            return Unary(sign.text, number, over(sign.span, number.span))
        case _:
            return None


def first_value(
    findings: Findings, option: Option, parts: tuple[Part, ...], signature: str
) -> tuple[Value, tuple[Part, ...]]:
    """The value of an option that the parts begin with, and what stands behind it."""
    number = signed(parts[:2])
    if len(parts) > 1 and number is not None:
        return read_value(findings, option, number), parts[2:]
    if isinstance(parts[0], Name | Number | Percent | Text | Call):
        return read_value(findings, option, parts[0]), parts[1:]
    findings.add(
        WRONG_VALUE,
        parts[0].span,
        f"{found(parts[0])} is not a value of `{option.name}`",
        f"write it as `{signature}`",
    )
    return None, ()


def read_switch(findings: Findings, option: Option, value: Expression) -> bool | None:
    """`yes` or `no`."""
    if isinstance(value, Name):
        if value.text in SWITCH:
            return SWITCH[value.text]
        findings.unknown("word", value, SWITCH, f"for {option.name}")
        return None
    findings.add(
        WRONG_VALUE,
        value.span,
        f"{found(value)} is neither `yes` nor `no`",
        f"`{option.name}` is switched with `yes` or `no`",
        fix={"0": "no", "1": "yes"}.get(getattr(value, "text", "")),
    )
    return None


def read_word(findings: Findings, option: Option, value: Expression) -> str | None:
    """One of the option's words."""
    if isinstance(value, Name):
        if value.text in option.words:
            return value.text
        findings.unknown("word", value, option.words, f"for {option.name}")
        return None
    findings.add(
        WRONG_VALUE,
        value.span,
        f"{found(value)} where `{option.name}` needs a word",
        f"write one of: {', '.join(option.words)}",
    )
    return None


def read_count(findings: Findings, option: Option, value: Expression) -> int | None:
    """A whole number within the option's limits."""
    if isinstance(value, Name) and option.words:
        _no_word(findings, option, value)
        return None
    number = constant(findings, value, option.name, "a whole number")
    if number is None:
        return None
    if number != int(number) or not isinstance(value, Number | Unary):
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{option.name}` needs a whole number, not {found(value)}",
            _expectation(option),
        )
        return None
    count = int(number)
    if isinstance(value, Number) and isinstance(value.value, float):
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{option.name}` needs a whole number, without point or exponent",
            f"write `{count}`",
            fix=str(count),
        )
        return None
    return count if in_limits(findings, option, number, value) else None


def read_number(findings: Findings, option: Option, value: Expression) -> float | None:
    """A number within the option's limits."""
    if isinstance(value, Name) and option.words:
        _no_word(findings, option, value)
        return None
    number = constant(findings, value, option.name)
    if number is None or not in_limits(findings, option, number, value):
        return None
    return number


def read_percent(
    findings: Findings, part: Part, example: str, *, whole: bool
) -> float | None:
    """A percentage, `70.0` of `70%`; `whole` says whether 100% may be meant."""
    if isinstance(part, Percent):
        return part.value
    fix = None
    if isinstance(part, Number):
        most = 100 if whole else 99.9999
        share = part.value * 100 if part.value * 100 <= most else part.value
        fix = f"{round(share, 8):g}%" if share <= most else None
    findings.add(
        WRONG_VALUE,
        part.span,
        f"{found(part)} where a percentage is expected",
        f"write `{fix}`" if fix else f"for example `{example}`",
        fix=fix,
        certain=isinstance(part, Number) and part.value != 1,
    )
    return None


def in_limits(
    findings: Findings, option: Option, number: float, value: Expression
) -> bool:
    """Whether a number keeps the option's limits; a finding where it does not."""
    low, high = option.low, option.high
    above = low is None or (number > low if option.low_open else number >= low)
    below = high is None or (number < high if option.high_open else number <= high)
    if above and below:
        return True
    findings.add(
        OUT_OF_RANGE,
        value.span,
        f"`{option.name}` is {format_number(number)}; it {_violated(option, number)}",
        _example(option) if below else "write a smaller number",
    )
    return False


def limits_text(option: Option) -> str:
    """The limits as they are said: `above 0 and at most 1`."""
    words = []
    if option.low is not None:
        words.append(
            f"{'above' if option.low_open else 'at least'} {format_number(option.low)}"
        )
    if option.high is not None and (option.low is None or option.high < _NO_LIMIT):
        words.append(
            f"{'below' if option.high_open else 'at most'} {format_number(option.high)}"
        )
    return "must be " + " and ".join(words) if words else "any number"


def format_number(number: float) -> str:
    """The shortest text that means the number: `3`, `0.01`, `5e-7`."""
    if number == int(number) and abs(number) < 1e16:
        return str(int(number))
    return repr(float(number)).replace("e-0", "e-").replace("e+", "e")


def _violated(option: Option, number: float) -> str:
    if option.high is not None and option.high >= _NO_LIMIT and number > option.high:
        return f"must be at most {option.high:,.0f}"
    return limits_text(option)


def _example(option: Option) -> str:
    default = option.default
    if isinstance(default, int | float):
        return f"its default is {format_number(default)}"
    limits = limits_text(option).removeprefix("must be ")
    return f"write a number {'of ' * limits.startswith('at')}{limits}"


def _no_word(findings: Findings, option: Option, value: Name) -> None:
    """An unknown word where a number or one of a few words may stand."""
    lower = value.text.lower()
    synonym = SYNONYMS["word"].get(lower, lower)
    if synonym in option.words:
        findings.unknown("word", value, option.words, f"for {option.name}")
        return
    near = suggest(value.text, option.words)
    words = ", ".join(f"`{word}`" for word in option.words)
    findings.add(
        WRONG_VALUE,
        value.span,
        f"`{value.text}` where `{option.name}` needs a number or {words}",
        f"did you mean `{near[0]}`?" if near else _expectation(option),
        fix=near[0] if near else None,
        certain=len(near) == 1,
    )


def _expectation(option: Option) -> str:
    limits = limits_text(option)
    number = "a whole number" if option.kind == "count" else "a number"
    tail = "" if limits == "any number" else f" that {limits}"
    words = "".join(f", or `{word}`" for word in option.words)
    return f"`{option.name}` needs {number}{tail}{words}"
