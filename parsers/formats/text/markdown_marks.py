r"""Marks of Markdown within the cells of tables: what a reader of the rendered page sees of them.

Bold and slanting text is read without its marks, struck text is not read (``~~9~~ 0`` is 0), escaped signs stand for
themselves, and figures that converters set as mathematics (``$12$``, ``\(12\)``) are figures. Marks that stand alone
(``12*``, ``~5``, ``$5``) are what the cell says; so is mathematics that is more than a number.

Source: CommonMark 0.31 (6.2 emphasis, 2.4 escapes), GFM 6.5 (strikethrough).
"""

from __future__ import annotations

import re

_MOST = "{0,80}"  # characters between two marks: no cell's figure is longer, and a look takes no longer than that
_HTML_STRUCK = re.compile(
    rf"<(s|del|strike)\b[^<>]*>.{_MOST}?</\1>"
    rf"|<span\b[^<>]*(?:line-through|display:\s*none|visibility:\s*hidden)[^<>]*>[^<>]{_MOST}</span>",
    re.IGNORECASE | re.DOTALL,
)
_STRUCK = re.compile(rf"(?<![~\\])(~~?)(?![\s~])[^~\n]{_MOST}?(?<![\s~\\])\1(?!~)[ \t]*")
_STRONG = re.compile(rf"(?<![*_\\])(\*\*\*?|___?)(?![\s*_])([^*_\n]{_MOST}?)(?<![\s*_\\])\1(?![*_])")
_SLANTED = re.compile(rf"\s*([*_])(?![\s*_])([^*_\n]{_MOST})(?<![\s*_\\])\1\s*")
_MATHS = re.compile(rf"(?<![\\$])(\$\$?)([^$\n]{_MOST}?)(?<!\\)\1(?!\$)|\\\(([^\n]{_MOST}?)\\\)")
_UPRIGHT = re.compile(rf"\\(?:mathbf|mathrm|textbf|text|bm|boldsymbol)\s*\{{([^{{}}]{_MOST}?)\}}")
_FIGURE = re.compile(r"\s*[-+]?\s*[0-9][0-9,.]*\s*(?:\\?%)?\s*|\s*[-—/]*\s*")
_CODE = re.compile(r"`([^`\n]{1,80})`")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def is_marked(cell: str) -> bool:
    """Whether a cell holds marks that a reader of the page does not see."""
    return seen(cell) != cell


def strikes(text: str) -> bool:
    """Whether something in a text is struck through or hidden."""
    return _STRUCK.search(text) is not None or _HTML_STRUCK.search(text) is not None


def seen(cell: str) -> str:
    """What a reader sees of a cell; elements of HTML stay, but for those that strike through or hide."""
    text = _STRUCK.sub(_without, _HTML_STRUCK.sub(_without, cell))
    text = _MATHS.sub(_figure, text)
    text = _CODE.sub(r"\1", _STRONG.sub(r"\2", text))
    if slanted := _SLANTED.fullmatch(text):
        text = slanted[2]
    return _ESCAPED.sub(r"\1", text)


def _without(match: re.Match[str]) -> str:
    """Nothing in place of struck text; a blank where digits on both sides would become one number."""
    before, behind = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    ended = match[0][-1:].isspace() and before.strip(" *_") != ""
    return " " if ended or (before.isdigit() and behind.isdigit()) else ""


def _figure(match: re.Match[str]) -> str:
    source = match[2] if match[2] is not None else match[3]
    inner = _UPRIGHT.sub(r"\1", source)
    if _FIGURE.fullmatch(inner):
        return inner.replace("\\%", "%").strip()
    return match[0].replace("\\", "\\\\")  # what is escaped in it is no escape of Markdown
