"""The templates, rendered by Jinja.

A template prints nothing but `Code`, which only the functions of `nndsl.render.escape`
and our own printers make.  So no string of a spec can become code, whatever template
prints it.
"""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nndsl.render.escape import Code
from nndsl.resources import folder


def only_code(value: object) -> Markup:
    """The text of `Code`, or what a macro made of it; TypeError for everything else."""
    match value:
        case Code(text=text):
            return Markup(text)
        case Markup():
            return value
    raise TypeError(f"a template may only print Code, not {value}")


ENVIRONMENT = Environment(
    loader=FileSystemLoader(folder("templates")),
    undefined=StrictUndefined,
    finalize=only_code,
    auto_reload=False,
    optimized=False,  # each template is compiled and run once
    autoescape=True,  # what a macro returns is then Markup, not str
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def rendered(template: str, **context: object) -> str:
    """The text of a template, by its path in `templates/`, filled from `context`.

    Raises jinja2.UndefinedError for a name or an attribute that is not there.
    """
    return ENVIRONMENT.get_template(template).render(context)
