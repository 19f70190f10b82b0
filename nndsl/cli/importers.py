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
_OF_KERAS = "is in an old format of Keras; load it and save it again as .keras"
_OF_TORCH = (
    "is a pickled file of PyTorch; save the weights as .safetensors with "
    "safetensors.torch.save_file, or export the network to .onnx with torch.onnx.export"
)
INSTEAD = {
    ".h5": _OF_KERAS,
    ".hdf5": _OF_KERAS,
    ".pt": _OF_TORCH,
    ".pth": _OF_TORCH,
    ".npz": "is a model file of nndsl already, if nndsl wrote it; use it as it is, as "
    "in `nndsl show`",
}
"""What to do with files that cannot be imported, by the end of their names."""
LIBRARIES = {
    "from_sklearn": ("joblib", "sklearn"),
    "from_onnx": ("onnx",),
    "from_keras": ("h5py",),
    "from_torch": ("safetensors",),
}
"""The libraries that such a module imports; the extra `import` installs them."""
