"""Lines folded between words and Chinese letters, as terminals count cells: wide characters are two."""

from __future__ import annotations

import re

from rich.cells import cell_len

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"


PIECES = re.compile(rf"\s+|[{_WIDE}]|[^\s{_WIDE}]+")


def folded(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, folded between words and Chinese letters.

    A word that is longer stays in one piece: it may be what somebody wants to copy.
    """
    lines, line, used = [], "", 0
    for piece in PIECES.findall(text):
        length = cell_len(piece)
        if line.strip() and used + length > width:
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + length
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
