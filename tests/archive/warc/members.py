"""Files member by member, for the tests of streams."""

from __future__ import annotations

import io
import re

from archive.warc.streams.open import open_stream

RECORD = re.compile(rb"WARC/1\.1\r\n")
ONE, TWO = b"WARC/1.1\r\none" * 500, b"WARC/1.1\r\ntwo" * 500


def members(data: bytes) -> list[tuple[int, bytes, str | None]]:
    """Start, content and damage of every member."""
    stream = open_stream(io.BytesIO(data), RECORD)
    found = []
    while stream.next_member():
        content = b""
        while piece := stream.take(1000):
            content += piece
        found.append((stream.start, content, stream.damage.code if stream.damage else None))
        if stream.damage is not None:
            break
    return found
