"""What is known of a kind of mistake before one is found."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """A title of two to six words, and the rule behind it in one sentence."""

    title: str
    explanation: str = ""
    severity: Severity = "error"
