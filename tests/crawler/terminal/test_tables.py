"""Tables: folded between words, whole where one copies, nothing lost at any width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler.terminal.tables import fact_lines, shown, table_lines

ID = "410825-d82c67dbab-2020-main"


def test_a_cell_is_one_line() -> None:
    assert shown("a\n\tb\x1b[0m") == r"a b\x1b[0m"
    assert (shown(None), shown(0)) == ("", "0")


def test_what_must_stay_whole_goes_below_its_row() -> None:
    rows = [("甲县人民政府", ID, 2020, "ok"), ("乙县", ID, None, "ok (made up)")]
    assert table_lines(("agency", "report", "year", "state"), rows, width=34, whole=("report",)) == [
        "agency        year  state",
        "    report",
        "────────────────────────────────",
        "甲县人民政府  2020  ok",
        f"    {ID}",
        "乙县                ok (made up)",
        f"    {ID}",
    ]
    assert table_lines(("agency", "report", "year", "state"), rows, width=80, whole=("report",))[2].split() == [
        "甲县人民政府", ID, "2020", "ok",
    ]  # fmt: skip


def test_several_below_stand_beside_one_another_while_they_fit() -> None:
    row = (1, "x" * 20, "y" * 10, "z" * 34)
    lines = table_lines(("n", "a", "b", "c"), [row], width=34, whole=("c", "a", "b"))
    assert lines[-3:] == [f"1  {'y' * 10}", f"    {'x' * 20}", f"    {'z' * 34}"]
    lines = table_lines(("n", "a", "b", "c"), [(1, "xx", "yy", "z" * 50)], width=38, whole=("a", "b", "c"))
    assert lines[-3:] == ["1", "    xx  yy", f"    {'z' * 50}"]


@given(
    st.lists(st.lists(st.text(alphabet="abc温 _", max_size=30), min_size=4, max_size=4), max_size=5),
    st.integers(20, 90),
)
def test_at_any_width_nothing_is_lost_and_lines_fit(rows: list[list[str]], width: int) -> None:
    rows = [[row[0].replace(" ", ""), *row[1:]] for row in rows]  # an id is one word
    names = ("id", "one", "two words", "x")
    lines = table_lines(names, rows, width=width, whole=("id",))
    expected = "".join("".join(cell.split()) for row in (names, *rows) for cell in row)
    assert sorted(letter for line in lines for letter in line if letter not in " ─") == sorted(expected)
    assert all(cell_len(line) <= width or len(line.split()) == 1 for line in lines)


def test_without_heads_there_is_no_rule() -> None:
    assert table_lines(("", ""), [("a", "b")]) == ["a  b"]


def test_facts_go_on_below_themselves() -> None:
    assert fact_lines([("title", "一二三四五六"), ("no", 1)], width=15) == [
        "title  一二三四",
        "       五六",
        "no     1",
    ]
    assert fact_lines([("at", "http://a.gov.cn/long"), ("n", 1)], width=20) == [
        "at",
        "    http://a.gov.cn/long",
        "n   1",
    ]
    assert fact_lines([("title", "一二三四五六 a")]) == ["title  一二三四五六 a"]
