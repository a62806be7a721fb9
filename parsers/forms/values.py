"""Printed values: what a cell of a form says, without ever making it say more.

A blank is not a zero; a remark is kept in the raw text; an amount is turned into 万元 by the unit in its own cell, else
by the header's, else by the form's. The words for "nothing here", signs and units are facts (``reading.yaml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Literal

from parsers.characters import narrow, strip_blanks
from parsers.forms.templates import ValueFacts
from parsers.numerals import CHINESE_NUMERALS, FORMAL_NUMERALS, chinese_number
from parsers.remembered import remembered

Status = Literal["number", "blank", "not_applicable", "text"]
Doubt = Literal["leading_zero", "number_corrected"]
_TEN_THOUSAND = Decimal(10_000)

DOUBTS: Mapping[Doubt, str] = {
    # ``01``: nobody writes it, so a page number or another cell's digit may be glued to it.
    "leading_zero": "begins with a nought; something may be glued to it",
    # ``392（更正为15）``: which of the two is the cell's is said in words.
    "number_corrected": "says something else in the remark behind the number",
}
"""Issue codes of numbers that are not given, and what each says of the cell."""

_REMARK = re.compile(r"^(?P<rest>[^()]*\d[^()]*)\((?P<remark>[^()]*[㐀-鿿][^()]*)\)$")
_DIGITS = r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_ENDING = re.compile(r"[。;；,，、.]+$")
_BROKEN_OFF = re.compile(r"\d(?P<mark>[.,])$")
# Marks of a footnote behind a value: superscripts, subscripts, circled numbers, stars, numbers in square brackets.
_MARKS = re.compile(
    r"(?<=[\d件条个次元项])\s*(?:[\[(（〔⁽₍]?[⁰¹²³⁴-⁹₀-₉①-⑳⑴-⒇*＊※]{1,2}[\])）〕⁾₎]?|[\[〔［]\d{1,2}[\]〕］])\s*$"
)
_MARK = re.compile("[⁰¹²³⁴-⁹⁽⁾₀-₉₍₎①-⑳⑴-⒇]")
_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_GLUED = re.compile(r"0+[0-9]")
_EXACT = Context(prec=15)  # digits that every decimal keeps on its way through a double (IEEE 754 binary64)
# 1’234 and thin blanks in groups of three: a mark of thousands; a full blank may part two numbers.
_GROUP_MARKS = "'’‘ʼ＇\u2005-\u200a\u202f"
_GROUPED = re.compile(
    rf"(?<![\d.,{_GROUP_MARKS}])\d{{1,3}}(?P<mark>[{_GROUP_MARKS}])\d{{3}}(?:(?P=mark)\d{{3}})*(?![\d,{_GROUP_MARKS}])"
)
_GROUP_MARK = re.compile(rf"(?<=\d)[{_GROUP_MARKS}](?=\d{{3}})")
# 345 ↑12.5%: how far the number went up or down stands beside it.
_CHANGE = re.compile(r"(?<=[\d件条个次项宗元])\s*[↑↓⬆⬇▲▼△▽]\s*\d+(?:\.\d+)?\s*+(?:[%％]|个?百分点)?\s*+$")
_APART = re.compile(r"\d\s+\d")
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")  # as most cells are printed
_FILL_IN = re.compile(r"[_—―–─－-]+")  # a line to write on, or drawn through
_LONGEST_KEPT = 64  # characters; longer texts are hardly cells
_LONGEST_READ = 400  # characters of a number with its remark; what is longer is text, and costs nothing to call so


@dataclass(frozen=True, slots=True)
class Value:
    """What one cell says. ``number`` is given exactly when ``status`` is ``number``.

    Attributes:
        unit: unit of ``number`` (amounts: 万元).
        assumed: the amount's unit is printed nowhere and was taken from the form.
        remark: what stands in brackets behind the number.
        scaled: the count is printed in ten thousands, and may be rounded.
        doubt: why the number may not be the cell's, a key of `DOUBTS`.
        others: the numbers that the cell may mean in its place.
    """

    status: Status
    number: Decimal | None = None
    unit: str | None = None
    assumed: bool = False
    remark: str | None = None
    scaled: bool = False
    doubt: Doubt | None = None
    others: tuple[Decimal, ...] = ()


class ValueReader:
    """Reads cells by the facts of ``reading.yaml``.

    Attributes:
        could_be: whether a cell can hold a value: a number, nothing, or a word for nothing.
        is_number: whether a cell holds a number, whatever its unit.
        is_blank: whether a cell is blank in the field's sense (also 无, /, —).
    """

    def __init__(self, facts: ValueFacts) -> None:
        self._blank = {_fold(word) for word in facts.blank}
        self._not_applicable = {_fold(word).casefold() for word in facts.not_applicable}
        self._signs = facts.signs
        self._money = {unit: Decimal(factor) for unit, factor in facts.money.items()}
        self._counters = set(facts.counters)
        self._corrects = re.compile("|".join(map(re.escape, facts.corrections)) or r"(?!)")
        self._harmless = tuple(facts.harmless)
        signs = "|".join(re.escape(sign) for sign in sorted(facts.signs, key=len, reverse=True))
        units = sorted((*facts.money, *facts.counters), key=len, reverse=True)
        counted = "|".join(map(re.escape, sorted(facts.counters, key=len, reverse=True)))
        named = "|".join(map(re.escape, units))
        self._number = re.compile(rf"(?P<sign>{signs})?{_DIGITS}(?:(?P<scale>万)(?=$|{counted}))?(?P<unit>{named})?")
        # 零, 三件, 壹拾贰: a numeral alone counts sections; with its unit or written formally it is a number.
        nought = "|".join(map(re.escape, facts.nought)) or r"(?!)"
        numeral = rf"[{CHINESE_NUMERALS}]+(?=(?:{counted})$)|[{FORMAL_NUMERALS}]+"
        self._spelled = re.compile(rf"(?:(?P<nought>{nought})|(?P<numeral>{numeral}))(?P<unit>{named})?")
        # 本年处理决定数量（单位：万件）
        self._scaled = re.compile(rf"(?:单位(?:为|是|[:：])?|[(（])万(?:{counted})[)）]?")
        # A header states the unit in brackets or after its word: 金额（单位：万元，保留4位小数）, 采购总金额(万元).
        money = "|".join(sorted(map(re.escape, facts.money), key=len, reverse=True))
        self._stated = re.compile(rf"(?:单位[:：]?|[(（])(?:人民币)?(?P<unit>{money})")
        # A table asks of the same short text many times what it can be.
        self._read_short = functools.lru_cache(maxsize=16_384)(self._read)
        self.could_be: Callable[[str], bool] = remembered(self._could_be)
        self.is_number: Callable[[str], bool] = remembered(self._is_number)
        self.is_blank: Callable[[str], bool] = remembered(self._is_blank)

    def read(self, text: str, *, unit: str | None = None, header: str = "") -> Value:
        """Read one cell.

        Args:
            text: the cell as printed.
            unit: the form's unit.
            header: the column header as printed; it may name the unit of an amount.
        """
        read = self._read_short if len(text) <= _LONGEST_KEPT else self._read
        return read(text, unit, header)

    def _read(self, text: str, unit: str | None, header: str) -> Value:
        if len(text) > _LONGEST_READ and len(text.strip()) > _LONGEST_READ:
            return Value("text")
        if _PLAIN_NUMBER.fullmatch(text):
            return self._value(Decimal(text), unit, header)
        text = _CHANGE.sub("", _MARKS.sub("", text))
        if _GROUPED.search(text):
            text = _GROUP_MARK.sub("", text)
        if _MARK.search(text):
            return Value("text")
        folded = _fold(text)
        if folded in self._blank or _FILL_IN.fullmatch(folded):
            return Value("blank")
        if folded.casefold() in self._not_applicable:
            return Value("not_applicable")
        if _APART.search(narrow(text)):
            return Value("text")  # two numbers in one cell: which of them is meant is not for us to say
        if (broken := _BROKEN_OFF.search(text.rstrip())) and (unit in self._money or broken["mark"] == ","):
            return Value("text")  # 4068. with 208 on the next line: the rest may stand elsewhere
        remark = None
        if found := _REMARK.match(folded):
            folded, remark = found["rest"], found["remark"]
        folded = _ENDING.sub("", folded)
        match = self._number.fullmatch(folded)
        if match is None:
            return self._in_words(folded, unit, remark)
        number = _unrested(Decimal(match["digits"].replace(",", "")))
        if match["sign"] and self._signs[match["sign"]] < 0:
            number = -number
        printed, scaled = match["unit"], match["scale"] is not None
        if unit in self._money:
            value = self._amount(number, f"{match['scale'] or ''}{printed or ''}" or None, str(unit), header, remark)
        elif printed in self._money:
            return Value("text")  # money where the form counts things
        else:
            scaled = scaled or (not printed and self._scaled.search(narrow(header)) is not None)
            value = self._count(number, unit, remark, scaled=scaled)
        if remark is not None and self._is_corrected(remark):
            scale = value.number / number if number and value.number is not None else Decimal(1)
            others = tuple(Decimal(found.replace(",", "")) * scale for found in _NUMBERS.findall(remark))
            return replace(value, doubt="number_corrected", others=others)
        return replace(value, doubt="leading_zero") if _GLUED.match(match["digits"]) else value

    def _value(self, number: Decimal, unit: str | None, header: str) -> Value:
        """What a cell says that holds digits alone."""
        if unit in self._money:
            return self._amount(number, None, str(unit), header, None)
        return self._count(number, unit, None, scaled=self._scaled.search(narrow(header)) is not None)

    def _in_words(self, folded: str, unit: str | None, remark: str | None) -> Value:
        """A number that is written in Chinese numerals, where it can be nothing else."""
        match = self._spelled.fullmatch(folded)
        number = 0 if match and match["nought"] else chinese_number(match["numeral"]) if match else None
        if match is None or number is None or remark is not None:
            return Value("text")
        # No amount is written so but nought; its unit changes nothing.
        if match["unit"] in self._money and (unit not in self._money or number):
            return Value("text")
        return Value("number", Decimal(number), unit) if number == 0 or unit not in self._money else Value("text")

    def _count(self, number: Decimal, unit: str | None, remark: str | None, *, scaled: bool) -> Value:
        """A count, printed as it is or in ten thousands (``1.2万件``)."""
        whole = number * _TEN_THOUSAND if scaled else number
        if scaled and whole != whole.to_integral_value():
            return Value("text")  # no count is a part of a thing
        return Value("number", whole.quantize(Decimal(1)) if scaled else whole, unit, remark=remark, scaled=scaled)

    def _is_corrected(self, remark: str) -> bool:
        """Whether a remark puts the number before it in doubt: it corrects it, or names another without saying of what.

        Years and whole dates are no other numbers of the cell, and yet say that the number may be another year's.
        """
        if self._corrects.search(remark):
            return True
        return _NUMBERS.search(remark) is not None and not remark.startswith(self._harmless)

    def _could_be(self, text: str) -> bool:
        return self.read(text).status != "text" or self.read(text, unit="万元").status != "text"

    def _is_number(self, text: str) -> bool:
        return self.read(text, unit="万元").status == "number" or self.read(text).status == "number"

    def is_money(self, unit: str | None) -> bool:
        """Whether a unit is of amounts."""
        return unit in self._money

    def _is_blank(self, text: str) -> bool:
        return self.read(text).status == "blank"

    def _amount(self, number: Decimal, printed: str | None, unit: str, header: str, remark: str | None) -> Value:
        if printed is not None and printed not in self._money:
            return Value("text")
        stated = self._stated.search(narrow(f"({remark})" if remark else ""))
        stated = stated or self._stated.search(narrow(header))
        used = printed or (stated["unit"] if stated else None)
        value = number * self._money[used or unit] / self._money[unit]
        return Value("number", value, unit, assumed=used is None and number != 0, remark=remark)


def _unrested(number: Decimal) -> Decimal:
    """``number`` without the rest that arithmetic with doubles leaves behind: 0.30000000000000004 is 0.3."""
    if len(number.as_tuple().digits) <= _EXACT.prec or number == number.to_integral_value():
        return number
    return number.normalize(_EXACT)


@remembered
def _fold(text: str) -> str:
    return strip_blanks(narrow(text))
