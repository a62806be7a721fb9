"""archive.warc.streams.zstd: frames, and a dictionary in front of them."""

from __future__ import annotations

import zstandard

from tests.archive.warc.members import ONE, TWO, members


def test_a_zstd_dictionary_in_front() -> None:
    samples = [b"WARC/1.1\r\nWARC-Type: response\r\nnumber %d\r\n" % number * 3 for number in range(2000)]
    words = zstandard.train_dictionary(4096, samples)
    raw = words.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=words)
    frames = packer.compress(ONE) + packer.compress(TWO)
    for held in (raw, zstandard.compress(raw)):
        head = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held
        assert [content for _, content, _ in members(head + frames)] == [ONE, TWO]
    cut = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw[:50]
    assert members(cut) == [(0, b"", "cut-member")]
