"""What goes when something is removed, and what stays: each app says its own part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Part(Generic[Thing]):
    """One app's part: what goes, what stays as statistics, and the doing of it."""

    goes: Sequence[Any]
    stays: Sequence[Any]
    do: Callable[[Thing], None]


class Parts(list[Part[Thing]]):
    """The parts of every app. Those above add theirs when they start, so that the page
    that says it beforehand and what is done cannot differ.
    """

    def add(
        self, *, goes: Sequence[Any], stays: Sequence[Any] = ()
    ) -> Callable[[Callable[[Thing], None]], Callable[[Thing], None]]:
        """Add a part: the function removes what ``goes``."""

        def keep(do: Callable[[Thing], None]) -> Callable[[Thing], None]:
            self.append(Part(goes, stays, do))
            return do

        return keep
