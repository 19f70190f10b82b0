"""`split`: shares of the rows for training, validation and test."""

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.parts import spread, too_many
from nndsl.check.read.values import found, read_percent
from nndsl.diagnostics.codes_checks import SPLIT, UNEXPECTED
from nndsl.language.settings import Setting
from nndsl.syntax.tree import Mark, Name, Part, Percent, Span


@dataclass(frozen=True, slots=True)
class Shares:
    """Percentages as they were written."""

    percents: tuple[float, ...]
    stratified: bool
    span: Span


def read_split(
    findings: Findings, setting: Setting, parts: tuple[Part, ...]
) -> Shares | None:
    """Percentages with `/` between them, and perhaps `stratified`."""
    shares: list[float] = []
    end = 0
    while end < len(parts):
        example = "split 70% / 15% / 15%" + " stratified" * isinstance(parts[end], Name)
        share = read_percent(findings, parts[end], example, whole=True)
        if share is None:
            return None
        shares.append(share)
        end += 1
        if end < len(parts) and isinstance(parts[end], Mark) and _slash(parts[end]):
            end += 1
            continue
        break
    written, rest = parts[:end], parts[end:]
    stratified = False
    if rest and isinstance(rest[0], Name):
        if rest[0].text == "stratified":
            stratified = True
        else:
            findings.unknown("word", rest[0], ("stratified",), "for split")
            return None
        rest = rest[1:]
    if rest and isinstance(rest[0], Percent):
        findings.add(
            UNEXPECTED,
            rest[0].span,
            f"a `/` is missing before {found(rest[0])}",
            "for example `split 70% / 15% / 15%`",
        )
        return None
    too_many(findings, rest, f"write it as `{setting.signature}`")
    if isinstance(written[-1], Mark):
        findings.add(
            SPLIT,
            written[-1].span,
            "a share is missing after `/`",
            "for example `split 70% / 15% / 15%`",
        )
        return None
    return Shares(tuple(shares), stratified, spread(written))


def _slash(part: Part) -> bool:
    return isinstance(part, Mark) and part.text == "/"
