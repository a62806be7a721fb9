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
