"""Lists of which several rows stand in one line: label, unit and number run on, down to a whole annex in one paragraph.

Labels are found letter by letter. What stands between two of them must be a unit and a number, and the ordinal of the
next label (``件11.当面申请数`` is 件, 1 and 1.当面申请数: the form prints that ordinal). Where most of it is something
else the line is prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from parsers.characters import narrow
from parsers.forms.labels import fold, is_words, ordinal
from parsers.forms.templates import ListRow
from parsers.remembered import remembered

_SHORTEST = 4
_ROWS = 2
_SHARE = 0.8
_NUMBER = r"(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?"
_CHINESE = r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])"
_NOTHING = r"[-—–/]{1,3}"
_REMARK = r"(?:\s*[（(][^（）()]{4,60}[）)])?"
_LEADERS = r"(?:(?:[…‥.．·・･]{2,}|[_—－-]{4,})\s*)?"  # dots or a line that lead the eye from a label to its number
_LONGEST_ORDINAL = 4  # characters left of ordinals and 其中 where letters are compared
_FRONT = re.compile(
    rf"[\s　]*(?:{_CHINESE}|[（(]?\d{{1,2}}[）).．、])?[\s　]*(?:其中[:：]?)?[\s　]*(?:\d{{1,2}}[.．、])?[\s　“\"《]*"
)
_HEAD_ORDINAL = re.compile(r"[\s　]*" + _CHINESE + r"\s*$")

Span = tuple[int, int]


class FlatRows:
    """Finds the cells in lines that hold several rows of one list.

    Args:
        rows: the rows of the list.
        units: words that are units.
    """

    def __init__(self, rows: Sequence[ListRow], units: Collection[str]) -> None:
        self._ordinals: dict[str, set[str]] = {}
        self._headings: set[str] = set()
        for row in rows:
            printed = re.sub(r"\D", "", ordinal(row.zh))
            for wording in map(fold, row.wordings):
                if len(wording) >= _SHORTEST:
                    self._ordinals.setdefault(wording, set()).update({printed} if printed else ())
                    if row.type == "heading":
                        self._headings.add(wording)
        self._holds_several: Callable[[str], bool] = remembered(self._has_several)
        longest = sorted(self._ordinals, key=len, reverse=True)
        self._labels = re.compile("|".join(map(re.escape, longest)) or r"(?!)")
        self._units = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
        self._row_behind = re.compile(
            rf"{_REMARK}[）)\]】”\"\s]*{_LEADERS}[:：]?\s*(?:[(（]?(?P<unit>{self._units})[)）]?\s*[:：]?\s*{_LEADERS})?"
            rf"(?P<number>{_NUMBER})(?P<behind>\s*(?:{self._units})?)\s*[；;。]?\s*"
        )

    def spans(self, line: str) -> list[Span] | None:
        """Where the cells of a line stand; None where it does not hold several rows."""
        if not self._holds_several(line):
            return None
        letters, places = _letters(line)
        found = [(m.group(), places[m.start()], places[m.end() - 1] + 1) for m in self._labels.finditer(letters)]
        if len(found) < _ROWS:
            return None
        spans: list[Span] = []
        front = line[: found[0][1]].strip()
        if is_words(front) or front.isdigit():
            # The ordinal of the first label is no part of what stands in front of it.
            ordinal_of_first = _HEAD_ORDINAL.search(line[: found[0][1]])
            spans.append(_trimmed(line, 0, ordinal_of_first.start() if ordinal_of_first else found[0][1]))
        fit = 0
        for number, (wording, start, end) in enumerate(found):
            following = found[number + 1] if number + 1 < len(found) else None
            until = following[1] if following else len(line)
            cells = self._cells(line[end:until], following[0] if following else None)
            spans.append(_closed(line, start, end, until))
            if cells is None:
                spans.append(_trimmed(line, end, until))
                continue
            fit += bool(cells) or wording in self._headings
            spans += [(end + first, end + last) for first, last in cells]
        return [span for span in spans if span[0] < span[1]] if fit >= _SHARE * len(found) else None

    def _has_several(self, line: str) -> bool:
        return len(self._labels.findall(fold(line))) >= _ROWS

    def row(self, line: str) -> list[Span] | None:
        """Where the cells of a line stand that is one row, label, unit and number run on; None where it is none."""
        letters, places = _letters(line)
        found = self._labels.search(letters)
        if found is None or found.start() > _LONGEST_ORDINAL:
            return None
        start, end = places[found.start()], places[found.end() - 1] + 1
        match = self._row_behind.fullmatch(line, end)
        if match is None or (match["unit"] and match["behind"].strip()) or not _FRONT.fullmatch(line[:start]):
            return None
        unit = [match.span("unit")] if match["unit"] else []
        return [_closed(line, start, end, match.start("number")), *unit, (match.start("number"), match.end("behind"))]

    def _cells(self, gap: str, following: str | None) -> list[Span] | None:
        """Unit and number between two labels; None where something else stands there."""
        behind = _CHINESE + "?"
        if following is not None:
            numerals = "|".join(sorted(self._ordinals[following]))
            arabic = rf"|[（(]?(?:{numerals})[）).．、]" if numerals else ""
            behind = rf"(?:{_CHINESE}{arabic})?(?:其中[:：]?)?(?:{_CHINESE}{arabic})?"
        plain = narrow(gap)
        # Behind the first number there may be those of further columns (历年累计), parted by blanks.
        match = re.fullmatch(
            rf"{_REMARK}[）)\]】:：\s]*{_LEADERS}(?P<unit>{self._units})?\s*{_LEADERS}"
            rf"(?P<number>{_NUMBER}(?:(?<=\d)\s*(?:{self._units})(?=\s*(?:[；;。]|$)))?)??"
            rf"(?P<more>(?:\s+{_NUMBER}(?=\s|$)|\s+{_NOTHING}(?=\s|$))*?)\s*[；;。]?\s*(?:{behind})[（(“\"《\s]*",
            plain if len(plain) == len(gap) else gap,
        )
        if match is None:
            return None
        more = [
            found.span()
            for found in re.finditer(_NUMBER, gap)
            if match["more"] and found.start() >= match.start("more")
        ]
        inside = [span for span in more if span[1] <= match.end("more")]
        return [*(match.span(name) for name in ("unit", "number") if match[name]), *inside]


@remembered
def _letters(line: str) -> tuple[str, Sequence[int]]:
    """The letters of a line as labels are compared, and where each stands."""
    folded = list(map(fold, line))
    places: list[int] = []
    for place, letters in enumerate(folded):
        if letters:
            places += [place] * len(letters)
    return "".join(folded), places


def _trimmed(line: str, start: int, end: int) -> Span:
    inner = line[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))


def _closed(line: str, start: int, end: int, until: int) -> Span:
    """A label with the bracket or quote that closes it."""
    while end < until and line[end] in '）)】]”"':
        end += 1
    return start, end
