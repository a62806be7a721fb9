"""Tables to figures: the steps one by one, then whole documents (goldens, and the reference reports)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from parsers import Document, Figure, Hints, Issue, parse, read_document, resolve
from parsers.forms import templates
from parsers.tables import TableReading, read_tables
from tests.parsers.formats.sheet.test_reader import xlsx
from tests.parsers.matrices import rows_of

GOLDENS = Path(__file__).parents[1] / "goldens"


def read(text: str, name: str = "report.txt") -> TableReading:
    return read_tables(read_document(text.encode(), Hints(url=name)), templates.load())


def html(*rows: str) -> str:
    """A page with one table; cells parted by ``|``, spans written ``text@rowsxcolumns``."""
    return f"<html><body><p>二、主动公开政府信息情况</p><table>{rows_of(*rows)}</table></body></html>"


def page(*rows: str) -> TableReading:
    return read(html(*rows), "report.html")


def numbers(reading: TableReading) -> dict[str, str]:
    return {figure.code: format(figure.value, "f") for figure in reading.figures if figure.value is not None}


def status(reading: TableReading, code: str) -> str:
    return next((figure.status for figure in reading.figures if figure.code == code), "absent")


def codes(issues: tuple[Issue, ...]) -> set[str]:
    return {issue.code for issue in issues}


T3 = (
    "corner勾稽关系@3x3|申请人情况@1x7",
    "自然人@2x1|法人或其他组织@1x5|总计@2x1",
    "商业企业|科研机构|社会公益组织|法律服务机构|其他",
)


# ---- headers and labels


def test_values_follow_the_header_not_the_position() -> None:
    reading = page("信息内容|现行有效件数|本年制发件数|本年废止件数", "行政规范性文件|66|8|26")
    assert numbers(reading) == {"normdocs_in_force": "66", "normdocs_issued": "8", "normdocs_repealed": "26"}


def test_exchanged_applicant_columns_are_read_as_printed() -> None:
    reading = page(
        T3[0],
        "总计@2x1|自然人@2x1|法人或其他组织@1x5",
        "其他|商业企业|科研机构|社会公益组织|法律服务机构",
        "一、本年新收政府信息公开申请数量@1x3|21|1|6|2|3|4|5",
    )
    assert numbers(reading) == {
        "req_new__total": "21",
        "req_new__natural": "1",
        "req_new__other_org": "6",
        "req_new__company": "2",
        "req_new__research": "3",
        "req_new__welfare": "4",
        "req_new__legal": "5",
    }


def test_a_table_without_headers_gives_no_numbers() -> None:
    reading = page("规章|1|2|3", "行政许可|5")
    assert numbers(reading) == {}
    assert "header_missing" in codes(reading.issues)


def test_cut_headers_are_told_apart_by_the_form_when_it_leaves_one_choice() -> None:
    reading = page("信息内容|本年新|本年新|对外公开总数量", "规范性文件|2|4|8")
    assert numbers(reading) == {"normdocs_made": "2", "normdocs_newly_public": "4", "normdocs_public_total": "8"}
    assert "header_cut" in codes(reading.issues)


def test_one_lost_header_can_be_only_the_one_that_is_left() -> None:
    reading = page("信息内容|本年制发件数||现行有效件数", "行政规范性文件|8|26|66")
    assert numbers(reading)["normdocs_repealed"] == "26"
    assert "header_cut" in codes(reading.issues)


def test_two_lost_headers_are_not_guessed() -> None:
    reading = page("信息内容|||现行有效件数", "行政规范性文件|8|26|66")
    assert numbers(reading) == {"normdocs_in_force": "66"}


MATRIX = next(table for _, form, table in templates.load().tables("matrix") if form.template == "fmt2021")
ROWS = ("一、本年新收", "二、上年结转", "四、结转下年度继续办理")


def test_a_column_that_is_gone_with_its_header_shifts_no_other() -> None:
    head = ("corner勾稽关系@3x3|申请人情况@1x6", "法人或其他组织@1x5|总计@2x1", T3[2])
    rows = [f"{label}@1x3||1|2|3|4|5|15" for label in ROWS]  # a converter left an empty cell where the column was
    reading = page(*head, *rows)
    assert numbers(reading) == {}
    assert "header_cut" in codes(reading.issues)
    whole = page(*head, *(f"{label}@1x3|7|1|2|3|4|5|22" for label in ROWS))
    assert numbers(whole)["req_new__natural"] == "7"


@pytest.mark.parametrize("where", ["last", "under a parent"])
def test_a_column_of_last_years_shifts_no_row_that_has_blanks(where: str) -> None:
    if where == "last":
        head = ("corner勾稽关系@3x3|申请人情况@1x8", f"{T3[1]}|上年@2x1", T3[2])
        values, blank = "9|1|2|3|4|5|24|50", "|1|2|3|4|5|15|50"
    else:
        head = (*T3[:1], "自然人@2x1|法人或其他组织@1x6|总计@2x1", T3[2].replace("科研", "去年同期|科研"))
        values, blank = "9|1|50|2|3|4|5|24", "|1|50|2|3|4|5|15"
    reading = page(*head, *(f"{label}@1x3|{row}" for label, row in zip(ROWS, (values, values, blank), strict=True)))
    found = numbers(reading)
    assert [found[f"req_new__{column}"] for column in ("natural", "company", "research", "total")] == [
        "9",
        "1",
        "2",
        "24",
    ]
    assert status(reading, "req_carried_out__natural") == "blank"
    assert (found["req_carried_out__company"], found["req_carried_out__total"]) == ("1", "15")
    assert "columns_left_out" in codes(reading.issues)


def test_a_column_of_last_years_in_the_place_of_one_that_is_gone_is_not_that_one() -> None:
    head = (*T3[:1], "自然人@2x1|法人或其他组织@1x5|总计@2x1", T3[2].replace("科研机构", "上年"))
    reading = page(*head, *(f"{label}@1x3|9|1|50|3|4|5|22" for label in ROWS))
    found = numbers(reading)
    assert [found.get(f"req_new__{column}") for column in ("natural", "company", "research", "welfare", "total")] == [
        "9",
        "1",
        None,
        "3",
        "22",
    ]
    assert "columns_left_out" in codes(reading.issues)


def test_rows_of_more_values_than_headers_leave_a_shorter_row_open() -> None:
    header = "申请人情况\n自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计 上年\n"
    labels = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理")
    values = ("9 1 2 3 4 5 24 50", "9 1 2 3 4 5 24 51", "1 2 3 4 5 15 50")
    reading = read(header + "".join(f"{label} {row}\n" for label, row in zip(labels, values, strict=True)))
    assert {status(reading, f"req_carried_out__{column}") for column in ("natural", "total")} == {"ambiguous"}
    assert "cell_count" in codes(reading.issues)


@pytest.mark.parametrize(("longer", "read_so"), [(1, "number"), (3, "ambiguous")])
def test_several_rows_of_more_values_than_headers_show_a_lost_header(longer: int, read_so: str) -> None:
    header = "申请人情况\n自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n"
    rows = [row.zh for row in MATRIX.rows][:12]
    values = ["9 1 2 3 4 5 24 50" if at < longer else "1 2 3 4 5 15 30" for at in range(len(rows))]
    reading = read(header + "".join(f"{label} {row}\n" for label, row in zip(rows, values, strict=True)))
    assert status(reading, "req_denied_state_secret__total") == read_so


def test_a_printed_blank_is_not_the_cell_that_is_lost() -> None:
    rows = ("规章|1||3", "行政规范性文件|1|")
    reading = page("信息内容|本年制发件数|本年废止件数|现行有效件数", *rows)
    assert [status(reading, f"rules_{name}") for name in ("repealed", "in_force")] == ["blank", "number"]
    assert [status(reading, f"normdocs_{name}") for name in ("repealed", "in_force")] == ["ambiguous"] * 2


def test_two_numbers_in_one_cell_leave_the_others_of_a_filled_up_row_open() -> None:
    reading = page("信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|1 2|3|")
    assert {figure.status for figure in reading.figures} == {"ambiguous"}
    assert "cell_count" in codes(reading.issues)


def test_a_number_alone_above_a_records_row_is_not_its_first_value() -> None:
    blocks = "行政复议@1x5|行政诉讼@1x10"
    columns = "结果维持|结果纠正|其他结果|尚未审结|总计"
    head = (blocks, "|".join(f"{c}@2x1" for c in columns.split("|")) + "|未经复议直接起诉@1x5|复议后起诉@1x5")
    row = "1|2|3|4|10|0|0|0|0|0|0|0|0|0|0"
    reading = page(*head, f"{columns}|{columns}", "7" + "|" * 14, row)
    assert "7" not in numbers(reading).values()
    assert status(reading, "review__upheld") == "ambiguous"
    assert "printed_twice" in codes(reading.issues)


def test_a_misspelt_label_is_read_and_flagged() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数呈@1x3|1|0|0|0|0|0|1")
    assert numbers(reading)["req_new__total"] == "1"
    assert "label_misspelt" in codes(reading.issues)


def test_a_row_that_no_form_has_is_kept_with_what_it_says() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|1|0|0|0|0|0|1", "五、热线咨询量@1x3|9|0|0|0|0|0|9")
    (issue,) = [issue for issue in reading.issues if issue.code == "unknown_row"]
    assert "热线咨询量 | 9 |" in issue.message


def test_heading_and_row_of_the_same_words_are_told_apart_by_what_follows() -> None:
    row = page(*T3, "（五）不予处理|2.重复申请|0|0|0|0|0|0|0", "（六）其他处理@1x2|1|0|0|0|0|0|1")
    assert numbers(row)["req_other__total"] == "1"
    heading = page(
        *T3,
        "（六）其他处理@3x1|1.申请人无正当理由逾期不补正|1|0|0|0|0|0|1",
        "2.申请人逾期未按收费通知要求缴纳费用|2|0|0|0|0|0|2",
        "3.其他|3|0|0|0|0|0|3",
        "（七）总计@1x2|6|0|0|0|0|0|6",
    )
    assert numbers(heading)["req_other_misc__total"] == "3"
    assert numbers(heading)["req_outcome_total__total"] == "6"
    assert "req_other__total" not in numbers(heading)


@pytest.mark.parametrize("label", ["小计", "（四）无法提供合计", "无法提供小计", "无法提供 总计"])
def test_a_printed_subtotal_is_the_groups_and_never_the_total_of_all(label: str) -> None:
    reading = page(
        *T3,
        "（四）无法提供@4x1|1.本机关不掌握相关政府信息|1|0|0|0|0|0|1",
        "2.没有现成信息需要另行制作|2|0|0|0|0|0|2",
        "3.补正后申请内容仍不明确|3|0|0|0|0|0|3",
        f"{label}|6|0|0|0|0|0|7",
        "（七）总计@1x2|8|0|0|0|0|0|8",
    )
    found = numbers(reading)
    assert (found["req_unable__natural"], found["req_unable__total"]) == ("6", "7")
    assert (found["req_unable_still_unclear__total"], found["req_outcome_total__total"]) == ("3", "8")
    assert not codes(reading.issues) & {"printed_twice", "unknown_row"}


def test_a_subtotal_that_stands_under_no_group_is_nobodys() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|1|0|0|0|0|0|1", "小计@1x3|1|0|0|0|0|0|1")
    assert "unknown_row" in codes(reading.issues)
    assert not [code for code in numbers(reading) if not code.startswith("req_new__")]


def test_rows_of_two_forms_are_read_as_what_they_are() -> None:
    reading = page(
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|0|0|1",
        *T3,
        "（六）其他处理@1x3|2|0|0|0|0|0|2",
    )
    assert reading.template == "fmt2021"
    assert numbers(reading)["rules_in_force"] == "1"
    assert numbers(reading)["req_other__total"] == "2"


# ---- counts of cells


def test_a_doubled_cell_is_settled_by_the_identity() -> None:
    reading = page(
        *T3,
        "一、本年新收政府信息公开申请数量@1x3|216|3|0|0|2|0|13|234",
        "二、上年结转政府信息公开申请数量@1x3|1|0|0|0|0|0|1",
    )
    assert numbers(reading)["req_new__total"] == "234"
    assert numbers(reading)["req_new__natural"] == "216"
    assert numbers(reading)["req_new__other_org"] == "13"
    assert {figure.method for figure in reading.figures if figure.code.startswith("req_new")} == {"identity", "label"}
    assert "cell_count" in codes(reading.issues)


def test_what_the_identity_leaves_open_is_ambiguous_and_lists_the_readings() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|216|3|0|0|2|0|13|234")
    research = next(figure for figure in reading.figures if figure.code == "req_new__welfare")
    assert (research.status, research.value, research.alternatives) == ("ambiguous", None, ("0", "2"))


def test_a_lost_cell_is_never_made_up() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|216|3|0|2|13|234")
    assert numbers(reading) == {}
    assert status(reading, "req_new__natural") == "ambiguous"
    assert "cell_count" in codes(reading.issues)


def test_a_wrong_total_comes_out_as_printed() -> None:
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|5|0|0|0|0|0|9")
    assert (numbers(reading)["req_new__natural"], numbers(reading)["req_new__total"]) == ("5", "9")
    assert {figure.method for figure in reading.figures} == {"label"}


def test_a_merged_blank_is_blank_in_all_its_columns() -> None:
    reading = page(
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|无@1x3",
        *T3,
        "一、本年新收政府信息公开申请数量@1x3|@1x6|196",
    )
    assert numbers(reading) == {"req_new__total": "196"}
    assert status(reading, "rules_in_force") == status(reading, "req_new__natural") == "blank"


def test_a_merged_number_is_of_no_column() -> None:
    reading = page("信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|5@1x3")
    assert numbers(reading) == {}
    assert status(reading, "rules_issued") == "ambiguous"


def test_columns_that_count_the_rows_are_no_values() -> None:
    reading = page("序号|信息内容|本年制发件数|本年废止件数|现行有效件数", "1|规章|0|0|0", "2|行政规范性文件|3|1|7")
    assert numbers(reading)["normdocs_in_force"] == "7"
    assert numbers(reading)["rules_issued"] == "0"


def test_a_record_whose_merged_cells_were_written_out() -> None:
    columns = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [
        ["行政复议"] * 5 + ["行政诉讼"] * 10,
        columns + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5,
        columns * 3,
        ["1", "0", "0", "2", "3", *"00000", *"40004"],
    ]
    for reading in (page(*map("|".join, rows)), read("\n".join(map("\t".join, rows)))):
        found = numbers(reading)
        assert len(found) == 15
        assert (found["review__pending"], found["review__total"]) == ("2", "3")
        assert found["suit_after_review__upheld"] == "4"
        assert found["suit_direct__total"] == "0"


def test_a_record_in_several_tables_is_read_by_their_captions() -> None:
    head = "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n|---|---|---|---|---|\n"
    reading = read(
        "四、政府信息公开行政复议、行政诉讼情况\n\n"
        f"行政复议\n\n{head}| 2 | 1 | 0 | 4 | 7 |\n\n"
        f"行政诉讼（未经复议直接起诉）\n\n{head}| 3 | 0 | 0 | 0 | 3 |\n\n"
        f"行政诉讼（复议后起诉）\n\n{head}| 8 | 0 | 1 | 1 | 10 |\n",
        "report.md",
    )
    found = numbers(reading)
    assert len(found) == 15
    assert (found["review__total"], found["suit_direct__upheld"], found["suit_after_review__pending"]) == (
        "7",
        "3",
        "1",
    )
    # Without captions nothing says which of the blocks a table holds.
    assert not numbers(
        read(f"{head}| 2 | 1 | 0 | 4 | 7 |\n\n以下是另一张表\n\n{head}| 3 | 0 | 0 | 0 | 3 |\n", "report.md")
    )


def test_a_record_with_one_block_a_row() -> None:
    reading = page(
        "类型@1x2|结果维持|结果纠正|其他结果|尚未审结|总计",
        "行政复议@1x2|2|1|0|4|7",
        "行政诉讼@2x1|未经复议直接起诉|3|0|0|0|3",
        "复议后起诉|8|0|1|1|10",
    )
    found = numbers(reading)
    assert len(found) == 15
    assert (found["review__pending"], found["suit_direct__total"], found["suit_after_review__total"]) == (
        "4",
        "3",
        "10",
    )


def test_a_line_of_words_alone_is_no_row() -> None:
    reading = page(
        *T3,
        "（七）总计|3|0|0|0|0|0|3",
        "项目@1x2|本年新收件数|上年结转件数|予以公开|部分公开|不予公开|结转下年度继续办理|总计",
        "四、结转下年度继续办理@1x2|1|0|0|0|0|0|1",
    )
    assert numbers(reading)["req_carried_out__natural"] == "1"
    assert not codes(reading.issues) & {"printed_twice", "unknown_row"}


def test_rows_with_a_piece_of_their_label_are_read_by_place_and_piece() -> None:
    def rows(second: str) -> TableReading:
        return page(
            *T3,
            "4.无正当理由大量反复申请@1x3|1|0|0|0|0|0|1",
            "@1x3|0|0|0|0|0|0|0",
            f"{second}@1x3|4|1|0|0|2|0|7",
            "缴纳费用、行政机关不再处理其政@1x3|0|0|0|0|0|0|0",
            "3.其他@1x3|2|0|0|0|0|0|2",
            "四、结转下年度继续办理@1x3|3|0|0|0|0|0|3",
        )

    reading = rows("行政机关不再处理其政府信息公")
    assert numbers(reading)["req_other_no_correction__total"] == "7"
    assert numbers(reading)["req_other_fee_unpaid__total"] == "0"
    assert "label_lost" in codes(reading.issues)
    # A piece of another row's label: then the places prove nothing.
    reading = rows("没有现成信息需要")
    assert "req_other_no_correction__total" not in numbers(reading)


def test_a_matrix_whose_merged_cells_were_written_out() -> None:
    note, both = "（本列数据的勾稽关系）", "法人或其他组织"
    rows = [
        [note] * 3 + ["申请人情况"] * 7,
        [note] * 3 + ["自然人"] + [both] * 5 + ["总计"],
        [note] * 3 + ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
        ["一、本年新收政府信息公开申请数量"] * 3 + list("0000000"),
        ["三、本年度办理结果", "（三）不予公开", "1.属于国家秘密", *"0000000"],
        ["四、结转下年度继续办理"] * 3 + list("1000001"),
    ]
    reading = read("\n".join(f"| {' | '.join(row)} |" for row in rows), "report.md")
    assert len(numbers(reading)) == 21
    assert not codes(reading.issues) & {"header_broken", "header_missing", "unknown_row"}


def test_headers_and_labels_that_a_page_cut_off_early() -> None:
    reading = page(
        "corner勾稽关系@3x3|申请人情况@1x7",
        "自然人@2x1|法人或其他组织@1x5|总计@2x1",
        "商业企业|科研机构|社会公|法律服|其他",
        "一、本年新收政府信息公开申请数量@1x3|0|0|0|0|0|0|0",
    )
    assert len(numbers(reading)) == 7
    assert "header_misspelt" in codes(reading.issues)
    reading = page("信息内容|采购项目数量|采购总金额（单位：万元）", "政府集|3|180.17")
    assert numbers(reading) == {"procurement_projects": "3", "procurement_amount_wan": "180.17"}
    assert "label_cut" in codes(reading.issues)
    # Two rows begin so: neither is read.
    assert not numbers(page("信息内容|本年处理决定数量", "行政|3"))


def test_a_row_of_blanks_with_its_headings_written_out_is_no_header() -> None:
    reading = page(
        *T3,
        "三、本年度办理结果|（六）其他处理|2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请|||||||",
        "三、本年度办理结果|（七）总计|（七）总计|4|0|0|0|0|0|4",
    )
    assert numbers(reading)["req_outcome_total__total"] == "4"


def test_blanks_around_a_complete_row_are_no_cells() -> None:
    rows = [
        "一、本年新收政府信息公开申请数量 | | | 3 | 0 | 0 | 0 | 0 | 0 | 3",
        "1.属于国家秘密 | 1 | 0 | 0 | 0 | 0 | 0 | 1",
    ]
    head = ["自然人 | 法人或其他组织 | 总计", "商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他"]
    reading = read("\n".join(f"| {row} |" for row in [*head, *rows]), "report.md")
    assert numbers(reading)["req_new__natural"] == "3"
    assert "cell_count" not in codes(reading.issues)


def test_a_shortened_label_is_of_the_documents_own_form() -> None:
    rows = ("（七）总计|4|0|0|0|0|0|4", "四、结转下年度继续办理|0|0|0|0|0|0|0")
    old = ("信息内容|本年新制作数量|本年新公开数量|对外公开总数量", "规章|0|0|0")
    reading = page(*old, *T3, "（五）不予处理|3.要求提供公开出版物|1|0|0|0|0|0|1", "（六）其他|3|0|0|0|0|0|3", *rows)
    assert numbers(reading)["req_other__natural"] == "3"
    assert status(reading, "req_other_misc__natural") == "absent"
    assert "label_cut" in codes(reading.issues)
    beside = ("（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|1|0|0|0|0|0|1",)
    reading = page(*old, *T3, *beside, "3.其他|3|0|0|0|0|0|3", *rows)
    assert numbers(reading)["req_other_misc__natural"] == "3"


def test_the_same_table_twice_is_one() -> None:
    rows = ("信息内容|本年处理决定数量", "行政许可|7")
    assert numbers(page(*rows, *rows)) == {"permit_decisions": "7"}


def test_a_document_that_contradicts_itself_is_ambiguous() -> None:
    reading = page("信息内容|本年处理决定数量", "行政许可|7", "信息内容|本年处理决定数量", "行政许可|8")
    (figure,) = [figure for figure in reading.figures if figure.code == "permit_decisions"]
    assert (figure.status, figure.alternatives) == ("ambiguous", ("7", "8"))
    assert "printed_twice" in codes(reading.issues)


def test_a_number_twice_once_blank_is_the_number_with_an_issue() -> None:
    reading = page("信息内容|本年处理决定数量", "行政许可|7", "信息内容|本年处理决定数量", "行政许可|")
    assert numbers(reading) == {"permit_decisions": "7"}
    assert "printed_twice" in codes(reading.issues)


def test_rows_that_differ_are_not_one_row_printed_twice() -> None:
    first, second = (
        "一、本年新收政府信息公开申请数量@1x3|4||0|0|0|0|4",
        "一、本年新收政府信息公开申请数量@1x3||1|0|0|0|0|1",
    )
    reading = page(*T3, first, second)
    assert status(reading, "req_new__total") == "ambiguous"  # 4 or 1
    assert status(reading, "req_new__natural") == "ambiguous"  # 4 or blank: of which of the two rows?


def test_a_short_label_with_another_ordinal_is_what_is_left_of_a_longer_one() -> None:
    rows = ("（三）不予公开|1.属于国家秘密|1|0|0|0|0|0|1", "2.其他|2|0|0|0|0|0|2", "3.危及“三安全一稳定”|3|0|0|0|0|0|3")
    reading = page("信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", *T3, *rows)
    assert numbers(reading)["req_denied_other_law__total"] == "2"
    assert "req_other_misc__total" not in numbers(reading)
    assert "label_lost" in codes(reading.issues)


def test_padding_is_learnt_from_rows_that_are_set_alike() -> None:
    """A blank that was doubled is no padding where no row of the document has any."""
    head = "自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计"
    rows = [
        "| 一、本年新收政府信息公开申请数量 | 3 | 0 | 0 | 0 | 0 | 0 | 3 |",
        "| 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |",
        "| 三、本年度办理结果 | （一）予以公开 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |",
        "| （四）无法提供 | 1.本机关不掌握相关政府信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| （七）总计 |  | 5 |  |  |  | 1 |  | 6 |",
    ]
    line = f"| 申请人情况 | {' | '.join(head.split('|'))} |"
    reading = read("\n".join([line, "|---|---|", *rows[:3], "", rows[3], "|---|---|", rows[4]]), "report.md")
    assert numbers(reading)["req_granted__natural"] == "1"
    assert status(reading, "req_outcome_total__natural") == status(reading, "req_outcome_total__company") == "ambiguous"
    assert numbers(reading)["req_outcome_total__total"] == "6"
    assert "cell_count" in codes(reading.issues)


def test_a_wrong_total_beside_a_doubled_cell_is_never_made_right() -> None:
    # 3, 3, 0, 0, 0, 0 and a wrong total of 3, one zero doubled: to drop a 3 adds up, and is wrong.
    reading = page(*T3, "一、本年新收政府信息公开申请数量@1x3|3|3|0|0|0|0|0|3")
    assert (status(reading, "req_new__company"), numbers(reading)["req_new__total"]) == ("ambiguous", "3")
    assert numbers(reading)["req_new__natural"] == "3"


@pytest.mark.parametrize(
    "text", ["行政复议 结果维持 4 结果纠正 1", "行政诉讼 结果维持 4", "结果维持 1 结果纠正 2 其他结果 3"]
)
def test_a_few_words_of_a_record_are_none(text: str) -> None:
    assert numbers(read(text)) == {}


TURNED = (
    "申请人情况@2x1|一、本年新收政府信息公开申请数量@2x1|三、本年度办理结果@1x3|四、结转下年度继续办理@2x1",
    "（一）予以公开|（七）总计|（二）部分公开",
)


def test_requests_by_outcome_follow_their_headers() -> None:
    reading = page(*TURNED, "自然人|5|1|3|2|4", "总计|9|1|3|2|6")
    assert numbers(reading) == {
        "req_new__natural": "5",
        "req_granted__natural": "1",
        "req_outcome_total__natural": "3",
        "req_partial__natural": "2",
        "req_carried_out__natural": "4",
        "req_new__total": "9",
        "req_granted__total": "1",
        "req_outcome_total__total": "3",
        "req_partial__total": "2",
        "req_carried_out__total": "6",
    }


@pytest.mark.parametrize("row", ["自然人|5|1|3|2", "自然人|5|1|1|3|2|4"])
def test_a_line_by_outcome_with_another_number_of_cells_is_not_read(row: str) -> None:
    reading = page(*TURNED, row)
    assert numbers(reading) == {}
    assert status(reading, "req_new__natural") == "ambiguous"
    assert "cell_count" in codes(reading.issues)


def test_an_unknown_header_over_outcomes_leaves_nothing_certain() -> None:
    assert numbers(page(TURNED[0], "（一）予以公开|另有情形|（二）部分公开", "自然人|5|1|3|2|4")) == {}


def test_a_label_in_two_cells() -> None:
    reading = page(*T3, "一、本年新收政府信|息公开申请数量@1x2|5|0|0|0|0|0|5")
    assert numbers(reading)["req_new__total"] == "5"
    assert "label_cut" not in codes(reading.issues)


def test_totals_that_are_blank_everywhere_shift_nothing() -> None:
    rows = (
        "申请人情况\t\t\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计\n"
        "一、本年新收政府信息公开申请数量\t\t\t4\t1\t0\t0\t0\t2\t\n"
        "三、本年度办理结果\t（一）予以公开\t\t3\t1\t0\t0\t0\t2\t\n"
        "（三）不予公开\t\t1.属于国家秘密\t1\t0\t0\t0\t0\t0\t\n"
        "\t\t2.其他法律行政法规禁止公开\t5\t0\t0\t0\t0\t6\t\n"
    )
    found = numbers(read(rows))
    assert (found["req_new__natural"], found["req_new__other_org"]) == ("4", "2")
    assert (found["req_granted__natural"], found["req_granted__other_org"]) == ("3", "2")
    assert not any(code.endswith("__total") for code in found)


def test_a_cell_beyond_the_last_header_is_one_too_many() -> None:
    reading = page("信息内容|采购项目数量|采购总金额（单位：万元，保留4位小数）|", "政府集中采购|1|1|98")
    assert numbers(reading) == {"procurement_projects": "1"}
    assert status(reading, "procurement_amount_wan") == "ambiguous"


def test_values_without_a_label_behind_a_table_are_told() -> None:
    reading = page("信息内容|上一年项目数量|本年增/减|处理决定数量", "行政许可|5||", "16|7|")
    assert numbers(reading) == {"permit_items_prev": "5"}
    assert "row_without_label" in codes(reading.issues)


def test_an_ordinal_that_is_left_of_a_label_is_no_value() -> None:
    rows = (
        "（三）不予公开|1.属于国家秘密|1|0|0|0|0|0|1",
        "2.@1x2||2|0|0|0|0|",
        "3.危及“三安全一稳定”@1x2|3|0|0|0|0|0|3",
    )
    found = numbers(page(*T3, *rows))
    assert found["req_denied_other_law__company"] == "2"
    assert "req_denied_other_law__natural" not in found


def test_text_in_a_cell_is_told() -> None:
    reading = page("信息内容|本年处理决定数量", "行政许可|约5")
    assert status(reading, "permit_decisions") == "text"
    assert "text_in_cell" in codes(reading.issues)


def test_a_number_with_something_glued_to_it_is_ambiguous() -> None:
    reading = page("信息内容|本年处理决定数量", "行政许可|01", "行政处罚|0", "行政强制|012")
    assert [status(reading, f"{row}_decisions") for row in ("permit", "penalty", "coercion")] == [
        "ambiguous",
        "number",
        "ambiguous",
    ]
    assert "leading_zero" in codes(reading.issues)


def test_what_the_form_has_and_the_document_does_not_is_told() -> None:
    reading = page("信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0")
    told = " ".join(issue.message for issue in reading.issues if issue.code in {"cells_missing", "table_missing"})
    assert "normdocs" in told
    assert "requests" in told


# ---- text


def test_prose_is_no_table() -> None:
    reading = read(
        "全年行政许可 97 件，行政处罚 12 件。本年处理决定数量较多。\n\n收到申请数 36 件，其中当面申请数 2 件。"
    )
    assert (reading.template, reading.figures) == (None, ())


def test_rows_set_with_spaces() -> None:
    reading = read(
        "信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n行政规范性文件 13 0 55\n\n"
        "第二十条第（五）项\n信息内容 本年处理决定数量\n行政许可 97\n"
    )
    assert numbers(reading)["normdocs_in_force"] == "55"
    assert numbers(reading)["permit_decisions"] == "97"


def test_a_label_wrapped_around_its_values() -> None:
    reading = read(
        "自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"
        "4.无正当理由大量反复申请 0 0 0 0 0 0 0\n5.要求行政机关确认或重新出具已\n1 0 0 0 0 0 1\n获取信息\n"
        "（七）总计 1 0 0 0 0 0 1\n"
    )
    assert numbers(reading).get("req_not_processed_reconfirm__total") == "1"


def test_run_together_rows_are_cut_only_when_one_cutting_is_possible() -> None:
    reading = read(
        "信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件1126第二十条第（五）项"
        "信息内容本年处理决定数量行政许可194"
    )
    assert numbers(reading) == {
        "rules_issued": "0",
        "rules_repealed": "0",
        "rules_in_force": "0",
        "permit_decisions": "194",
    }
    assert status(reading, "normdocs_issued") == "ambiguous"
    assert "run_together" in codes(reading.issues)


def test_a_line_that_may_have_lost_a_cell_is_flagged() -> None:
    reading = read("信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t9\t16\t\n行政处罚\t1\t2\t3\n")
    assert numbers(reading)["permit_items_prev"] == "9"
    assert "blank_at_end" in codes(reading.issues)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((("行政许可", 9, 16, None), ("行政处罚", 1, 2, 3), ("行政强制", 4, 5, 6)), True),
        ((("行政许可", 1, 2, 3), ("行政处罚", 4, 5, 6), ("行政强制", 9, 16, None)), True),
        ((("行政许可", 9, 16, None), ("行政处罚", 1, 2, None), ("行政强制", 4, 5, 6)), False),  # left blank by habit
        ((("行政许可", 9, 16, 7), ("行政处罚", 1, 2, 3), ("行政强制", 4, 5, 6)), False),
    ],
)
def test_a_row_of_a_sheet_that_may_have_lost_a_cell_is_told(rows: tuple[tuple[object, ...], ...], told: bool) -> None:
    lines = (("信息内容", "上一年项目数量", "本年增/减", "处理决定数量"), *rows)
    cells: dict[str, str | float] = {
        f"{'ABCD'[column]}{row}": value if isinstance(value, int) else str(value)
        for row, line in enumerate(lines, 1)
        for column, value in enumerate(line)
        if value is not None
    }
    reading = read_tables(read_document(xlsx(cells), Hints(url="report.xlsx")), templates.load())
    assert ("blank_at_end" in codes(reading.issues)) is told


def test_a_full_line_whose_first_cell_may_be_its_labels_is_read_only_where_it_adds_up() -> None:
    head = (
        "| 自然人 | 法人或其他组织 | | | | | 总计 |\n|---|---|---|---|---|---|---|\n"
        "| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |\n"
        "| 一、本年新收政府信息公开申请数量 | | | 5 | 1 | 0 | 0 | 0 | 0 | 6 |\n"
    )
    lost = read(head + "| （一）予以公开 | | 5 | 1 | 1 | 0 | 0 | 6 |\n")
    assert {status(lost, f"req_granted__{name}") for name in ("company", "total")} == {"ambiguous"}
    assert "cell_count" in codes(lost.issues)
    whole = read(head + "| （一）予以公开 | | 1 | 0 | 0 | 0 | 5 | 6 |\n")
    assert numbers(whole)["req_granted__company"] == "1"


# ---- annexes


def annex(*extra: str) -> str:
    form = templates.load().forms["stat2014"]
    rows = [row for row in form.tables["annex"].rows if row.type != "heading"][:14]
    lines = [
        "统计指标\t单位\t统计数",
        *(f"{row.zh}\t{row.unit}\t{number}" for number, row in enumerate(rows, 1)),
        *extra,
    ]
    return "\n".join(lines)


def test_an_annex_is_read_by_its_indicators() -> None:
    reading = read(annex())
    assert (reading.template, numbers(reading)["s14_disclosed_total"]) == ("stat2014", "1")


def test_rows_that_a_province_added_are_kept() -> None:
    reading = read(annex("（四）政府信息公开热线咨询总量\t次\t17"))
    (issue,) = [issue for issue in reading.issues if issue.code == "unknown_row"]
    assert "热线咨询总量 | 次 | 17" in issue.message


def test_values_of_an_annex_in_a_line_without_a_label_are_told() -> None:
    assert "row_without_label" in codes(read(annex("（四）政府信息公开热线咨询总量\t次\t", "\t\t17")).issues)
    assert "row_without_label" not in codes(read(annex()).issues)


@pytest.mark.parametrize("row", ["{label}\t万\t元\t12", "{label}万\t元\t12"])
def test_a_unit_torn_in_two_makes_no_amount(row: str) -> None:
    form = templates.load().forms["stat2014"]
    label = next(row.zh for row in form.tables["annex"].rows if row.code == "s14_budget_wan")
    for text in (annex(row.format(label=label)), annex(row.format(label=label)).replace("\t", "  ")):
        (figure,) = [figure for figure in read(text).figures if figure.code == "s14_budget_wan"]
        assert (figure.status, figure.alternatives) == ("ambiguous", ("0.0012", "12"))


def test_the_same_words_under_two_headings_are_told_apart() -> None:
    reading = read(
        annex(
            "四、行政复议数量\t件\t5",
            "（一）维持具体行政行为数\t件\t1",
            "（二）被依法纠错数\t件\t2",
            "（三）其他情形数\t件\t2",
            "五、行政诉讼数量\t件\t9",
            "（二）被依法纠错数\t件\t4",
        )
    )
    assert numbers(reading)["s14_review_corrected"] == "2"
    assert numbers(reading)["s14_suit_corrected"] == "4"


def test_an_unknown_statistics_table_is_kept_and_never_forced_into_codes() -> None:
    reading = page("指标|单位|数量", "信函接待数|件|3", "当面申请数|件|2", "传真申请数|件|1", "热线数|次|8")
    assert reading.figures == ()
    assert sum(issue.code == "unknown_row" for issue in reading.issues) == 4


# ---- a form that is YAML alone

INVENTED = """\
template: fmt2030
zh: 新格式
en: An invented form
years: {from: 2030}
basis: test
decisive: [本年订立件数]
tables:
  agreements:
    kind: blocks
    zh: 协议
    en: agreements
    markers: [协议类别]
    rows:
      - code: treaties
        zh: 行政协议
        en: administrative agreements
        match: [行政协议]
        cells:
          - {code: treaties_made, column: 本年订立件数, match: [], unit: 件, type: count, en: made}
          - {code: treaties_amount_wan, column: 协议金额（单位：万元）, match: [], unit: 万元, type: decimal, en: sum}
  hotline:
    kind: matrix
    zh: 热线
    en: hotline
    code: "{row}__{column}"
    total: all
    corner: [热线情况]
    columns:
      - {code: web, zh: 网络, en: web, match: [网络渠道]}
      - {code: phone, zh: 电话渠道, en: phone, match: [电话渠道]}
      - {code: all, zh: 全部渠道, en: all, match: [全部渠道]}
    rows:
      - {code: calls, zh: 一、来电数量, en: calls, match: [来电数量], unit: 件, type: count}
      - {code: closed, zh: 二、办结热线数量, en: closed, match: [办结热线数量], unit: 件, type: count}
"""


TABBED = """\
协议类别\t本年订立件数\t协议金额（单位：万元）
行政协议\t4\t251000元

热线情况\t网络渠道\t电话渠道\t全部渠道
一、来电数量\t1\t2\t3
二、办结热线数量\t1\t1\t2
"""


@pytest.mark.parametrize("text", [TABBED, TABBED.replace("\t", " ")])
def test_a_new_form_is_a_change_of_yaml_alone(text: str) -> None:
    reading = (Path(__file__).parents[3] / "config/templates/reading.yaml").read_text(encoding="utf-8")
    forms = templates.build([(Path("reading.yaml"), reading), (Path("fmt2030.yaml"), INVENTED)])
    found = read_tables(read_document(text.encode(), Hints()), forms)
    assert found.template == "fmt2030"
    assert numbers(found) == {
        "treaties_made": "4",
        "treaties_amount_wan": found_amount(found),
        "calls__web": "1",
        "calls__phone": "2",
        "calls__all": "3",
        "closed__web": "1",
        "closed__phone": "1",
        "closed__all": "2",
    }
    assert Decimal(found_amount(found)) == Decimal("25.1")


def found_amount(reading: TableReading) -> str:
    return numbers(reading)["treaties_amount_wan"]


# ---- whole documents


@pytest.mark.parametrize("path", sorted(GOLDENS.glob("*.txt")), ids=lambda path: path.stem)
def test_goldens(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    data = path.read_bytes()
    document = read_document(data, Hints(url=path.name))
    reading = read_tables(document, templates.load())
    assert reading.template == wanted["template"]
    assert numbers(reading) == wanted["numbers"]
    assert {f.code for f in reading.figures if f.status == "ambiguous"} == set(wanted["ambiguous"])
    assert codes(reading.issues) == set(wanted["issues"])
    assert_locators(document, data, reading.figures)


def assert_locators(document: Document, data: bytes, figures: tuple[Figure, ...]) -> None:
    assert document.blocks
    for figure in figures:
        assert resolve(data, figure.locator) == figure.raw, figure.code


def test_the_reference_reports_are_read_right(shared: Path) -> None:
    for path in sorted((shared / "reports/truth").glob("*.json")):
        if path.stem == "run_together_rows":
            continue
        truth = json.loads(path.read_text(encoding="utf-8"))
        data = (shared / "reports/documents" / path.stem).read_bytes()
        document = read_document(data, Hints(url=path.stem))
        reading = read_tables(document, templates.load())
        found = {figure.code: figure.value for figure in reading.figures}
        wrong = {}
        for code, first in truth["cells"].items():
            accepted = [first, *truth["alternatives"].get(code, [])]
            if found.get(code) not in [None if value is None else Decimal(value) for value in accepted]:
                wrong[code] = (accepted, found.get(code))
        assert wrong == {}, path.stem
        assert {code for code, value in found.items() if value is not None} <= set(truth["cells"]), path.stem
        assert reading.template == truth["template"], path.stem
        assert_locators(document, data, reading.figures)


def test_nothing_is_invented_in_documents_without_numbers_that_can_be_trusted(shared: Path) -> None:
    cuts = json.loads((shared / "reports/truth/run_together_rows.json").read_text(encoding="utf-8"))["documents"]
    for path in sorted((shared / "reports/negatives").iterdir()):
        reading = read_tables(read_document(path.read_bytes(), Hints(url=path.name)), templates.load())
        given = {figure.code: figure.value for figure in reading.figures if figure.value is not None}
        for row in cuts.get(path.name, {"rows": []})["rows"]:
            mine = {code: given.pop(code) for code in row["codes"] if code in given}
            readings = [dict(zip(row["codes"], map(Decimal, cut), strict=True)) for cut in row["cuts"]]
            assert not mine or any(all(cut[code] == value for code, value in mine.items()) for cut in readings)
        assert given == {}, path.name


CORRECTED = ("392（更正为15）", "3(应为5)", "7（原为17）", "12（误报，实为2）")


@pytest.mark.parametrize("printed", CORRECTED)
@pytest.mark.parametrize("layout", ["grid", "pipes", "spaces", "lines"])
def test_a_number_that_is_corrected_in_words_is_ambiguous(printed: str, layout: str) -> None:
    rows = [["信息内容", "本年处理决定数量"], ["行政许可", "4"], ["行政处罚", printed], ["行政强制", "6"]]
    if layout == "grid":
        reading = page(*("|".join(row) for row in rows))
    elif layout == "pipes":
        reading = read("\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---", "---"], *rows[1:]]), "a.md")
    else:
        parted = "  " if layout == "spaces" else "\n"
        reading = read("第二十条第（六）项\n" + "\n".join(parted.join(row) for row in rows))
    assert numbers(reading) == {"permit_decisions": "4", "coercion_decisions": "6"}
    assert status(reading, "penalty_decisions") == "ambiguous"
    assert "number_corrected" in codes(reading.issues)


# ---- damage to text layouts


@pytest.mark.parametrize("joint", ["\n\n", "\n", "\t"])
@pytest.mark.parametrize(
    "remark", ["(设区的市、自治州人民政府应提供相关数据)", "（行政机关制定发布的决定、公告等）", "（含废止）"]
)
def test_a_remark_behind_a_label_is_no_part_of_it(joint: str, remark: str) -> None:
    lines = ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量", f"规章{remark}", "1", "1", "3"]
    more = [f"规范性文件{remark}", "34", "4", "47"]
    rows = [lines[:4], lines[4:], more]
    reading = read("第二十条第(一)项\n" + "\n".join(joint.join(row) for row in rows))
    assert list(numbers(reading).values()) == ["1", "1", "3", "34", "4", "47"]
    assert codes(reading.issues) <= {"cells_missing", "table_missing"}


def test_a_remark_in_a_cell_of_a_page() -> None:
    reading = page(
        "信息内容|本年处理决定数量", "行政许可（含行政确认）|7", "信息内容|本年处理决定数量", "行政强制（全部）|2"
    )
    assert numbers(reading) == {"permit_decisions": "7", "coercion_decisions": "2"}


@pytest.mark.parametrize(
    ("last", "told"), [("现行有效件", "header_misspelt"), ("现行有效", "header_misspelt"), ("某某某某", "header_cut")]
)
def test_a_header_that_lost_letters_before_the_first_row(last: str, told: str) -> None:
    lines = ["信息内容", "本年制发件数", "本年废止件数", last, "规章", "0", "0", "1", "行政规范性文件", "7", "2", "31"]
    reading = read("二、主动公开政府信息情况\n\n第二十条第（一）项\n\n" + "\n\n".join(lines))
    assert list(numbers(reading).values()) == ["0", "0", "1", "7", "2", "31"]
    assert told in codes(reading.issues)


HEAD = "勾稽关系 申请人情况\n自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"


@pytest.mark.parametrize(
    "next_label", ["5.属于三类内容事务信息", "5、属于三类内容事务信息", "（5）属于某某", "5属于三类内容"]
)
def test_the_ordinal_of_a_damaged_label_is_no_value(next_label: str) -> None:
    reading = read(f"{HEAD}4.保护第三方合法权益\n{next_label}\n6.属于四类过程性信息\n")
    assert reading.figures == ()
    assert "rows_without_values" in codes(reading.issues)


@pytest.mark.parametrize("mark", ["- 2 -", "— 2 —", "2 / 6", "第2页 共6页", "第 2 页"])
def test_the_number_of_a_page_is_no_cell(mark: str) -> None:
    head = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n"
    rows = "一、本年新收政府信息公开申请数量 3 1 0 0 0 0 4\n（一）予以公开 1 1 0 0 0 0 2\n"
    short = f"（二）部分公开 0 31 0 5\n{mark}\n（三）不予公开\n1.属于国家秘密 0 0 0 0 0 0 0\n"
    reading = read(head + rows + short)
    assert numbers(reading)["req_granted__total"] == "2"
    assert {f.status for f in reading.figures if f.code.startswith("req_partial")} == {"ambiguous"}
    assert "cell_count" in codes(reading.issues)


def test_a_page_number_between_two_cells_parts_nothing() -> None:
    cells = ["一、本年新收政府信息公开申请数量", "3", "1", "0", "0", "0", "0", "4"]
    head = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    reading = read("\n".join([*head, *cells[:4], "- 2 -", *cells[4:]]))
    assert list(numbers(reading).values()) == cells[1:]


ORDERS = (
    ("自然人", "法律服务机构", "科研机构", "社会公益组织", "商业企业", "其他", "总计"),
    ("自然人", "商业企业", "科研机构", "法律服务机构", "社会公益组织", "其他", "总计"),
    ("商业企业", "自然人", "其他", "科研机构", "社会公益组织", "法律服务机构", "总计"),
)
NEW = {
    "自然人": "50",
    "商业企业": "12",
    "科研机构": "1",
    "社会公益组织": "0",
    "法律服务机构": "3",
    "其他": "7",
    "总计": "73",
}
CODES = ("natural", "company", "research", "welfare", "legal", "other_org", "total")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("parted", [" ", "   "])
def test_columns_in_another_order_are_read_as_they_are_headed_in_spaced_text(
    order: tuple[str, ...], parted: str
) -> None:
    lines = [("项目", *order), ("一、本年新收政府信息公开申请数量", *(NEW[column] for column in order))]
    reading = read("三、收到和处理政府信息公开申请情况\n\n" + "\n".join(parted.join(line) for line in lines))
    assert numbers(reading) == {f"req_new__{code}": value for code, value in zip(CODES, NEW.values(), strict=True)}


@pytest.mark.parametrize("unread", ["待核实", "见说明", "正在办理"])
@pytest.mark.parametrize("at", [0, 4, 14])
def test_words_in_one_cell_of_a_record_cost_no_other_cell(unread: str, at: int) -> None:
    outcomes = "结果维持|结果纠正|其他结果|尚未审结|总计"
    values = ["1", "2", "0", "4", "7", "2", "0", "4", "0", "6", "4", "0", "0", "1", "5"]
    values[at] = unread
    reading = page(
        "行政复议@1x5|行政诉讼@1x10",
        "|".join(f"{outcome}@2x1" for outcome in outcomes.split("|")) + "|未经复议直接起诉@1x5|复议后起诉@1x5",
        f"{outcomes}|{outcomes}",
        "|".join(values),
    )
    assert list(numbers(reading).values()) == [value for value in values if value != unread]
    assert "text_in_cell" in codes(reading.issues)


BARRED_ROWS = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量")
BARRED_HEAD = ("自然人", "法人或其他组织", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def barred(*rows: str, mark: str = " |", fill: str = "||") -> bytes:
    """Rows, cells parted by ``;``: one cell a line and a bar behind it, a blank cell a bar alone."""
    lines = [f"{word}{mark}" for word in BARRED_HEAD]
    for row in rows:
        lines += [f"{cell}{mark}" if cell else "|" for cell in row.split(";")]
        lines += [fill] if fill else []
    return "\n".join(
        ["某市林业局2022年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", *lines]
    ).encode()


@pytest.mark.parametrize("fill", ["||", "|", ""])
@pytest.mark.parametrize("mark", [" |", "|", "\u3000|"])
def test_blanks_as_bars_alone_are_cells(mark: str, fill: str) -> None:
    rows = [f"{BARRED_ROWS[0]};56;;;;;;56", f"{BARRED_ROWS[1]};;3;;;1;;4"]
    cells = {c.code: c.value for c in parse(barred(*rows, mark=mark, fill=fill), Hints(url="a.txt")).cells}
    columns = ("natural", "company", "research", "welfare", "legal", "other_org", "total")
    for name, row in zip(("req_new", "req_carried_in"), rows, strict=True):
        printed = [Decimal(text) if text else None for text in row.split(";")[1:]]
        assert [cells[f"{name}__{column}"] for column in columns] == printed


@pytest.mark.parametrize("row", ["56;;;;;56", "56;;;;;;;56", "56;;56;;;"])
def test_another_number_of_bars_leaves_a_row_open(row: str) -> None:
    report = parse(barred(f"{BARRED_ROWS[0]};{row}", f"{BARRED_ROWS[1]};0;;;;;0"), Hints(url="a.txt"))
    assert {cell.status for cell in report.cells} == {"ambiguous"}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("一、本年新收到政府信息公开申请数", "req_new"),
        ("一、本年度收到政府信息公开申请数量", "req_new"),
        ("2、申请人逾期未缴费", "req_other_fee_unpaid"),
        ("2.逾期未按收费通知要求缴纳费用", "req_other_fee_unpaid"),
    ],
)
def test_rows_are_known_by_the_wordings_that_offices_use(label: str, code: str) -> None:
    reading = page(*T3, f"{label}@1x3|3|1|0|0|0|0|4")
    assert numbers(reading)[f"{code}__natural"] == "3"
    assert numbers(reading)[f"{code}__total"] == "4"
