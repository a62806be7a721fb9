"""Blanks as reports contain them."""

from __future__ import annotations

import functools
import re

from parsers.radicals import plain

_BLANKS = re.compile("[\\s\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]+")


@functools.lru_cache(maxsize=16_384)
def bare(character: str) -> str:
    """What one character says, as texts are compared (`radicals.plain`): nothing where it is a blank."""
    return strip_blanks(plain(character))


def strip_blanks(text: str) -> str:
    """``text`` without any blank: spaces of all widths, zero-width characters, line breaks."""
    return _BLANKS.sub("", text)
