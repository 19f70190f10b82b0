"""Which file of `nndsl/importing/` reads which format."""

IMPORTERS = {
    ".joblib": "from_sklearn",
    ".pkl": "from_sklearn",
    ".pickle": "from_sklearn",
    ".onnx": "from_onnx",
    ".keras": "from_keras",
    ".safetensors": "from_torch",
}
"""By the end of a file's name: the module with

    read(path: str, options: Namespace) -> Imported

which raises DataError for a file that is damaged or holds what nndsl cannot express.
"""
LIBRARIES = {
    "from_sklearn": ("joblib", "sklearn"),
    "from_onnx": ("onnx",),
    "from_keras": ("h5py",),
    "from_torch": ("safetensors",),
}
"""The libraries that such a module imports; the extra `import` installs them."""
