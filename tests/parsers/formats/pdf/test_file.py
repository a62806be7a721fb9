"""Files opened to pages: bounds on what they unpack to, damage mended or said."""

from __future__ import annotations

import zlib

import pytest

from parsers import Hints, UnreadableDocument
from parsers.document import Text
from parsers.formats import read_document
from parsers.formats.pdf import file
from tests.parsers.formats.tiny_pdf import Sheet, pdf


def test_encrypted_and_cut_off_files() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一")
    with pytest.raises(UnreadableDocument, match="encrypted"):
        read_document(pdf(sheet, encrypt=True))
    with pytest.raises(UnreadableDocument, match="cut off or damaged"):
        read_document(pdf(sheet)[:300])


def test_a_broken_cross_reference_table_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一、总体情况")
    data = pdf(sheet)
    start = data.rindex(b"startxref")
    broken = data[:start] + b"startxref\n99\n%%EOF"
    assert [text.text for text in read_document(broken).texts()] == ["一、总体情况"]
    # What pdfminer gives up on is written anew by PDFium and read then.
    given: list[bytes] = []
    real = file._read_pages

    def first_time_fails(bytes_: bytes) -> object:
        given.append(bytes_)
        if len(given) == 1:
            raise KeyError("Root")
        return real(bytes_)

    monkeypatch.setattr(file, "_read_pages", first_time_fails)
    assert [text.text for text in read_document(data + b"%").texts()] == ["一、总体情况"]
    assert given[1].startswith(b"%PDF")
    assert given[1] != data


def test_a_long_file_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_PAGES", 2)
    sheets = [Sheet() for _ in range(3)]
    for number, sheet in enumerate(sheets):
        sheet.text(74, 100, f"正文第{number}段，各不相同")
    document = read_document(pdf(*sheets), Hints(url="http://a/long.pdf"))
    assert len(document.texts()) == 2
    assert [notice.code for notice in document.notices] == ["long_document"]


def one_stream(stream: bytes, filters: str) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter%s>>\nstream\n%s\nendstream" % (len(stream), filters.encode(), stream),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 5\n0000000000 65535 f \n%s" % table
        + b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    )


@pytest.mark.parametrize("damage", [b"", b"damage"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_stream_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, times: int, damage: bytes
) -> None:
    monkeypatch.setattr(file, "MAX_STREAM", 100_000)
    stream = bytes(1_000_000)
    for _ in range(times):
        stream = zlib.compress(stream)
    stream = stream[: len(stream) - len(damage)] + damage
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        read_document(one_stream(stream, f"[{'/FlateDecode' * times}]"))


def test_a_stream_whose_checksum_is_wrong_is_read_as_far_as_it_goes() -> None:
    letters = b"BT /F1 12 Tf 50 700 Td (a) Tj ET"
    damaged = zlib.compress(letters)[:-4] + b"none"
    (block,) = read_document(one_stream(damaged, "/FlateDecode")).blocks
    assert isinstance(block, Text)
    assert block.text


def test_a_form_that_viewers_draw_in_place_of_the_pages_is_told() -> None:
    sheet = Sheet()
    sheet.text(72, 72, "一、总体情况")
    plain, form = pdf(sheet), pdf(sheet, catalog="/AcroForm << /Fields [] /XFA [(template) 5 0 R] >>")
    assert [notice.code for notice in read_document(form).notices] == ["form_elsewhere"]
    assert read_document(plain).notices == ()
    assert read_document(pdf(sheet, catalog="/AcroForm << /Fields [] >>")).notices == ()
