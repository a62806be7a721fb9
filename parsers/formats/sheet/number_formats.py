"""Numbers as the number format of their cell shows them: rounded, scaled, with the words that the format adds.

Only what a reader would take for another number than the stored one matters here: scaling (``0.0,`` shows thousands),
percent, rounding, added units, and formats that show nothing. Dates and fractions are left to the reader of the file.

Source of the codes: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

# ECMA-376 part 1, 18.8.30: codes that every program knows by number.
KNOWN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    49: "@",
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)|(?P<sign>.)',
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_CURRENCY = re.compile(r"\$([^-]*)")
_LOOKS = str.maketrans("", "", "¥￥$€£() +-")  # signs beside a number that change nothing about it
_EXACT = Context(prec=15)


def shown(stored: str, code: str) -> str:
    """The text of a cell that holds a number.

    Args:
        stored: the number as stored.
        code: the format's code.

    Returns:
        ``stored`` where the format shows the same number (digits lost to arithmetic with doubles aside), or cannot be
        followed; else what it shows, without separators of thousands.
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    section = _section(code, number) if number.is_finite() else None
    if section is None or not number:
        return stored
    text = _rendered(section, abs(number))
    if text is None:
        return stored
    plain = text.translate(_LOOKS)
    try:
        same = Decimal(plain) == abs(number) or Decimal(plain) == abs(_EXACT.plus(number))
    except InvalidOperation:
        same = False
    if same:
        return stored
    negative = number < 0 and bool(re.search("[1-9]", text)) and not text.lstrip().startswith("-")
    return f"-{text.strip()}" if negative else text.strip()


def _section(code: str, number: Decimal) -> list[re.Match[str]] | None:
    """The part of a code that is for this number: for positive ones, negative ones and noughts, or by conditions."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(condition, number):
                return section
        return None
    return sections[1] if number < 0 and len(sections) > 1 else sections[0]


def _condition(section: list[re.Match[str]]) -> tuple[str, Decimal] | None:
    for token in section:
        found = _CONDITION.fullmatch(token["bracket"] or "")
        if found is not None:
            return found[1], Decimal(found[2])
    return None


def _holds(condition: tuple[str, Decimal], number: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": number < bound,
        ">": number > bound,
        "=": number == bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "<>": number != bound,
    }[sign]


def _rendered(section: list[re.Match[str]], number: Decimal) -> str | None:
    """A number by one section; None where the section is a date, a fraction, or tells the number in other signs."""
    parts: list[str] = []  # literal words, and "0" for each place of a digit
    places: list[bool] = []
    decimals = -1
    scale = percent = 0
    for token in section:
        sign = token["sign"]
        if token["general"] or (sign is not None and sign in "@/EeyYmMdDhHsSgGaAbB"):
            return None
        if sign is not None and sign in "0#?":
            parts.append(sign)
            places.append(True)
            scale = 0
            decimals += decimals >= 0
        elif sign == ".":
            decimals = max(decimals, 0)
            parts.append(".")
            places.append(False)
        elif sign == ",":
            scale += 1
        else:
            percent += sign == "%"
            currency = _CURRENCY.match(token["bracket"] or "")
            written = token["quoted"] or token["escaped"] or sign or (currency[1] if currency else "")
            parts.append(written)
            places.append(False)
    if not any(places):
        return "".join(parts)
    places_behind = max(decimals, 0)
    scaled = number * 100**percent / 1000**scale
    digits = str((scaled * 10**places_behind).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return _placed(parts, places, digits.rjust(places_behind + 1, "0"), places_behind)


def _placed(parts: list[str], places: list[bool], digits: str, places_behind: int) -> str:
    """Digits put in their places from the right; the first place takes all that are left."""
    first = places.index(True)
    rest = list(digits)
    written = [""] * len(parts)
    for at in range(len(parts) - 1, -1, -1):
        if not places[at]:
            written[at] = parts[at]
        elif at == first:
            written[at] = "".join(rest)
        elif rest:
            digit = rest.pop()
            written[at] = digit
        else:
            written[at] = "0" if parts[at] == "0" else ""
    text = "".join(written)
    if places_behind:
        before, _, behind = text.partition(".")
        optional = len("".join(part for part, place in zip(parts, places, strict=True) if place).rstrip("#"))
        least = places_behind - (sum(places) - optional)
        while len(behind) > max(least, 0) and behind.endswith("0"):
            behind = behind[:-1]
        text = f"{before}.{behind}" if behind else before
    return text
