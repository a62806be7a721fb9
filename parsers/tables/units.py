"""Where a document says the unit of its amounts: in a label or header, in or above its table, in a remark.

``单位：件、元`` above a table is of all its amounts, ``（单位：千元）`` behind a label of one. Counts have one unit,
and may be printed in ten thousands of it (``单位：万件``). The units are facts (``money`` in ``reading.yaml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from parsers.characters import narrow, strip_blanks

_PARTED = re.compile(r"[、,，/和与及:;()\[\]【】]")
# A run of blanks is looked at once, from its beginning, and never given back (*+): its square takes seconds.
_BRACKET = re.compile(r"(?<!\s)\s*+[（(\[【][^（(\[【]*(?:[（(][^（()）]*[)）])?[)）\]】]\s*+$")
_REMARK = re.compile(r"[（(]?(?:注|备注|说明)")
_SECTION = re.compile(r"[一二三四五六七八九十]{1,2}、")
_LONGEST = 400  # characters of a paragraph in which a unit is looked for
_SHORT = len("（单位：人民币千万元）")
_BEHIND = 2  # blocks of text behind a table that may be its remarks


class UnitWords:
    """Reads what a text says of units.

    Args:
        money: the units of amounts.
    """

    def __init__(self, money: Iterable[str]) -> None:
        self._money = frozenset(money)
        units = "|".join(sorted(map(re.escape, self._money), key=len, reverse=True))
        # 单位：件、元; 金额单位为千元; 单位（万元）; 单位：件，金额单位：元 says 单位 twice
        self._stated = re.compile(r"单位[)\]】]?(?:均|都)?(?:为|是|以)?:?((?:(?!单位)[^。]){1,24})")
        self._counted = re.compile(rf"(?:以|按)(?:人民币)?({units})(?:为(?:计量)?单位|计)")
        # 金额：元; 收费金额/元
        self._named = re.compile(rf".{{0,12}}金额[/,:]?({units})")
        self._slashed = re.compile(rf"(?:(?<=金额)|(?<!\s)\s*+[/／])\s*+[,，]?\s*+({units})\s*+$")
        self.said = functools.lru_cache(maxsize=4096)(self._said)
        self.of_label = functools.lru_cache(maxsize=4096)(self._of_label)

    def _said(self, text: str) -> str | None:
        """The unit of amounts that a text states; None when it states none, or several."""
        if len(text) > _LONGEST:
            return None
        folded = strip_blanks(narrow(text))
        found = {match.group(1) for match in self._counted.finditer(folded)}
        if amount := self._named.fullmatch(folded):
            found.add(amount[1])
        if len(folded) <= _SHORT and folded.startswith(("(", "[", "【")) and (unit := self._within(folded)):
            found.add(unit)
        for match in self._stated.finditer(folded):
            named = (word.removeprefix("人民币") for word in _PARTED.split(match.group(1)))
            found |= self._money.intersection(named)
        return found.pop() if len(found) == 1 else None

    def _of_label(self, text: str) -> str | None:
        """The unit that a label or header states, be it in brackets behind it without a word for it."""
        bracket, slashed = _BRACKET.search(text), self._slashed.search(text)
        return self.said(text) or (self._within(bracket[0]) if bracket else slashed[1] if slashed else None)

    def without(self, text: str) -> str:
        """A label without the unit behind it: ``行政事业性收费（元）`` is 行政事业性收费."""
        bracket = _BRACKET.search(text)
        if bracket and (self.said(bracket[0]) or self._within(bracket[0])):
            return text[: bracket.start()]
        return self._slashed.sub("", text)

    def _within(self, bracket: str) -> str | None:
        words = _PARTED.split(strip_blanks(narrow(bracket)).replace("人民币", ""))
        found = self._money.intersection(words)
        return next(iter(found)) if len(found) == 1 else None


class CountWords:
    """Reads what a text says of how counts are printed: in ten thousands (``单位：万件``), or not.

    Args:
        counters: what is counted.
    """

    def __init__(self, counters: Iterable[str]) -> None:
        units = "|".join(sorted(map(re.escape, counters), key=len, reverse=True))
        self._stated = re.compile(rf"单位[^。]{{0,16}}?(万(?:{units}))(?![㐀-鿿])|[(\[](万(?:{units}))[)\]]")
        self.said = functools.lru_cache(maxsize=4096)(self._said)

    def _said(self, text: str) -> str | None:
        """``万件`` where a text states it, else None."""
        if "万" not in text or len(text) > _LONGEST:
            return None
        match = self._stated.search(strip_blanks(narrow(text)))
        return (match[1] or match[2]) if match else None


def is_remark(text: str) -> bool:
    """Whether a line behind a table is a remark on it, or nothing but a unit."""
    return _REMARK.match(text.strip()) is not None or len(text.strip()) <= _SHORT


class UnitsAbove:
    """The unit that holds for the next table: what the lines above it, its section's heading and its remarks say."""

    def __init__(self, words: UnitWords | CountWords) -> None:
        self._words = words
        self._section: str | None = None
        self._nearest: str | None = None

    def pass_text(self, text: str) -> None:
        """Take in a block of text above a table."""
        said = self._words.said(text)
        if _SECTION.match(text.strip()):
            self._section = said  # the units of another section are not this one's
        self._nearest = said or self._nearest

    def of_table(self, caption: str | None, behind: Sequence[str]) -> str | None:
        """The unit for a table, nearest first; what stood above it is of no other table, but for its section's.

        Args:
            caption: the table's own.
            behind: the blocks of text that follow it, up to the next table.
        """
        remarks = [text for text in behind[:_BEHIND] if is_remark(text)]
        said = (self._words.said(text) for text in (caption or "", *remarks))
        found = next((unit for unit in said if unit), None)
        nearest, self._nearest = self._nearest, None
        return nearest or found or self._section
