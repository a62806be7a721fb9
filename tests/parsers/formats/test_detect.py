import importlib
import io
import zipfile

import pytest

from parsers import Hints, UnreadableDocument
from parsers.formats import detect, media, read_document
from tests.conftest import ROOT

NONE = Hints()


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(600)


BYTES: list[tuple[bytes, Hints, str]] = [
    (b"%PDF-1.7\n%...", NONE, media.PDF),
    (b"\r\n\r\n%PDF-1.4", Hints(media_type="text/html"), media.PDF),
    (zipped(word__document_dot_xml="<x/>"), Hints(url="http://a/b.zip"), media.DOCX),
    (zipped(xl__workbook_dot_xml="<x/>"), NONE, media.XLSX),
    (zipped(mimetype=media.ODS), NONE, media.ODS),
    (zipped(mimetype=media.ODT), NONE, media.ODT),
    (ole("WordDocument"), Hints(url="http://a/b.wps"), media.DOC),
    (ole("Workbook"), Hints(url="http://a/b.et"), media.XLS),
    (b"{\\rtf1\\ansi", NONE, media.RTF),
    ("<!DOCTYPE html><p>年报".encode("gb18030"), NONE, media.HTML),
    (
        b"\xef\xbb\xbf\n<!-- note -->\n<HTML>",
        Hints(url="http://a/b.doc", media_type="application/msword"),
        media.HTML,
    ),
    ("<html><body>年报".encode("utf-16"), NONE, media.HTML),
    ("<p>一、</p><table><tr><td>1</td></tr></table>".encode(), NONE, media.HTML),
    ("一、总体情况\n规章\t0\t0\t0\n".encode(), NONE, media.PLAIN),
    ("数量 <br> 见下".encode(), Hints(url="http://a/b.txt"), media.PLAIN),
    ("| 规章 | 0 |\n|---|---|\n| a | b |\n".encode(), NONE, media.MARKDOWN),
    ("# 年报\n\n## 一、总体情况\n".encode(), NONE, media.MARKDOWN),
    ("正文\n".encode(), Hints(url="http://a/report.md"), media.MARKDOWN),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n<html>", NONE, media.MHTML),
    (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', NONE, media.DOC),
    (("规章,0,0,0\n" * 10).encode(), NONE, media.CSV),
]


@pytest.mark.parametrize(("data", "hints", "expected"), BYTES)
def test_bytes_decide(data: bytes, hints: Hints, expected: str) -> None:
    assert detect.media_type(data, hints) == expected


def test_every_format_is_told_from_its_bytes() -> None:
    assert {expected for _, _, expected in BYTES} == {each.media_type for each in media.FORMATS}


def test_files_that_are_no_text_are_known_by_their_first_bytes() -> None:
    """Archive and crawler know documents by these before they are read; a web page may be text of UTF-16."""
    for data, _, expected in BYTES:
        if b"\0" in data and expected != media.HTML:
            assert data.startswith(media.DOCUMENT_BEGINNINGS), expected


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n\0\0", "empty"),
        (zipped(word__document_dot_xml="<x/>" * 50)[:-30], "cut off"),
        (zipped(readme="x"), "zip archive"),
        (zipped(OFD_dot_xml="<x/>"), "OFD"),
        (ole("EncryptedPackage"), "encrypted"),
        (ole("PowerPoint Document"), "unknown program"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
        (b"\x1f\x8b\x08" + bytes(50), "gzip"),
        (bytes(range(1, 32)) * 40, "known format"),
        (b"%PDF-1.7\nnothing of a PDF", "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableDocument, match=sentence) as caught:
        read_document(data, Hints(url="http://www.example.gov.cn/a"))
    assert str(caught.value).startswith("http://www.example.gov.cn/a: ")


def test_an_encrypted_zip_is_named_so() -> None:
    data = bytearray(zipped(word__document_dot_xml="<x/>"))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1  # general purpose flag, bit 0 (APPNOTE 4.4.4)
    with pytest.raises(UnreadableDocument, match="encrypted"):
        detect.media_type(bytes(data), NONE)


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    data = bytearray(zipped(word__document_dot_xml="<x/>"))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (2**31).to_bytes(4, "little")  # uncompressed size
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        detect.media_type(bytes(data), NONE)


@pytest.mark.parametrize(
    ("data", "hints", "problem"),
    [
        (b"sorry, no such file", Hints(url="a/report.pdf"), "this claims to be a PDF but holds plain text"),
        (
            b"<html><body>404</body></html>",
            Hints(media_type="application/pdf"),
            "this claims to be a PDF but holds a web",
        ),
        (b"<html><body>x</body></html>", Hints(url="r.docx?x=1"), "this claims to be a Word file but holds a web page"),
        (b"<html><body>x</body></html>", Hints(url="r.html"), None),
        (b"plain", Hints(url="r.txt", media_type="text/plain"), None),
    ],
)
def test_a_claim_that_the_bytes_break_becomes_an_issue(data: bytes, hints: Hints, problem: str | None) -> None:
    notices = [notice.message for notice in read_document(data, hints).notices if notice.code == "not_what_it_claims"]
    assert (notices[0].startswith(problem) and len(notices) == 1) if problem else notices == []


def test_every_reader_reads_resolves_and_is_explained() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in {each.reader for each in media.FORMATS}:
        module = importlib.import_module(f"parsers.formats.{name}")
        assert callable(module.read), name
        assert callable(module.resolve), name
        assert f"| `{name}` | " in page, name
    locators = page.partition("## Locators")[2]
    for kind in {each.locators for each in media.FORMATS}:
        assert f"| `{kind}` | " in locators, kind
