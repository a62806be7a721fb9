"""Blanks as reports contain them."""

from __future__ import annotations

import re

_BLANKS = re.compile("[\\s\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]+")


def strip_blanks(text: str) -> str:
    """``text`` without any blank: spaces of all widths, zero-width characters, line breaks."""
    return _BLANKS.sub("", text)
