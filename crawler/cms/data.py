r"""JSON as portals send it: half characters repaired, nesting bounded.

A title cut in the middle of a pair (``"\\ud83d"``) is no text that can be stored: the half becomes U+FFFD, and the list
it stands in stays readable. A value nested deeper than any list is refused: whoever walks it would run out of stack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

MOST_NESTED = 100
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALVES = re.compile(
    r"(\\\\)|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_HALF = re.compile("[\ud800-\udfff]")


class TooDeep(ValueError):
    """A value is nested deeper than `MOST_NESTED`."""


def loads(text: str) -> Any:
    """The value that ``text`` is; control characters in strings are tolerated.

    Raises:
        TooDeep: nested too deep to be read.
        ValueError: no JSON.
    """
    if _ESCAPED_HALF.search(text):
        text = _HALVES.sub(lambda match: match.group() if match.group(1) or match.group(2) else "\\ufffd", text)
    try:
        value = json.loads(text, strict=False)
    except RecursionError:
        raise TooDeep(f"nested deeper than {MOST_NESTED}") from None
    if _depth(value) > MOST_NESTED:
        raise TooDeep(f"nested deeper than {MOST_NESTED}")
    return value


def whole(text: str) -> str:
    """``text`` with pairs of half characters joined and single halves replaced by U+FFFD."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level := [inner for item in level for inner in _inner(item)]:
        depth += 1
        if depth > MOST_NESTED:
            break
    return depth


def _inner(item: Any) -> tuple[Any, ...]:
    if isinstance(item, Mapping):
        return tuple(entry for entry in item.values() if isinstance(entry, dict | list))
    return tuple(entry for entry in item if isinstance(entry, dict | list)) if isinstance(item, list) else ()
