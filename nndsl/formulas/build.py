"""Formulas from the syntax tree: what the checker calls."""

from __future__ import annotations

from nndsl.formulas.definition import build_formula, build_scalar
from nndsl.formulas.optimizer import build_optimizer
from nndsl.formulas.scope import Scope

__all__ = ["Scope", "build_formula", "build_optimizer", "build_scalar"]
