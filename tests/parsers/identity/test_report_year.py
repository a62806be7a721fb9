"""For which year a report is, by what, and where two statements differ."""

from __future__ import annotations

from parsers import Hints
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, codes, document


def test_the_years_order() -> None:
    period = "统计期限自2018年1月1日起至2018年12月31日止。"
    titled = identify(document("温县2019年政府信息公开工作年度报告", HEADING, period), (), Hints(year=2017))
    assert (titled.year, titled.period) == (2019, (2018, 2018))
    assert "year_conflict" in codes(titled)
    untitled = identify(document("温县政府信息公开工作年度报告", HEADING, period), (), Hints(year=2017))
    assert (untitled.year, dict(untitled.sources)["year"]) == (2018, "period")
    column = identify(document("温县政府信息公开工作年度报告", HEADING, "2016年,我县"), (), Hints(year=2017))
    assert (column.year, dict(column.sources)["year"]) == (2017, "column")
    text = identify(document("温县政府信息公开工作年度报告", HEADING, "2016年,我县开展工作,2017年将继续。"))
    assert (text.year, dict(text.sources)["year"]) == (2016, "text")
    assert "year_missing" in codes(identify(document("温县政府信息公开工作年度报告", HEADING)))
