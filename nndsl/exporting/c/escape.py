"""Text of a spec in C: what no label, name or column can break out of."""

import re
from collections.abc import Collection

from nndsl.formulas.free_name import free_name
from nndsl.render.escape import Code, code

_PLAIN = re.compile(r"[ !#-\[\]-~]")
"""ASCII that stands for itself in a literal: no quote and no backslash."""
_WORDS = """
auto break case char const continue default do double else enum extern float for goto
if inline int long register restrict return short signed sizeof static struct switch
typedef union unsigned void volatile while
alignas alignof bool constexpr false nullptr static_assert thread_local true typeof
and asm bitand bitor catch class compl concept const_cast co_await co_return co_yield
decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not
operator or private protected public reinterpret_cast requires static_cast template
this throw try typeid typename using virtual wchar_t xor
linux unix i386 errno math_errhandling signgam
"""
RESERVED = frozenset(_WORDS.split())
"""Words of C and C++, and macros in lower case that compilers or headers define."""


def c_string(text: str) -> Code:
    """A string literal that holds `text` in UTF-8, and no trigraph."""
    inside = "".join(map(_escaped, text.encode("utf-8", "surrogatepass")))
    return code(f'"{inside}"')


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in '"\\?':
        return f"\\{character}"
    return character if _PLAIN.fullmatch(character) else f"\\{byte:03o}"


def c_comment(text: str) -> str:
    """`text` inside a comment: ASCII, on one line, and nothing that could end it."""
    shown = text.encode("ascii", "backslashreplace").decode("ascii")
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
    shown = re.sub(r"\?(?=\?)", "? ", shown)
    shown = re.sub(r"\*(?=/)|/(?=\*)", lambda found: f"{found[0]} ", shown)
    return f"{shown}." if shown.endswith(("\\", "/", "*", "?")) else shown


def c_name(text: str, taken: Collection[str] = ()) -> str:
    """An identifier made of `text`, in lower case, that is none of `taken`."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].rstrip("_")
    if not plain[:1].isalpha():
        plain = f"column_{plain}".rstrip("_")
    return free_name(f"{plain}_" if plain in RESERVED else plain, taken)


def prefix(network: str) -> str:
    """What the names of a network's functions begin with, without the underscore."""
    plain = network.lower().strip("_")
    return plain if plain[:1].isalpha() else f"network_{plain}".rstrip("_")
