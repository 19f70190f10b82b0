"""nndsl: describe a neural network in a few lines, get readable NumPy that trains it."""

__version__ = "0.1.0"
