"""What a function of a text gave, kept for texts that come again: labels, headers and small numbers do.

Short texts are kept from document to document. Paragraphs do not come again, but several steps ask the same of them: a
few are kept, for about as long as one document is read. Both are bounded: when as many are kept as may be, all are let
go, and those that come with every document are soon back. A hit is one look into a dictionary, several times cheaper
than ``lru_cache`` behind a function that looks at the length first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

MOST = 16_384
"""Short texts that are kept of one function."""

LONGEST = 64
"""Characters of a short text."""

MOST_LONG = 256
"""Longer texts that are kept of one function."""

LONGEST_OF_ALL = 1024
"""Characters of the longest text that is kept."""


class _Results(dict[str, Result]):
    """Results by short text; what is not there is looked for among those of longer texts, or computed."""

    __slots__ = ("_function", "_long")

    def __init__(self, function: Callable[[str], Result]) -> None:
        super().__init__()
        self._function = function
        self._long: dict[str, Result] = {}

    def __missing__(self, text: str) -> Result:
        length = len(text)
        if length > LONGEST_OF_ALL:
            return self._function(text)
        kept, most = (self, MOST) if length <= LONGEST else (self._long, MOST_LONG)
        if text in kept:
            return kept[text]
        result = self._function(text)
        if len(kept) >= most:
            kept.clear()
        kept[text] = result
        return result


def remembered(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """A function with the same results, which computes those of a text that comes again once.

    Args:
        function: gives the same for the same text, always, and nothing that anybody changes afterwards.
    """
    return _Results(function).__getitem__
