"""The first line of exported source text, by which a later export knows the file."""

from nndsl.render.module.module import digest

MARK = "Exported by nndsl; train and export again to change it. Checksum "
"""The digest of all that follows the line stands behind it."""


def marked(text: str, before: str, behind: str = "") -> str:
    """`text` under its first line, a comment from `before` to `behind`."""
    return f"{before}{MARK}{digest(text)}{behind}\n{text}"


def is_edited(content: bytes) -> bool:
    """Whether somebody changed an exported text since."""
    first, _, rest = content.decode("utf-8", "replace").partition("\n")
    return MARK in first and f"{MARK}{digest(rest)}" not in first
