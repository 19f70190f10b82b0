"""What people bring from other languages, where the parser stops at it."""

import re
from collections.abc import Callable

from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.place import Place
from nndsl.syntax.python_calls import as_line
from nndsl.syntax.spans import at, of
from nndsl.syntax.wrong_words import short

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
_CALLED = re.compile(r"[A-Za-z_][\w.]* ?\([^\r\n#]*\)", re.ASCII)
_QUOTED = re.compile(r"[“”„«»‹›‘’‚]([^“”„«»‹›‘’‚\"\r\n\\]{1,200})[“”«»‹›‘’]")
_PRODUCT = re.compile(r"([1-9]\d{0,5}) ?[xX×*] ?([1-9]\d{0,5})(?![\w.%])", re.ASCII)
_WORDS = re.compile(r"(?<![\w.])(?:and|or|not|if|then|else|lambda)(?!\w)", re.ASCII)
_DASHES = "−–‑‐"
_AFTER_A_VALUE = "argument", "lower limit", "parenthesis", "formula"
_CHOICE = "`where(condition, a, b)` is `a` where the condition holds, else `b`"
_WORD_HINTS = {
    "and": "multiply two conditions: `(a < b) * (b < c)`",
    "or": "`max(a, b)` holds where one of two conditions holds",
    "not": "the opposite of a condition is `1 - condition`",
    "lambda": "a formula is defined by name: `activation bent(x) = …`",
}


def _python(place: Place) -> Diagnostic | None:
    """`layers.Dense(64)`, `self.first = …`, and `Solar.R`, a column of a table."""
    if place.found != "." or place.previous is None:
        return None
    start = of(place.previous).start
    word = _DOTTED.match(place.text, start)
    if word is None or of(place.previous).end != of(place.found).start:
        return None
    span = at(place.text, word.start(), word.end())
    line_end = of(place.found).start + len(place.rest)
    call = _CALLED.search(place.text, start, line_end)
    line = as_line(call[0]) if call else None
    alone = not place.text[place.text.rfind("\n", 0, start) + 1 : start].strip()
    if call and line and alone:
        whole = at(place.text, start, call.end())
        label, hint = "a layer as Python libraries write it", f"write `{line}`"
        return Diagnostic("E102", whole, label, hint, fixes=(Edit(whole, line),))
    last = word[0].rpartition(".")[2]
    label = f"`{word[0][:40]}` is a name as in Python"
    after = place.text[word.end() : line_end].lstrip()
    if after.startswith("="):
        hint = "layers have no names in front; each is a line, as `dense 16 relu`"
        return Diagnostic("E102", span, label, hint)
    if after.startswith("("):
        hint = f"names have no module in front: `{last[:40]}`"
        return Diagnostic("E102", span, label, hint, fixes=(Edit(span, last),))
    hint = f'a column or label with a dot is written in quotes: `"{word[0][:40]}"`'
    fix = Edit(span, f'"{word[0]}"')
    return Diagnostic("E004", span, "a dot in a name", hint, fixes=(fix,))


def _quotes(place: Place) -> Diagnostic | None:
    """Quotation marks as word processors set them."""
    start = of(place.found).start
    quoted = _QUOTED.match(place.text, start)
    if place.found.type != "BAD_CHARACTER" or quoted is None:
        return None
    span, text = at(place.text, *quoted.span()), f'"{quoted[1]}"'
    hint = f"write `{text if len(text) <= 40 else text[:40] + '…'}`"
    label = "typographic quotes"
    return Diagnostic("E008", span, label, hint, fixes=(Edit(span, text),))


def _dash(place: Place) -> Diagnostic | None:
    """`1e−3` with a minus sign that no keyboard has."""
    end = of(place.found).end
    if place.found.type != "BAD_NUMBER" or place.text[end : end + 1] not in _DASHES:
        return None
    if not place.text[end : end + 1]:
        return None
    span = at(place.text, end, end + 1)
    label, hint = "a typographic minus sign", "write a plain `-`"
    return Diagnostic("E004", span, label, hint, fixes=(Edit(span, "-"),))


def _product(place: Place) -> Diagnostic | None:
    """`28x28`, `28×28` and `28*28` where a number is expected."""
    kind = place.found.type
    code = {"BAD_NUMBER": "E005", "BAD_CHARACTER": "E004", "STAR": "E027"}.get(kind)
    start = of(place.found).start
    if kind != "BAD_NUMBER" and place.previous:
        start = of(place.previous).start
    product = _PRODUCT.match(place.text, start)
    if code is None or product is None or place.situation in _AFTER_A_VALUE:
        return None
    span, result = at(place.text, *product.span()), int(product[1]) * int(product[2])
    label, hint = "a product where a number is expected", f"write `{result}`"
    return Diagnostic(code, span, label, hint, fixes=(Edit(span, str(result)),))


def _comment(place: Place) -> Diagnostic | None:
    """`//`, `/*`, a `%` that begins a line, and text that stands for a comment."""
    start = of(place.found).start - place.touches("SLASH")
    mark = place.text[start : start + 3]
    begins = not place.text[place.text.rfind("\n", 0, start) + 1 : start].strip()
    if not mark.startswith(("//", "/*")) and not (begins and mark[:1] == "%"):
        if not (mark == '"""' and place.situation == "line"):
            return None
        span = of(place.found)
        hint = "a comment begins with `#` and ends with its line"
        return Diagnostic("E025", span, "a text where a statement begins", hint)
    width = 1 if mark[0] == "%" else 2
    span = at(place.text, start, start + width)
    hint = "a comment begins with `#` and ends with its line"
    if mark.startswith("//") and place.situation == "value":
        hint += "; `floor(a / b)` divides without a remainder"
    label = f"`{mark[:width]}` has no meaning here"
    fixes = (Edit(span, "#"),) if mark[:2] != "/*" else ()
    return Diagnostic("E025" if begins else "E028", span, label, hint, fixes=fixes)


def _section(place: Place) -> Diagnostic | None:
    """`[train]` above its settings, as in TOML."""
    section = re.match(r"\[+ ?([A-Za-z_]\w*) ?\]+", place.rest, re.ASCII)
    if section is None or place.line_before.strip():
        return None
    start = of(place.found).start
    span = at(place.text, start, start + section.end())
    hint = f"a block is written `{section[1][:40]} {{ … }}`"
    return Diagnostic("E025", span, "a section as in TOML", hint)


def _dictionary(place: Place) -> Diagnostic | None:
    """`class_weights {0: 1}`: pairs in braces, as in Python and JSON."""
    word = place.previous
    if word is None or word.type != "LBRACE" or place.situation != "line":
        return None
    if not re.match(r'(?:"[^"\r\n]*"|[\w.]+)\s*:', place.rest):
        return None
    label, hint = "pairs in braces", "write them without braces: `0: 2.0 1: 0.5`"
    return Diagnostic("E025", of(word), label, hint)


def _block_after_equals(place: Place) -> Diagnostic | None:
    """`train = { … }`."""
    word, name = place.previous, place.earlier
    if place.found.type != "LBRACE" or word is None or word.type != "EQUAL":
        return None
    hint = f"write `{short(name)} {{ … }}`" if name else "remove the `=`"
    fix = Edit(of(word), "")
    return Diagnostic("E028", of(word), "an `=` before a block", hint, fixes=(fix,))


def _augmented(place: Place) -> Diagnostic | None:
    """`weight -= …`, `weight *= 2`."""
    word, name = place.previous, place.earlier
    if place.found.type == "EQUAL" and word and word.type in ("SIGN", "SLASH"):
        if not place.touches(word.type):
            return None
        sign, span = str(word), at(place.text, of(word).start, of(place.found).end)
    elif place.rest.startswith("*=") and place.situation == "head":
        sign, name = "*", word
        span = at(place.text, of(place.found).start, of(place.found).start + 2)
    else:
        return None
    shown = short(name) if name and name.type == "NAME" else "weight"
    hint = f"write `{shown} = {shown} {sign} …`"
    return Diagnostic("E027", span, f"`{sign}=` is not an operator", hint)


def _decimal_comma(place: Place) -> Diagnostic | None:
    """`learning_rate = 0,01`."""
    word, rest = place.previous, re.match(r",(\d+)(?![\w.%])", place.rest, re.ASCII)
    if word is None or rest is None or place.situation != "formula":
        return None
    if not place.touches("NUMBER") or not word.isdigit():
        return None
    span = at(place.text, of(word).start, of(place.found).start + rest.end())
    plain = f"{word}.{rest[1]}"
    fix = Edit(span, plain, certain=word == "0")
    label = "a comma in a number"
    return Diagnostic("E005", span, label, f"write `{plain}`", fixes=(fix,))


def _arrow(place: Place) -> Diagnostic | None:
    """`dense 4 -> 16`, `bent = x -> x + 1`."""
    if place.found != ">" or not place.touches("SIGN") or place.previous is None:
        return None
    span = at(place.text, of(place.previous).start, of(place.found).end)
    hint = "a layer names its outputs only, `dense 16`; a formula is `bent(x) = …`"
    return Diagnostic("E027", span, "`->` is not an operator", hint)


def _word_for_operator(place: Place) -> Diagnostic | None:
    """`a and b`, `x if x > 0 else 0` in a formula."""
    if place.situation not in _AFTER_A_VALUE or '"' in place.line_before:
        return None
    line = place.line_before + place.found
    words = list(_WORDS.finditer(line[-2000:]))
    if not words:
        return None
    start = of(place.found).end - min(len(line), 2000) + words[0].start()
    word = words[0][0]
    span = at(place.text, start, start + len(word))
    hint = _WORD_HINTS.get(word, _CHOICE)
    return Diagnostic("E028", span, f"formulas have no `{word}`", hint)


HABITS: tuple[Callable[[Place], Diagnostic | None], ...] = (
    _python,
    _quotes,
    _dash,
    _product,
    _comment,
    _section,
    _dictionary,
    _block_after_equals,
    _augmented,
    _decimal_comma,
    _arrow,
    _word_for_operator,
)
