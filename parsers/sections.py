"""The six official sections of a report: which line is which heading, and what stands under it.

A heading is known by its words, with or without a numeral, alone on its line. The same words also occur elsewhere: a
preface lists all six, a pasted older report has headings of its own, a running sentence names a section. So candidates
are weighed together: the sections come in order, and the one with a table is the last heading before that table
(``reading.yaml`` says which table belongs to which section).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.characters import bare
from parsers.document import Cell, Document, Locator, Table, Text
from parsers.forms.templates import SectionFacts, Templates
from parsers.record import Section
from parsers.tables import TableReading
from parsers.tables.lines import part

_NUMERAL = r"(?:第?[一二三四五六七八][、.,:]|\([一二三四五六七八]\)[、.]?|[一二三四五六七八](?=\D)|[1-8][、.])"
_CLEAN, _GLUED, _INLINE, _WEAK = 4.0, 1.5, 1.0, 0.5
_ANCHORED = 3.0
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that may be the heading of section ``number``; in a table ``start`` counts rows instead of characters."""

    number: int
    block: int
    start: int
    end: int
    weight: float

    @property
    def place(self) -> tuple[int, int]:
        return (self.block, self.start)


def split(document: Document, templates: Templates, reading: TableReading | None = None) -> tuple[Section, ...]:
    """Find the sections.

    Args:
        document: blocks of any format.
        templates: the forms; their ``reading.sections`` are the headings.
        reading: what was read from the tables, if it was: tells pasted older headings from the report's own, and
            keeps rows that were set as text out of the sections' text.
    """
    places = reading.places if reading else {}
    used = reading.used if reading else frozenset()
    facts = templates.reading.sections
    candidates = sorted(_candidates(document, facts), key=lambda candidate: candidate.place)
    chosen = _choose(candidates, facts, places)
    return tuple(_sections(document, chosen, used)) if chosen else ()


def _candidates(document: Document, facts: Sequence[SectionFacts]) -> Iterator[_Candidate]:
    patterns = [(fact.number, fact.pattern, fact.weak) for fact in facts]
    whole = [
        (number, re.compile(rf"{_NUMERAL}?(?:{words})[:。]?"), weight)
        for number, strong, weak in patterns
        for words, weight in ((strong, _CLEAN), (weak, _WEAK))
        if words
    ]
    glued = [(number, re.compile(rf"{_NUMERAL}(?:{strong})")) for number, strong, _ in patterns]
    inline = [(number, re.compile(rf"[一二三四五六]、(?:{strong})")) for number, strong, _ in patterns]
    for index, block in enumerate(document.blocks):
        if not isinstance(block, Text):
            yield from _in_table(block, index, whole)
            continue
        start = 0
        for line in block.text.split("\n"):
            folded, map_back = _folded(line)
            matched = False
            for number, pattern, weight in whole:
                if len(folded) <= _LONGEST and pattern.fullmatch(folded):
                    first = start + len(line) - len(line.lstrip())
                    yield _Candidate(number, index, first, start + len(line.rstrip()), weight)
                    matched = True
            if not matched:
                for number, pattern in glued:
                    if found := pattern.match(folded):
                        yield _Candidate(
                            number, index, start + map_back[0], start + map_back[found.end() - 1] + 1, _GLUED
                        )
                for number, pattern in inline:
                    for found in pattern.finditer(folded):
                        if found.start():
                            first, last = map_back[found.start()], map_back[found.end() - 1] + 1
                            yield _Candidate(number, index, start + first, start + last, _INLINE)
            start += len(line) + 1


def _in_table(table: Table, index: int, whole: Sequence[tuple[int, re.Pattern[str], float]]) -> Iterator[_Candidate]:
    """A heading may be a row of the table under it: a row of one cell, with all the words of a heading."""
    for row, cell in _alone(table):
        folded, _ = _folded(cell.text)
        for number, pattern, weight in whole:
            if weight == _CLEAN and len(folded) <= _LONGEST and pattern.fullmatch(folded):
                yield _Candidate(number, index, row, row + 1, weight)


def _alone(table: Table) -> Iterator[tuple[int, Cell]]:
    for row, cells in enumerate(table.rows()):
        filled = [cell for cell in cells if cell.text.strip()]
        if len({cell.text.strip() for cell in filled}) == 1:  # a converter may repeat it in every column
            yield row, filled[0]


def _folded(line: str) -> tuple[str, list[int]]:
    """A line without blanks and in half width, and where each of its characters stands in the line."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(line):
        for letter in bare(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _choose(
    candidates: Sequence[_Candidate], facts: Sequence[SectionFacts], places: Mapping[str, int]
) -> list[_Candidate]:
    """The best chain of headings: rising numbers at rising places, each where its table allows it."""
    tables = {fact.number: places[fact.table] for fact in facts if fact.table and fact.table in places}
    weighed: list[tuple[_Candidate, float]] = []
    for candidate in candidates:
        if any(
            (number < candidate.number and candidate.block < place)
            or (number >= candidate.number and candidate.block > place)
            for number, place in tables.items()
        ):
            continue
        weight = candidate.weight
        if candidate.number in tables:
            weight += _ANCHORED
        weighed.append((candidate, weight))
    best: list[tuple[float, list[_Candidate]]] = []
    for at, (candidate, weight) in enumerate(weighed):
        # Of equal candidates the first is taken for section 1 and the last for the others: an older report is pasted
        # behind the first heading and before the others.
        nudge = (at / (len(weighed) + 1)) * (-0.01 if candidate.number == 1 else 0.01)
        chains = [
            best[before]
            for before in range(at)
            if weighed[before][0].number < candidate.number and weighed[before][0].place < candidate.place
        ]
        score, chain = max(chains, key=lambda entry: entry[0], default=(0.0, []))
        best.append((score + weight + nudge, [*chain, candidate]))
    return max(best, key=lambda entry: entry[0], default=(0.0, []))[1]


def _sections(document: Document, chosen: Sequence[_Candidate], used: frozenset[int]) -> Iterator[Section]:
    ends = [(candidate.block, candidate.start) for candidate in chosen[1:]] + [(len(document.blocks), 0)]
    for candidate, (last_block, last_start) in zip(chosen, ends, strict=True):
        parts: list[str] = []
        for index in range(candidate.block, min(last_block + 1, len(document.blocks))):
            block = document.blocks[index]
            if not isinstance(block, Text) or (index in used and index != candidate.block):
                continue
            first = candidate.end if index == candidate.block else 0
            last = last_start if index == last_block else len(block.text)
            if text := block.text[first:last].strip():
                parts.append(text)
        heading, locator = _heading(document, candidate)
        yield Section(candidate.number, heading, "\n".join(parts), locator)


def _heading(document: Document, candidate: _Candidate) -> tuple[str, Locator]:
    block = document.blocks[candidate.block]
    if isinstance(block, Table):
        cell = dict(_alone(block))[candidate.start]
        return cell.text.strip(), cell.locator
    return block.text[candidate.start : candidate.end], part(block, candidate.start, candidate.end)
