"""Which stream reads a file: told by the file's first bytes, never by its name."""

from __future__ import annotations

import re
from typing import BinaryIO

from archive.warc.streams.base import GZIP_MAGIC, SKIPPABLE, ZSTD_MAGIC, Stream
from archive.warc.streams.gzip import GzipStream
from archive.warc.streams.zstd import ZstdStream


def open_stream(file: BinaryIO, record: re.Pattern[bytes]) -> Stream:
    """The stream for a file, by its first bytes; ``record`` matches the beginning of a record."""
    file.seek(0)
    first = file.read(4)
    if first[:2] == GZIP_MAGIC[:2]:
        return GzipStream(file, record)
    if first == ZSTD_MAGIC or SKIPPABLE.match(first):
        return ZstdStream(file, record)
    return Stream(file, record)
