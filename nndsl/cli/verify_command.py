"""`nndsl verify`: whether the modules of a spec compute what it says."""

import json
from argparse import Namespace

from nndsl.check.check import Checked
from nndsl.cli.errors import FINDINGS, FINE
from nndsl.cli.report import for_each_spec
from nndsl.verify.verify import Proof, verify

_NOTHING = 1e-30


def run(options: Namespace) -> int:
    """Verify `options.spec`; 1 if something does not hold."""

    def proofs_of(checked: Checked) -> tuple[str, list[Proof]]:
        return checked.network.name, verify(checked.source)

    ((name, proofs),) = for_each_spec([options.spec], options, proofs_of)
    holds = all(proof.holds for proof in proofs)
    if options.format == "json":
        print(_json(name, proofs, holds))
    else:
        print("\n".join(_lines(name, proofs, holds)))
    return FINE if holds else FINDINGS


def _lines(name: str, proofs: list[Proof], holds: bool) -> list[str]:
    wide = max(len(proof.what) for proof in proofs)
    rows = [
        f"  {p.what:<{wide}}  {_error(p.error):>8}"
        f"  {'' if p.holds else 'WRONG'}  {p.remark}"
        for p in proofs
    ]
    verdict = f"{name}: verified" if holds else f"{name}: not as it should be"
    head = f"  {'':<{wide}}     error"
    return [head, *(row.rstrip() for row in rows), verdict]


def _error(error: float) -> str:
    """In two digits; what rounding alone leaves of 0 is 0."""
    return "0" if abs(error) < _NOTHING else f"{error:.1e}"


def _json(name: str, proofs: list[Proof], holds: bool) -> str:
    rows = [
        {
            "what": proof.what,
            "error": proof.error,
            "allowed": proof.allowed,
            "holds": proof.holds,
            "remark": proof.remark,
        }
        for proof in proofs
    ]
    return json.dumps({"network": name, "verified": holds, "proofs": rows}, indent=2)
