"""What is said of a table or a model file that cannot be used."""


class DataError(Exception):
    """One message that names the file and, in a table, the line and the column."""
