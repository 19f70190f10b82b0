"""What `nndsl explain` says of a code or a name."""

from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap

from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.suggest import suggest
from nndsl.explain import entries, formulas
from nndsl.explain.codes import code_page
from nndsl.explain.libraries import ELSEWHERE
from nndsl.explain.page import WIDTH
from nndsl.formulas.build.convert import FUNCTIONS
from nndsl.formulas.build.library import library_names
from nndsl.language.synonyms import ABSENT, SYNONYMS

Page = Callable[[str], list[str]]

_LIBRARY: dict[str, Page] = {
    "activation": formulas.activation_page,
    "loss": formulas.loss_page,
    "optimizer": formulas.optimizer_page,
    "schedule": formulas.schedule_page,
}


class UnknownName(LookupError):
    """Nothing is called so; the message says what might be meant."""


def explained(what: str) -> str:
    """The pages of a code or a name, one for each thing that is called so.

    Raises UnknownName.
    """
    if what.upper() in CODES:
        return _text([code_page(what.upper())])
    pages = [*_pages(what), *_of_libraries(what.lower())]
    if not pages:
        pages = list(_synonyms(what))
    if not pages:
        raise UnknownName(_unknown(what))
    return _text(pages)


def _text(pages: Iterable[list[str]]) -> str:
    return "\n\n".join("\n".join(page) for page in pages) + "\n"


def _kinds() -> Iterator[tuple[Iterable[str], Page]]:
    for kind, page in _LIBRARY.items():
        yield library_names(kind), page
    yield from entries.PAGES.values()
    activations = library_names("activation")
    yield [n for n in FUNCTIONS if n not in activations], formulas.function_page


def _pages(name: str) -> Iterator[list[str]]:
    """The pages of everything of this name; options only where there is nothing."""
    found = [page(name) for names, page in _kinds() if name in names]
    yield from found
    if not found:
        if name in entries.option_names():
            yield entries.option_page(name)
        yield from filter(None, [formulas.parameter_page(name)])


def _of_libraries(word: str) -> Iterator[list[str]]:
    """What to write for a class or a setting of another library."""
    said, names = ELSEWHERE.get(word, ("", ()))
    if said:
        yield wrap(said, WIDTH)
    for name in names:
        yield from _pages(name)


def _synonyms(what: str) -> Iterator[list[str]]:
    """What nndsl calls what another library calls so."""
    word = what.lower()
    names = dict.fromkeys(words[word] for words in SYNONYMS.values() if word in words)
    for name in names:
        if pages := list(_pages(name)):
            yield [f"nndsl calls {what} `{name}`."]
            yield from pages


def _unknown(what: str) -> str:
    if what.lower() in ABSENT:
        return f"nndsl has no `{what}`: {ABSENT[what.lower()]}"
    known = {name for names, _ in _kinds() for name in names}
    near = suggest(what, sorted(known | entries.option_names() | CODES.keys()))
    if near:
        offered = " or ".join(f"`{name}`" for name in near)
        return f"nothing is called `{what}`; did you mean {offered}?"
    return (
        f"nothing is called `{what}`; what can be explained is a code such as E122, "
        "a name such as relu, and a line such as iris.nn:5"
    )
