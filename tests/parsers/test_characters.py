import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from parsers import Hints, parse
from parsers.characters import UNREAD, fold_radicals


def test_radicals_become_the_characters_they_stand_for() -> None:
    assert fold_radicals("⼀⼆⼈民⺠⻅⻓⻚⻋⻔⾏政") == "一二人民民见长页车门行政"


def test_the_kangxi_block_is_folded_whole() -> None:
    block = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert fold_radicals(block) == unicodedata.normalize("NFKC", block)


def test_the_supplement_is_folded_but_for_two_without_a_counterpart() -> None:
    block = [chr(point) for point in range(0x2E80, 0x2EF4) if unicodedata.name(chr(point), "")]
    assert [c for c in block if fold_radicals(c) == c] == ["⺀"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_else_changes(text: str) -> None:
    kept = "".join(c for c in text if not 0x2E80 <= ord(c) <= 0x2FDF)
    assert fold_radicals(kept) == kept


def test_full_width_punctuation_stays() -> None:
    assert fold_radicals("（１），：；") == "（１），：；"


def test_text_taken_out_of_a_pdf_is_read_as_if_it_had_no_radicals() -> None:
    text = (
        "温县⼈⺠政府办公室2023年政府信息公开⼯作年度报告\n⼀、总体情况\n我办⻓期坚持公开。\n"
        "⼆、主动公开政府信息情况\n信息内容\t本年处理决定数量\n⾏政许可\t12\n"
    )
    report = parse(text.encode(), Hints(url="report.txt")).as_json()
    assert report["agency"]["name"] == "温县人民政府办公室"
    assert [(cell["code"], cell["value"]) for cell in report["cells"]] == [("permit_decisions", "12")]
    assert [section["number"] for section in report["sections"]] == [1, 2]


def test_what_is_no_text_is_neither_blank_nor_a_number_and_no_part_of_a_label() -> None:
    text = "信息内容\t本年处理决定数量\n行政许可\t\ufffc\n行政处罚\ufffc\t7\n行政强制\t12\ufffc\n"
    report = parse(text.encode(), Hints(url="report.txt")).as_json()
    assert UNREAD == "\ufffc"
    assert [(cell["code"], cell["status"], cell["value"]) for cell in report["cells"]] == [
        ("permit_decisions", "text", None),
        ("penalty_decisions", "number", "7"),
        ("coercion_decisions", "text", None),
    ]
    assert [issue["code"] for issue in report["issues"]].count("unread_content") == 2
