"""Which stream reads a file follows its bytes."""

from __future__ import annotations

import io
from pathlib import Path

import zstandard

from archive.warc.streams.base import Stream
from archive.warc.streams.gzip import GzipStream
from archive.warc.streams.open import open_stream
from archive.warc.streams.zstd import ZstdStream
from tests.archive.warc.members import ONE, RECORD


def test_the_kind_of_stream_follows_the_bytes(sealed: Path) -> None:
    with sealed.open("rb") as file:
        assert isinstance(open_stream(file, RECORD), GzipStream)
    assert isinstance(open_stream(io.BytesIO(zstandard.compress(ONE)), RECORD), ZstdStream)
    assert type(open_stream(io.BytesIO(ONE), RECORD)) is Stream
