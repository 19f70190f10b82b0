"""Modules from checked specs, by templates that are compiled once."""

from __future__ import annotations

import os
import sys
from hashlib import sha256

from jinja2.bccache import Bucket, FileSystemBytecodeCache

from nndsl.check.check import Checked
from nndsl.compiler import module_text
from nndsl.program.inplace import Style
from nndsl.render import environment
from nndsl.resources import folder


def module_of_spec(checked: Checked, style: Style) -> str:
    """The module's text.  Compiled templates are kept in their folder's
    `__pycache__`, as Python keeps its compiled modules, where it may be written."""
    templates = environment.environment()
    if templates.bytecode_cache is None:
        templates.bytecode_cache = _Kept(str(folder("templates") / "__pycache__"))
    return module_text(checked, style)


class _Kept(FileSystemBytecodeCache):
    """Jinja's own cache; a template compiled with other settings is not taken."""

    def get_source_checksum(self, source: str) -> str:
        settings = os.stat(environment.__file__).st_mtime_ns
        return sha256(f"{settings}\n{source}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        try:
            os.makedirs(self.directory, exist_ok=True)
            super().dump_bytecode(bucket)
        except OSError:
            return  # a folder that may not be written: compiled anew each time
