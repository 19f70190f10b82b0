"""`split`: whether its shares add up, and what they divide."""

from nndsl.check.findings import Findings
from nndsl.check.read.split_setting import Shares
from nndsl.check.read.values import format_number
from nndsl.diagnostics.codes_checks import SPLIT
from nndsl.network import Split


def split_of(findings: Findings, shares: Shares) -> Split | None:
    """One share of 100 %, or three that add up to it; None after a finding."""
    percents = shares.percents
    hint = "for example `split 70% / 15% / 15%`"
    if len(percents) == 2:
        label = "2 shares where one or three are expected"
        hint = "say which is 0%: `train% / validation% / 0%` or `train% / 0% / test%`"
    elif len(percents) > 3:
        label = f"{len(percents)} shares where one or three are expected"
        hint = "training, validation and test: for example `split 70% / 0% / 30%`"
    elif round(sum(percents) * 100) != 10_000:
        total = format_number(round(sum(percents), 2))
        label = f"the shares add up to {total}%, not to 100%"
        if len(percents) == 1:
            hint = f"all three shares: {hint}"
    elif percents[0] <= 0:
        label = "no row is left for training"
        hint = "the first share is the training rows'"
    else:
        parts = [percent / 100 for percent in percents] + [0.0, 0.0]
        return Split(parts[0], parts[1], parts[2], shares.stratified)
    findings.add(SPLIT, shares.span, label, hint)
    return None
