"""What stands between two labels of a running text: the values of a row, and the blanks that the text kept.

Text files keep their empty lines, and converters print an empty cell as so many of them: where complete rows show how
many line breaks part two cells and two rows, blanks are counted back (`blank_cells`); elsewhere they are lost and the
row is aligned like any damaged one.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from parsers.forms.labels import is_words
from parsers.forms.values import ValueReader
from parsers.tables.model import Row, Slot
from parsers.tables.text.blank_cells import Gap, Pitch, Steps
from parsers.tables.text.page_marks import may_be_page_number
from parsers.tables.text.stream import Stream
from parsers.tables.text.wordings import Dictionary, Token

# A remark in brackets behind a label: 规章(设区的市、自治州人民政府应提供相关数据).
REMARK = re.compile(r"^\s*[（(][^（）()\d]{0,60}[㐀-鿿][^（）()\d]{0,60}[）)]")
_OPENING = re.compile(r"^[）)\]】”\"'’：:，、。；;\s]*")
# What stands right behind a number and makes another thing of it, up to the next blank: 3.5%, 3‰, 12？, 2~3, 3★. No
# part of it are other words, what ends a sentence, and a remark; nor circled ordinals before words (``3①其他``).
_NO_SPOIL = r"\s|㐀-鿿。；;，,、：:（）()\[\]【】〔〕"
_SPOILT = re.compile(
    rf"(?<=\d)(?:[^{_NO_SPOIL}①-⑳⑴-⒇][^{_NO_SPOIL}]*|[①-⑳⑴-⒇](?=[\s|]|\Z))|(?<=\d[ \u00a0])[%％‰‱?？★☆]+"
)
_PART = re.compile(r"[^\s|]+(?:(?<=\d)[ \u00a0][%％‰‱?？★☆]+)?")
_REST_OF_CELL = re.compile(r"(?<=[^\s|])[^\s|。；;，,、：:（）()]+(?=\s*(?:\||\n|\Z))")
_CHINESE_ORDINAL = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[）)][、.．]?|[一二三四五六七八九十]{1,3}[、.．])\s*$"
)
_ORDINAL_BEFORE_WORDS = re.compile(r"(?:\A|\s)(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、])\s*$")
_BARE_ORDINAL = re.compile(r"(?:\A|(?<=\s))\d{1,2}[.．、]\s*$")
_REST_OF_ORDINAL = re.compile(r"(?:\A|(?<=\s))\d{1,2}\Z")  # ``4保护``: its mark was lost
_DIGITS = re.compile(r"\d{2,}")


class Gaps:
    """Reads the gaps between the labels of one stream."""

    def __init__(self, stream: Stream, tokens: Sequence[Token], dictionary: Dictionary, reader: ValueReader) -> None:
        self._stream = stream
        self._tokens = tokens
        self._values = dictionary.values
        self._reader = reader

    def read_gap(self, number: int, columns: int) -> Gap:
        """Return the values behind the label ``number``, which belong to so many columns."""
        raw = self._stream.raw
        start = self._tokens[number].end
        following = self._tokens[number + 1] if number + 1 < len(self._tokens) else None
        limit = following.start if following is not None else len(raw)
        base = start + _skip_opening(raw[start:limit])
        body = _without_ordinal(raw[base:limit], following)
        printed = self._match_values(body)
        values = printed if len(printed) == len(body) else _without_ordinal_of_words(printed, body)
        parts = [(base + match.start(), base + match.end()) for match in _PART.finditer(values)]
        if len(parts) > columns:
            line = [part for part in parts if "\n" not in raw[start : part[0]]]
            # The row's own line is full: what stands below it is another's, or the rest of its last value.
            if len(line) == columns:
                parts = self._with_rest(line, parts[columns:])
        end = base + len(printed)
        at_once = end == base + len(body)
        inside = at_once and following is not None and bool(following.of("row") or following.of("group"))
        edges = [start, *(stop for _, stop in parts)]
        begins = [*(first for first, _ in parts), end]
        breaks = tuple(raw.count("\n", edge, begin) for edge, begin in zip(edges, begins, strict=True))
        return Gap(start, tuple(parts), end, columns, breaks, inside, (base + len(values), base + len(body)))

    def _match_values(self, body: str) -> str:
        """The values at the beginning of a gap, each with whatever is printed right behind its number."""
        at = 0
        while values := self._values.match(body, at):
            at = values.end()
            spoilt = _SPOILT.match(body, at)
            if spoilt is None and "|" in body[body.rfind("\n", 0, at) + 1 : at]:
                spoilt = _REST_OF_CELL.match(body, at)  # bars say where the cell ends: 3年, 3左右
            if spoilt is None:
                break
            at = spoilt.end()
        return body[:at]

    def _with_rest(self, line: list[tuple[int, int]], behind: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The values of a line; the last one with a number alone right below it, which may be its rest."""
        raw = self._stream.raw
        between = raw[line[-1][1] : behind[0][0]]
        alone = len(behind) == 1 and raw[behind[0][1] :].partition("\n")[0].strip() == ""
        if not alone or between.count("\n") != 1 or not raw[slice(*behind[0])].isdigit():
            return line
        return [*line[:-1], (line[-1][0], behind[0][1])]

    def finish_row(self, row: Row, gap: Gap, steps: Steps, *, own_line: bool) -> Row | None:
        """Return the row with the blanks that the text kept; None when nothing of it is printed.

        Args:
            row: as it was printed.
            gap: where its values stand.
            steps: of the document.
            own_line: its values do not begin in the line of its label.
        """
        pitch = steps.pitches.get(row.table)
        if pitch is not None and self._stream.counts_lines and all(gap.breaks[:-1]):
            counted = self._count_blanks(row, gap, pitch, own_line=own_line)
            if counted is not None:
                return counted
        if pitch is None and (barred := self._find_barred_cells(gap)) is not None:
            return dataclasses.replace(row, slots=barred)
        raw, count, columns = self._stream.raw, len(gap.parts), gap.columns
        if count == 0:
            return None
        if count == columns:
            if may_be_page_number(raw, list(gap.parts)):
                return row if self._adds_up(row) else dataclasses.replace(row, overrun=True)
            return row if pitch is not None else self._spread_row(row, gap, steps, own_line=own_line)
        if count > columns and "\n" in raw[gap.parts[0][0] : gap.parts[-1][1]]:
            return dataclasses.replace(row, overrun=True)
        if count == 1:
            only = row.slots[0].text
            if _DIGITS.fullmatch(only) or not self._reader.could_be(only):
                return dataclasses.replace(row, run_together=True)
        return row

    def _count_blanks(self, row: Row, gap: Gap, pitch: Pitch, *, own_line: bool) -> Row | None:
        """The row with its blanks, by the line breaks around its values; None where these say nothing of it."""
        blanks = pitch.blanks(gap, own_line=own_line)
        if blanks is not None:
            if pitch.may_hide_blank(gap) and self.repeats_value(gap):
                slots = self._with_blanks(gap, [*blanks[:-1], 1], pitch)
                return dataclasses.replace(row, slots=slots, regular=False)
            return dataclasses.replace(row, slots=self._with_blanks(gap, blanks, pitch))
        full = len(gap.parts) == gap.columns
        if full and own_line and gap.breaks[0] - pitch.row >= pitch.cell and self.repeats_value(gap):
            slots = self._with_blanks(gap, [1, *[0] * gap.columns], pitch)
            return dataclasses.replace(row, slots=slots, regular=False)
        close = {*gap.breaks[1 if own_line else 0 : -1]} <= {pitch.cell}
        behind = gap.breaks[-1] - pitch.row
        ends = behind <= 0 if gap.inside else behind < pitch.cell
        if len(gap.parts) >= gap.columns and not (full and close and ends):
            return dataclasses.replace(row, overrun=True)
        return None

    def _find_barred_cells(self, gap: Gap) -> tuple[Slot, ...] | None:
        """The cells of a row that bars alone set off, up to its last column; what bars behind it mean is not said."""
        ends = [gap.start - 1, *(end - 1 for _, end in gap.parts[:-1])]
        counted = [self._stream.blanks(end) for end in ends]
        blanks = [count for count in counted if count is not None]
        own_lines = tuple(count + 1 for count in blanks) == gap.breaks[:-1]
        if not gap.parts or not own_lines or sum(blanks) + len(gap.parts) != gap.columns:
            return None
        return self._with_blanks(gap, [*blanks, 0], Pitch(1, 1))

    def _adds_up(self, row: Row) -> bool:
        """Whether the last value is the total of the others, as the last column of the form is."""
        numbers = [self._reader.read(slot.text).number for slot in row.slots]
        known = [number for number in numbers if number is not None]
        return len(known) == len(numbers) and any(known) and sum(known[:-1]) == known[-1]

    def _spread_row(self, row: Row, gap: Gap, steps: Steps, *, own_line: bool) -> Row:
        """A full row without a pitch to compare: where its own line breaks are uneven, a blank cell may stand.

        So it may before the first cell and behind the last one of a row that says something twice: where they are
        farther away than the cells are from each other, the next row than other rows are, or where all others lack one.
        """
        within = gap.breaks[1:-1]
        step = min(within, default=0)
        if not self._stream.counts_lines or step == 0:
            return row
        inner = [max(count // step - 1, int(count > step)) for count in within]
        before = behind = 0
        if self.repeats_value(gap):
            closest = steps.closest.get(row.table, 0)
            only_full = gap.columns in steps.lonely and gap.breaks[-1] > step
            farther = gap.inside and 0 < closest < gap.breaks[-1]
            before = int(not own_line and gap.breaks[0] > step)
            behind = int(only_full or farther)
        if not any((before, *inner, behind)):
            return row
        slots = self._with_blanks(gap, [before, *inner, behind], Pitch(step, step))
        return dataclasses.replace(row, slots=slots, regular=False)

    def repeats_value(self, gap: Gap) -> bool:
        """Whether two neighbours say the same: one of them may be the other, printed twice."""
        texts = [self._stream.raw[start:end] for start, end in gap.parts]
        return any(left == right for left, right in itertools.pairwise(texts))

    def _with_blanks(self, gap: Gap, blanks: Sequence[int], pitch: Pitch) -> tuple[Slot, ...]:
        """The cells of a gap, with so many blank ones before each and behind the last."""
        slots: list[Slot] = []
        edges = [gap.start, *(end for _, end in gap.parts)]
        for index, count in enumerate(blanks):
            for number in range(count):
                breaks = pitch.cell + number * pitch.blank
                slots.append(self._stream.blank(_find_break(self._stream.raw, edges[index], breaks)))
            if index < len(gap.parts):
                slots.append(self._stream.slot(*gap.parts[index]))
        return tuple(slots)


def _find_break(raw: str, start: int, number: int) -> int:
    """Where the line break so many behind ``start`` stands, counted from one; behind the last where there are fewer."""
    at = start
    for _ in range(number):
        found = raw.find("\n", at)
        if found < 0:
            return at
        at = found + 1
    return at - 1


def _skip_opening(text: str) -> int:
    """How many characters of a remark and of punctuation stand between a label and its values."""
    remark = REMARK.match(text)
    first = remark.end() if remark else 0
    opening = _OPENING.match(text[first:])
    return first + (opening.end() if opening else 0)


def _without_ordinal(text: str, following: Token | None) -> str:
    """``text`` without the ordinal of the label that follows it."""
    ordinals = {meaning.printed_ordinal for meaning in following.meanings} if following is not None else set()
    for ordinal in ordinals - {""}:
        text = re.sub(rf"{ordinal}\s*[.．、]\s*$", "", text)
    while match := _CHINESE_ORDINAL.search(text):
        text = text[: match.start()]
    return text


def _without_ordinal_of_words(values: str, body: str) -> str:
    """The values of a gap without the ordinal of the words that follow them."""
    values = _ORDINAL_BEFORE_WORDS.sub("", values)
    values = _BARE_ORDINAL.sub("", values)
    if is_words(body[len(values) :].lstrip("、)）")[:1]):
        values = _REST_OF_ORDINAL.sub("", values)
    return values
