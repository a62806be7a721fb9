"""Links that belong to the report another link names: twins and statistics pages."""

from __future__ import annotations

from dataclasses import replace

from crawler.cms import Link
from crawler.discovery.decision import Context
from crawler.discovery.links import judge_links

COLUMN = "http://www.a.gov.cn/zwgk/xxgknb/"
ARTICLE = COLUMN + "202403/t20240328_1.html"


def context() -> Context:
    return Context(page=COLUMN, column=COLUMN, hosts=("www.a.gov.cn",))


def row(text: str, url: str = ARTICLE, **changes: object) -> Link:
    return Link(**{"text": text, "href": url, "url": url, "row": text, **changes})  # type: ignore[arg-type]


def test_twins_are_tied_to_the_page():
    full = "甲县人民政府2023年政府信息公开工作年度报告"
    pdf, wap = "http://www.a.gov.cn/f/1.pdf", ARTICLE.replace(".html", "_wap.html")
    rows = [row(full), row(full + ".pdf", pdf), row(full, wap)]
    found = {r.url: (v.reason, v.twin_of) for r, v in judge_links(rows, context())}
    assert found == {ARTICLE: ("report_title", None), pdf: ("file_twin", ARTICLE), wap: ("mobile_twin", ARTICLE)}


def test_a_statistics_page_belongs_to_the_report_of_its_year():
    table = "http://www.a.gov.cn/zwgk/xxgknb/201703/t20170301_2.html"
    rows = [row("甲县2016年政府信息公开工作年度报告"), row("甲县2016年政府信息公开情况统计表", table)]
    found = {r.url: (v.decision, v.reason, v.part_of) for r, v in judge_links(rows, context())}
    assert found[table] == ("follow", "statistics_of_report", ARTICLE)
    alone = judge_links(rows[1:], context())
    assert [(v.decision, v.reason) for _, v in alone] == [("skip", "statistics_page")]


def test_a_statistics_page_that_names_nobody_needs_one_body_or_the_same_day():
    one, other, table = ARTICLE, ARTICLE.replace("_1", "_3"), ARTICLE.replace("_1", "_2")
    stated = row("政府信息公开情况统计表（2016年度）", table, date="2017-03-01")
    mine = row("甲县2016年政府信息公开工作年度报告", one, date="2017-02-01")
    theirs = row("乙县2016年政府信息公开工作年度报告", other, date="2017-03-01")

    def part(*rows: Link) -> str | None:
        return next(v.part_of for r, v in judge_links([*rows, stated], context()) if r.url == table)

    assert part(mine) == one
    assert part(mine, theirs) == other
    assert part(mine, replace(theirs, date="2017-02-02")) is None
