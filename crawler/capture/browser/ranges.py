"""Files that a page reads in pieces: which of them it left unread somewhere, so that they are asked for whole.

A viewer asks for the pieces of a file that it shows. What came of them is archived as it came, but no reader could make
the file of it. Films and sound, which nobody reads to the end, are left at that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.capture.answer import Answer

Fields = Sequence[tuple[bytes, bytes]]

MOST = 10
"""So many files of one page are asked for whole."""

_PARTIAL = 206
_RANGES = frozenset({b"range", b"if-range"})
_SPAN = re.compile(r"\s*bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15})\s*", re.IGNORECASE)
_PLAYED = ("video/", "audio/")


class Ranges:
    """What came in pieces while one page was shown."""

    def __init__(self) -> None:
        self._pieces: dict[str, tuple[int, list[tuple[int, int]]]] = {}
        self._fields: dict[str, list[tuple[bytes, bytes]]] = {}
        self._whole: set[str] = set()

    def heard(self, url: str, method: str, fields: Fields, answer: Answer) -> None:
        """Take notice of an answer."""
        url = url.partition("#")[0]
        if answer.status == 200 and answer.cut is None:
            self._whole.add(url)
        found = _SPAN.fullmatch(answer.header("Content-Range") or "")
        played = (answer.header("Content-Type") or "").strip().lower().startswith(_PLAYED)
        if method != "GET" or answer.status != _PARTIAL or found is None or played:
            return
        total, pieces = self._pieces.setdefault(url, (int(found[3]), []))
        pieces.append((int(found[1]), min(int(found[2]) + 1, total)))
        self._fields[url] = [(name, value) for name, value in fields if name.lower() not in _RANGES]

    def unread(self, most_bytes: int) -> Sequence[tuple[str, Fields]]:
        """Addresses of files that did not come to their last byte, with the headers to ask for them; forgets them."""
        found = [
            (url, self._fields[url])
            for url, (total, pieces) in self._pieces.items()
            if url not in self._whole and total <= most_bytes and _covered(pieces) < total
        ]
        self._pieces.clear()
        self._fields.clear()
        return found[:MOST]


def _covered(pieces: Sequence[tuple[int, int]]) -> int:
    """How many bytes came, each counted once."""
    covered = end = 0
    for first, behind in sorted(pieces):
        covered += max(0, behind - max(first, end))
        end = max(end, behind)
    return covered
