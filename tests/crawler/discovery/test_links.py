"""Links: what is followed, what is skipped, and the reason of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.cms import Link, Page
from crawler.discovery.decision import Context
from crawler.discovery.links import best_title, is_annual_page, judge_link, judge_links

COLUMN = "http://www.a.gov.cn/zwgk/xxgknb/"
ARTICLE = COLUMN + "202403/t20240328_1.html"


def context(**changes: object) -> Context:
    values: dict[str, object] = {
        "page": COLUMN,
        "column": COLUMN,
        "hosts": ("www.a.gov.cn", "a.gov.cn"),
        "reaches": ("*.b.gov.cn",),
    }
    return Context(**{**values, **changes})  # type: ignore[arg-type]


def row(text: str, url: str | None = ARTICLE, **changes: object) -> Link:
    return Link(**{"text": text, "href": url or "#", "url": url, "row": text, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "url", "decision", "reason"),
    [
        ("甲县人民政府2023年政府信息公开工作年度报告", ARTICLE, "follow", "report_title"),
        ("甲县教育局政府信息公开工作年度报告（2023年）", ARTICLE, "follow", "report_title"),
        ("甲县2023年政府信息公开工作年度报告", COLUMN + "2023/", "list", "report_or_column"),
        ("甲县2023年政府信息公开工作年度报告", "http://www.a.gov.cn/f/P0202.pdf", "follow", "report_file"),
        ("甲县人民政府办公室关于发布2023年度政府信息公…", ARTICLE, "follow", "title_cut_off"),
        ("甲省教育厅2023年政府信息公开工作年", ARTICLE, "follow", "title_cut_off"),
        ("甲省教育厅2023年度政府信", ARTICLE, "follow", "title_cut_off"),
        ("一图读懂甲省2023年政府信息公开工作年", ARTICLE, "skip", "explainer"),
        ("甲县2023年政府信息公开工作要点", ARTICLE, "skip", "plan"),
        ("乡镇", COLUMN + "n2024n/xz.htm", "hub", "group_folder"),
        ("2023年政府网站工作年度报表", ARTICLE, "skip", "website_report"),
        ("2023年度", "http://www.a.gov.cn/zwgk/zfwznb/2023/", "skip", "website_report"),
        ("2023年法治政府建设情况报告", ARTICLE, "skip", "law_government_report"),
        ("图解：甲县2023年政府信息公开工作年度报告", ARTICLE, "skip", "explainer"),
        ("关于做好2023年政府信息公开工作年度报告编制工作的通知", ARTICLE, "skip", "notice"),
        ("甲县召开年度总结大会", ARTICLE, "skip", "news"),
        ("甲县的春天来得早", ARTICLE, "skip", "other_title"),
        ("2023年", COLUMN + "2023n/", "hub", "year_folder"),
        ("二〇二三年", COLUMN + "2023n/", "hub", "year_folder"),
        ("2021年及以前", COLUMN + "n7/list.html", "hub", "years_folder"),
        ("2019年及以前年度报告请点击这里", "http://www.a.gov.cn/Class.asp?ClassID=88", "hub", "years_folder"),
        ("2015年以前年报请访问旧版网站", "http://www.a.gov.cn/old/", "hub", "years_folder"),
        ("点击查看2018年以前年度报告>>", "http://www.a.gov.cn/zfxxgk/old.html", "hub", "years_folder"),
        ("2017年之前", "http://www.a.gov.cn/nb/n6/list.html", "hub", "years_folder"),
        ("2008-2012年", "http://www.a.gov.cn/col/col8/index.html", "hub", "years_folder"),
        ("2007至2009年", "http://www.a.gov.cn/nb/n4/", "hub", "years_folder"),
        ("二〇一二年以前", "http://www.a.gov.cn/nb/n3/", "hub", "years_folder"),
        ("〔2015年度及更早〕", "http://www.a.gov.cn/nb/old.jsp?id=3", "hub", "years_folder"),
        ("2012年（含）以前年度报告", "http://www.a.gov.cn/nb/n2/", "hub", "years_folder"),
        ("2013年度以前文件归档", ARTICLE, "hub", "years_folder"),  # not in a menu: the page says what it is
        ("2008年、2009年", "http://www.a.gov.cn/nb/n1/", "hub", "years_folder"),
        ("历年", COLUMN + "ln/", "hub", "group_folder"),
        ("近三年情况一览", "http://www.a.gov.cn/nb/jsn/", "skip", "years_label"),
        ("〔2023〕", COLUMN + "nb2023.htm", "follow", "year_label"),
        ("2023年部门年报", "http://www.a.gov.cn/col/col7/index.html", "list", "annual_column"),
        ("2023年市直部门", "http://www.a.gov.cn/col/col7/index.html", "hub", "group_page"),
        ("垂直管理部门", "http://www.a.gov.cn/col/col7/index.html", "hub", "group_page"),
        ("2023年度报告专栏", "http://www.a.gov.cn/col/col90001/index.html", "hub", "year_folder"),
        ("图书馆", ARTICLE, "follow", "body_label"),
        ("广播电视台", ARTICLE, "follow", "body_label"),
        ("甲市职业技术学院", ARTICLE, "follow", "body_label"),
        ("市第一中学", ARTICLE, "follow", "body_label"),
        ("2023年度", COLUMN + "nb2023.htm", "follow", "year_label"),
        ("政府信息公开年报", "http://www.a.gov.cn/zfxxgk/zfxxgknb/", "list", "annual_column"),
        ("部门年报", COLUMN + "bm/", "list", "annual_column"),
        ("市政府参事室", "http://css.b.gov.cn/nb/20240329/1.html", "follow", "body_label"),
        ("乡镇街道", COLUMN + "xz/", "hub", "group_folder"),
        ("教育局", COLUMN + "jyj/", "hub", "body_folder"),
        ("教育局", "http://www.a.gov.cn/public/column/20?type=3", "hub", "body_page"),
        ("乙市人民政府", "http://www.b.gov.cn/nb/2024/202403/t20240328_9.html", "follow", "body_label"),
        ("乙市（2023年）", "http://www.b.gov.cn/nb/2024/202403/t20240328_9.html", "follow", "body_label"),
        ("2023年", COLUMN + "2023.pdf", "follow", "report_file"),
        ("附件二", COLUMN + "form.doc", "skip", "other_file"),
        ("更早的", COLUMN + "old/", "hub", "below_column"),
        ("甲县2023年年度报告", ARTICLE, "follow", "short_title"),
        ("乙市2023年政府信息公开工作年度报告", "http://www.c.gov.cn/1.html", "skip", "outside_profile"),
        ("甲县2023年政府信息公开工作年度报告", "http://www.a-gov.cn.com/1.html", "skip", "clone_host"),
        ("甲县2023年政府信息公开工作年度报告", None, "skip", "no_address"),
    ],
)
def test_a_link_of_a_column_and_its_reason(text: str, url: str | None, decision: str, reason: str):
    verdict = judge_link(row(text, url), context())
    assert verdict is not None
    assert (verdict.decision, verdict.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("text", "url", "menu"),
    [
        ("首页", "http://www.a.gov.cn/", True),
        ("下一页", COLUMN + "index_1.html", False),
        ("乙市人民政府", "http://www.b.gov.cn/", False),
        ("教育局", "http://www.a.gov.cn/jyj/", True),
        ("本栏目", COLUMN + "index.html", False),
        ("标识", "http://www.a.gov.cn/logo.png", False),
    ],
)
def test_navigation_is_no_candidate(text: str, url: str, menu: bool):
    verdict = judge_link(row(text, url, menu=menu), context())
    assert verdict is None or (verdict.decision, verdict.reason) == ("skip", "other_title")


def test_on_a_page_searched_for_the_column_only_what_says_so_counts():
    searched = context(page="http://www.a.gov.cn/", column="http://www.a.gov.cn/", annual=False)
    found = judge_link(row("政府信息公开年报", "http://www.a.gov.cn/x/"), searched)
    assert found is not None
    assert found.decision == "list"
    assert judge_link(row("2023年", "http://www.a.gov.cn/x/2023/"), searched) is None
    assert judge_link(row("教育局", "http://www.a.gov.cn/x/jyj/"), searched) is None


def test_another_year_is_skipped_when_one_is_asked_for_but_folders_are_not_believed():
    assert judge_link(row("甲县人民政府2022年政府信息公开工作年度报告"), context(year=2023)).reason == "other_year"  # type: ignore[union-attr]
    assert judge_link(row("2022年", COLUMN + "2022n/"), context(year=2023)).decision == "hub"  # type: ignore[union-attr]


def test_a_bodys_own_years_are_followed_but_no_further_hub():
    outside = context(page="http://www.b.gov.cn/zfxxgknb/", column="http://www.b.gov.cn/zfxxgknb/", outside=True)
    assert judge_link(row("2023年", "http://www.b.gov.cn/zfxxgknb/2023/"), outside).decision == "hub"  # type: ignore[union-attr]
    other = judge_link(row("部门公开年报", "http://x.b.gov.cn/other/"), outside)
    assert other is not None
    assert other.reason == "second_level"
    for text, url, reason in (
        ("教育局", "http://www.b.gov.cn/zfxxgknb/202403/t20240328_1.html", "body_label"),
        ("教育局", "http://www.b.gov.cn/zfxxgknb/jyj/", "body_folder"),
        ("乙市教育局2023年政府信息...", "http://www.b.gov.cn/zfxxgknb/202403/t20240328_1.html", "title_cut_off"),
    ):
        found = judge_link(row(text, url), outside)
        assert found is not None
        assert (found.decision != "skip", found.reason) == (True, reason)
    years = judge_link(row("2022年", "http://www.b.gov.cn/col/col58/index.html"), outside)
    assert years is not None
    assert (years.decision, years.reason) == ("hub", "year_folder")
    beside = judge_link(row("教育局", "http://www.b.gov.cn/jyj/"), outside)
    assert beside is None or beside.decision == "skip"


def test_short_names_among_bodies_name_bodies():
    names = ("民政局", "图书馆", "人民医院", "教育", "市一中", "甲县的春天来得特别早")
    rows = [row(name, ARTICLE.replace("_1", f"_{n}")) for n, name in enumerate(names)]
    found = {r.text: v.reason for r, v in judge_links(rows, context())}
    assert found == dict.fromkeys(names[:5], "body_label") | {names[5]: "other_title"}
    assert [v.reason for _, v in judge_links(rows[1:4], context())] == ["body_label", "body_label", "other_title"]


def test_annual_reports_in_the_menu_of_disclosure_need_no_further_word():
    link = row("年度报告", "http://www.a.gov.cn/col/col58/index.html", menu=True)
    assert judge_link(link, context(annual=False)) is None
    found = judge_link(link, context(annual=False, disclosure=True))
    assert found is not None
    assert (found.decision, found.reason) == ("list", "annual_column")


def test_years_in_the_menu_of_a_column_are_its_other_years():
    column = "http://www.a.gov.cn/col/col57/index.html"
    found = judge_link(
        row("2022年", "http://www.a.gov.cn/col/col58/index.html", menu=True), context(page=column, column=column)
    )
    assert found is not None
    assert (found.decision, found.reason) == ("hub", "year_folder")


def test_the_fuller_title_is_taken():
    full = "甲县人民政府2023年政府信息公开工作年度报告"
    assert best_title(row("甲县人民政府2023年政府信…", title=full)) == full
    assert best_title(row("查看", title=None)) == "查看"
    assert best_title(row("查看", title="查看详情")) != full
    assert best_title(Link("下载PDF", "x", "x", row=f"{full} 2024-03-01 下载PDF")) == full
    assert best_title(row(full, title=f"标题：{full} 发布时间：2024-03-28")) == full


def test_one_verdict_per_address():
    rows = [row("详情"), row("甲县人民政府2023年政府信息公开工作年度报告")]
    assert [verdict.reason for _, verdict in judge_links(rows, context())] == ["report_title"]


@pytest.mark.parametrize(
    ("head", "url", "annual"),
    [
        ('<meta name="ColumnType" content="信息公开年报">', "http://www.a.gov.cn/x/", True),
        ('<meta name="ColumnType" content="信息公开，信息公开年报">', "http://www.a.gov.cn/x/", True),
        ('<meta name="ColumnName" content="政府信息公开年报">', "http://www.a.gov.cn/x/", True),
        ("<title>政府信息公开年报_甲县人民政府</title>", "http://www.a.gov.cn/x/", True),
        ("<title>甲县人民政府</title>", "http://www.a.gov.cn/zfxxgk/zfxxgknb/", True),
        ("<title>甲县人民政府</title>", "http://www.a.gov.cn/2025ndbg/index.html", True),
        ('<meta name="ColumnName" content="政府网站工作年度报表">', "http://www.a.gov.cn/x/zfwznb/", False),
        ("<title>甲县人民政府门户网站</title>", "http://www.a.gov.cn/", False),
        ("<title>x</title>", "http://www.a.gov.cn/public/column/1681?nav=3&type=3", True),
        ("<title>政策文件</title>", "http://www.a.gov.cn/zwgk/zfwj/", False),
    ],
)
def test_a_page_says_that_it_lists_annual_reports(head: str, url: str, annual: bool):
    assert is_annual_page(Page(url, f"<head>{head}</head>".encode())) is annual


def test_the_real_column_of_engebei(shared: Path):
    """Reports of other bodies among news of its own: the publisher is not the host."""
    url = "http://egb.ordos.gov.cn/xxgk/xxgknb/"
    page = Page(url, (shared / "portal_pages" / "ordos_engebei_nianbao_list_TRS.html").read_bytes())
    judged = judge_links(page.links, Context(page=url, column=url, hosts=(str(urlsplit(url).hostname),)))
    followed = {(v.reading.agency, v.reading.year) for _, v in judged if v.decision == "follow" and v.reading}
    assert followed == {
        ("鄂尔多斯市", 2019),
        ("鄂尔多斯市人民政府办公室", 2019),
        ("鄂尔多斯市", 2018),
        ("内蒙古自治区", 2018),
    }
    skipped = [v.reason for r, v in judged if v.decision == "skip" and not r.menu and "/20" in (r.url or "")]
    assert len(skipped) == 6
    assert {"explainer", "news", "other_title"} <= set(skipped)


def test_the_real_column_of_pingtan_goes_on_in_its_search_back_end_only(shared: Path):
    from crawler.cms import read_list

    url = "https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/"
    page = Page(url, (shared / "portal_pages" / "pingtan_zfxxgknb_list_TRS_fj_EXCERPT.html").read_bytes())
    judged = judge_links(page.links, Context(page=url, column=url, hosts=("www.pingtan.gov.cn",)))
    assert sorted(v.reading.year for _, v in judged if v.decision == "follow" and v.reading) == list(range(2016, 2026))
    listing = read_list(page)
    assert listing.adapter == "trs"
    (request,) = listing.requests
    assert request.dialect == "was5"
    assert "channelid=200210" in request.url
    assert "classsql=chnlid%3D1813" in request.url


def test_the_real_pages_of_handan_lead_to_the_column(shared: Path):
    url = "http://hdzfxxgk.hd.gov.cn/zfxxgkzn/"
    page = Page(url, (shared / "portal_pages" / "handan_zfxxgk_gkzn.jsp.html").read_bytes())
    searched = Context(page=url, column=url, annual=False, hosts=("hdzfxxgk.hd.gov.cn",))
    assert [(v.reason, r.url) for r, v in judge_links(page.links, searched) if v.decision == "list"] == [
        ("annual_column", "http://hdzfxxgk.hd.gov.cn/zfxxgknb/")
    ]


@pytest.mark.parametrize(
    ("text", "href", "decision", "reason"),
    [
        ("县区、市直部门", "/html/site/list_1202.html", "hub", "group_page"),
        ("镇（街道）", "/html/290/", "hub", "group_page"),
        ("历年", "/site/c113421/zfxxgk_list.shtml", "hub", "group_page"),
        ("乡镇、部门年报", "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1", "list", "annual_column"),
        ("县政府办年报", "/xxgk_list.jsp?wbtreeid=2", "list", "annual_column"),
        ("历年市政府年报", "/nw12344/index.html", "list", "annual_column"),
        ("某县人民政府2024年政府信息公开工作年度报告", "/module/down.jsp?i_ID=9", "follow", "report_title"),
        ("某县人民政府2024年政府信息公开工作年度报告", "/zwgk/nb/2024/", "list", "report_or_column"),
    ],
)
def test_parts_of_a_column_that_do_not_lie_below_it(text, href, decision, reason):
    url = f"http://www.example.gov.cn{href}"
    verdict = judge_link(
        Link(text, href, url),
        Context(
            "http://www.example.gov.cn/zfxxgk/zfxxgknb/",
            "http://www.example.gov.cn/zfxxgk/zfxxgknb/",
            hosts=("www.example.gov.cn",),
        ),
    )
    assert verdict is not None
    assert (verdict.decision, verdict.reason) == (decision, reason)


def test_a_menu_names_no_groups_beside_the_column():
    context = Context("http://www.example.gov.cn/nb/", "http://www.example.gov.cn/nb/", hosts=("www.example.gov.cn",))
    assert judge_link(Link("市直部门", "/bm/", "http://www.example.gov.cn/bm/", menu=True), context) is None


@pytest.mark.parametrize(
    ("page", "text", "url", "hub"),
    [
        ("http://www.a.gov.cn/xznb.do", "2023", "http://www.a.gov.cn/xznb.do?nd=2023", True),
        ("http://www.a.gov.cn/xznb.do?nd=2024", "2022年", "http://www.a.gov.cn/xznb.do?nd=2022", True),
        ("http://www.a.gov.cn/nb/list.asp?lm=3", "[2021]", "http://www.a.gov.cn/nb/list.asp?lm=3&y=2021", True),
        ("http://www.a.gov.cn/xznb.do", "2023", "http://www.a.gov.cn/tj.do?nd=2023", False),
        ("http://www.a.gov.cn/xznb.do", "2", "http://www.a.gov.cn/xznb.do?page=2", False),
    ],
)
def test_tabs_of_years_differ_from_their_page_by_the_query(page: str, text: str, url: str, *, hub: bool):
    here = replace(context(), page=page, column=page)
    verdict = judge_link(row(text, url), here)
    assert (verdict is not None and verdict.reason == "year_folder") is hub
