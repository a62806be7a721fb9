"""Days of publication: which is believed, and which cannot be."""

from __future__ import annotations

import pytest

from parsers import Document, Hints
from parsers.document import Text
from parsers.identity.identity import identify
from tests.parsers.identity.documents import WHERE, codes, document


@pytest.mark.parametrize(
    ("build", "day", "kind"),
    [
        (document("t", meta={"pubdate": "2021-01-20 09:00"}), "2021-01-20", "page_meta"),
        (document("发布时间：2021-01-20 来源：温县人民政府 浏览：12"), "2021-01-20", "page_text"),
        (document("时间：2021/01/20 03:15 PM　来源：温县人民政府"), "2021-01-20", "page_text"),
        (
            document([["索引号", "1-2", "公开 日期", "2021年1月20日"], ["成文日期", "2021-01-05", "文号", ""]]),
            "2021-01-20",
            "page_text",
        ),
        (document([["发布日期：2021-01-20", "成文日期：2021-01-05"]]), "2021-01-20", "page_text"),
        (document("无。", "温县人民政府", "二〇二一年一月二十日"), "2021-01-20", "sign_off"),
        (document("无。", "温县人民政府　　2021年1月20日"), "2021-01-20", "sign_off"),
        (document("2021-01-20 09:15 来源：温县人民政府 字号：大 中 小"), "2021-01-20", "page_text"),
        (document("日期：2021年1月20日"), "2021-01-20", "page_text"),
        (document("成文日期 2021-01-05 发布日期 2021-01-20"), "2021-01-20", "page_text"),
        (document("•索引号", "123/2021", "•文号", "•发布日期", "2021-01-20", "•时效性"), "2021-01-20", "page_text"),
        (document("温县人民政府", "(2021年1月20日)", "一、总体情况", "无。"), "2021-01-20", "sign_off"),
        (document("更新时间：2021-01-20 来源：温县人民政府"), None, None),
        (document("采集时间：2021-01-20T21:37:37+08:00", meta={"others": "页面生成时间 2021-01-20"}), None, None),
        (document("生成日期：2021-01-20", meta={"createdate": "2021-01-20", "maketime": "2021-01-20"}), None, None),
        (document("截至2021年1月20日,共有12条。"), None, None),
        (document("来自：温县人民政府 时间：2021-01-20"), "2021-01-20", "page_text"),
        (document("供稿：办公室 责编：某 时间：2021-01-20 10:11"), "2021-01-20", "page_text"),
        (document("索 引 号 | 1/2 | 发布机构 | 温县人民政府 | 发文日期 | 2021-01-20 |"), "2021-01-20", "page_text"),
        (document([["公示时间", "2021-01-20", "文号", ""]]), "2021-01-20", "page_text"),
        (document("成文日期：2021-01-20"), "2021-01-20", "sign_off"),
        (document([["索引号", "1-2", "印发日期", "2021年1月20日"]]), "2021-01-20", "sign_off"),
        (document("无。", "温县人民政府办公室2021年1月20日印发"), "2021-01-20", "sign_off"),
        (document("统计时间：2021-01-20，以后不变。"), None, None),
    ],
)
def test_days_of_publication(build: Document, day: str | None, kind: str | None) -> None:
    titled = Document(build.media_type, (Text("温县2020年政府信息公开工作年度报告", WHERE), *build.blocks), build.meta)
    identity = identify(titled)
    assert (identity.published_on, identity.published_on_kind) == (day, kind)


def test_days_in_their_order_and_what_cannot_be() -> None:
    title = "温县2020年政府信息公开工作年度报告"
    hints = Hints(url="http://a.gov.cn/202101/t20210131_1.html", list_date="2021-01-30")
    assert identify(document(title), (), hints).published_on_kind == "list"
    assert identify(document(title), (), Hints(url=hints.url)).published_on == "2021-01-31"
    signed = document(title, "无。", "温县人民政府", "2021年1月20日")
    assert identify(signed, (), Hints(url=hints.url)).published_on_kind == "sign_off"
    early = identify(document(title, "无。", "温县人民政府", "2019年1月20日"))
    assert early.published_on is None
    assert "date_implausible" in codes(early)
