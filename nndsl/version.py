"""The version of nndsl."""

__version__ = "0.1.0"
