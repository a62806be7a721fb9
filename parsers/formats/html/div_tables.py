"""Tables set without table elements: rows of boxes (``<div><div>规章</div><div>0</div></div>``), also marked by roles.

A container is such a table when its children are rows of two or more short boxes each and some of the boxes hold
numbers. Menus look alike but hold links and no numbers. Columns need not line up, so such a table is ragged.
"""

from __future__ import annotations

import re

from parsers.formats.html import dom
from parsers.formats.html.dom import Element

_LONGEST = 60  # characters: a longer box is a paragraph beside another one
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,，.．]*")
_ROW_GROUPS = frozenset({"rowgroup"})


def rows_of(container: Element) -> list[list[Element]] | None:
    """The boxes of a container, row by row, when it is a table; None when it is not."""
    if container.tag in {"table", "tbody", "thead", "tfoot", "tr", "ul", "ol", "body", "html"}:
        return None
    if any(isinstance(child, str) and child.strip() for child in container.children):
        return None
    rows: list[list[Element]] = []
    for child in container.below:
        if child.hidden:
            continue
        if child.attributes.get("role") in _ROW_GROUPS:
            inner = rows_of(child)
            if inner is None:
                return None
            rows.extend(inner)
            continue
        row = _boxes(child)
        if row is None:
            return None
        rows.append(row)
    texts = [dom.plain_text(box, controls=True) for row in rows for box in row]
    wide = sum(len(row) >= 2 for row in rows)
    numbers = sum(_NUMBER.fullmatch(text.strip()) is not None for text in texts)
    if wide < 2 or wide * 2 < len(rows) or numbers < 2 or max(map(len, texts)) > _LONGEST:
        return None
    return rows


def _boxes(row: Element) -> list[Element] | None:
    """The boxes of one row, or None when it is something else."""
    if row.tag not in {"div", "dl", "ul", "section", "li"} and row.attributes.get("role") != "row":
        return None
    if any(isinstance(child, str) and child.strip() for child in row.children):
        return None
    boxes = [child for child in row.below if not child.hidden and child.tag != "br"]
    if not boxes or any(box.has_block or box.tag in {"a", "table", "img"} for box in boxes):
        return None
    if any(element.tag == "a" for box in boxes for element in box.below):
        return None
    return boxes
