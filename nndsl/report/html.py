"""How pages are filled in: all text is escaped."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nndsl.resources import folder

HTML = Environment(
    loader=FileSystemLoader(folder("templates")),
    undefined=StrictUndefined,
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
