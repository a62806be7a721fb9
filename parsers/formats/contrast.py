"""Whether a colour shows on another: what is written white on white is not there for a reader.

Luminance and contrast as WCAG 2.2 defines them (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). The bound lies
far below what the guidelines ask for: grey is hard to read, and is read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

WHITE = (1.0, 1.0, 1.0)
Colour = tuple[float, float, float]  # red, green, blue from 0 to 1

_LEAST = 1.15  # of 21; the lightest grey that office programs offer (F2F2F2 on white) has 1.12
_HEX = re.compile(r"#?(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def ratio(first: Colour, second: Colour) -> float:
    """The contrast of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@functools.lru_cache(maxsize=1024)
def shows(ink: Colour, ground: Colour = WHITE) -> bool:
    """Whether letters of one colour can be seen on the other."""
    return ratio(ink, ground) >= _LEAST


def of_hex(value: str | None) -> Colour | None:
    """The colour that six digits name (eight: the first two are alpha); None for ``auto`` and names."""
    match = _HEX.fullmatch(value or "")
    if match is None:
        return None
    red, green, blue = (int(match[1][at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def of_ink(parts: Sequence[float]) -> Colour | None:
    """The colour of one (grey), three (red, green, blue) or four (cyan, magenta, yellow, black) parts from 0 to 1."""
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        red, green, blue = ((1 - part) * (1 - parts[3]) for part in parts[:3])
        return red, green, blue
    return None


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
