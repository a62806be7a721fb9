import base64

import pytest

from parsers import UnreadableDocument
from parsers.formats import read_document, resolve

PAGE = "<html><body><p>一、总体情况</p><table><tr><td>规章<td>行政许可<td>行政处罚<tr><td>1<td>2<td>3</table>"


def archive(kind: str, body: bytes) -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: '
        + kind.encode()
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(body)
        + b"\r\n--B--\r\n"
    )


def test_the_page_in_the_archive_is_read_and_its_locators_lead_back() -> None:
    data = archive("text/html; charset=gb2312", PAGE.encode("gb18030"))
    document = read_document(data)
    (table,) = document.tables()
    assert [cell.text for cell in table.cells] == ["规章", "行政许可", "行政处罚", "1", "2", "3"]
    assert [resolve(data, cell.locator) for cell in table.cells] == [cell.text for cell in table.cells]


def test_an_archive_without_a_page() -> None:
    with pytest.raises(UnreadableDocument, match="no page"):
        read_document(archive("image/png", b"x"))


def framed(page: str, *parts: tuple[str, str]) -> bytes:
    """A page, and other parts with the headers that name them."""
    written = [("Content-Location: http://a.gov.cn/index.html", page), *parts]
    bodies = "".join(
        f"--B\r\nContent-Type: text/html; charset=utf-8\r\n{name}\r\n\r\n{body}\r\n" for name, body in written
    )
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n{bodies}--B--\r\n'.encode()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('<iframe src="cid:frame-1@x"></iframe>', "Content-ID: <frame-1@x>"),
        ("<frameset><frame src='/nb/2023.html'></frameset>", "Content-Location: http://a.gov.cn/nb/2023.html"),
        (
            "<p>年报</p><iframe height=9 src=http://a.gov.cn/b?x=1&amp;y=2>",
            "Content-Location: http://a.gov.cn/b?x=1&y=2",
        ),
    ],
)
def test_a_report_in_a_frame_of_the_page_is_read(source: str, name: str) -> None:
    data = framed(
        f"<html><body>{source}</body></html>", ("Content-ID: <other>", "<table><tr><td>9</table>"), (name, PAGE)
    )
    (table,) = read_document(data).tables()
    assert [resolve(data, cell.locator) for cell in table.cells] == ["规章", "行政许可", "行政处罚", "1", "2", "3"]


def test_a_report_in_a_frame_in_a_frame() -> None:
    middle = ("Content-ID: <middle>", "<body><iframe src=cid:inner></iframe></body>")
    data = framed("<body><iframe src=cid:middle></iframe></body>", middle, ("Content-ID: <inner>", PAGE))
    assert len(read_document(data).tables()) == 1


def test_a_page_with_a_table_of_its_own_stays_the_page() -> None:
    data = framed(f"{PAGE}<iframe src=cid:a></iframe>", ("Content-ID: <a>", "<table><tr><td>9</table>"))
    (table,) = read_document(data).tables()
    assert table.cells[0].text == "规章"
