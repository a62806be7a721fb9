"""A column of subtotals costs no figure and is compared with what it sums up."""

import pytest

from tests.parsers import matrices

GOOD = "一、本年新收政府信息公开申请数量|31|6|0|1|4|2|13|44"
BAD = "二、上年结转政府信息公开申请数量|3|1|0|0|0|0|2|4"
READ = {"req_new": ["31", "6", "0", "1", "4", "2", "44"], "req_carried_in": ["3", "1", "0", "0", "0", "0", "4"]}


@pytest.mark.parametrize("word", ["小计", "合计"])
@pytest.mark.parametrize("framing", ["page", "flat page", "tabs", "sheet"])
def test_a_subtotal_of_the_organisations(word: str, framing: str) -> None:
    flat = "|".join(("勾稽关系", "自然人", *matrices.KINDS, word, "总计"))
    if framing == "page":
        head = matrices.rows_of(
            f"{matrices.CORNER}@3x1|申请人情况@1x8",
            "自然人@2x1|法人或其他组织@1x6|总计@2x1",
            "|".join((*matrices.KINDS, word)),
        )
        record = matrices.read(matrices.page(GOOD, BAD, head=head))
    elif framing == "flat page":
        record = matrices.read(matrices.page(GOOD, BAD, head=matrices.rows_of(flat)))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(flat, GOOD, BAD), "report.txt")
    else:
        record = matrices.read(matrices.sheet(flat, GOOD, BAD), "report.xlsx")
    assert {row: matrices.values(record, row) for row in READ} == READ
    differing = [issue["message"] for issue in record["issues"] if issue["code"] == "subtotal_differs"]
    assert len(differing) == 1
    assert differing[0].startswith("二、上年结转政府信息公开申请数量")
    assert "cell_count" not in matrices.issues(record)


def test_a_subtotal_before_what_it_sums_up() -> None:
    head = matrices.rows_of(
        f"{matrices.CORNER}@3x1|申请人情况@1x8",
        "自然人@2x1|法人或其他组织@1x6|总计@2x1",
        "|".join(("小计", *matrices.KINDS)),
    )
    record = matrices.read(matrices.page("一、本年新收政府信息公开申请数量|31|13|6|0|1|4|2|44", head=head))
    assert matrices.values(record, "req_new") == READ["req_new"]
    assert "subtotal_differs" not in matrices.issues(record)


def test_a_total_written_out_in_every_line_is_one_total() -> None:
    head = matrices.rows_of("勾稽关系||||||总计", "|自然人|" + "|".join(matrices.KINDS) + "|总计")
    record = matrices.read(matrices.page("一、本年新收政府信息公开申请数量|31|6|0|1|4|2|44", head=head))
    assert matrices.values(record, "req_new") == READ["req_new"]


LUMPED = ("一、本年新收政府信息公开申请数量|5|3|8", "二、上年结转政府信息公开申请数量|1|0|1", "（一）予以公开|6|3|9")
LUMPED_READ = {"req_new": ("5", "8"), "req_carried_in": ("1", "1"), "req_granted": ("6", "9")}


@pytest.mark.parametrize("framing", ["page", "flat page", "tabs", "sheet", "pipes", "lines", "spaces"])
def test_one_column_for_all_organisations_is_none_of_the_forms_and_the_others_are_read(framing: str) -> None:
    flat = "申请人情况|自然人|法人或其他组织|总计"
    over = matrices.rows_of(f"{matrices.CORNER}@2x1|申请人情况@1x3", "自然人|法人或其他组织|总计")
    table = "\n".join(f"|{row}|" for row in (flat, "---|---|---|---", *LUMPED))
    lines = [matrices.TITLE, matrices.SECTION, flat, *LUMPED]
    data, name = {
        "page": (matrices.page(*LUMPED, head=over), "report.html"),
        "flat page": (matrices.page(*LUMPED, head=matrices.rows_of(flat)), "report.html"),
        "tabs": (matrices.tabs(flat, *LUMPED), "report.txt"),
        "sheet": (matrices.sheet(flat, *LUMPED), "report.xlsx"),
        "pipes": (f"{matrices.TITLE}\n{matrices.SECTION}\n\n{table}".encode(), "report.md"),
        "lines": ("\n".join(lines).replace("|", "\n").encode(), "report.txt"),
        "spaces": ("\n".join(lines).replace("|", "  ").encode(), "report.txt"),
    }[framing]
    record = matrices.read(data, name)
    read = {row: matrices.values(record, row) for row in LUMPED_READ}
    assert {row: (cells[0], cells[-1]) for row, cells in read.items()} == LUMPED_READ
    assert all(set(cells[1:-1]) == {"absent"} for cells in read.values())
    told = [issue["message"] for issue in record["issues"] if issue["code"] == "cell_of_no_form"]
    assert [message.split(": ")[1].split()[0] for message in told] == ["3", "0", "3"]


@pytest.mark.parametrize(
    "rows",
    [
        ("一、本年新收政府信息公开申请数量|1|2|3|0|0|0|6", "二、上年结转政府信息公开申请数量|1|0|1|0|0|0|2"),
        ("一、本年新收政府信息公开申请数量|1||||||1", "二、上年结转政府信息公开申请数量|1|2|3||||"),
    ],
)
def test_a_header_that_lost_its_last_line_is_no_header_with_one_column_for_several(rows: tuple[str, ...]) -> None:
    head = matrices.rows_of("申请人情况|自然人|法人或其他组织|总计")
    record = matrices.read(matrices.page(*rows, head=head))
    assert not any(cell["status"] == "number" for cell in record["cells"])
    assert "header_missing" in matrices.issues(record)
    assert {cell["status"] for cell in record["cells"]} == {"ambiguous"}
    assert len(record["cells"]) == 2 * len(matrices.CODES)


PARENTS, KINDS = ["自然人|法人或其他组织|总计"], ["社会公益 法律服务", "商业企业 科研机构|其他", "组织|机构"]


@pytest.mark.parametrize(
    "pieces",
    [
        [*PARENTS, *KINDS],
        ["法人或其他组织", "自然人|总计", *KINDS],
        [*PARENTS, KINDS[0], "商业企业|科研机构 其他", KINDS[2]],
    ],
)
def test_headers_in_pieces_below_their_parent_are_no_lump(pieces: list[str]) -> None:
    """A PDF without rules: the parent's header is legible, those of its columns are not."""
    record = matrices.read(matrices.tabs(*pieces, "一、本年新收政府信息公开申请数量|9|1|0|0|0|2|12"), "a.txt")
    assert matrices.values(record, "req_new") == ["9", "1", "0", "0", "0", "2", "12"]
