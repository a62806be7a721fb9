"""Statistics lists: which rows they are, which of their numbers is the year's, in every way they are set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import Hints, read_document, resolve
from parsers.forms import templates
from parsers.forms.templates import ListRow, ListTable
from parsers.tables import TableReading, read_tables
from parsers.tables.lists.columns import HeaderWords
from parsers.tables.lists.run_on import FlatRows

Lines = list[list[str]]
Layout = Callable[[Lines], tuple[bytes, str]]
CUMULATIVE = ["指标名称", "单位", "代码", "2012年", "历年累计"]


def table(form: str, name: str) -> ListTable:
    found = templates.load().forms[form].tables[name]
    assert isinstance(found, ListTable)
    return found


ANNEX = table("stat2014", "annex")
LOCAL = table("pre2014", "local")


def values(rows: Sequence[ListRow]) -> dict[str, str]:
    """A number for every row, all different, so that none can be taken for another unseen."""
    return {row.code: str(1000 + 7 * at) for at, row in enumerate(rows) if row.type != "heading"}


def html(lines: Lines) -> tuple[bytes, str]:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<html><body><p>附表</p><table>{rows}</table></body></html>".encode(), "a.html"


def tabs(lines: Lines) -> tuple[bytes, str]:
    return "\n".join("\t".join(line) for line in lines).encode(), "a.txt"


def cells_by_line(lines: Lines) -> tuple[bytes, str]:
    return "\n".join(cell for line in lines for cell in line if cell).encode(), "a.txt"


def markdown(lines: Lines) -> tuple[bytes, str]:
    head, *rest = ("| " + " | ".join(line) + " |" for line in lines)
    return "\n".join([head, "|" + "---|" * len(lines[0]), *rest]).encode(), "a.md"


def by_spaces(lines: Lines) -> tuple[bytes, str]:
    return "\n".join(" ".join(filter(None, line)) for line in lines).encode(), "a.txt"


LAYOUTS: tuple[Layout, ...] = (html, tabs, cells_by_line, markdown, by_spaces)


def read(data: bytes, name: str) -> TableReading:
    reading = read_tables(read_document(data, Hints(url=name)), templates.load())
    for figure in reading.figures:
        assert resolve(data, figure.locator) == figure.raw
    return reading


def numbers(reading: TableReading) -> dict[str, str]:
    return {figure.code: format(figure.value, "f") for figure in reading.figures if figure.value is not None}


def statuses(reading: TableReading) -> set[str]:
    return {figure.status for figure in reading.figures}


def lines_of(rows: Sequence[ListRow], header: Sequence[str], cells: Callable[[ListRow, int], list[str]]) -> Lines:
    """A list under a header; ``cells`` gives what stands around and behind each label; headings stand alone."""
    lines = [list(header)]
    for at, row in enumerate(rows):
        heading = [*[""] * (len(header) - 1)]
        lines.append([row.zh, *heading] if row.type == "heading" else cells(row, at))
    return lines


# ---- the year's figure


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("header", "order"),
    [
        (["统计指标", "单位", "统计数"], "lux"),
        (["指标", "代码", "单位", "数量"], "lcux"),
        (["统计指标", "数值"], "lx"),
        (["统计指标", "单位", "2016年", "2015年"], "luxo"),
        (["统计指标", "单位", "2015年", "2016年"], "luox"),
        (["统计指标", "单位", "第一季度", "第二季度", "全年"], "luoox"),
        (["统计指标", "单位", "合计", "区政府", "乡镇街道"], "luxoo"),
        (["指标", "计算单位", "本月", "年度累计"], "luox"),
    ],
)
def test_the_header_says_which_number_is_the_years(layout: Layout, header: list[str], order: str) -> None:
    printed = values(ANNEX.rows)

    def cells(row: ListRow, at: int) -> list[str]:
        kinds = {"l": row.zh, "u": row.unit or "", "c": f"{at:02d}", "x": printed[row.code], "o": "3"}
        return [kinds[kind] for kind in order]

    reading = read(*layout(lines_of(ANNEX.rows, header, cells)))
    assert (reading.template, numbers(reading)) == ("stat2014", printed)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "header", [CUMULATIVE, [*CUMULATIVE[:3], "本年累计", "累计"], [*CUMULATIVE[:3], "本年度", "历年累计"]]
)
def test_the_year_and_all_years_are_never_mixed_up(layout: Layout, header: list[str]) -> None:
    printed = values(LOCAL.rows)
    lines = lines_of(
        LOCAL.rows, header, lambda row, at: [row.zh, row.unit or "", f"{at + 3:02d}", printed[row.code], "99999"]
    )
    reading = read(*layout(lines))
    assert (reading.template, numbers(reading)) == ("pre2014", printed)


def test_a_blank_year_is_blank_whatever_stands_beside_it() -> None:
    lines = lines_of(LOCAL.rows, CUMULATIVE, lambda row, at: [row.zh, row.unit or "", f"{at + 3:02d}", "", "99999"])
    reading = read(*html(lines))
    assert (numbers(reading), statuses(reading)) == ({}, {"blank"})


def test_a_lost_cell_leaves_the_row_open() -> None:
    lines = lines_of(LOCAL.rows, CUMULATIVE, lambda row, at: [row.zh, row.unit or "", f"{at + 3:02d}", "99999"])
    reading = read(*cells_by_line(lines))
    assert (numbers(reading), statuses(reading)) == ({}, {"ambiguous"})
    assert all("99999" in figure.alternatives for figure in reading.figures)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "header", [["统计指标", "单位", "区政府", "乡镇街道"], ["统计指标", "单位", "统计数", "统计数"]]
)
def test_two_numbers_that_no_header_tells_apart_are_flagged(layout: Layout, header: list[str]) -> None:
    lines = lines_of(ANNEX.rows, header, lambda row, at: [row.zh, row.unit or "", str(at % 3), "0"])
    reading = read(*layout(lines))
    assert set(numbers(reading).values()) == {"0"}  # nothing but zeros adds up to nothing else
    assert {i.code for i in reading.issues} >= {"cell_count"}
    assert "ambiguous" in statuses(reading)


def test_a_second_header_line_divides_the_first() -> None:
    head = "<tr><td rowspan=2>统计指标</td><td rowspan=2>单位</td><td colspan=2>统计数</td></tr>"
    head += "<tr><td>本级</td><td>合计</td></tr>"
    printed = values(ANNEX.rows)
    rows = [row for row in ANNEX.rows if row.type != "heading"]
    body = "".join(f"<tr><td>{r.zh}</td><td>{r.unit}</td><td>1</td><td>{printed[r.code]}</td></tr>" for r in rows)
    reading = read(f"<html><body><table>{head}{body}</table></body></html>".encode(), "a.html")
    known = {code: value for code, value in numbers(reading).items() if code not in HOMONYMS}
    assert known == {code: value for code, value in printed.items() if code not in HOMONYMS}


HOMONYMS = {"s14_review_corrected", "s14_review_other", "s14_suit_corrected", "s14_suit_other"}


def test_printed_codes_are_no_values_without_a_header_either() -> None:
    printed = values(LOCAL.rows)
    lines = [[row.zh, row.unit or "", f"{at:02d}", printed[row.code]] for at, row in enumerate(LOCAL.rows, 4)]
    assert numbers(read(*tabs(lines))) == printed


def test_rows_are_numbered_before_their_labels() -> None:
    printed = values(ANNEX.rows)
    lines = [["序号", "统计指标", "单位", "统计数"]]
    for at, row in enumerate(ANNEX.rows, 1):
        lines.append([str(at), row.zh, row.unit or "", printed.get(row.code, "")])
    for layout in LAYOUTS:
        assert numbers(read(*layout(lines))) == printed


def test_two_rows_in_one_line() -> None:
    printed = values(ANNEX.rows)
    rows = [[row.zh, row.unit or "", printed.get(row.code, "")] for row in ANNEX.rows]
    half = (len(rows) + 1) // 2
    lines = [["统计指标", "单位", "统计数"] * 2]
    lines += [left + right for left, right in zip(rows[:half], [*rows[half:], ["", "", ""]], strict=False)]
    assert numbers(read(*html(lines))) == printed


WORDS = {
    "l": ["统计指标", "指标名称", "指标"],
    "u": ["单位", "计量单位"],
    "c": ["代码", "序号"],
    "x": ["统计数", "2016年", "本年", "数量"],
    "o": ["历年累计", "上年", "2015年", "第一季度", "备注", "区政府", "累计"],
}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_whatever_the_columns_a_figure_is_right_or_flagged(seed: int) -> None:
    random = Random(seed)
    form = random.choice([ANNEX, LOCAL])
    middle = random.sample("uc", random.randint(0, 2))
    figures = ["x", *"o" * random.randint(0, 2)]
    kinds = ["l", *middle, *random.sample(figures, len(figures))]
    words = {kind: random.sample(WORDS[kind], len(WORDS[kind])) for kind in WORDS}
    if words["x"][-1] in {"统计数", "数量"}:
        words["o"].remove("2015年")  # which of the two is meant, nobody can say
    printed = values(form.rows)
    truth = {code: "" if random.random() < 0.2 else value for code, value in printed.items()}

    def cells(row: ListRow, at: int) -> list[str]:
        other = random.choice(["3", "0", "", "4521"])
        kinds_of = {"l": row.zh, "u": row.unit or "", "c": f"{at + 1:02d}", "x": truth[row.code], "o": other}
        return [kinds_of[kind] for kind in kinds]

    lines = lines_of(form.rows, [words[kind].pop() for kind in kinds], cells)
    reading = read(*random.choice(LAYOUTS)(lines if random.random() < 0.9 else lines[1:]))
    assert not {code: value for code, value in numbers(reading).items() if truth[code] != value}


# ---- units


@pytest.mark.parametrize(("unit", "value"), [("万元", "35"), ("元", "0.0035"), ("", "35")])
def test_the_unit_of_the_row_beats_the_forms(unit: str, value: str) -> None:
    lines = lines_of(
        ANNEX.rows, ["统计指标", "单位", "统计数"], lambda row, _: [row.zh, unit if row.unit == "万元" else "件", "35"]
    )
    reading = read(*tabs(lines))
    assert numbers(reading)["s14_request_fees_wan"] == value
    assert ("unit_assumed" in {issue.code for issue in reading.issues}) == (not unit)


def test_a_unit_behind_the_label() -> None:
    printed = values(ANNEX.rows)
    lines = lines_of(
        ANNEX.rows, ["统计指标", "数量"], lambda row, _: [f"{row.zh}（单位：{row.unit}）", printed[row.code]]
    )
    assert numbers(read(*html(lines))) == printed


def test_words_for_nothing_are_blanks() -> None:
    lines = lines_of(
        ANNEX.rows, ["统计指标", "单位", "统计数"], lambda row, at: [row.zh, row.unit or "", "无/—"[at % 3]]
    )
    for layout in LAYOUTS:
        assert statuses(read(*layout(lines))) == {"blank"}


def test_a_unit_torn_into_two_lines_is_not_believed() -> None:
    lines = [f"{row.zh}\t{row.unit}\t{at}" for at, row in enumerate(ANNEX.rows[:16], 5) if row.type != "heading"]
    reading = read("\n".join([*lines, "", "万", "七、依申请公开信息收取的费用", "35", "元"]).encode(), "a.txt")
    (fees,) = [figure for figure in reading.figures if figure.code == "s14_request_fees_wan"]
    assert (fees.status, fees.alternatives) == ("ambiguous", ("0.0035", "35"))


def test_a_header_without_the_units_that_the_rows_print_is_torn() -> None:
    printed = values(LOCAL.rows)
    lines = [
        ["指标名称", "数量"],
        *([row.zh, f"{at:02d}", row.unit or "", printed[row.code]] for at, row in enumerate(LOCAL.rows, 1)),
    ]
    for layout in (tabs, by_spaces):
        assert numbers(read(*layout(lines))) == printed


def test_a_header_fused_into_its_last_cell() -> None:
    printed = values(LOCAL.rows)
    head = "<tr><td>指标</td><td>单位 代码 2012年 历年累计</td></tr>"
    rows = "".join(
        f"<tr><td>{r.zh}</td><td>{r.unit}</td><td>7</td><td>{printed[r.code]}</td><td>9</td></tr>" for r in LOCAL.rows
    )
    assert numbers(read(f"<html><body><table>{head}{rows}</table></body></html>".encode(), "a.html")) == printed


# ---- rows run on


def led(parted: str, leaders: str, unit: str) -> str:
    """Every row of the annex as 「label……number unit」, parted in some way."""
    printed = values(ANNEX.rows)
    rows = [
        row.zh if row.type == "heading" else f"{row.zh}{leaders}{printed[row.code]}{(row.unit or '') if unit else ''}"
        for row in ANNEX.rows
    ]
    return "2016年度政府信息公开情况统计表\n\n" + parted.join(rows) + "。\n"


@pytest.mark.parametrize(
    ("parted", "leaders", "unit"),
    [
        ("\n", "……………", "件"),
        ("\n", "......", ""),
        ("\n", " ·········· ", "件"),
        ("\n", "________", "件"),
        ("；", " ", "件"),
        ("；", "：", "件"),
        (";", "……", "件"),
        ("。", " ", "件"),
    ],
)
def test_leaders_and_units_behind_the_number(parted: str, leaders: str, unit: str) -> None:
    reading = read(led(parted, leaders, unit).encode(), "a.txt")
    assert (reading.template, numbers(reading)) == ("stat2014", values(ANNEX.rows))


def flat() -> FlatRows:
    return FlatRows(ANNEX.rows, templates.load().reading.units)


def test_an_annex_run_together_is_cut_by_the_ordinals_of_its_form() -> None:
    printed = values(ANNEX.rows)
    text = "".join(row.zh + (f"{row.unit}{printed[row.code]}" if row.code in printed else "") for row in ANNEX.rows)
    assert numbers(read(f"统计指标单位统计数{text}".encode(), "a.txt")) == printed


def test_two_columns_run_together_are_not_cut() -> None:
    printed = values(LOCAL.rows)
    text = "".join(f"{row.zh}{row.unit}{printed[row.code]}{printed[row.code]}" for row in LOCAL.rows)
    assert numbers(read(f"指标名称计量单位本年历年累计{text}".encode(), "a.txt")) == {}


def test_several_rows_in_a_line_of_text() -> None:
    line = "1.当面申请数 件 3  2.传真申请数 件 12"
    assert [line[a:b] for a, b in flat().spans(line) or []] == ["当面申请数", "件", "3", "传真申请数", "件", "12"]


@pytest.mark.parametrize(
    "line",
    [
        "全年收到申请数63件，其中当面申请数20件，网络申请数40件。",
        "申请方式包括当面申请数、传真申请数、信函申请数等",
        "收到申请数 件 63",
    ],
)
def test_prose_is_no_list(line: str) -> None:
    assert flat().spans(line) is None


def test_a_label_wrapped_around_its_own_number() -> None:
    lines = [f"{row.zh} {row.unit} {at}" for at, row in enumerate(ANNEX.rows[:14], 5) if row.type != "heading"]
    lines += ["（四）政府信息公开专项经费（不包括用于政府公报编辑", "万元 81", "管理及政府网站建设维护等方面的经费）"]
    reading = read("\n".join(["统计指标 单位 统计数", *lines]).encode(), "a.txt")
    assert numbers(reading)["s14_budget_wan"] == "81"


def test_a_page_number_is_no_value() -> None:
    lines = lines_of(
        ANNEX.rows, ["统计指标", "单位", "统计数"], lambda row, at: [row.zh, row.unit or "", str(at), "— 3 —"]
    )
    data, name = cells_by_line(lines)
    assert (
        numbers(read(data, name))["s14_req_letter"]
        == numbers(read(data.replace("— 3 —".encode(), b""), name))["s14_req_letter"]
    )


# ---- other forms


OTHER = [
    ("主动公开文件数", "条"),
    ("收到申请总数", "条"),
    ("其中：1.当面申请数", "条"),
    ("2.信函申请数", "条"),
    ("咨询处理总数", "人次"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_list_of_another_form_is_kept_row_by_row_with_all_its_numbers(layout: Layout) -> None:
    lines = [["指标", "单位", "2009年", "历年累计"], *([label, unit, "31", "77"] for label, unit in OTHER)]
    reading = read(*layout(lines))
    assert (reading.template, reading.figures) == (None, ())
    kept = [issue for issue in reading.issues if issue.code == "unknown_row"]
    assert len(kept) == len(OTHER)
    assert all("31" in issue.message and "77" in issue.message for issue in kept)


def test_a_table_by_department_is_kept_row_by_row() -> None:
    lines = [["单位名称", "主动公开数", "申请数"], *([f"第{at}局", str(at), "2"] for at in range(4))]
    reading = read(*html(lines))
    assert (reading.template, reading.figures) == (None, ())
    assert sum(issue.code == "unknown_row" for issue in reading.issues) == 4


def test_another_edition_with_other_codes_is_read_by_its_labels() -> None:
    """Editions of one form print their codes in another order: a code binds nothing."""
    printed = values(LOCAL.rows)
    lines = [["指标名称", "计算单位", "代码", "本年累计"]]
    lines += [
        [row.zh, row.unit or "", f"{at:02d}", printed[row.code]] for at, row in enumerate(reversed(LOCAL.rows), 1)
    ]
    assert numbers(read(*html(lines))) == printed


def test_a_list_that_shares_half_its_labels_is_another_form() -> None:
    shared = [(row.zh, row.unit or "") for row in LOCAL.rows[4:20]]
    own = [(f"第{at}类信息数", "条") for at in range(len(shared))]
    lines = [["指标", "单位", "2009年", "历年累计"], *([label, unit, "3", "9"] for label, unit in [*shared, *own])]
    reading = read(*html(lines))
    assert (reading.template, reading.figures) == (None, ())
    assert sum(issue.code == "unknown_row" for issue in reading.issues) == len(shared) * 2


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("其中：1.当面申请数", "p08_req_in_person"),
        ("申请总次数", "p08_req_received"),
        ("（4）“免于公开范围1”数", "p08_denied_state_secret"),
        ("(10)非<<规定>>所指政府信息数", "p08_denied_not_gov_info"),
    ],
)
def test_labels_as_editions_print_them(label: str, code: str) -> None:
    rows = [row for row in LOCAL.rows if row.code != code][:12]
    lines = [["指标", "单位", "数量"], *([row.zh, "条", "1"] for row in rows), [label, "条", "44"]]
    reading = read(*tabs(lines))
    assert numbers(reading)[code] == "44"
    assert not {issue.code for issue in reading.issues} & {"label_cut", "label_misspelt"}


def test_another_table_beside_the_annex_does_not_hide_it() -> None:
    printed = values(ANNEX.rows)
    lines = lines_of(
        ANNEX.rows, ["统计指标", "单位", "统计数"], lambda row, _: [row.zh, row.unit or "", printed[row.code]]
    )
    others = [["部门", "件数", "次数"], *([f"第{at}局", "5", "6"] for at in range(90))]
    data = html(lines)[0].replace(b"</table>", b"</table><p>2</p>" + html(others)[0].partition(b"</p>")[2])
    assert numbers(read(data, "a.html")) == printed


def test_labels_of_the_forms_of_2021_in_a_list_do_not_make_it_one() -> None:
    lines = [
        ["指标", "单位", "数量"],
        *([label, "件", "4"] for label in ("重复申请数", "属于国家秘密数", "热线数", "来访数")),
    ]
    assert read(*html(lines)).template is None


# ---- headers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("统计指标单位统计数", ["统计指标", "单位", "统计数"]),
        ("指标名称 计量 单位 代码 2012年 历年累计", ["指标名称", "计量单位", "代码", "2012年", "历年累计"]),
        ("指 标 名 称\n计量\n单位\n本年\n累计", ["指标名称", "计量单位", "本年", "累计"]),
        ("统计指标体系", None),
        ("", None),
    ],
)
def test_header_words_in_a_line(text: str, words: list[str] | None) -> None:
    assert HeaderWords(LOCAL.header).words_of(text) == words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_number_that_is_corrected_in_words_is_ambiguous(layout: Layout) -> None:
    rows = [row for row in ANNEX.rows if row.type != "heading"][:40]
    lines = [["指标", "单位", "数值"], *([row.zh, row.unit or "件", str(30 + at)] for at, row in enumerate(rows))]
    lines[5][2] = "392（更正为15）"
    data, name = layout(lines)
    reading = read_tables(read_document(data, Hints(url=name)), templates.load())
    (figure,) = (figure for figure in reading.figures if figure.code == rows[4].code)
    assert (figure.status, figure.value, figure.alternatives) == ("ambiguous", None, ("15", "392"))
    assert "number_corrected" in {issue.code for issue in reading.issues}


ONE_LINE = (
    "一、主动公开情况 —— —— —— (一)主动公开政府信息数(不同渠道和方式公开相同信息计1条) 条 812 5210 "
    "其中:主动公开规范性文件数 条 7 40 制发规范性文件总数 件 7 40 (二)通过不同渠道和方式公开政府信息的情况 —— —— —— "
    "1.政府公报公开政府信息数 条 3 10 2.政府网站公开政府信息数 条 640 4000 3.政务微博公开政府信息数 条 21 210 "
    "二、回应解读情况 —— —— —— (一)回应公众关注热点或重大舆情数(不同方式回应同一热点或舆情计1次) 次 4 44 "
    "(二)通过不同渠道和方式回应解读的情况 —— —— —— 1.参加或举办新闻发布会总次数 次 5 55 2.政府网站在线访谈次数 次 6 66 "
    "3.政策解读稿件发布数 篇 7 77 4.微博微信回应事件数 次 8 88 5.其他方式回应事件数 次 9 99"
)


@pytest.mark.parametrize(
    ("header", "printed"),
    [
        ("统计指标 单位 本年度 历年累计 ", "812 7 7 3 640 21 4 5 6 7 8 9"),
        ("指标名称 计量单位 本年数 累计 ", "812 7 7 3 640 21 4 5 6 7 8 9"),
        ("统计指标 单位 历年累计 本年度 ", "5210 40 40 10 4000 210 44 55 66 77 88 99"),
        ("", ""),
    ],
)
def test_a_whole_annex_in_one_line_with_two_columns_gives_the_years_figures(header: str, printed: str) -> None:
    text = f"政府信息公开情况统计表(2017年度)\n\n{header}{ONE_LINE}\n"
    found = read_tables(read_document(text.encode(), Hints(url="annex.txt")), templates.load())
    given = [str(figure.value) for figure in found.figures if figure.value is not None]
    assert given == printed.split()


RUN_ON: dict[str, Callable[[str, str, str], str]] = {
    "all": lambda label, unit, number: f"{label}{unit}{number}",
    "label and unit": lambda label, unit, number: f"{label}{unit} {number}",
    "unit and number": lambda label, unit, number: f"{label} {unit}{number}",
    "unit behind": lambda label, unit, number: f"{label}：{number}{unit}",
    "unit apart behind": lambda label, unit, number: f"{label} {number} {unit}",
    "unit before a colon": lambda label, unit, number: f"{label}（{unit}）：{number}",
}


@pytest.mark.parametrize("framing", ["text", "page"])
@pytest.mark.parametrize("way", RUN_ON)
def test_label_unit_and_number_in_one_line(way: str, framing: str) -> None:
    printed = values(ANNEX.rows)
    lines = ["附件：政府信息公开情况统计表"]
    for row in ANNEX.rows:
        number = printed.get(row.code, "")
        lines.append(RUN_ON[way](row.zh, row.unit or "件", number) if number else row.zh)
    text = "\n".join(lines) if framing == "text" else "".join(f"<p>{line}</p>" for line in lines)
    name = "a.txt" if framing == "text" else "a.html"
    reading = read_tables(read_document(text.encode(), Hints(url=name)), templates.load())
    assert {figure.code: str(figure.value) for figure in reading.figures} == printed


@pytest.mark.parametrize(
    "line", ["1.当面申请数件01", "1.当面申请数件3件", "1.当面申请数件3和4", "听说当面申请数件3", "1.当面申请数件"]
)
def test_a_line_in_which_something_else_stands_is_no_row(line: str) -> None:
    assert FlatRows(ANNEX.rows, {"件", "条"}).row(line) is None
