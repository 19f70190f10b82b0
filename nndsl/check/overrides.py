"""Settings from outside, as in `--set train.epochs=5`, written into the spec's text."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.train_block import unknown_setting
from nndsl.diagnostics.codes_checks import MISSING, UNEXPECTED, WRONG_PLACE
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.language.settings import SETTINGS
from nndsl.syntax.parse import parse
from nndsl.syntax.spans import at
from nndsl.syntax.tree import File, Name, Statement

_BEFORE = "network Name { train { "
_BEHIND = "\n} }"


def apply_settings(
    source: Source, tree: File, settings: Sequence[str]
) -> tuple[Source, File]:
    """The spec with settings of its train block replaced or added.

    Each is `train.NAME=VALUE`; the value is written as in a spec.  Of two for the same
    setting the last counts.  Raises `SpecError` where one is no setting or cannot be
    read; what its value means is checked with the rest of the spec.  A text alone is
    one setting.
    """
    for setting in (settings,) if isinstance(settings, str) else settings:
        name, value = _read(setting)
        text = _written(source.text, tree, name, value)
        if text is None:
            return source, tree
        source = Source(source.name, text)
        tree = parse(source)
    return source, tree


def _read(setting: str) -> tuple[str, str]:
    """The setting's name and value; the value is one statement's parts."""
    given = Source("--set", setting)
    findings = Findings(given)
    key, equals, value = setting.partition("=")
    block, dot, word = key.strip().partition(".")
    value = value.strip()
    if "\n" in setting or block != "train" or not dot or not equals or not word:
        findings.add(
            WRONG_PLACE,
            at(setting, 0, len(key)),
            "this sets nothing",
            f"write it as `{_meant(key.strip(), value)}`",
        )
    elif word not in SETTINGS:
        start = setting.index(".") + 1
        unknown_setting(findings, Name(word, at(setting, start, start + len(word))))
    elif not value:
        end = len(setting)
        hint = f"write it as `train.{word}=VALUE`"
        findings.add(MISSING, at(setting, end, end), f"`{word}` has no value", hint)
    else:
        _check_value(findings, setting, word, value)
    if findings.diagnostics:
        raise SpecError(given, tuple(findings.diagnostics))
    return word, value


def _meant(key: str, value: str) -> str:
    """A setting as it is written; `train.epochs=5` where nobody knows what is meant."""
    word = key.rpartition(".")[2]
    if word not in SETTINGS or "\n" in value:
        return "train.epochs=5"
    return f"train.{word}={value[:50] or 'VALUE'}"


def _check_value(findings: Findings, setting: str, word: str, value: str) -> None:
    """A finding unless the value is the parts of exactly one statement."""
    begin = len(_BEFORE) + len(word) + 1
    offset = setting.index(value, setting.index("=") + 1) - begin
    try:
        tree = parse(Source("--set", f"{_BEFORE}{word} {value}{_BEHIND}"))
    except SpecError as error:
        first = error.diagnostics[0]
        start, end = first.span.start + offset, first.span.end + offset
        if start < offset + begin or end > len(setting):
            start, end = offset + begin, len(setting)
        span = at(setting, start, end)
        findings.diagnostics.append(
            Diagnostic(first.code, span, first.label, first.hint)
        )
        return
    match tree.lines:
        case (Statement(block=block),) if block is not None and not tree.comments:
            match block.lines:
                case (Statement(block=train),) if train is not None:
                    match train.lines:
                        case (Statement(head=Name(text=name), block=None) as line,) if (
                            name == word and line.groups
                        ):
                            return
    findings.add(
        UNEXPECTED,
        at(setting, 0, len(setting)),
        "more than one value",
        f"write it as `train.{word}=VALUE`",
    )


def _written(text: str, tree: File, name: str, value: str) -> str | None:
    """The text with the setting in it; None where the spec has no network to change."""
    line = f"{name} {value}"
    network = _named(tree.lines, "network")
    if network is None or network.block is None:
        return None
    train = _named(network.block.lines, "train")
    if train is None:
        end = network.block.span.end - 1
        return f"{_closed(text[:end])}train {{ {line} }}\n{text[end:]}"
    if train.block is None:
        return None
    present = _named(train.block.lines, name)
    if present is not None:
        return f"{text[: present.span.start]}{line}{text[present.span.end :]}"
    end = train.block.span.end - 1
    return f"{_closed(text[:end])}{line}\n{text[end:]}"


def _closed(text: str) -> str:
    """Text that a new line may follow; a comment may be at its end."""
    return text if text.endswith("\n") else text.rstrip(" ") + "\n"


def _named(lines: Sequence[object], name: str) -> Statement | None:
    """The first statement with this head."""
    for line in lines:
        match line:
            case Statement(head=Name(text=head)) if head == name:
                return line
    return None
