"""The mistakes of one table: the first twenty in words, the others counted."""

from nndsl.data.errors import DataError

SHOWN = 20


class Mistakes:
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.count = 0

    @property
    def room(self) -> int:
        """How many more are shown."""
        return max(0, SHOWN - self.count)

    def add(self, messages: list[str], others: int = 0) -> None:
        """Add mistakes in the order of the file, and `others` behind them."""
        self.messages += messages[: self.room]
        self.count += len(messages) + others

    def check(self) -> None:
        """Raise DataError if there are any."""
        if more := self.count - len(self.messages):
            raise DataError(*self.messages, f"… and {more:,} more")
        if self.messages:
            raise DataError(*self.messages)
