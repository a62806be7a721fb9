"""Lines folded between words and Chinese letters, never within what one copies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler.terminal.folding import folded


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("温县人民政府", 5, ["温县", "人民", "政府"]),
        ("代县2020年报", 6, ["代县", "2020年", "报"]),
        ("http://a.gov.cn/long x", 5, ["http://a.gov.cn/long", "x"]),
        ("  ", 5, [""]),
        ("", 5, [""]),
    ],
)
def test_folding(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width) == lines


@given(st.text(alphabet="ab温县。 -_", max_size=40), st.integers(1, 12))
def test_folding_loses_no_letter_and_keeps_the_width(text: str, width: int) -> None:
    lines = folded(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width or " " not in line.strip() for line in lines)
