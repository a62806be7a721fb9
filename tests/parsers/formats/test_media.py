"""The formats that are read, and the endings by which crawler and archive know their files."""

from __future__ import annotations

import pytest

from crawler.cms import is_file
from parsers.formats import media


@pytest.mark.parametrize("ending", media.FILE_ENDINGS)
def test_a_link_to_a_file_is_known_by_its_ending(ending: str) -> None:
    assert is_file(f"http://www.a.gov.cn/nb/2023.{ending}")
    assert not is_file(f"http://www.a.gov.cn/{ending}/")


def test_every_format_stands_in_the_table_once() -> None:
    types = [each.media_type for each in media.FORMATS]
    assert len(types) == len(set(types))
    assert set(types) == {value for name, value in vars(media).items() if name.isupper() and isinstance(value, str)}


def test_an_ending_belongs_to_one_format() -> None:
    assert len(media.FILE_ENDINGS) == len(set(media.FILE_ENDINGS))
    assert {"pdf", "ofd", "docx", "wps", "et", "csv", "zip"} <= set(media.FILE_ENDINGS)
