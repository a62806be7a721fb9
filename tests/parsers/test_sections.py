from __future__ import annotations

import json
from pathlib import Path

from parsers import Hints, Section, read_document, resolve, sections
from parsers.forms import templates
from parsers.tables import read_tables

T2 = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n"
T3 = (
    "申请人情况\t自然人\t法人或其他组织\t总计\n\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\n"
    "一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1\n"
)


def split(text: str, name: str = "report.txt") -> tuple[Section, ...]:
    data = text.encode()
    document = read_document(data, Hints(url=name))
    known = templates.load()
    found = sections.split(document, known, read_tables(document, known))
    for section in found:
        assert resolve(data, section.locator, Hints(url=name)) == section.heading
    return found


def headings(found: tuple[Section, ...]) -> list[tuple[int, str]]:
    return [(section.number, section.heading) for section in found]


SIX = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def test_the_six_sections() -> None:
    found = split("\n".join(f"{heading}\n这里是第{n}部分。" for n, heading in enumerate(SIX, 1)))
    assert headings(found) == list(enumerate(SIX, 1))
    assert [section.text for section in found] == [f"这里是第{n}部分。" for n in range(1, 7)]


def test_headings_without_numerals_and_in_other_words() -> None:
    names = [
        "政府信息公开工作总体情况",
        "（二）行政机关主动公开政府信息的情况",
        "收到和处理政府信息公开申请情况：",
        "4、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "五、存在的主要问题及整改措施",
        "需要报告的其他事项",
    ]
    assert headings(split("\n正文。\n".join(names))) == list(enumerate(names, 1))


def test_a_preface_that_names_all_six_is_no_heading() -> None:
    preface = "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他需要报告的事项等部分组成。"
    found = split("\n".join([preface, *SIX]))
    assert headings(found) == list(enumerate(SIX, 1))


def test_an_older_report_pasted_into_the_first_section() -> None:
    older = "概述\n去年情况。\n二、主动公开政府信息情况\n公开了信息。\n六、其他需要报告的事项\n无。\n"
    text = (
        f"{SIX[0]}\n本年情况。\n{older}{SIX[1]}\n{T2}{SIX[2]}\n{T3}{SIX[3]}\n无。\n{SIX[4]}\n不足。\n{SIX[5]}\n无。\n"
    )
    found = split(text)
    assert headings(found) == list(enumerate(SIX, 1))
    assert "去年情况" in found[0].text
    assert found[1].text == ""


def test_numerals_that_begin_again_do_not_matter() -> None:
    text = (
        "一、总体情况\n叙述。\n二、工作机制保障\n叙述。\n"
        f"一、主动公开政府信息情况\n{T2}二、收到和处理政府信息公开申请情况\n{T3}五、其他需要报告的事项\n无。\n"
    )
    assert [section.number for section in split(text)] == [1, 2, 3, 6]


def test_headings_in_the_middle_of_a_run_on_text() -> None:
    text = "二〇二二年报告" + "".join(f"{heading}这里是第{n}部分的内容。" for n, heading in enumerate(SIX, 1))
    found = split(text)
    assert headings(found) == list(enumerate(SIX, 1))
    assert found[3].text == "这里是第4部分的内容。"


def test_rows_set_as_text_are_not_repeated_in_the_section() -> None:
    found = split(
        f"{SIX[1]}\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n说明一句。\n{SIX[2]}\n无。\n"
    )
    assert "规章 0 0 0" not in found[0].text
    assert "说明一句。" in found[0].text


def test_headings_that_are_rows_of_the_tables_under_them() -> None:
    text = f"{SIX[0]}\n叙述。\n{SIX[1]}\t\t\t\n{T2}{SIX[2]}\t{SIX[2]}\t{SIX[2]}\n{T3}\n{SIX[4]}\n不足。\n"
    assert headings(split(text)) == [(n, SIX[n - 1]) for n in (1, 2, 3, 5)]


def test_no_headings_no_sections() -> None:
    assert split("今天天气很好。\n明天也是。\n") == ()


def test_all_headings_of_the_reference_reports_are_found(shared: Path) -> None:
    for path in sorted((shared / "reports/truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if "headings" not in truth:
            continue
        data = (shared / "reports/documents" / truth["document"]).read_bytes()
        document = read_document(data, Hints(url=truth["document"]))
        known = templates.load()
        found = sections.split(document, known, read_tables(document, known))
        assert [section.heading.strip() for section in found] == truth["headings"], path.name
