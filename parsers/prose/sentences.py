"""Sentences of running text, folded for matching, each character knowing where it came from; and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.characters import bare
from parsers.document import Document, Locator, Text
from parsers.numerals import CHINESE_NUMERALS, chinese_number
from parsers.record import Section

_END = frozenset("。！？!?")
_FULL_WIDTH = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？"}
_OPENING = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[0-9]{1,2}[.、．)）](?![0-9]))")
_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_PAUSE = frozenset("，,；; \n")
_LONGEST = 2000  # characters; what goes on without a full stop is a list or a table run together
_SHORTEST_BROKEN_LINE = 15  # characters; what is shorter was not broken because the line was full
# Ends of titles, headings and sign-offs: lines that are whole without a full stop.
_WHOLE_LINE = re.compile(r"(?:[。！？!?：:；;）)]|报告|年报|情况|事项|办公[室厅]|政府|委员会|[局厅日表])$")

NUMERAL = (
    r"(?P<lead>近|约|大约|超过|超|逾)?(?<![0-9.第])"
    r"(?P<n>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?|"
    rf"[{CHINESE_NUMERALS}]{{1,9}})"
    r"(?P<scale>万|亿)?(?P<more>余|多|来)?"
)
AFTER = r"(?P<after>余|多|以上|左右)?(?!工作日|月|季度|百分点|方面|县|乡|镇|部门|单位|例)"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; one that a line break tore apart goes on in the next block.

    Attributes:
        text: folded: half-width letters and digits, full-width punctuation, no blanks.
        places: for every character of ``text`` the block's index and the offset in the block's text.
        spans: for every block it stands in the offsets ``(start, end)`` of its part there.
        before: the folded sentence before it in the same block, or "".
        section: number of the official section it stands in, when known.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int, int], ...]
    before: str
    section: int | None

    def locator(self, document: Document, start: int, end: int) -> Locator:
        """The ``prose`` locator of the part in which the characters from ``start`` to ``end`` of ``text`` stand."""
        block, last = self.places[end - 1]
        first = next(offset for where, offset in self.places[start:end] if where == block)
        low, high = next((low, high) for where, low, high in self.spans if where == block)
        source = document.blocks[block]
        assert isinstance(source, Text)
        return Locator(
            "prose",
            (
                ("in", source.locator.as_json()),
                ("start", low),
                ("end", high),
                ("sentence", source.text[low:high]),
                ("number", [first, last + 1]),
            ),
        )

    def raw(self, document: Document, start: int, end: int) -> str:
        """The characters as they stand in the document (those in the block where they end)."""
        block, last = self.places[end - 1]
        first = next(offset for where, offset in self.places[start:end] if where == block)
        source = document.blocks[block]
        assert isinstance(source, Text)
        return source.text[first : last + 1]


def split_sentences(document: Document, sections: Sequence[Section]) -> Iterator[Sentence]:
    """The sentences of all paragraphs, in order.

    Args:
        document: tables are not looked at.
        sections: the official sections; a sentence stands in the first of them that holds its words.
    """
    section_texts = {section.number: _squeeze(section.text) for section in reversed(sections)}
    # Where the sentence ended that went on from the block before: its rest is not read again.
    begun: dict[int, int] = {}
    for index, block in enumerate(document.blocks):
        if not isinstance(block, Text):
            continue
        before = ""
        for low, high in _bounds(block.text, begun.get(index, 0)):
            letters, places = _fold(block.text, low, high, index)
            spans = [(index, low, high)]
            rest_end = _find_rest(document, index, low, high)
            if rest_end is not None:
                following = document.blocks[index + 1]
                assert isinstance(following, Text)
                more, other = _fold(following.text, 0, rest_end, index + 1)
                letters, places = letters + more, places + other
                spans.append((index + 1, 0, rest_end))
                begun[index + 1] = rest_end
            text = "".join(letters)
            if text:
                section = _find_section(block.text[low:high], section_texts)
                yield Sentence(text, tuple(places), tuple(spans), before, section)
                before = text


def _find_rest(document: Document, index: int, low: int, high: int) -> int | None:
    """Where the rest of a sentence that a line break tore apart ends in the next block; None where none is torn."""
    block = document.blocks[index]
    assert isinstance(block, Text)
    if high != len(block.text) or not _is_torn(block.text[low:high]):
        return None
    following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
    if not isinstance(following, Text) or following.heading or _OPENING.match(following.text):
        return None
    _, end = next(_bounds(following.text, 0), (0, 0))
    return end


def _find_section(text: str, section_texts: Mapping[int, str]) -> int | None:
    squeezed = _squeeze(text)
    for number, body in sorted(section_texts.items()):
        if squeezed in body:
            return number
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _bounds(text: str, start: int) -> Iterator[tuple[int, int]]:
    low = comma = start
    for position in range(start, len(text)):
        if text[position] in _PAUSE:
            comma = position + 1
        if text[position] in _END:
            yield low, position + 1
            low = comma = position + 1
        elif position - low >= _LONGEST:
            cut = comma if comma > low else position
            yield low, cut
            low = cut
    if text[low:].strip():
        yield low, len(text)


def _is_torn(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) >= _SHORTEST_BROKEN_LINE and _WHOLE_LINE.search(stripped) is None


def _fold(text: str, low: int, high: int, block: int) -> tuple[list[str], list[tuple[int, int]]]:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for offset in range(low, high):
        for letter in bare(text[offset]):
            letters.append(letter)
            places.append((block, offset))
    joined = "".join(letters)
    kept: set[int] = set()  # the commas of 1,204 are no punctuation
    for match in _THOUSANDS.finditer(joined):
        kept.update(range(*match.span()))
    for position, letter in enumerate(letters):
        if position not in kept:
            letters[position] = _FULL_WIDTH.get(letter, letter)
    return letters, places


def read_number(match: re.Match[str]) -> Decimal | None:
    """The number a `NUMERAL` matched, its scale included; None for numerals that are none (十百)."""
    text = match["n"].replace(",", "")
    number = Decimal(text) if text[0].isascii() else chinese_number(text)
    if number is None:
        return None
    return Decimal(number) * {"万": 10_000, "亿": 100_000_000}.get(match["scale"] or "", 1)


def is_approximate(match: re.Match[str]) -> bool:
    """余, 多, 近, 约: the number is not meant exactly."""
    return bool(match["lead"] or match["more"] or match["after"])
