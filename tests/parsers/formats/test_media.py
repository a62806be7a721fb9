"""The table of endings and first bytes agrees with what the readers tell from the bytes themselves."""

from __future__ import annotations

import pytest

from crawler.cms import is_file
from parsers.formats import detect, media


@pytest.mark.parametrize("ending", media.FILE_ENDINGS)
def test_a_link_to_a_file_is_known_by_its_ending(ending: str) -> None:
    assert is_file(f"http://www.a.gov.cn/nb/2023.{ending}")
    assert not is_file(f"http://www.a.gov.cn/{ending}/")


def test_whatever_is_read_has_an_ending_in_the_table() -> None:
    read = {detect.PDF: "pdf", detect.DOCX: "docx", detect.DOC: "doc", detect.RTF: "rtf", detect.ODT: "odt"}
    read |= {detect.XLSX: "xlsx", detect.XLS: "xls", detect.ODS: "ods", detect.CSV: "csv", detect.PLAIN: "txt"}
    assert set(read.values()) <= set(media.DOCUMENT_ENDINGS)
    pages = {detect.HTML, detect.MARKDOWN, detect.MHTML}
    assert {value for name, value in vars(detect).items() if name.isupper() and isinstance(value, str)} == {
        *read,
        *pages,
    }
