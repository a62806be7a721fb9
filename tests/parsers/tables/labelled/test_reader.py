"""Figures that stand behind words of their own: lists, cards and phrases are read, and what is not clear is told."""

from __future__ import annotations

from typing import Any

import pytest

from parsers import Hints, Locator, parse, resolve
from tests.parsers import matrices
from tests.parsers.formats.word.test_reader import docx, p

TITLE = matrices.TITLE
REQUESTS = "三、收到和处理政府信息公开申请情况"
NEW = "一、本年新收政府信息公开申请数量"
SECRET = "1.属于国家秘密"
OTHER = "3.其他"
KINDS = matrices.FLAT
COUNTS = ("3", "1", "0", "2", "0", "4", "10")


def _read(text: str, name: str = "report.txt") -> dict[str, Any]:
    return parse(text.encode(), Hints(url=name)).as_json()


def _values(record: dict[str, Any]) -> dict[str, str | None]:
    return {cell["code"]: cell["value"] for cell in record["cells"] if not cell["code"].startswith(("prose", "fee"))}


def _issues(record: dict[str, Any]) -> str:
    return "\n".join(f"{issue['code']}: {issue['message']}" for issue in record["issues"])


INLINE = {
    "behind": "，".join(f"{kind}{count}件" for kind, count in zip(KINDS, COUNTS, strict=True)) + "。",
    "total first": "总计10（" + "；".join(f"{kind}{n}" for kind, n in zip(KINDS[:-1], COUNTS[:-1], strict=True)) + "）",
    "colons": "；".join(f"{kind}：{count}" for kind, count in zip(KINDS, COUNTS, strict=True)),
    "of which": "总计10件，其中：" + "、".join(f"{kind}{n}件" for kind, n in zip(KINDS[:-1], COUNTS, strict=False)),
}


@pytest.mark.parametrize("way", INLINE)
@pytest.mark.parametrize("framing", ["text", "page", "word"])
def test_a_row_in_one_line(way: str, framing: str) -> None:
    lines = [TITLE, REQUESTS, f"{NEW}：{INLINE[way]}", f"{SECRET}：{INLINE[way]}"]
    if framing == "text":
        record = _read("\n\n".join(lines))
    elif framing == "page":
        items = "".join(f"<li>{line}</li>" for line in lines[2:])
        record = _read(f"<h1>{TITLE}</h1><p>{REQUESTS}</p><ul>{items}</ul>", "report.html")
    else:
        record = parse(docx("".join(map(p, lines))), Hints(url="report.docx")).as_json()
    assert matrices.values(record, "req_new") == list(COUNTS)
    assert matrices.values(record, "req_denied_state_secret") == list(COUNTS)


def _nested(rows: dict[str, tuple[str, ...]], words: tuple[str, ...] = KINDS) -> list[str]:
    lines = []
    for row, counts in rows.items():
        lines += [f"- {row}", *(f"  - {word}：{count}" for word, count in zip(words, counts, strict=True))]
    return lines


def test_nested_lists_of_all_three_tables() -> None:
    proactive = [
        "- **行政许可**",
        "  - 本年处理决定数量：233",
        "- 行政事业性收费",
        "  - 本年收费金额（单位：万元）：8.5",
    ]
    remedies = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    suits = _nested({"行政复议": tuple("12003"), "未经复议直接起诉": tuple("00101")}, tuple(remedies))
    requests = _nested({NEW: COUNTS, "（七）总计": ("", "/", "0", "2", "0", "4", "6")})
    record = _read("\n".join([TITLE, "二、主动公开政府信息情况", *proactive, REQUESTS, *requests, *suits]), "report.md")
    found = _values(record)
    assert (found["permit_decisions"], found["adminfee_amount_wan"]) == ("233", "8.5")
    assert matrices.values(record, "req_new") == list(COUNTS)
    assert matrices.values(record, "req_outcome_total") == ["", "", "0", "2", "0", "4", "6"]
    assert [found[f"review__{code}"] for code in ("upheld", "corrected", "other", "pending", "total")] == list("12003")
    assert found["suit_direct__total"] == "1"
    assert record["template"] == "fmt2021"


def test_definition_lists_keep_where_each_value_stands() -> None:
    items = ("行政许可", "本年处理决定数量：75件", "行政处罚", "本年处理决定数量：9件")
    page = f"<h1>{TITLE}</h1><dl><dt>{items[0]}</dt><dd>{items[1]}</dd><dt>{items[2]}</dt><dd>{items[3]}</dd></dl>"
    record = _read(page, "report.html")
    assert _values(record) == {"permit_decisions": "75", "penalty_decisions": "9"}
    for cell in record["cells"]:
        where = Locator.from_json(cell["locator"])
        assert resolve(page.encode(), where, Hints(url="report.html")) == cell["raw"]


def _card(label: str, counts: tuple[str, ...]) -> str:
    return matrices.rows_of(f"{label}@1x2", *(f"{kind}|{n}" for kind, n in zip(KINDS, counts, strict=True)))


@pytest.mark.parametrize("framing", ["tables", "one table", "captions"])
def test_a_card_a_row(framing: str) -> None:
    rows = {NEW: COUNTS, SECRET: ("1", "0", "0", "0", "0", "0", "1"), OTHER: ("0", "0", "0", "0", "0", "2", "2")}
    if framing == "tables":
        body = "".join(f"<table>{_card(label, counts)}</table>" for label, counts in rows.items())
    elif framing == "one table":
        body = f"<table>{''.join(_card(label, counts) for label, counts in rows.items())}</table>"
    else:
        tables = {label: _card(label, counts).partition("</tr>")[2] for label, counts in rows.items()}
        body = "".join(f"<p>{label}</p><table>{table}</table>" for label, table in tables.items())
    record = _read(f"<h1>{TITLE}</h1><p>{REQUESTS}</p>{body}", "report.html")
    assert matrices.values(record, "req_new") == list(COUNTS)
    assert matrices.values(record, "req_denied_state_secret") == ["1", "0", "0", "0", "0", "0", "1"]
    assert matrices.values(record, "req_other_misc") == ["0", "0", "0", "0", "0", "2", "2"]


@pytest.mark.parametrize("framing", ["page", "sheet"])
def test_cells_that_print_their_column(framing: str) -> None:
    row = "|".join(f"{kind}：{count}" for kind, count in zip(KINDS, COUNTS, strict=True))
    head = "|".join(("申请人情况", *KINDS))
    data, name = {
        "page": (matrices.page(f"{NEW}@1x3|{row}", f"（三）不予公开@1x2|{SECRET}|{row}"), "report.html"),
        "sheet": (matrices.sheet(head, f"{NEW}|{row}", f"{SECRET}|{row}"), "report.xlsx"),
    }[framing]
    record = matrices.read(data, name)
    assert matrices.values(record, "req_new") == list(COUNTS)
    assert matrices.values(record, "req_denied_state_secret") == list(COUNTS)
    assert next(cell["raw"] for cell in record["cells"] if cell["code"] == "req_new__natural") == "自然人：3"


@pytest.mark.parametrize(
    "phrase", ["制发3件、废止4件、现行有效42件", "本年制发3件，现行有效42件；废止4件", "制发：3 废止：4 有效：42"]
)
def test_several_figures_in_one_cell(phrase: str) -> None:
    rows = ("信息内容|本年制发件数|本年废止件数|现行有效件数", f"行政规范性文件|{phrase}@1x3")
    record = _read(f"<h1>{TITLE}</h1><table>{matrices.rows_of(*rows)}</table>", "report.html")
    found = _values(record)
    expected = ["3", "4", "42"] if "、" in phrase or "，" in phrase else [None] * 3
    assert [found[f"normdocs_{code}"] for code in ("issued", "repealed", "in_force")] == expected


@pytest.mark.parametrize(
    "line",
    [
        f"{NEW}：自然人3件，商业企业1件，另有联名2件",  # a word of no form
        f"{NEW}：自然人3件，自然人4件",  # one word twice
        f"{NEW}：自然人3件，比上年增加2件",
    ],
)
def test_a_row_with_words_of_no_form_is_told(line: str) -> None:
    record = _read(f"{TITLE}\n\n{REQUESTS}\n\n{line}\n")
    assert matrices.values(record, "req_new") == ["absent"] * 7
    assert "row_in_words" in _issues(record)


def test_pairs_below_no_label_that_is_known_are_told() -> None:
    pairs = [f"- {kind}：{count}" for kind, count in zip(KINDS, COUNTS, strict=True)]
    record = _read("\n".join([TITLE, REQUESTS, "- 一、今年的情况", *pairs]))
    assert not any(code.startswith("req_") for code in _values(record))
    assert "row_in_words: - 一、今年的情况" in _issues(record)


def test_lines_that_are_not_all_of_a_row_may_have_lost_a_label_between_them() -> None:
    whole = _nested({NEW: COUNTS, "（一）予以公开": COUNTS})
    torn = [*whole[:3], *whole[-2:]]  # two lines of the first row, and the last two of the second
    record = _read("\n".join([TITLE, REQUESTS, *torn]))
    statuses = {cell["code"]: cell["status"] for cell in record["cells"] if cell["code"].startswith("req_")}
    assert set(statuses.values()) == {"ambiguous"}
    assert "a label between them may be lost" in _issues(record)


def test_rows_that_print_only_what_is_not_nought() -> None:
    lines = ["- " + NEW, "  - 自然人：3", "  - 其他：4", "  - 总计：7", "- " + SECRET, "  - 自然人：1", "  - 总计：1"]
    record = _read("\n".join([TITLE, REQUESTS, *lines]))
    assert matrices.values(record, "req_new") == ["3", *["absent"] * 4, "4", "7"]
    assert matrices.values(record, "req_denied_state_secret") == ["1", *["absent"] * 5, "1"]


def test_a_list_of_last_year_beside_this_years_is_not_this_years() -> None:
    last = tuple(str(int(count) + 1) for count in COUNTS)
    rows = [
        *_nested({NEW: COUNTS, "（一）予以公开": COUNTS}),
        "上年情况",
        *_nested({NEW: last, "（一）予以公开": last}),
    ]
    record = _read("\n".join([TITLE, REQUESTS, *rows]))
    assert matrices.values(record, "req_new") == [None] * 7
    assert {cell["status"] for cell in record["cells"] if cell["code"].startswith("req_new")} == {"ambiguous"}


def test_sentences_of_a_preface_are_no_rows() -> None:
    record = _read(f"{TITLE}\n\n一、总体情况\n\n行政许可：全年办理12件，处罚3件。联系电话：12345678。\n")
    assert _values(record) == {}
