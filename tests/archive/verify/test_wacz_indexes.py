"""archive.verify.wacz_indexes: pages and indexes of packages. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import gzip
import io

import pytest

from archive.verify.verdict import FileVerdict
from archive.verify.wacz_indexes import check_index, check_name, check_pages

TITLE = b'{"format": "json-pages-1.0", "id": "pages"}\n'
PAGE = b'{"url": "http://a.cn/", "ts": "2026-01-01T00:00:00Z"}\n'
LINE = b'cn,a)/ 20260101000000 {"url": "http://a.cn/", "filename": "a.warc.gz", "offset": "%d", "length": "9"}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TITLE + PAGE + b"\n" + PAGE, []),
        (PAGE, []),
        (PAGE + TITLE, ["the page has no url and no ts"]),
        (TITLE + b"[1]\n", ["the page has no url and no ts"]),
        (TITLE + b"[" * 100_000, ["the JSON cannot be read"]),
        (TITLE + b'{"url": "", "ts": "x"}', ["the page has no url"]),
    ],
)
def test_pages(text: bytes, said: list[str]) -> None:
    verdict = FileVerdict("x.wacz")
    check_pages(io.BytesIO(text), "pages/pages.jsonl", verdict)
    assert [finding.message.partition(": ")[2] for finding in verdict.problems] == said
    assert {finding.level for finding in verdict.problems} <= {"nonconformant"}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("offset", "known", "said"),
    [
        (0, {"a.warc.gz": {0, 70}}, None),
        (7, {"a.warc.gz": {0, 70}}, "no record of a.warc.gz begins at 7"),
        (7, {"a.warc.gz": None}, None),  # its records are not all known
        (0, {"b.warc.gz": {0}}, "no file of the package is called 'a.warc.gz'"),
    ],
)
def test_indexes(offset: int, known: dict[str, set[int] | None], said: str | None, *, packed: bool) -> None:
    verdict = FileVerdict("x.wacz")
    text = LINE % offset
    check_index(io.BytesIO(gzip.compress(text) if packed else text), "indexes/index.cdxj", known, verdict)
    assert [finding.message for finding in verdict.problems] == (
        [f"indexes/index.cdxj: line 1: {said}"] if said else []
    )


def test_names() -> None:
    for name, expected in (("archive/a.warc", ["misplaced-archive"]), ("archive/a.warc.gz", [])):
        verdict = FileVerdict("x.wacz")
        check_name(name, b"\x1f\x8b\x08\x00", verdict)
        assert [finding.code for finding in verdict.problems] == expected
    verdict = FileVerdict("x.wacz")
    check_name("archive/a.warc", b"WARC", verdict)
    assert verdict.problems == []
