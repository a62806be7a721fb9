"""archive.verify.cdx: index files are recognised for what they are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.archive.judging import verdict_on

CDXJ = b'cn,gov,example)/ 20260115080000 {"url":"http://example.gov.cn/","filename":"x.warc.gz"}\n'


@pytest.mark.parametrize(
    ("data", "lines", "codes"),
    [
        (CDXJ * 3, 3, {"index-file"}),
        (b"!meta 1.0\n" + CDXJ, 1, {"index-file"}),
        (CDXJ.replace(b'"filename"', b'"file"'), 1, {"index-file", "bad-line"}),
        (CDXJ.replace(b"}", b""), 1, {"index-file", "bad-line"}),
        (
            b" CDX N b a m s k r M S V g\n" + b"a)/ 20260115080000 http://a/ text/html 200 X - - 1 2 f\n",
            1,
            {"index-file"},
        ),
        (b" CDX N b a\na)/ 20260115080000\n", 1, {"index-file", "bad-line"}),
        (b"b)/ 20260115080000 http://b/\na)/ 20260115080000 http://a/\n", 2, {"index-file", "not-sorted"}),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_lines(tmp_path: Path, data: bytes, lines: int, codes: set[str], pack) -> None:
    path = tmp_path / "index"
    path.write_bytes(pack(data))
    found = verdict_on(path)
    assert found.records == lines
    assert {problem.code for problem in found.problems} == codes


def test_a_cut_compressed_index_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj.gz"
    path.write_bytes(gzip.compress(CDXJ * 100)[:-4])
    assert verdict_on(path).verdict == "damaged"
