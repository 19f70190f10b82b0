"""Which file of `nndsl/exporting/` writes which format."""

EXPORTERS = {
    ".py": "to_python",
    ".c": "to_c",
    ".onnx": "to_onnx",
}
"""By the end of a file's name: the module with

    export(trained: Trained, path: Path) -> Sequence[tuple[Path, str | bytes]]

which gives the files to write, `path` and those beside it, or raises DataError with a
message that names what the format cannot express.
"""
EXTRAS = {"to_onnx": ("onnx", "onnx")}
"""The library that such a module imports, and the extra of nndsl that installs it."""
