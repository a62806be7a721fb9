"""Page numbers and rules among the lines of a table that was set as text: ``- 2 -``, ``第 2 页 共 6 页``, ``________``.

A page that breaks within a table leaves its number between two rows, or within one, and a dash beside it reads like a
blank cell. A number alone in its line may be a page's as well as a cell's; `may_be_page_number` says where.
"""

from __future__ import annotations

import re

_DASH = "[-\u2010-\u2015\u2212\u30fc\u4e00\uff0d~～·•]"
_EDGE = r"[ \t\f\u3000\xa0]*"
_MARK = re.compile(
    rf"^{_EDGE}(?:{_DASH}+{_EDGE}\d{{1,3}}{_EDGE}{_DASH}+"
    rf"|第?{_EDGE}\d{{1,3}}{_EDGE}页.{{0,12}}"
    rf"|(?:[Pp]age|[Pp]\.?){_EDGE}\d{{1,3}}(?:{_EDGE}(?:of|/){_EDGE}\d{{1,3}})?"
    rf"|(?P<page>\d{{1,3}}){_EDGE}[/／]{_EDGE}(?P<pages>\d{{1,3}})){_EDGE}$",
    re.MULTILINE,
)
_RULE = re.compile(rf"^{_EDGE}([-_=*#~.·…─━═—－＿])(?:{_EDGE}\1){{7,}}{_EDGE}$", re.MULTILINE)  # eight and more
_VALUE_ENDS = re.compile(r"[\d/／\-—–－]\s*\Z")
_LONE = re.compile(r"\d{1,3}")
_ROW = 2  # values that stand in one line, before one alone in its line is out of place


def without_page_marks(text: str, before: str = "") -> str:
    """A text with blanks in place of its page numbers and rules; every other letter keeps its place.

    Args:
        text: lines.
        before: what stands before them: two numbers and a stroke are a page's only behind a row's values.
    """

    def blanks(match: re.Match[str]) -> str:
        if match["page"] is not None:
            above = text[: match.start()].rstrip() or before
            behind_values = _VALUE_ENDS.search(above) is not None
            if not behind_values or not 1 <= int(match["page"]) <= int(match["pages"]) or int(match["pages"]) < _ROW:
                return match.group()
        return " " * len(match.group())

    text = _RULE.sub(lambda rule: " " * len(rule.group()), text)
    return _MARK.sub(blanks, text) if any(char.isdigit() for char in text) else text


def may_be_page_number(raw: str, parts: list[tuple[int, int]]) -> bool:
    """Whether the last of a row's values may be a page's number: it stands alone in a line, and the others together.

    Args:
        raw: the text.
        parts: where the values stand in it.
    """
    if len(parts) <= _ROW:
        return False
    (_, end), (start, stop) = parts[-2:]
    together = "\n" not in raw[parts[0][0] : end]
    alone = "\n" in raw[end:start] and not raw[stop:].split("\n", 1)[0].strip()
    return together and alone and _LONE.fullmatch(raw[start:stop]) is not None
