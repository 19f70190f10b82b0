"""Numbers of an optimizer's steps that are computed once, and what they are called."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nndsl.formulas.expression import Expression, Operation, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count, names_in_order, replace, variables, visit
from nndsl.optimise.fraction import fraction
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.ranges import has_value
from nndsl.program.in_place import FastStep
from nndsl.program.program import Update


def name_numbers(
    steps: Sequence[FastStep], update: Update, outward: Outward
) -> tuple[tuple[Step, ...], list[FastStep]]:
    """The numbers to compute first, and the steps that use them by name."""
    taken = {"weight", "gradient", *outward.scalars}
    taken |= {step.target for step in (*update.scalars, *update.steps)}
    taken |= {state.name for state in update.states}
    numbers = _Numbers(outward, taken)
    named = [
        FastStep(Step(s.step.target, numbers.put(s.step.value)), s.formulas)
        for s in steps
    ]
    return numbers.with_roots(), named


@dataclass(slots=True)
class _Numbers:
    outward: Outward
    taken: set[str]
    names: dict[Expression, str] = field(default_factory=dict)

    def put(self, node: Expression, sure: bool = True) -> Expression:
        """The formula with names for its numbers.

        `sure`: it is computed in every step, else only where a number chooses it.
        """
        if not isinstance(node, Operation):
            return node
        if self.outward.is_scalar(node):
            return self._named(fraction(node, self.outward.known), sure)
        match node:
            case Operation("where", (condition, *branches)) if self.outward.is_scalar(
                condition
            ):
                chosen = (self.put(branch, sure=False) for branch in branches)
                return Operation("where", (condition, *chosen))
        return Operation(node.name, tuple(self.put(a, sure) for a in node.arguments))

    def _named(self, node: Expression, sure: bool) -> Expression:
        """A short number as it is, a longer one by its name."""
        found = variables(node)
        short = not found or (len(found) == 1 and count(node) <= 3)
        if short or not (sure or has_value(node, self.outward.known)):
            return node
        if node not in self.names:
            self.names[node] = self._free(_word(node))
        return Variable(self.names[node])

    def _free(self, word: str) -> str:
        name = free_name(word, self.taken, link="")
        self.taken.add(name)
        return name

    def with_roots(self) -> tuple[Step, ...]:
        """The numbers; a root that several of them need has a name of its own."""
        roots: list[Expression] = []

        def see(node: Expression) -> None:
            if isinstance(node, Operation) and node.name == "sqrt":
                roots.append(node)

        for value in self.names:
            visit(value, see)
        repeated = {root for root in roots if roots.count(root) > 1}
        steps: list[Step] = []
        for root in sorted(repeated, key=lambda each: (count(each), roots.index(each))):
            name = self.names.pop(root) if root in self.names else self._free("root")
            steps.append(Step(name, root))
        named = [*steps]
        for value, name in self.names.items():
            for step in named:
                value = replace(value, step.value, Variable(step.target))
            steps.append(Step(name, value))
        return tuple(steps)


def _word(number: Expression) -> str:
    """What a number is called: after a constant of the formula, or `scale`."""
    names = names_in_order(number)
    constants = [name.lower() for name in names if name.isupper()]
    for word in ("epsilon", "decay"):
        if any(word in name for name in constants):
            return word
    if isinstance(number, Operation) and number.name == "sqrt":
        return "root"
    return "scale" if "learning_rate" in names or not constants else "factor"
