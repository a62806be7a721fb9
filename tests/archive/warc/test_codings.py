"""Codings undone as browsers undo them, within limits."""

from __future__ import annotations

import gzip
import random
import time
import zlib

import brotli
import pytest
import zstandard

from archive import WarcError
from archive.warc import HttpMessage
from archive.warc.codings import MAX_CODINGS, decode

BODY = "政府信息公开工作年度报告。".encode() * 700
GZ = gzip.compress(BODY, mtime=0)


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", GZ[:-8] + bytes(4) + GZ[-4:]),
        ("gzip", GZ[:-4] + bytes(4)),
        ("gzip", GZ[:-9] + bytes([GZ[-9]]) + b"\xff" * 8),
        ("deflate", zlib.compress(BODY)[:-4] + bytes(4)),
    ],
)
def test_a_wrong_checksum_costs_no_byte(coding: str, data: bytes) -> None:
    read = decode([coding], data)
    assert (read.data, read.fault) == (BODY, "checksum")


@pytest.mark.parametrize("missing", [1, 4, 7])
def test_a_stream_without_its_end_is_all_there_and_called_cut(missing: int) -> None:
    assert decode(["gzip"], GZ[:-missing]).data == BODY
    assert decode(["gzip"], GZ[:-missing]).fault == "cut"
    assert decode(["deflate"], zlib.compress(BODY)[: -min(missing, 4)]).data == BODY


@pytest.mark.parametrize(
    ("coding", "data", "whole"),
    [
        ("gzip", GZ[:-8], True),
        ("gzip", GZ + GZ[:-8], True),
        ("deflate", zlib.compress(BODY)[:-4], True),
        ("deflate", zlib.compress(BODY)[:-1], False),
        ("gzip", GZ[:-9], False),
        ("gzip", GZ + GZ[:-9], False),
        ("deflate", zlib.compress(BODY)[:-5], False),
    ],
)
def test_a_stream_that_has_its_end_is_whole_without_any_checksum(coding: str, data: bytes, whole: bool) -> None:
    read = decode([coding], data)
    assert read.fault == (None if whole else "cut")
    assert (read.data in {BODY, BODY + BODY}) or not whole


@pytest.mark.parametrize("flags", [0, 2, 4, 8, 16, 30])
def test_heads_of_gzip_members(flags: int) -> None:
    extra = {4: b"\3\0abc", 8: b"name.html\0", 16: b"comment\0", 2: b"\1\2"}
    head = GZ[:3] + bytes([flags]) + GZ[4:10] + b"".join(value for flag, value in extra.items() if flags & flag)
    assert decode(["gzip"], head + GZ[10:]).data == BODY
    assert decode(["gzip"], head[:-1]).fault == "cut" or flags == 0


def test_damage_keeps_what_is_before_it() -> None:
    long = random.Random(1).randbytes(100_000)
    packed = bytearray(gzip.compress(long, 0))  # stored blocks: what is before the damage is there byte for byte
    packed[70_000:70_010] = b"\xff" * 10
    read = decode(["gzip"], bytes(packed[:65_000] + b"\xff" * 3000))
    assert len(read.data) > 60_000
    assert long.startswith(read.data[:60_000])
    small = bytearray(GZ)
    small[len(GZ) // 2] ^= 0xFF
    assert decode(["gzip"], bytes(small)).fault in {"damaged", "checksum", "cut"}
    assert decode(["gzip"], bytes(small)).data[:20] == BODY[:20]


@pytest.mark.parametrize(
    ("coding", "data", "fault"),
    [
        ("gzip", BODY, "absent"),
        ("deflate", b"\x07" + BODY, "absent"),
        ("br", b"<html>" + BODY, "absent"),
        ("zstd", BODY, "absent"),
        ("utf-8", BODY, "unknown"),
        ("none", BODY, "unknown"),
        ("gzip", GZ[: len(GZ) // 2], "cut"),
        ("zstd", zstandard.compress(BODY)[:-20], "cut"),
        ("br", brotli.compress(random.Random(2).randbytes(60_000))[:40_000], "cut"),
    ],
)
def test_every_fault_has_its_word(coding: str, data: bytes, fault: str) -> None:
    assert decode([coding], data).fault == fault


@pytest.mark.parametrize("layers", [MAX_CODINGS + 1, 30])
def test_nothing_is_coded_over_and_over(layers: int) -> None:
    data = b"<html>"
    for _ in range(layers):
        data = gzip.compress(data)
    with pytest.raises(WarcError, match=f"coded {layers} times"):
        decode(["gzip"] * layers, data)
    for _ in range(layers - MAX_CODINGS):
        data = gzip.decompress(data)
    assert decode(["gzip"] * MAX_CODINGS, data).data == b"<html>"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, brotli.compress, zstandard.compress])
def test_a_bomb_of_any_make_ends_at_the_limit(pack: object) -> None:
    coding = {"gzip": "gzip", "zlib": "deflate", "brotli": "br"}.get(getattr(pack, "__module__", ""), "zstd")
    bomb = pack(bytes(60_000_000))  # type: ignore[operator]
    begun = time.process_time()
    with pytest.raises(WarcError, match="more than 1000000 bytes"):
        decode([coding], bomb, 1_000_000)
    assert time.process_time() - begun < 2


def test_a_bomb_in_the_transfer_coding_does_not_keep_an_answer_from_its_digest() -> None:
    fields = b"Transfer-Encoding: " + b", ".join([b"gzip"] * 30)
    message = HttpMessage.parse(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n" + GZ)
    assert message.entity() == GZ
    assert not message.read_entity().complete
