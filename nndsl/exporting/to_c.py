"""`.c`: one file of C99 that predicts; it allocates nothing."""

from collections.abc import Sequence
from pathlib import Path

from nndsl.exporting.c.view import c_view
from nndsl.exporting.mark import marked
from nndsl.exporting.trained import Trained
from nndsl.render.environment import rendered


def export(trained: Trained, path: Path) -> Sequence[tuple[Path, str]]:
    """The one file `path`.  Raises DataError for what it cannot hold."""
    text = rendered("c/model.c.jinja", view=c_view(trained, path.name))
    return [(path, marked(text, "/* ", " */"))]
