"""Chinese numerals."""

from __future__ import annotations

import pytest

from parsers.numerals import CHINESE_NUMERALS, FORMAL_NUMERALS, chinese_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("两百", 200), ("一百零三", 103), ("一百二十三", 123)),
        *(("二千零五", 2005), ("零", 0), ("十百", None), ("百", None), ("一一", None), ("一十百", None)),
    ],
)
def test_numbers_as_people_write_them(text: str, number: int | None):
    assert set(text) <= set(CHINESE_NUMERALS)
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("叁", 3), ("壹拾贰", 12), ("贰佰零伍", 205), ("壹仟", 1000), ("拾佰", None)]
)
def test_numbers_as_accounts_write_them(text: str, number: int | None):
    assert set(text) <= set(FORMAL_NUMERALS)
    assert chinese_number(text) == number
