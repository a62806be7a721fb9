"""Chinese numerals, as people write whole numbers in sentences and pagers: 三, 十二, 一百零三."""

from __future__ import annotations

CHINESE_NUMERALS = "〇零一二两三四五六七八九十百千"
"""Characters that such a number is made of, for a character class of a pattern."""

FORMAL_NUMERALS = "零壹贰叁肆伍陆柒捌玖拾佰仟貳參陸兩"
"""The same as they stand in accounts, where nobody can change them; no section is counted so."""

_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟貳參陸兩", "一二三四五六七八九十百千二三六两")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int | None:
    """The number that ``text`` (`CHINESE_NUMERALS` or `FORMAL_NUMERALS` alone) says; None where it says none (十百).

    Sequences of digits such as 二〇 are years and not meant here.
    """
    total, digit = 0, None
    lowest = 10_000
    for position, character in enumerate(text.translate(_PLAIN)):
        if character in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[character]
            continue
        weight = _TENS[character]
        if weight >= lowest or (digit is None and (position or weight != 10)):
            return None
        total += (1 if digit is None else digit) * weight
        lowest, digit = weight, None
    return total + (digit or 0)
