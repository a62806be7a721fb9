"""The portal spider on small sites of its own: order of things, what failures mean, what is remembered."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Home
from archive.metadata import DiscoveryMetadata, FetchMetadata, read_metadata
from archive.warc.read import scan
from crawler.plan import Options, plan_for
from crawler.portals.load import Portal, parse_profile, portal_names
from crawler.run import Outcome, run_crawls
from crawler.samples import Answer, Pages, SampleServer
from crawler.samples.server import Request
from crawler.wording import limits
from tests.conftest import ROOT

HOST = "www.a.gov.cn"
BODY = (
    '<div id="zoom"><p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>'
    "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p></div>"
)
COLUMN = f"http://{HOST}/zwgk/xxgknb/"


def html(body: str, title: str = "", head: str = "") -> Answer:
    meta = f'<meta name="ArticleTitle" content="{title}">' if title else ""
    return Answer(f"<html><head><title>{title}</title>{meta}{head}</head><body>{body}</body></html>".encode())


def report(year: int, agency: str = "甲县人民政府", extra: str = "") -> Answer:
    return html(BODY + extra, f"{agency}{year}年政府信息公开工作年度报告")


def link(url: str, text: str) -> str:
    return f'<li><a href="{url}">{text}</a><span>2024-03-28</span></li>'


def titled(year: int, agency: str = "甲县人民政府") -> str:
    return f"{agency}{year}年政府信息公开工作年度报告"


class Methods:
    """Pages, and what is said to a POST where that is something else."""

    def __init__(self, pages: dict[str, Answer], posts: dict[str, Answer] | None = None) -> None:
        self.get, self.post = Pages(pages), Pages(posts or {})

    def answer(self, request: Request) -> Answer | None:
        return (self.post.answer(request) if request.method == "POST" else None) or self.get.answer(request)


class Crawl:
    """What a crawl of made-up pages did."""

    def __init__(self, outcome: Outcome, home: Home) -> None:
        self.outcome = outcome
        payloads = [
            payload
            for path in sorted(home.warc.glob("*.warc.gz"))
            for record in scan(path)
            if record.type == "metadata" and (payload := read_metadata(record.block)) is not None
        ]
        self.fetches = [payload for payload in payloads if isinstance(payload, FetchMetadata)]
        self.discoveries = [payload for payload in payloads if isinstance(payload, DiscoveryMetadata)]

    def paths(self, purpose: str) -> list[str]:
        return sorted(f.url.partition(HOST)[2] for f in self.fetches if f.purpose == purpose and f.status == 200)

    @property
    def counts(self) -> dict[str, int]:
        total: dict[str, int] = {}
        for column in self.outcome.columns:
            for name, count in column.counts.items():
                total[name] = total.get(name, 0) + count
        return total


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Crawl]:
    def run(
        pages: dict[str, Answer],
        column: str = "",
        *,
        site: str = "",
        url: str = COLUMN,
        posts: dict[str, Answer] | None = None,
        **options: object,
    ) -> Crawl:
        columns = f"    columns:\n      - url: {url}\n{column}" if url else "    columns: []\n"
        text = f"name: 甲县\ncode: null\nsites:\n  - host: {HOST}\n    also_hosts: [a.gov.cn]\n{site}{columns}"
        portal = Portal("test", parse_profile(text, "test"), text)
        home = Home.at(tmp_path / "home", create=True)
        with SampleServer({HOST: Methods(pages, posts)}) as server:
            plan = plan_for(portal, Options(home=home, connect_to=tuple(server.connect_to), pace=0, **options))  # type: ignore[arg-type]
            (outcome,) = run_crawls([plan])
        assert outcome.error is None
        return Crawl(outcome, home)

    return run


def test_a_column_its_pages_and_its_reports(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/zwgk/xxgknb/": html(
                link("a/1.html", titled(2023)) + '<script>createPageHTML(2,0,"index","html")</script>'
            ),
            "/zwgk/xxgknb/index_1.html": html(
                link("a/2.html", titled(2022)) + link("a/3.html", "2022年政府网站工作年度报表")
            ),
            "/zwgk/xxgknb/a/1.html": report(2023),
            "/zwgk/xxgknb/a/2.html": report(2022),
        }
    )
    assert found.paths("report") == ["/zwgk/xxgknb/a/1.html", "/zwgk/xxgknb/a/2.html"]
    assert found.counts["links/skip/website_report"] == 1
    assert found.outcome.failures == []
    first = next(d for d in found.discoveries if d.list_url == COLUMN)
    assert [(c.text, c.date, c.decision, c.reason) for c in first.candidates] == [
        (titled(2023), "2024-03-28", "follow", "report_title")
    ]
    assert first.capture
    hints = next(f.hints for f in found.fetches if f.url.endswith("/1.html"))
    assert (hints.portal, hints.site, hints.column, hints.list_title, hints.list_date, hints.year) == (
        "test", HOST, COLUMN, titled(2023), "2024-03-28", 2023,
    )  # fmt: skip


def test_a_link_named_like_a_report_is_judged_again_from_its_page(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/zwgk/xxgknb/": html(
                link("1.html", "甲县人民政府2023年政府信息公开工作年…") + link("2.html", titled(2022))
            ),
            "/zwgk/xxgknb/1.html": html("<p>图</p>", "甲县人民政府2023年政府信息公开工作年度报告图解"),
            "/zwgk/xxgknb/2.html": report(2022),
        }
    )
    assert found.counts["pages/lookalike/explainer"] == 1
    noted = next(d for d in found.discoveries if d.cms == "page")
    assert (noted.candidates[0].decision, noted.candidates[0].reason) == ("skip", "explainer")


def test_a_shells_attachments_are_fetched_as_parts(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/zwgk/xxgknb/": html(link("1.html", titled(2023))),
            "/zwgk/xxgknb/1.html": html('<div id="zoom"><a href="1.pdf">附件</a></div>', titled(2023)),
            "/zwgk/xxgknb/1.pdf": Answer(b"%PDF-1.4 x", media_type="application/pdf"),
        }
    )
    (attachment,) = [f for f in found.fetches if f.purpose == "attachment"]
    assert attachment.hints.part_of == f"{COLUMN}1.html"


def test_a_column_that_is_the_report_is_archived_as_one_and_its_years_are_followed(crawl: Callable[..., Crawl]):
    menu = '<div class="menu"><a href="/zwgk/xxgknb/2022/">2022年</a></div>'
    found = crawl({"/zwgk/xxgknb/": report(2023, extra=menu), "/zwgk/xxgknb/2022/": report(2022)})
    assert found.paths("report") == ["/zwgk/xxgknb/", "/zwgk/xxgknb/2022/"]
    assert [fact["kind"] for fact in found.outcome.learned] == ["column_is_report"]


def test_beside_a_column_that_is_the_report_stand_older_articles_and_other_bodies(crawl: Callable[..., Crawl]):
    menu = link("/zwgk/xxgknb/202202/t20220201_1.html", "2021年") + link("/yx/xxgknb/", "乙县") + link("/c77/", "历年")
    found = crawl(
        {
            "/zwgk/xxgknb/": report(2023, extra=f"<ul>{menu}</ul>"),
            "/zwgk/xxgknb/202202/t20220201_1.html": report(2021),
            "/yx/xxgknb/": html(link("./1.html", titled(2023, "乙县人民政府")), "政府信息公开年报"),
            "/yx/xxgknb/1.html": report(2023, "乙县人民政府"),
            "/c77/": html(link("./202102/t20210201_2.html", titled(2020)), "政府信息公开年报"),
            "/c77/202102/t20210201_2.html": report(2020),
        }
    )
    assert found.paths("report") == [
        "/c77/202102/t20210201_2.html",
        "/yx/xxgknb/1.html",
        "/zwgk/xxgknb/",
        "/zwgk/xxgknb/202202/t20220201_1.html",
    ]


def test_statistics_are_tied_to_a_report_on_another_page_of_the_list(crawl: Callable[..., Crawl]):
    table = html("<p>统计指标</p>", "政府信息公开情况统计表（2018年度）")
    first = link("./9.html", "政府信息公开情况统计表（2018年度）") + link("./1.html", titled(2023))
    pages = {
        "/zwgk/xxgknb/": html(first + '<a href="index_1.html">下一页</a>', "政府信息公开年报"),
        "/zwgk/xxgknb/index_1.html": html(link("./2.html", titled(2018)), "政府信息公开年报"),
        "/zwgk/xxgknb/1.html": report(2023),
        "/zwgk/xxgknb/2.html": report(2018),
        "/zwgk/xxgknb/9.html": table,
    }
    found = crawl(pages)
    assert {f.url: f.hints.part_of for f in found.fetches if f.purpose == "attachment"} == {
        f"{COLUMN}9.html": f"{COLUMN}2.html"
    }
    assert found.counts["links/follow/statistics_of_report"] == 1


def test_a_moved_column_is_found_again_from_its_parents(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/": html('<a href="/new/gk/">政府信息公开</a>'),
            "/new/gk/": html('<a href="/new/gk/nb/">政府信息公开年报</a>'),
            "/new/gk/nb/": html(link("1.html", titled(2023))),
            "/new/gk/nb/1.html": report(2023),
        }
    )
    assert found.paths("report") == ["/new/gk/nb/1.html"]
    (fact,) = [fact for fact in found.outcome.learned if fact["kind"] == "column_found"]
    assert fact["patch"] == {"url": f"http://{HOST}/new/gk/nb/"}


@pytest.mark.parametrize(
    ("rows", "folder"),
    [
        (link("1.html", titled(2023)), "2019年及以前年度报告请点击这里"),
        (link("1.html", titled(2023)), "2019年"),
        ("", "2019年政府信息公开年报"),
        ("", "2015-2019年"),
    ],
)
def test_a_folder_of_years_in_a_column_that_was_found_is_no_column(crawl: Callable[..., Crawl], rows: str, folder: str):
    found = crawl(
        {
            "/": html('<a href="/new/gk/">政府信息公开</a>'),
            "/new/gk/": html('<a href="/new/gk/nb/">政府信息公开年报</a>'),
            "/new/gk/nb/": html(f"<ul>{rows}{link('/old/', folder)}</ul>", "政府信息公开年报"),
            "/new/gk/nb/1.html": report(2023),
            "/old/": html(link("2.html", titled(2019))),
            "/old/2.html": report(2019),
        }
    )
    assert "/old/2.html" in found.paths("report")
    patches = [fact["patch"] for fact in found.outcome.learned if fact["kind"] == "column_found"]
    assert patches == [{"url": f"http://{HOST}/new/gk/nb/"}]


def test_a_site_without_a_known_column_is_searched_from_its_home(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/": html('<a href="/gk/nb/">信息公开年报</a>'),
            "/gk/nb/": html(link("1.html", titled(2023))),
            "/gk/nb/1.html": report(2023),
        },
        site=f"    home: http://{HOST}/\n",
        url="",
    )
    assert found.paths("report") == ["/gk/nb/1.html"]


def test_the_way_from_the_home_page_leads_through_the_menus_of_disclosure(crawl: Callable[..., Crawl]):
    menu = (
        '<div class="leftnav"><ul><li><a href="/gk/zn/">指南</a></li><li><a href="/gk/nb/">年度报告</a></li></ul></div>'
    )
    found = crawl(
        {
            "/": html('<div class="nav"><a href="/zw/">政务公开</a></div>'),
            "/zw/": html('<div class="leftnav"><a href="/gk/">政府信息公开</a></div>'),
            "/gk/": html(menu),
            "/gk/nb/": html(link("1.html", titled(2023))),
            "/gk/nb/1.html": report(2023),
        },
        site=f"    home: http://{HOST}/\n",
        url="",
    )
    assert found.paths("report") == ["/gk/nb/1.html"]


def test_a_hub_renamed_every_year_is_looked_for_beside_the_old_one(crawl: Callable[..., Crawl]):
    url = f"http://{HOST}/2024ndbg/index.html"
    found = crawl(
        {
            "/": html('<a href="/2025ndbg/index.html">2025年政府信息公开年报</a>'),
            "/2024ndbg/index.html": html(link("/nw1/1.html", titled(2024))),
            "/2025ndbg/index.html": html(link("/nw1/2.html", titled(2025))),
            "/nw1/1.html": report(2024),
            "/nw1/2.html": report(2025),
        },
        url=url,
    )
    assert found.paths("report") == ["/nw1/1.html", "/nw1/2.html"]


def test_a_disclosure_page_in_a_frame_leads_to_the_column_as_well(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/": html('<a href="/gk/">政府信息公开平台</a>'),
            "/gk/": html('<iframe src="/gk/main.html"></iframe>'),
            "/gk/main.html": html('<a href="/xx/nb/">政府信息公开年报</a>'),
            "/xx/nb/": html(link("./202402/t20240201_1.html", titled(2023)), "政府信息公开年报"),
            "/xx/nb/202402/t20240201_1.html": report(2023),
        }
    )
    assert found.paths("report") == ["/xx/nb/202402/t20240201_1.html"]


def test_a_blocked_column_is_named_and_is_not_taken_for_an_empty_one(crawl: Callable[..., Crawl]):
    challenge = Answer(
        b"<html><head><meta id='x' content='' r='m'><script r='m'>$_ts=window['$_ts'];$_ts.nsd=1;</script></head></html>",
        status=412,
    )
    found = crawl({"/zwgk/xxgknb/": challenge, "/zwgk/": challenge, "/": challenge})
    assert found.counts["blocked/ruishu"] >= 1
    assert any("blocked by ruishu" in line for line in found.outcome.failures)
    assert found.paths("report") == []


def test_only_the_year_and_the_sample_that_were_asked_for(crawl: Callable[..., Crawl]):
    pages = {
        "/zwgk/xxgknb/": html("".join(link(f"{year}.html", titled(year)) for year in (2021, 2022, 2023))),
        **{f"/zwgk/xxgknb/{year}.html": report(year) for year in (2021, 2022, 2023)},
    }
    assert crawl(pages, year=2022, new=True).paths("report") == ["/zwgk/xxgknb/2022.html"]


def test_a_sample_is_small(crawl: Callable[..., Crawl]):
    pages = {
        "/zwgk/xxgknb/": html("".join(link(f"{year}.html", titled(year)) for year in (2021, 2022, 2023))),
        **{f"/zwgk/xxgknb/{year}.html": report(year) for year in (2021, 2022, 2023)},
    }
    found = crawl(pages, sample=1)
    assert len(found.paths("report")) == 1
    assert found.counts["reports/beyond_sample"] == 2


def test_a_body_listed_elsewhere_on_the_site_is_followed_one_level(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/zwgk/xxgknb/": html('<ul><li><a href="/public/column/20?type=3">教育局</a></li></ul>'),
            "/public/column/20?type=3": html(
                link("/public/20/1.html", titled(2023, "甲县教育局")),
                head='<meta name="ColumnType" content="信息公开年报">',
            ),
            "/public/20/1.html": report(2023, "甲县教育局"),
        }
    )
    assert found.paths("report") == ["/public/20/1.html"]


def test_another_bodys_site_is_read_by_its_own_family(tmp_path: Path):
    """The profile's family holds for its hosts only; a body's column may look like an article's address."""
    city, town = "www.c.gov.cn", "www.d.gov.cn"
    values = "projectName = 'EWB-FRONT'; siteGuid = '7eb5f7f1';"
    rows = {"custom": {"total": 1, "data": [{"title": titled(2023, "丁市人民政府"), "infourl": "/001/1.html"}]}}
    one, two = (
        f"<recordset><record><![CDATA[{link(u, t)}]]></record></recordset>"
        for u, t in (
            ("/content/aaaaaaaa1.html", titled(2023, "丙市人民政府")),
            ("/content/aaaaaaaa2.html", titled(2022, "丙市人民政府")),
        )
    )
    stored = f'<div id="initData"><datastore>{one}</datastore></div>'
    result = f"<datastore><totalrecord>2</totalrecord>{two}</datastore>"
    answer = f"callback({json.dumps({'result': result})})"
    asks = "/truecms/messageController/getMessage.do?startrecord=1&endrecord=1&perpage=1&columnId=k9&callback=callback"
    pages = {
        HOST: {
            "/zwgk/xxgknb/": html(
                f'<a href="http://{city}/nb/xxgknb/index.html">丙市</a><a href="http://{town}/govxxgk/nb.html">丁市</a>'
            )
        },
        city: {
            "/nb/xxgknb/index.html": html(
                f"{stored}<script>page({{url:'/truecms/messageController/getMessage.do',columnId:'k9',perpage:1}})</script>"
            ),
            asks: Answer(answer.encode(), media_type="application/javascript"),
            "/content/aaaaaaaa1.html": report(2023, "丙市人民政府"),
            "/content/aaaaaaaa2.html": report(2022, "丙市人民政府"),
        },
        town: {
            "/govxxgk/nb.html": html(
                f'<script>{values} var categorynum = "001001"; var u = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist";</script>',
                head='<meta name="ColumnType" content="信息公开年报">',
            ),
            "/EWB-FRONT/rest/lightfrontaction/getgovinfolist": Answer(
                json.dumps(rows).encode(), media_type="application/json"
            ),
            "/001/1.html": report(2023, "丁市人民政府"),
        },
    }
    text = f"name: 甲省\ncode: null\nsites:\n  - host: {HOST}\n    cms: hanweb\n    reaches: [{city}, {town}]\n    columns:\n      - url: {COLUMN}\n"
    home = Home.at(tmp_path / "home", create=True)
    with SampleServer({host: Pages(known) for host, known in pages.items()}) as server:
        options = Options(home=home, connect_to=tuple(server.connect_to), pace=0)
        (outcome,) = run_crawls([plan_for(Portal("test", parse_profile(text, "test"), text), options)])
    assert outcome.error is None
    reports = {f.url for f in Crawl(outcome, home).fetches if f.purpose == "report" and f.status == 200}
    assert {f"http://{city}/content/aaaaaaaa2.html", f"http://{town}/001/1.html"} <= reports


def test_a_body_reached_through_a_platform_is_asked_for_annual_reports_only(crawl: Callable[..., Crawl]):
    tree = "[{id:1,name:'指南',children:[]},{id:9,name:'政府信息公开年报',children:[]}]"
    rows = f'{{"classify":{{"post_count":1}},"articles":[{{"title":"{titled(2023)}","url":"/gkmlpt/content/1/1/post_1.html"}}]}}'
    found = crawl(
        {
            "/": html('<a href="/gkmlpt/index">政府信息公开</a>'),
            "/gkmlpt/index": html(f"<script>window._CONFIG = {{SID:'7', TREE:{tree}}};</script>"),
            "/gkmlpt/api/all/9?page=1&sid=7": Answer(rows.encode(), media_type="application/json"),
            "/gkmlpt/content/1/1/post_1.html": report(2023),
        },
        site=f"    home: http://{HOST}/\n",
        url="",
    )
    assert found.paths("report") == ["/gkmlpt/content/1/1/post_1.html"]


def test_a_list_in_a_frame(crawl: Callable[..., Crawl]):
    found = crawl(
        {
            "/zwgk/xxgknb/": html('<iframe src="list_292_1.htm"></iframe>'),
            "/zwgk/xxgknb/list_292_1.htm": html(link("1.html", titled(2023))),
            "/zwgk/xxgknb/1.html": report(2023),
        }
    )
    assert found.paths("report") == ["/zwgk/xxgknb/1.html"]


def test_a_page_past_the_end_does_no_harm(crawl: Callable[..., Crawl]):
    past = Answer(b'<html><head><meta http-equiv="refresh" content="0;url=./"></head></html>')
    found = crawl(
        {
            "/zwgk/xxgknb/": html(link("1.html", titled(2023)) + '<script>createPageHTML(2,0,"index","html")</script>'),
            "/zwgk/xxgknb/index_1.html": html(link("2.html", titled(2022))),
            "/zwgk/xxgknb/index_2.html": past,
            "/zwgk/xxgknb/1.html": report(2023),
            "/zwgk/xxgknb/2.html": report(2022),
        }
    )
    assert len(found.paths("report")) == 2
    assert found.outcome.failures == []


SCRIPTED = """<div id="app"><ul id="l"></ul><p>加载中</p><div id="pager"><a href="javascript:;" id="next">下一页</a></div></div>
<script>
var rows = [], page = 0;
function draw() {
  document.getElementById("l").innerHTML = rows.slice(page * 2, page * 2 + 2).map(function (r) {
    return '<li><a href="' + r[0] + '">' + r[1] + "</a></li>";
  }).join("");
  if ((page + 1) * 2 >= rows.length) { document.getElementById("next").className = "disabled"; }
}
document.getElementById("next").onclick = function () { page += 1; draw(); };
var request = new XMLHttpRequest();
request.open("GET", "/api/rows?channel=" + 5);
request.onload = function () { rows = JSON.parse(request.responseText); draw(); document.querySelector("p").remove(); };
request.send();
</script>"""


@pytest.mark.usefixtures("chromium")
def test_a_list_drawn_by_script_is_rendered_and_its_pager_clicked(crawl: Callable[..., Crawl]):
    years = (2019, 2020, 2021, 2022, 2023)
    rows = [[f"/nb/{year}.html", titled(year)] for year in years]
    found = crawl(
        {
            "/zwgk/xxgknb/": html(SCRIPTED),
            "/api/rows?channel=5": Answer(json.dumps(rows).encode(), media_type="application/json"),
            **{f"/nb/{year}.html": report(year) for year in years},
        }
    )
    assert found.paths("report") == [f"/nb/{year}.html" for year in years]
    assert [fact["kind"] for fact in found.outcome.learned] == ["needs_browser"]
    assert sorted({d.page for d in found.discoveries if d.rendered}) == [1, 2, 3]


@pytest.mark.usefixtures("chromium")
def test_hash_routes_are_pages(crawl: Callable[..., Crawl]):
    body = json.dumps(BODY + f"<h1>{titled(2023)}</h1>")
    link_of = json.dumps(f'<li><a href="#/article/1">{titled(2023)}</a></li>')
    shell = (
        '<div id="app"></div><script>function go() { document.getElementById("app").innerHTML ='
        f' location.hash.indexOf("article") > 0 ? {body} : {link_of}; }} window.onhashchange = go; go();</script>'
    )
    found = crawl({"/spa/": html(shell)}, url=f"http://{HOST}/spa/#/nb")
    assert any(f.purpose == "report" and f.url.endswith("#/article/1") for f in found.fetches)
    assert found.counts["pages/report/report_content"] == 1


def test_scrapy_lists_every_portal():
    scrapy = Path(sys.executable).with_name("scrapy")
    done = subprocess.run([scrapy, "list"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == list(portal_names())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["-a", "yeer=2023"], "there is no argument 'yeer'"), (["-a", "home=/dev/null/x"], "/dev/null/x: cannot be used")],
)
def test_scrapy_is_told_in_a_sentence_what_is_wrong(arguments: list[str], said: str):
    scrapy = Path(sys.executable).with_name("scrapy")
    command = [scrapy, "crawl", "henan", "-L", "ERROR", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode in {2, 3}
    assert done.stderr.startswith("gongkai: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


JPAGE = (
    "<div id='77'><script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?"
    'page=1&columnid=1&unitid=77&webid=1"></a>]]></nextgroup><recordset>{records}</recordset></datastore></script></div>'
    "<script>$('#77').jpage({{totalRecord:{total},perPage:1,groupSize:1,ajaxParam:{{columnid:1,unitid:77}}}})</script>"
)


def record(year: int) -> str:
    return f"<record><![CDATA[{link(f'/art/{year}/1/1/art_1_{year}.html', titled(year))}]]></record>"


@pytest.mark.parametrize(("answered", "problems"), [(True, 0), (False, 2)])
def test_a_refused_post_is_a_problem_only_when_the_list_was_not_read_otherwise(
    crawl: Callable[..., Crawl], answered: bool, problems: int
):
    store = f"<datastore><totalrecord>2</totalrecord><recordset>{record(2023)}{record(2022)}</recordset></datastore>"
    pages = {
        "/col/col1/index.html": html(JPAGE.format(records=record(2023), total=2)),
        "/art/2023/1/1/art_1_2023.html": report(2023),
        "/art/2022/1/1/art_1_2022.html": report(2022),
    }
    if answered:
        pages["/module/web/jpage/dataproxy.jsp"] = Answer(store.encode(), media_type="text/xml")
    refused = {"/module/web/jpage/dataproxy.jsp": Answer(b"", status=405)}
    found = crawl(pages, url=f"http://{HOST}/col/col1/index.html", posts=refused)
    assert len(found.paths("report")) == 1 + answered
    assert len(found.outcome.failures) == problems
    said = " ".join(found.outcome.failures)
    assert ("refused (405)" in said, "states 2 entries, 1 was read" in said) == (not answered, not answered)
    assert [f.blocked_by for f in found.fetches if f.status == 405] == ["http_405"]


@pytest.mark.parametrize(("sign", "problems"), [("-", 0), ("_", 1)])
def test_a_page_is_missing_only_where_its_naming_is_the_right_one(
    crawl: Callable[..., Crawl], sign: str, problems: int
):
    def listed(*years: int) -> Answer:
        script = '<script>createPageHTML(5,0,"index","html")</script>'
        return html("".join(link(f"a/{year}.html", titled(year)) for year in years) + script)

    pages = {"/zwgk/xxgknb/": listed(2024)}
    written = (2, 3, 4, 5) if sign == "-" else (1, 3, 4)
    for number, year in zip(written, (2023, 2022, 2021, 2020), strict=False):
        pages[f"/zwgk/xxgknb/index{sign}{number}.html"] = listed(year)
    pages |= {f"/zwgk/xxgknb/a/{year}.html": report(year) for year in range(2020, 2025)}
    found = crawl(pages)
    assert len(found.paths("report")) == 1 + len(written)
    missing = [f"{COLUMN}index_2.html is missing (404)", f"{COLUMN} states 5 pages, 4 were read"]
    assert [failure.partition(";")[0] for failure in found.outcome.failures] == missing[: 2 * problems]
    others = ("index-2", "index2", "index_02")
    assert any(name in fetch.url for fetch in found.fetches for name in others) is (sign == "-")


class Wanting:
    """A portal whose protection and whose application each want a cookie brought back, one set by script."""

    def __init__(self, pages: dict[str, Answer]) -> None:
        self.pages = Pages(pages)

    def answer(self, request: Request) -> Answer | None:
        cookie = request.header("cookie") or ""
        if request.path != "/robots.txt" and "CT6T" not in cookie:
            return Answer(b"", 302, headers=(("Set-Cookie", "CT6T=ab; Path=/"), ("Location", request.target)))
        if request.path != "/robots.txt" and "C3VK" not in cookie:
            return Answer(b"<script>var d=document;d.cookie='C3VK=1a; path=/';location.reload();</script>")
        return self.pages.answer(request)


def test_cookies_of_several_products_are_brought_back(crawl: Callable[..., Crawl], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules[__name__], "Methods", lambda pages, posts: Wanting(pages))
    pages = {"/zwgk/xxgknb/": html(link("a/2023.html", titled(2023))), "/zwgk/xxgknb/a/2023.html": report(2023)}
    found = crawl(pages)
    assert found.paths("report") == ["/zwgk/xxgknb/a/2023.html"]
    assert not found.outcome.failures


def test_bodies_of_a_group_beside_the_column_are_followed_one_step(crawl: Callable[..., Crawl]):
    towns = {301: "干召庙镇", 302: "狼山镇"}
    pages = {
        "/html/290/index.html": html('<a href="/html/293/index.html">乡镇（街道）</a>', "政府信息公开年报"),
        "/html/293/index.html": html(
            "".join(f'<li><a href="/html/{n}/index.html">{name}</a></li>' for n, name in towns.items())
            + '<div class="nav"><a href="/html/9/index.html">水利局</a></div><a href="/html/8/index.html">便民服务</a>'
        ),
    }
    for n, name in towns.items():
        pages[f"/html/{n}/index.html"] = html(link(f"/html/{n}/7.html", titled(2023, name)))
        pages[f"/html/{n}/7.html"] = report(2023, name)
    found = crawl(pages, url=f"http://{HOST}/html/290/index.html")
    assert found.paths("report") == ["/html/301/7.html", "/html/302/7.html"]
    assert not {"/html/8/index.html", "/html/9/index.html"} & set(found.paths("list"))


def test_a_home_page_that_a_back_end_draws_is_rendered_when_the_column_is_searched(
    crawl: Callable[..., Crawl], chromium: None
):
    draw = (
        "<div id='app'></div><script>fetch('/home',{method:'POST',body:'{}'}).then(r=>r.json()).then(d=>{"
        "document.getElementById('app').innerHTML=d.map(x=>'<a href=\"'+x[0]+'\">'+x[1]+'</a>').join(' ')})</script>"
    )
    home = Answer(json.dumps([["/a/", "走进甲县"], ["/gk/", "政府信息公开"]]).encode(), media_type="application/json")
    pages = {
        "/": html(draw),
        "/gk/": html('<a href="/gk/nb/">年报</a><a href="/gk/zn/">指南</a>'),
        "/gk/nb/": html(link("1.html", titled(2023))),
        "/gk/nb/1.html": report(2023),
    }
    found = crawl(pages, posts={"/home": home}, url=f"http://{HOST}/old/xxgknb/")
    assert found.paths("report") == ["/gk/nb/1.html"]


def test_an_application_without_addresses_gives_its_reports_by_the_ones_it_builds(
    crawl: Callable[..., Crawl], chromium: None
):
    app = html(
        "<div id='app'></div><script>function list(p){$.post('/api/list',{channel:'nb',page:p,size:10},draw)}"
        "function show(x){location.hash='#/detail?id='+x.id}var h=location.hash.split('id=')[1];"
        "if(h)fetch('/api/detail?id='+h).then(r=>r.text()).then(t=>{document.getElementById('app').innerHTML=t})</script>"
    )
    rows = [{"id": 7, "title": titled(2023)}, {"id": 8, "title": "2023年政府网站工作年度报表"}]
    listed = Answer(json.dumps({"total": 2, "list": rows}).encode(), media_type="application/json")
    text = Answer(f"<h1>{titled(2023)}</h1>{BODY}".encode(), media_type="text/plain; charset=utf-8")
    found = crawl({"/": app, "/api/detail": text}, posts={"/api/list": listed}, url=f"http://{HOST}/#/nb")
    assert {f.url for f in found.fetches if f.purpose == "report"} == {f"http://{HOST}/#/detail?id=7"}
    assert found.counts["reports/found"] == 1


def test_a_list_below_the_column_is_held_to_what_it_states_too(crawl: Callable[..., Crawl]):
    below = "".join(link(f"b/{year}.html", titled(year, "甲县教育局")) for year in (2021, 2022))
    found = crawl(
        {
            "/zwgk/xxgknb/": html(link("a/1.html", titled(2023)) + '<a href="2022/">2022年及以前</a>共 1 条'),
            "/zwgk/xxgknb/2022/": html(
                f"<ul data-total='7'>{below}</ul><div id='page' pageSize='2' recordCount='7'></div>"
            ),
            "/zwgk/xxgknb/a/1.html": report(2023),
            **{f"/zwgk/xxgknb/2022/b/{year}.html": report(year, "甲县教育局") for year in (2021, 2022)},
        }
    )
    assert len(found.paths("report")) == 3
    assert [failure.partition(";")[0] for failure in found.outcome.failures] == [
        f"{COLUMN}2022/ states 7 entries, 2 were read"
    ]
    assert "expectations: {unlisted: 5} for www.a.gov.cn" in found.outcome.failures[0]


@pytest.mark.parametrize(("body", "problems"), [("", 1), ("<p>暂无数据</p>", 0), ("<p>内容建设中</p>", 0)])
def test_a_promised_list_that_shows_nothing_is_named_unless_it_says_so(
    crawl: Callable[..., Crawl], body: str, problems: int
):
    found = crawl(
        {
            "/zwgk/xxgknb/": html(link("a/1.html", titled(2023)) + '<a href="2022/">2022年</a>'),
            "/zwgk/xxgknb/2022/": html(body),
            "/zwgk/xxgknb/a/1.html": report(2023),
        }
    )
    assert found.outcome.failures == [f"{COLUMN}2022/ lists nothing that could be read"] * problems


class Calendar(Pages):
    """A column beside a calendar that has a page for every month there will ever be: below each other, or one by one."""

    def answer(self, request: Request) -> Answer | None:
        path, number = request.path, int(request.query.get("page", "1"))
        if path.startswith("/zwgk/xxgknb/cal/"):
            nearby = "".join(f'<a href="{path}{number}{n}/">{n}日活动</a>' for n in range(5))
            return html(f"<div>{nearby}</div>" if path.count("/") < 40 else "")
        if path == "/zwgk/xxgknb/months/":
            entry = link(f"/zwgk/xxgknb/{number}.html", f"{number}月活动安排")
            return html(f'{entry}<a href="/zwgk/xxgknb/months/?page={number + 1}">下一页</a>')
        return super().answer(request)


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ('<a href="cal/1/">活动日历</a>', "12 list pages in a row named no report"),
        ('<a href="months/">历年年报</a>', "has more than 12 pages"),
    ],
)
def test_pages_without_end_end_and_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str, said: str):
    bounds = limits().model_copy(update={"barren_lists": 12, "pages_per_list": 12})
    if "more than" in said:
        bounds = bounds.model_copy(update={"barren_lists": 200})
    monkeypatch.setattr("crawler.spiders.requests.limits", lambda: bounds)
    text = f"name: 甲县\ncode: null\nsites:\n  - host: {HOST}\n    columns:\n      - url: {COLUMN}\n"
    pages = {
        "/zwgk/xxgknb/": html(link("a/1.html", titled(2023)) + beside),
        "/zwgk/xxgknb/a/1.html": report(2023),
    }
    with SampleServer({HOST: Calendar(pages)}) as server:
        home = Home.at(tmp_path / "home", create=True)
        portal = Portal("test", parse_profile(text, "test"), text)
        (outcome,) = run_crawls([plan_for(portal, Options(home=home, connect_to=tuple(server.connect_to), pace=0))])
    assert any(said in failure for failure in outcome.failures)
    assert outcome.columns[0].counts["lists/beyond_limit"] >= 1
    assert outcome.columns[0].found == 1
    assert outcome.columns[0].counts["lists/answers"] < 60
