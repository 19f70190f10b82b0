"""`.c`: one file of C99 that predicts; it allocates nothing."""

from collections.abc import Sequence
from pathlib import Path

from nndsl.exporting.c.view import c_view
from nndsl.exporting.trained import Trained
from nndsl.render.environment import rendered
from nndsl.render.module.module import digest

MARK = "/* Exported by nndsl; train and export again to change it. Checksum "
"""What the first line begins with; the digest of the rest follows."""


def export(trained: Trained, path: Path) -> Sequence[tuple[Path, str]]:
    """The one file `path`.  Raises DataError for what it cannot hold."""
    text = rendered("c/model.c.jinja", view=c_view(trained))
    return [(path, f"{MARK}{digest(text)} */\n{text}")]
