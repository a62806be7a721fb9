"""The parts of a text in which it speaks of its publisher.

They are the lines above its first heading, its first paragraphs and its last lines. How far they reach is said in
``config/identity.yaml`` (``reach``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.document import Document
from parsers.identity.evidence.page_header import read_bar
from parsers.identity.evidence.words import load_words
from parsers.identity.titles import fold
from parsers.record import Section

_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}[、.,:章部]|[(（][一二三四五六七八九十]{1,3}[)）])")
_SHORTEST_PARAGRAPH = 20  # characters; what is shorter is a heading, a bar or a signature


def is_heading(line: str) -> bool:
    """Whether a folded line begins with an ordinal, as headings do (一、, 第二部分, (三))."""
    return _HEADING.match(line) is not None


def read_lines(document: Document) -> list[str]:
    """All texts outside of tables, empty ones left out."""
    lines: list[str] = []
    for text in document.texts():
        folded = fold(text.text)
        if folded:
            lines.append(folded)
    return lines


def read_opening(document: Document, sections: Sequence[Section]) -> list[str]:
    """The lines above the first heading of the text, without bars that repeat the title behind its label."""
    headings = {fold(section.heading) for section in sections}
    longest_heading = load_words().reach.line_length
    lines: list[str] = []
    for text in document.texts():
        if any(entry.field == "title" for entry in read_bar(text.text)):
            continue
        folded = fold(text.text)
        if folded in headings:
            break
        # An ordinal in front of a whole paragraph: the text is one line, its title in it.
        if is_heading(folded) and len(folded) < longest_heading:
            break
        if folded:
            lines.append(folded)
    return lines


def first_paragraphs(lines: Sequence[str]) -> list[str]:
    """The first sentences of a text; of a text that is one single line, its beginning.

    The short name that a text gives a body behind its whole one (以下简称市林业局) is left out: it is no name.
    """
    words = load_words()
    called = re.compile(words.called)
    paragraphs = [line for line in lines if len(line) > _SHORTEST_PARAGRAPH]
    beginnings = [line[: words.reach.paragraph_length] for line in paragraphs[: words.reach.opening_paragraphs]]
    return [called.sub("", beginning) for beginning in beginnings]


def closing_lines(lines: Sequence[str]) -> list[str]:
    """The last lines of a text; of long ones the end."""
    reach = load_words().reach
    return [line[-reach.paragraph_length :] for line in lines[-reach.signature_lines :]]
