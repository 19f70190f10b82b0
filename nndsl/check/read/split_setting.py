"""`split`: shares of the rows for training, validation and test."""

from nndsl.check.findings import Findings
from nndsl.check.read.parts import spread, too_many
from nndsl.check.read.values import format_number, read_percent
from nndsl.diagnostics.codes_checks import SPLIT
from nndsl.language.settings import Setting
from nndsl.network import Split
from nndsl.syntax.tree import Mark, Name, Part

WHOLE = Split(1.0, 0.0, 0.0)
_HUNDRED = 10_000
"""100 % in hundredths of a percent."""


def read_split(
    findings: Findings, setting: Setting, parts: tuple[Part, ...]
) -> Split | None:
    """One share of 100 %, or three that add up to it."""
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
    too_many(findings, rest, f"write it as `{setting.signature}`")
    if isinstance(written[-1], Mark):
        findings.add(
            SPLIT,
            written[-1].span,
            "a share is missing behind `/`",
            "for example `split 70% / 15% / 15%`",
        )
        return None
    if not _adds_up(findings, shares, written):
        return None
    whole = [share / 100 for share in shares] + [0.0, 0.0]
    return Split(whole[0], whole[1], whole[2], stratified)


def _slash(part: Part) -> bool:
    return isinstance(part, Mark) and part.text == "/"


def _adds_up(findings: Findings, shares: list[float], parts: tuple[Part, ...]) -> bool:
    total = round(sum(shares) * 100)
    said = format_number(round(sum(shares), 2))
    if len(shares) not in (1, 3):
        label = f"{len(shares)} shares where one or three are expected"
        hint = "training, validation and test: for example `split 70% / 0% / 30%`"
        if len(shares) == 2:
            hint = (
                "say which is 0%: `train% / validation% / 0%` or `train% / 0% / test%`"
            )
    elif total != _HUNDRED:
        label = f"the shares add up to {said}%, not to 100%"
        hint = "for example `split 70% / 15% / 15%`"
        if len(shares) == 1:
            hint = "all three shares: for example `split 70% / 15% / 15%`"
    elif shares[0] <= 0:
        label = "no row is left for training"
        hint = "the first share is the training rows'"
    else:
        return True
    findings.add(SPLIT, spread(parts), label, hint)
    return False
