"""Forms that are filled in with examples are no reports; a report that is sent with a notice is one."""

from __future__ import annotations

import pytest

from parsers import parse
from tests.parsers import layouts

PREFACE = "根据《中华人民共和国政府信息公开条例》规定，现公布竹溪县人民政府办公室2022年政府信息公开工作年度报告。"


EXAMPLES = (
    ["竹溪县人民政府办公室关于做好2022年政府信息公开工作年度报告编制工作的通知", "各乡镇人民政府：", PREFACE],
    ["竹溪县人民政府办公室转发政府信息公开工作年度报告格式的通知", "附件中的数字仅为示例。", PREFACE],
    ["2022年政府信息公开工作年度报告填报说明", PREFACE],
    ["政府信息公开工作年度报告（样式）", "表内数字为填写示例", PREFACE],
    ["政府信息公开工作年度报告填写示例", "竹溪县教育局2022年政府信息公开工作年度报告"],
)
REPORTS = (
    [
        "竹溪县教育局2022年政府信息公开工作年度报告",
        "按照《关于做好2022年政府信息公开工作年度报告编制工作的通知》要求编制本报告。",
    ],
    ["竹溪县教育局关于印发2022年政府信息公开工作年度报告的通知", "竹溪县教育局2022年政府信息公开工作年度报告", PREFACE],
    ["竹溪县教育局2022年政府信息公开工作年度报告", "按照国务院办公厅规定的格式编制，示例从略。"],
)


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("lines", EXAMPLES)
def test_a_form_filled_in_with_examples_is_no_report(lines: list[str], text: bool) -> None:
    data, hints = layouts.form_under(lines, text=text)
    found = parse(data, hints)
    assert (found.outcome, found.cells, found.prose) == ("not_a_report", (), ())
    (issue,) = [issue for issue in found.issues if issue.code == "example_figures"]
    assert "200 cells" in issue.message


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("lines", REPORTS)
def test_a_report_that_speaks_of_notices_and_forms_stays_one(lines: list[str], text: bool) -> None:
    data, hints = layouts.form_under(lines, text=text)
    found = parse(data, hints)
    assert (found.outcome, len(found.cells)) == ("report", 200)
