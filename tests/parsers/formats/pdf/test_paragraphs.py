"""Lines to paragraphs, and to tables without rules."""

from __future__ import annotations

from parsers.formats.pdf.layout import assemble
from parsers.formats.pdf.page import Grid, Paragraph
from parsers.formats.pdf.paragraphs import join_lines
from tests.parsers.formats.pdf.pages import FULL, line, page, rows, texts


def test_lines_join_to_paragraphs_by_indent_and_by_where_they_end() -> None:
    right = 74 + 26 * 12
    assert texts(
        page(
            1,
            line(1, 100, FULL, 98, x1=right),
            line(1, 120, "下一行接着写完。"),
            line(1, 140, FULL, 98, x1=right),
            line(1, 160, FULL, x1=right),
            line(1, 180, FULL, 98, x1=right),
        )
    ) == [FULL + "下一行接着写完。", FULL + FULL, FULL]


def test_a_paragraph_goes_on_over_the_page_and_has_a_box_on_each() -> None:
    right = 74 + 26 * 12
    parts = list(
        assemble(
            [
                page(1, line(1, 700, FULL, x1=right), line(1, 800, "- 1 -", 280)),
                page(2, line(2, 80, "写完了。"), line(2, 100, "另起", 98), line(2, 800, "- 2 -", 280)),
            ]
        )
    )
    assert [part.text for part in parts if isinstance(part, Paragraph)] == [FULL + "写完了。", "另起"]
    assert [number for number, _ in parts[0].places] == [1, 2]


def test_latin_words_are_not_run_together() -> None:
    assert join_lines([line(1, 100, "Open"), line(1, 120, "government"), line(1, 140, "信息")]) == "Open government信息"


def test_what_is_set_to_the_right_is_no_beginning_of_a_paragraph() -> None:
    right = 74 + 26 * 12
    signed = (line(1, 100, "某县水利局", 290), line(1, 120, "2018年2月28日", 290, x1=right))
    assert texts(page(1, *signed, line(1, 140, "附表：统计表"), line(1, 160, FULL, x1=right))) == [
        "某县水利局",
        "2018年2月28日",
        "附表：统计表",
        FULL,
    ]


def test_rows_without_rules_become_a_ragged_table() -> None:
    parts = list(
        assemble(
            [
                page(
                    1,
                    line(1, 100, "三、收到和处理申请情况"),
                    line(1, 120, "项目\t自然人\t总计"),
                    line(1, 140, "本年新收\t1\t1"),
                    line(1, 153, "申请数量"),
                    line(1, 166, "上年结转\t0\t0"),
                    line(1, 200, "四、其他"),
                )
            ]
        )
    )
    assert [type(part).__name__ for part in parts] == ["Paragraph", "Grid", "Paragraph"]
    found = parts[1]
    assert isinstance(found, Grid)
    assert found.ragged
    assert rows(found) == [["项目", "自然人", "总计"], ["本年新收", "1", "1"], ["申请数量"], ["上年结转", "0", "0"]]


def test_one_wide_gap_makes_no_table() -> None:
    assert texts(page(1, line(1, 100, "某县人民政府\t2024年1月5日"), line(1, 120, "正文"))) == [
        "某县人民政府\t2024年1月5日",
        "正文",
    ]
