"""Calls that write into existing arrays, as lines of Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nndsl.formulas.algebra.comparisons import OPPOSITE
from nndsl.formulas.expression import Expression, Operation, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import variables
from nndsl.program.in_place import Action, Call, Choice
from nndsl.render.expressions.forms import FORMS
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_guarded, print_operand
from nndsl.render.lines import WIDTH, commented

_FACTOR = "a common factor"
_SIGNS = {"add": "+=", "subtract": "-=", "multiply": "*=", "divide": "/="}
_COMMUTES = frozenset({"add", "multiply", "maximum", "minimum"})


@dataclass(slots=True)
class CallWriter:
    """`names`: how arrays and numbers are written; `scalars`: which are numbers."""

    names: Mapping[str, str]
    scalars: frozenset[str]

    def lines(self, actions: Iterable[Action], indent: str) -> list[str]:
        """One line a call; numbers that make it too long are computed before."""
        lines: list[str] = []
        for action in actions:
            match action:
                case Call():
                    lines += self._call(action, indent)
                case Step(target, value):
                    *steps, last = self._number(target, value, indent)
                    lines += [*steps, *commented(last, _FACTOR)]
                case Choice():
                    lines += self._choice(action, indent)
        return lines

    def _number(self, name: str, value: Expression, indent: str) -> list[str]:
        self.scalars |= {name}
        room = WIDTH - len(indent)
        steps = print_steps(value, name, room, self.names, self.scalars)
        return [indent + step for step in steps]

    def _choice(self, choice: Choice, indent: str) -> list[str]:
        then = self.lines(choice.then, f"{indent}    ")
        otherwise = self.lines(choice.otherwise, f"{indent}    ")
        condition = print_guarded(choice.condition, self.names, self.scalars)
        if then:
            lines = [f"{indent}if {condition}:", *then]
            return lines + [f"{indent}else:", *otherwise] * bool(otherwise)
        match choice.condition:
            case Operation(name, arguments) if name in OPPOSITE:
                opposite = Operation(OPPOSITE[name], arguments)
                condition = print_guarded(opposite, self.names, self.scalars)
            case _:
                condition = f"not ({condition})"
        return [f"{indent}if {condition}:", *otherwise] if otherwise else []

    def _call(self, call: Call, indent: str) -> list[str]:
        line = indent + self._text(call)
        numbers = [each for each in call.arguments if self._is_number(each)]
        if len(line) <= WIDTH or not numbers:
            return [line]
        name = free_name("factor", {*self.names, *self.names.values()}, link="")
        arguments = tuple(
            Variable(name) if each is numbers[0] else each for each in call.arguments
        )
        short = indent + self._text(Call(call.operation, arguments, call.out))
        width = WIDTH - len(short) + 2 * len(name) + len(" = ")
        steps = print_steps(numbers[0], name, width, self.names, self.scalars)
        *before, last = (indent + step for step in steps)
        text = last.removeprefix(f"{indent}{name} = ")
        writer = CallWriter({**self.names, name: text}, self.scalars | {name})
        whole = writer._text(Call(call.operation, arguments, call.out))
        return [*before, indent + whole]

    def _is_number(self, argument: Expression) -> bool:
        return isinstance(argument, Operation) and variables(argument) <= self.scalars

    def _text(self, call: Call) -> str:
        out = self.names.get(call.out, call.out)
        texts = [print_operand(a, self.names, self.scalars) for a in call.arguments]
        if call.operation == "copy":
            return f"{out}[:] = {texts[0]}"
        if call.operation in _COMMUTES and texts[0] != out:
            first = call.arguments[0]
            if texts[1] == out or variables(first) <= self.scalars:
                texts.reverse()
        if call.operation in _SIGNS and texts[0] == out:
            return f"{out} {_SIGNS[call.operation]} {texts[1]}"
        function = FORMS[call.operation].ufunc
        if function is not None:
            return f"{function}({', '.join(texts)}, out={out})"
        whole = Operation(call.operation, call.arguments)
        return f"{out}[:] = {print_guarded(whole, self.names, self.scalars)}"


def functions_called(actions: Iterable[Action], scalars: frozenset[str]) -> set[str]:
    """The functions and constants of the module that the lines of actions need."""
    found: set[str] = set()
    for action in actions:
        match action:
            case Call("copy", arguments):
                found |= needs(arguments[0], scalars)
            case Call(operation, arguments):
                found |= needs(Operation(operation, arguments), scalars)
            case Step(value=value):
                found |= needs(value, variables(value))
            case Choice(condition, then, otherwise):
                found |= needs(condition, scalars)
                found |= functions_called((*then, *otherwise), scalars)
    return found
