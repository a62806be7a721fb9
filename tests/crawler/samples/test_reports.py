"""Reports of the sample portals: figures of real ones, prose of ours, the official shape."""

from __future__ import annotations

import json
import re

import pytest

from crawler.samples.reports import body, load

SEEDS = {
    "wenxian-office-2020": "000_30a26f9f30ba6222.txt",
    "zhenping-office-2023": "001_0e05ed9c8bb03ce6.txt",
    "luyi-2019": "002_669e7d6ccc88cd65.txt",
    "daixian-2020": "003_769035992f0aa54b.txt",
    "xiaojing-2020": "004_72224a9d5305aabc.txt",
}


@pytest.mark.parametrize(("key", "document"), SEEDS.items())
def test_seeds_carry_the_real_figures(key: str, document: str, shared) -> None:
    truth = json.loads((shared / "reports" / "truth" / f"{document}.json").read_text(encoding="utf-8"))
    cells = load(key).cells()
    assert cells.keys() == truth["cells"].keys()
    for code, value in truth["cells"].items():
        printed = cells[code].strip().removesuffix("万元") or None
        assert printed in {value, *truth["alternatives"].get(code, ())}, code


@pytest.mark.parametrize("key", SEEDS)
def test_prose_is_ours(key: str, shared) -> None:
    """No sentence of the real report's prose is in ours; table labels and official headings are the form's."""
    theirs = (shared / "reports" / "documents" / SEEDS[key]).read_text(encoding="utf-8")
    sentences = {part for part in re.split(r"[\s。；;!！]", theirs) if len(part) >= 16}
    report = load(key)
    ours = [text for section in (report.preface, *report.sections) for text in section]
    listed_in_the_form = "政府信息公开工作总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况"
    shared_text = [part for part in sentences for text in ours if part in text and listed_in_the_form not in part]
    assert shared_text == []


def test_tables_have_the_official_shape() -> None:
    """Table 3 is ten columns wide in every row once spans are spread, table 4 fifteen; surplus cells stay."""
    for key, surplus in (("zhenping-office-2023", 0), ("xiaojing-2020", 3)):
        tables = re.findall(r"<table.*?</table>", body(load(key)), re.DOTALL)
        assert [max(widths(table)) for table in tables] == [4, 11 if surplus else 10, 15]
        assert sum(width == 11 for width in widths(tables[1])) == surplus
    split = re.findall(r"<table.*?</table>", body(load("luyi-2019")), re.DOTALL)
    assert len(split) == 4
    assert [set(widths(table)) for table in split[1:3]] == [{10}, {10}]


def widths(table: str) -> list[int]:
    """The number of columns of each row, cells from rows above counted."""
    spans: dict[int, int] = {}
    found = []
    for number, row in enumerate(re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)):
        for attributes in re.findall(r"<td([^>]*)>", row):
            columns = int((re.search(r'colspan="(\d+)"', attributes) or [0, 1])[1])
            for below in range(int((re.search(r'rowspan="(\d+)"', attributes) or [0, 1])[1])):
                spans[number + below] = spans.get(number + below, 0) + columns
        found.append(spans[number])
    return found
