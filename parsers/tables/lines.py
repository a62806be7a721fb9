"""Parts of a text with their locators."""

from __future__ import annotations

from parsers.document import Locator, Text


def part(block: Text, start: int, end: int) -> Locator:
    """Locator of ``block.text[start:end]``: of the text itself in text files, else of a stretch of the block."""
    where = block.locator
    if start == 0 and end == len(block.text):
        return where
    if where.kind != "text":
        return Locator.of("prose", **{"in": where.as_json()}, start=start, end=end, sentence=block.text[start:end])
    line, offset = int(where.get("line")), int(where.get("start"))
    above = block.text.count("\n", 0, start)
    below = block.text.count("\n", 0, end)
    first = start - (block.text.rfind("\n", 0, start) + 1) + (offset if above == 0 else 0)
    last = end - (block.text.rfind("\n", 0, end) + 1) + (offset if below == 0 else 0)
    return Locator.of(
        "text", line=line + above, start=first, end=last, line_end=line + below if below > above else None
    )
