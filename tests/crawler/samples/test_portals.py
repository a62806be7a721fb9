"""The sample provinces: what they serve, in both states."""

from __future__ import annotations

import json
import re

import pytest

from crawler.samples import PROVINCES, Answer, Request, sample_portals, samples
from crawler.samples.reports import DATA


@pytest.mark.parametrize("state", ["first", "later"])
def test_every_row_is_served_as_described(state) -> None:
    portals = sample_portals(state)
    for sample in samples(state):
        answer = portals[sample.host].answer(Request("GET", "http", sample.host, sample.url))
        assert answer is not None, sample
        if sample.why_not in {"challenge", "soft404"}:
            assert (answer.status, sample.title.encode() in answer.body) == (
                412 if sample.why_not == "challenge" else 200,
                False,
            )
            continue
        charset = "gb18030" if b"charset=gb2312" in answer.body else "utf-8"
        assert sample.title in answer.body.decode(charset)


def test_later_state_changes_one_report_loses_one_and_gains_one() -> None:
    before = {(sample.host, sample.url): sample for sample in samples("first")}
    after = {(sample.host, sample.url): sample for sample in samples("later")}
    assert [before[key].title for key in before.keys() - after.keys()] == ["温县人民政府2022年政府信息公开工作年度报告"]
    assert [after[key].title for key in after.keys() - before.keys()] == ["代县人民政府2024年政府信息公开工作年度报告"]
    changed = [key for key in before.keys() & after.keys() if before[key].report != after[key].report]
    assert [before[key].title for key in changed] == ["镇平县政府办公室 2023 年政府信息公开工作年度报告"]
    host, url = changed[0]
    request = Request("GET", "http", host, url)
    old, new = sample_portals("first")[host].answer(request), sample_portals("later")[host].answer(request)
    assert old is not None
    assert new is not None
    assert (b">303<" in old.body, b">303<" in new.body, b">301<" in new.body) == (True, False, True)


def test_traps_are_there() -> None:
    portals = sample_portals()

    def page(host: str, target: str) -> Answer:
        answer = portals[host].answer(Request("GET", "http", host, target))
        assert answer is not None
        return answer

    gb = page("zwgk.sxxz.gov.cn", "/xzsrmzf/xxgknb/2019nxxgkndbg/202003/t20200326_232106.shtml")
    assert b"charset=gb2312" in gb.body
    with pytest.raises(UnicodeDecodeError):
        gb.body.decode("gb2312")
    assert "镕" in gb.body.decode("gb18030")
    column = page("www.daixian.gov.cn", "/dxzw/zwgk/xxgknb/").body.decode()
    assert "代县2020年政府信息公开工作年度..." not in column, "it is on the second page"
    assert (
        "代县2020年政府信息公开工作年度..."
        in page("www.daixian.gov.cn", "/dxzw/zwgk/xxgknb/index_1.html").body.decode()
    )
    assert 'createPageHTML(2, 0, "index", "html")' in column
    assert (
        'open("GET", "/portal/api/articles?channel=zfxxgknb&page=1")'
        in page("www.luyi.gov.cn", "/portal/zwgk/zfxxgknb/").body.decode()
    ), "text of a script is not escaped"
    assert "<li>" not in page("www.luyi.gov.cn", "/portal/zwgk/zfxxgknb/").body.decode().partition("articles")[2]
    assert (
        json.loads(page("www.luyi.gov.cn", "/portal/api/articles?channel=zfxxgknb&page=1").body)["data"]["total"] == 3
    )
    assert page("www.henan.gov.cn", "/zwgk/zfxxgk/zfxxgknb").status == 301
    obstacles = {sample.why_not for sample in samples() if sample.why_not}
    assert obstacles == {"challenge", "soft404", "robots"}


def test_hosts_and_columns_are_those_of_the_profiles() -> None:
    import yaml

    from parsers.configuration import configuration_directories

    for province in PROVINCES:
        profile = yaml.safe_load(
            (configuration_directories()[-1] / "portals" / f"{province}.yaml").read_text(encoding="utf-8")
        )
        columns = {column["url"].partition("://")[2] for site in profile["sites"] for column in site.get("columns", ())}
        played = yaml.safe_load((DATA / f"{province}.yaml").read_text(encoding="utf-8"))
        for site in played:
            assert f"{site['host']}{site['columns'][0]['path']}" in columns


def test_pdf_attachment_is_the_report_it_says() -> None:
    import pdfplumber

    sample = next(one for one in samples() if one.url.endswith("t20230323_4710035.html"))
    assert sample.report is not None
    with pdfplumber.open(DATA / "files" / "P020230323381124517206.pdf") as document:
        pages = [page.extract_text() for page in document.pages]
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    assert len(pages) > 3, "tables run over page breaks"
    assert "代县人民政府2022年政府信息公开工作年度报告" in pages[0]
    figures = [cell for row in rows for cell in row if cell and re.fullmatch(r"[\d.]+", cell)]
    assert sorted(figures) == sorted(sample.report.cells().values())
