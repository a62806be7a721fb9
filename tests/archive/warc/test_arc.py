"""archive.warc.arc: records of ARC files. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.warc.arc import read_arc
from archive.warc.problem import Problem

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


def test_a_record_with_blanks_in_its_address() -> None:
    block = b"HTTP/1.0 200 OK\r\n\r\nx"
    about = b"1 0 Hand\nURL IP-address Archive-date Content-type Archive-length\n"
    data = b"filedesc://x 0.0.0.0 20080430204825 text/plain %d\n%b\n" % (len(about), about)
    data += b"http://a.cn/a b?c=d e 192.0.2.1 20080430204826 text/html %d\n%b\n" % (len(block), block)
    findings: list[Problem] = []
    _, page = read_arc(io.BytesIO(data), findings.append)
    assert (page.url, page.ip, page.media_type, page.block) == (
        "http://a.cn/a b?c=d e",
        "192.0.2.1",
        "text/html",
        block,
    )
    assert page.moment == datetime(2008, 4, 30, 20, 48, 26, tzinfo=UTC)
    assert [found.code for found in findings] == ["bad-field"]


def test_version_2_has_ten_values() -> None:
    about = b"2 0 Hand\nURL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Length\n"
    line = b"filedesc://x.arc 0.0.0.0 19960923142103 text/plain 200 - - 0 x.arc %d\n"
    page = b"http://a.cn/ 127.10.100.2 19961104142103 text/html 200 fac069 - 209 x.arc 3\nabc\n"
    records = list(read_arc(io.BytesIO(line % len(about) + about + b"\n" + page), pytest.fail))
    assert [(one.url, one.block) for one in records][1:] == [("http://a.cn/", b"abc")]


def test_dates_that_are_none() -> None:
    (_, page) = read_arc(io.BytesIO((VERDICTS / "nonconformant/bad-date.arc").read_bytes()), lambda _: None)
    assert page.moment is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("cdxj-indexer/example.arc", 2),
        ("pywb/example.arc.gz", 2),
        ("webarchive/hello-world.arc", 2),
        ("webarchive/hello-world2.arc", 2),
        ("webarchive-commons/IAH-20080430204825-00000-blackbook-truncated.arc", 9),
    ],
)
def test_files_of_others(shared: Path, name: str, records: int) -> None:
    with (shared / "warcs" / name).open("rb") as file:
        found = list(read_arc(file, lambda _: None))
    assert len(found) == records
    assert all(one.whole for one in found)
