"""How a run goes on: what is asked once, what earlier crawls learned, where a column is looked for, what is empty."""

from __future__ import annotations

import itertools
import json

import pytest
from sqlalchemy import select

from archive.database import open_database
from archive.database.models import Capture, Publication
from archive.index.indexer import index
from archive.status import overview
from crawler.samples import Answer
from tests.crawler.spiders.played import HOST, Pages, Played, html, played, report, rows, titled

__all__ = ["played"]

LIST = "/zwgk/nb/"
COLUMN = f"      - url: http://{HOST}{LIST}\n"
HUB = "        year_hub: true\n"


def nodes(years: dict[int, str]) -> str:
    """A menu of years."""
    return (
        "<ul class='year'>" + "".join(f'<li><a href="{url}">{year}年</a></li>' for year, url in years.items()) + "</ul>"
    )


# -- nothing twice -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paths", [["/zwgk/nb/index.html", "/zwgk/nb/n4/index.html"], ["/zwgk/nb/", "/zwgk/nb23/"]])
def test_a_column_that_is_the_report_is_asked_once_and_kept_as_one(played: Played, paths: list[str]):
    years = dict(zip((2025, 2024), paths, strict=True))
    pages: Pages = {url: report(year, after=nodes(years)) for year, url in years.items()}
    for _ in range(2):
        outcome = played.crawl(pages, f"      - url: http://{HOST}{paths[0]}\n", indexed=True)
        assert (outcome.failures, outcome.columns[0].found) == ([], 2)
        assert sorted(played.asked) == sorted(paths)
    with open_database(played.home) as database, database.session() as session:
        assert {row.purpose for row in session.scalars(select(Capture).where(Capture.purpose != "robots"))} == {
            "report"
        }
        before = sorted(row.url for row in session.scalars(select(Publication)))
    assert before == sorted(f"http://{HOST}{path}" for path in paths)
    index(played.home, processes=1, rebuild=True)
    with open_database(played.home) as database, database.session() as session:
        assert sorted(row.url for row in session.scalars(select(Publication))) == before


@pytest.mark.parametrize("path", ["/nb/nb.pdf", "/attach/down.jsp?id=7"])
def test_a_column_that_is_a_file_is_asked_once(played: Played, path: str):
    file = Answer(b"%PDF-1.4\n%%EOF\n", media_type="application/octet-stream")
    outcome = played.crawl({path: file}, f'      - url: "http://{HOST}{path}"\n')
    assert (played.asked, outcome.failures, outcome.columns[0].found) == ([path], [], 1)


@pytest.mark.parametrize(
    "shown",
    [
        '<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2F7.pdf" width="100%"></iframe>',
        '<iframe src="/files/7.pdf"></iframe>',
        '<embed src="/files/7.pdf" type="application/pdf">',
        '<object data="/files/7.pdf"></object>',
    ],
)
@pytest.mark.parametrize("headline", [f"<h2>{titled(2024)}</h2>", ""])
def test_a_bodys_page_that_holds_a_file_in_a_frame_leads_to_it(played: Played, shown: str, headline: str):
    """Whether the page says whose report it shows or not."""
    file = Answer(b"%PDF-1.4\n%%EOF\n", media_type="application/pdf")
    bodies = f'<ul><li><a href="{LIST}sj/">县审计局</a></li><li><a href="{LIST}cz/">县财政局</a></li></ul>'
    pages: Pages = {LIST: html(bodies, "政府信息公开年报"), f"{LIST}cz/": report(2023), "/files/7.pdf": file}
    pages[f"{LIST}sj/"] = html(f"{headline}<div id='zoom'>{shown}</div>")
    outcome = played.crawl(pages, COLUMN)
    assert outcome.failures == []
    assert "/files/7.pdf" in played.asked
    assert outcome.columns[0].counts["reports/files"] == 1


def test_a_frame_with_a_file_beside_a_list_is_no_report(played: Played):
    guide = '<iframe src="/files/guide.pdf"></iframe>'
    pages: Pages = {LIST: html(rows({"/1.html": 2023}) + guide, "政府信息公开年报"), "/1.html": report(2023)}
    outcome = played.crawl(pages, COLUMN)
    assert (outcome.failures, outcome.columns[0].found, "/files/guide.pdf" in played.asked) == ([], 1, False)


# -- what earlier crawls learned ---------------------------------------------------------------------------------------


def test_years_that_were_missing_are_asked_again_seldom_and_a_column_that_is_well_is_not_looked_for(played: Played):
    pages: Pages = {"/": html("<p>欢迎</p>"), LIST: html(nodes({year: f"{LIST}{year}/" for year in (2025, 2024)}))}
    for year in (2025, 2024):
        url = f"{LIST}{year}/t1.html"
        pages |= {f"{LIST}{year}/": html(rows({url: year})), url: report(year)}
    columns = f"      - url: http://{HOST}{LIST}{{year}}/\n        years: [2020, null]\n{COLUMN}{HUB}"
    played.crawl(pages, columns, indexed=True)
    assert f"{LIST}2020/" in played.asked
    assert played.crawl(pages, columns, indexed=True).failures == []
    assert sorted(played.asked) == sorted(set(pages) - {"/"})
    del pages[LIST]
    played.crawl(pages, columns, indexed=True, full=True)
    assert {f"{LIST}2020/", "/"} <= set(played.asked)  # everything anew; and a column that is missing is looked for


def test_the_newest_year_is_always_asked_for(played: Played):
    pages: Pages = {f"{LIST}2023/": html(rows({"/1.html": 2023})), "/1.html": report(2023), "/": html("")}
    columns = f"      - url: http://{HOST}{LIST}{{year}}/\n        years: [2022, null]\n"
    for _ in range(2):
        played.crawl(pages, columns, indexed=True)
        assert {f"{LIST}2025/", f"{LIST}2024/"} <= set(played.asked)
    assert f"{LIST}2022/" not in played.asked


# -- where a column is looked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crumbs", "more"),
    [
        (
            '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/gkzl_310/">公开</a> &gt; 年报</div>',
            HUB,
        ),
        ('<ol class="breadcrumb"><li><a href="/">首页</a></li><li><a href="/gkzl_310/">公开</a></li></ol>', HUB),
        ('<p>您所在的位置: <a href="/gkzl_310/">信息公开</a>-<a href="./">年报</a></p>', ""),  # its list is empty now
    ],
)
def test_the_steps_of_the_breadcrumb_are_looked_at_before_directories(played: Played, crumbs: str, more: str):
    found = {f"/zwgk/nb_{node}/": year for node, year in ((7, 2025), (6, 2024), (5, 2023))}
    pages: Pages = {"/": html("<p>欢迎</p>")}
    for url, year in found.items():
        pages |= {url: html(rows({f"/gg/t{year}.html": year}) + crumbs), f"/gg/t{year}.html": report(year)}
    if not more:
        pages["/zwgk/nb_7/"] = html(f"{crumbs}<p>暂无内容</p>")
    links = "".join(f'<p><a href="{url}">政府信息公开年报（{year}年度）</a></p>' for url, year in found.items())
    pages["/gkzl_310/"] = html(links)
    outcome = played.crawl(pages, f"      - url: http://{HOST}/zwgk/nb_7/\n{more}")
    assert outcome.columns[0].found == (3 if more else 2)
    assert "/gkzl_310/" in played.asked
    assert "/zwgk/" not in played.asked


# -- nothing short in silence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["<p>暂无内容</p>", "<ul></ul>", '<li><a href="/x.html">关于放假的通知</a></li>'])
def test_a_column_that_is_empty_is_named_also_where_its_reports_are_still_there(played: Played, empty: str):
    entries = {f"{LIST}t{year}.html": year for year in (2023, 2022, 2021)}
    pages: Pages = {LIST: html(rows(entries)), **{url: report(year) for url, year in entries.items()}}
    site = "    expectations: {reports: 3}\n"
    assert played.crawl(pages, COLUMN, site=site, indexed=True).failures == []
    outcome = played.crawl({**pages, LIST: html(empty)}, COLUMN, site=site, indexed=True)
    said = f"http://{HOST}{LIST} is empty: no annual report was found in it"
    assert outcome.failures == [
        f"{said}; 3 stood there before",
        f"{HOST}: 0 reports found, at least 3 expected",
    ]
    assert outcome.columns[0].outcome == "empty"
    assert set(entries) <= set(played.asked)
    assert overview(played.home)["crawls"][0]["problems"] == outcome.failures


@pytest.mark.parametrize(
    "columns", [COLUMN, f"      - url: http://{HOST}{LIST}{{year}}/\n        years: [2023, null]\n"]
)
def test_an_empty_column_is_named_in_a_fresh_home(played: Played, columns: str):
    outcome = played.crawl({LIST: html("<p>暂无内容</p>"), "/": html("<p>欢迎</p>")}, columns)
    (said,) = outcome.failures
    assert "is empty: no annual report was found in it" in said


@pytest.mark.parametrize(
    "href", ["javascript:void(0)", "javascript:open_it(7)", f"http://{HOST}:99999/2.html", "http://[::1/2.html"]
)
def test_a_report_whose_entry_has_no_address_is_named(played: Played, href: str):
    pages: Pages = {LIST: html(rows({"/1.html": 2023, href: 2022})), "/1.html": report(2023)}
    outcome = played.crawl(pages, COLUMN)
    assert outcome.failures == [f"http://{HOST}{LIST}: the entry '{titled(2022)}' has no address that can be asked for"]
    assert outcome.columns[0].outcome == "short"


def test_an_entry_without_address_is_nothing_where_another_has_it(played: Played):
    entries = rows({"/1.html": 2023}) + rows({"javascript:void(0)": 2023})
    assert played.crawl({LIST: html(entries), "/1.html": report(2023)}, COLUMN).failures == []


def test_a_year_that_is_not_there_does_not_make_a_column_empty(played: Played):
    pages: Pages = {LIST: html(rows({"/1.html": 2023})), "/1.html": report(2023)}
    assert played.crawl(pages, COLUMN, year=2022).failures == []


def test_an_annex_that_is_missing_is_named_and_a_missing_copy_is_only_counted(played: Played):
    links = '<p><a href="a.xlsx">附件：统计表.xlsx</a></p><p><a href="b.pdf">下载PDF</a></p>'
    page = f"{LIST}t1.html"
    outcome = played.crawl({LIST: html(rows({page: 2023})), page: report(2023, after=links)}, COLUMN)
    assert outcome.failures == [f"http://{HOST}{LIST}a.xlsx is missing (404); it belongs to http://{HOST}{page}"]
    assert outcome.columns[0].counts["attachments/twin_missing"] == 1


def test_a_page_with_files_without_end_is_bounded_and_said(played: Played):
    links = "".join(f'<p><a href="f{number}.docx">附件{number}：统计表.docx</a></p>' for number in range(130))
    page = f"{LIST}t1.html"
    outcome = played.crawl({LIST: html(rows({page: 2023})), page: report(2023, after=links)}, COLUMN)
    assert sum(path.endswith(".docx") for path in played.asked) == 100
    assert f"http://{HOST}{page} leads to 30 files more than the 100 asked for" in outcome.failures
    assert titled(2023)


@pytest.mark.parametrize("steps", [5, 6])
def test_lists_too_far_below_a_column_are_said(played: Played, steps: int):
    """Folders in folders: the last names a report."""
    paths = [LIST + "".join(f"{number}/" for number in range(1, depth + 1)) for depth in range(steps + 1)]
    pages: Pages = {
        url: html(f'<ul><li><a href="{below}">历年政府信息公开年报</a></li></ul>')
        for url, below in itertools.pairwise(paths)
    }
    pages |= {paths[-1]: html(rows({f"{LIST}t1.html": 2023})), f"{LIST}t1.html": report(2023)}
    outcome = played.crawl(pages, COLUMN)
    said = f"lists more than 5 steps below http://{HOST}{LIST} were not asked for: 1, as http://{HOST}{paths[-1]}"
    assert (said in outcome.failures) == (steps == 6)
    assert outcome.columns[0].counts.get("lists/beyond_limit", 0) == (steps == 6)
    assert outcome.columns[0].found == (steps == 5)


def test_a_list_that_a_shorter_way_leads_to_is_not_too_deep(played: Played):
    paths = [LIST + "".join(f"{number}/" for number in range(1, depth + 1)) for depth in range(7)]
    pages: Pages = {
        url: html(f'<ul><li><a href="{below}">历年政府信息公开年报</a></li></ul>')
        for url, below in itertools.pairwise(paths)
    }
    pages[LIST] = html("".join(f'<li><a href="{url}">历年政府信息公开年报</a></li>' for url in (paths[1], paths[6])))
    pages |= {paths[6]: html(rows({f"{LIST}t1.html": 2023})), f"{LIST}t1.html": report(2023)}
    outcome = played.crawl(pages, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)


@pytest.mark.parametrize(("foreign", "own"), [(0, 4), (9, 4), (0, 6)])
def test_frames_beyond_those_that_are_read_are_said(played: Played, foreign: int, own: int):
    """Frames of others (players, counters) take no place from the portal's own."""
    frames = [f"http://ads.example.com/{number}.html" for number in range(foreign)]
    frames += [f"{LIST}f{number}.html" for number in range(own)]
    pages: Pages = {LIST: html("".join(f'<iframe src="{url}"></iframe>' for url in frames))}
    for number in range(own):
        entry = f"{LIST}t{number}.html"
        pages |= {f"{LIST}f{number}.html": html(rows({entry: 2023 - number})), entry: report(2023 - number)}
    outcome = played.crawl(pages, COLUMN)
    said = [f"http://{HOST}{LIST} has {own} frames, and only 4 were read"] if own > 4 else []
    assert (outcome.failures, outcome.columns[0].found) == (said, 4)


# -- where requests lead -----------------------------------------------------------------------------------------------

HOME = html("<p>要闻</p>" * 40, "甲县人民政府门户网站")


@pytest.mark.parametrize(
    "leads",
    [
        html("", status=302, headers=(("Location", "/"),)),
        html("", status=301, headers=(("Location", f"http://{HOST}/index.html"),)),
        Answer(b"<html><script>location.href='/'</script></html>"),
        Answer(b"<html><meta http-equiv=refresh content='0;url=/index.html'></html>"),
    ],
)
def test_a_report_that_leads_to_the_home_page_is_missing(played: Played, leads: Answer):
    there, gone = f"{LIST}202403/t1.html", f"{LIST}202503/t2.html"
    pages: Pages = {LIST: html(rows({gone: 2024, there: 2023})), there: report(2023), gone: leads}
    outcome = played.crawl({**pages, "/": HOME, "/index.html": HOME}, COLUMN, indexed=True)
    assert outcome.columns[0].found == 1
    assert outcome.failures == [f"http://{HOST}{gone} is missing (it leads to the home page)"]
    if leads.status != 200:
        with open_database(played.home) as database, database.session() as session:
            assert [row.url for row in session.scalars(select(Publication))] == [f"http://{HOST}{there}"]


@pytest.mark.parametrize(
    "name", ["t(1)|[2].html", "a%2Fb%3Fc+d%20e!$&'()*,;=:@.html", "年报_1.html", "t^1`{2}.jsp?a=|[]{}&b='1'"]
)
def test_a_report_is_asked_for_as_a_browser_asks(played: Played, name: str):
    asked = {
        "年报_1.html": "%E5%B9%B4%E6%8A%A5_1.html",
        "t^1`{2}.jsp?a=|[]{}&b='1'": "t%5E1%60%7B2%7D.jsp?a=|[]{}&b=%271%27",
    }.get(name, name)
    target = LIST + asked
    listing = html(rows({LIST + name.replace("&", "&amp;"): 2023}))
    outcome = played.crawl({LIST: listing, target: report(2023)}, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)
    assert played.asked == [LIST, target]


@pytest.mark.parametrize("column", [f"http://{HOST}", f"http://{HOST}:80/nb/", f"http://{HOST}/年报/"])
def test_a_column_is_asked_for_as_its_profile_writes_it(played: Played, column: str):
    listing = html(rows({"/1.html": 2023}))
    pages: Pages = {"/": listing, "/nb/": listing, "/%E5%B9%B4%E6%8A%A5/": listing, "/1.html": report(2023)}
    outcome = played.crawl(pages, f"      - url: {column}\n")
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)
    assert len(played.asked) == 2


def test_redirects_are_followed_as_far_as_browsers_follow_them(played: Played):
    def hops(most: int) -> Pages:
        leads = {f"/h/{n}": html("", status=302, headers=(("Location", f"{n + 1}"),)) for n in range(1, most)}
        return {LIST: html(rows({"/h/1": 2023})), **leads, f"/h/{most}": report(2023)}

    assert played.crawl(hops(21), COLUMN).columns[0].found == 1
    outcome = played.crawl(hops(22), COLUMN, new=True)
    assert outcome.columns[0].found == 0
    assert "the 21th redirect in a row" in outcome.failures[0]


# -- what looks like nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b" \r\n"])
@pytest.mark.parametrize("at", ["column", "list", "report"])
def test_an_answer_without_content_is_called_so_and_no_empty_list(played: Played, body: bytes, at: str):
    pages: Pages = {
        LIST: html(rows({"/1.html": 2023}) + '<a href="?page=2">下一页</a>'),
        f"{LIST}?page=2": html(rows({"/2.html": 2022})),
        "/1.html": report(2023),
        "/2.html": report(2022),
    }
    at = {"column": LIST, "list": f"{LIST}?page=2", "report": "/2.html"}[at]
    pages[at] = Answer(body)
    outcome = played.crawl(pages, COLUMN)
    said = f"http://{HOST}{at} answered 200 with nothing in it ({len(body)} bytes)"
    assert outcome.failures == [said]
    assert outcome.columns[0].outcome == ("unanswered" if at == LIST else "short")


def test_a_page_that_says_itself_that_it_is_not_there_is_missing_by_its_words(played: Played):
    gone = html("<h1>404</h1><p>您访问的页面不存在或已删除</p>", "404")
    pages: Pages = {LIST: html(rows({"/1.html": 2023, "/2.html": 2022})), "/1.html": report(2023), "/2.html": gone}
    outcome = played.crawl(pages, COLUMN)
    assert outcome.failures == [f"http://{HOST}/2.html is missing (its page says so)"]


@pytest.mark.parametrize("years", ["[2050, null]", "[2026, null]", "[2030, 2040]"])
def test_a_column_whose_years_are_all_to_come_is_said_to_have_no_address(played: Played, years: str):
    outcome = played.crawl({}, f"      - url: http://{HOST}{LIST}{{year}}/\n        years: {years}\n")
    (said,) = outcome.failures
    assert f"{LIST}{{year}}/ stands for no address: its years begin with {years[1:5]}" in said


# -- back-ends that state nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", ["rows", "none", "again", "404", "blank"])
@pytest.mark.parametrize("size", [2, 20])
def test_a_back_end_that_states_nothing_is_read_until_a_page_brings_nothing(played: Played, size: int, behind: str):
    # It gives two entries a page, whatever it is asked for.
    call = f'$.ajax({{url: "/api/list.do", data: {{id: 7, page: 1, pageSize: {size}}}, success: draw}});'
    pages: Pages = {LIST: html(f'<ul id="l"></ul><script>{call}</script>')}

    def answer(*years: int) -> Answer:
        found = [{"title": titled(year), "url": f"/a/{year}.html"} for year in years]
        return Answer(json.dumps({"rows": found}).encode(), media_type="application/json")

    years = range(2024, 2018, -1)
    pages |= {f"/a/{year}.html": report(year) for year in years}
    for page in (1, 2, 3):
        year = 2026 - 2 * page
        pages[f"/api/list.do?id=7&page={page}&pageSize={size}"] = answer(year, year - 1)
    last = {"rows": answer(2018), "none": answer(), "again": answer(2020, 2019), "blank": Answer(b"")}.get(behind)
    if last is not None:
        pages[f"/api/list.do?id=7&page=4&pageSize={size}"] = last
    pages["/a/2018.html"] = report(2018)
    outcome = played.crawl(pages, f"{COLUMN}        render: never\n")
    assert outcome.columns[0].found == 6 + (behind == "rows")
    asked = [target for target in played.asked if "/api/" in target]
    assert len(asked) == len(set(asked)) == 4 + (behind == "rows")


OTHER = "<p>本页面为系统提示，请稍后再试或者联系管理员。</p>"


@pytest.mark.parametrize(
    ("leads", "named"),
    [
        (html("", status=302, headers=(("Location", "/tishi.html"),)), "leads to"),
        (Answer(b"<html><script>location.href='/tishi.html'</script></html>"), "leads to"),
        (html("", status=302, headers=(("Location", "/login.html"),)), "which is blocked by login"),
    ],
)
def test_a_report_that_leads_to_something_else_is_named(played: Played, leads: Answer, named: str):
    there, gone = f"{LIST}202403/t1.html", f"{LIST}202503/t2.html"
    login = html("<form><input type='password'></form>", "用户登录")
    pages: Pages = {LIST: html(rows({gone: 2024, there: 2023})), there: report(2023), gone: leads}
    outcome = played.crawl({**pages, "/tishi.html": html(OTHER, "系统提示"), "/login.html": login}, COLUMN)
    assert outcome.columns[0].found == 1
    (said,) = outcome.failures
    assert named in said


GOES = {
    "header": lambda target: html("", status=301, headers=(("Location", target),)),
    "script": lambda target: Answer(f"<html><script>location.href='{target}'</script></html>".encode()),
    "refresh": lambda target: Answer(f'<html><meta http-equiv="refresh" content="0;url={target}"></html>'.encode()),
}


STRANGER = ("http://elsewhere.example.com/r.html", ": is outside the profile's hosts")
MISSING = ("/x.html", ", which is missing")
NEWEST = f"{LIST}202503/t2.html"


@pytest.mark.parametrize(
    ("by", "lost", "target", "why"),
    [
        ("header", NEWEST, *STRANGER),  # by script or refresh its own page is what it is
        *((by, LIST, *STRANGER) for by in GOES),
        *((by, lost, *MISSING) for by in GOES for lost in (NEWEST, LIST)),
    ],
)
def test_what_leads_to_what_cannot_be_had_is_named_with_it(played: Played, by: str, lost: str, target: str, why: str):
    there = f"{LIST}202403/t1.html"
    pages: Pages = {LIST: html(rows({f"{LIST}202503/t2.html": 2024, there: 2023})), there: report(2023), "/": html("")}
    outcome = played.crawl({**pages, lost: GOES[by](target)}, COLUMN)
    full = target if "//" in target else f"http://{HOST}{target}"
    (said,) = [line for line in outcome.failures if full in line]
    assert said.startswith(f"http://{HOST}{lost} leads to {full}{why}")


# -- downloads: a browser stays on the page ----------------------------------------------------------------------------

ATTACHED = (("Content-Disposition", 'attachment; filename="a"'),)
ZIP = Answer(b"PK\x05\x06" + bytes(18), media_type="application/zip", headers=ATTACHED)


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("/f.zip", ZIP),
        ("/down?id=3", Answer(b"MZ\x90", media_type="application/octet-stream", headers=ATTACHED)),  # no ending says it
        ("/setup.pdf", html("", status=404)),
        ("http://plugins.example.com/reader.zip", ZIP),
        ("/huge.zip", Answer(ZIP.body, headers=(("Content-Length", "999"),), framing="close")),
    ],
)
@pytest.mark.parametrize(
    "by", ["<script>location.href='{}'</script>", '<meta http-equiv="refresh" content="1;url={}">']
)
def test_a_page_that_begins_a_download_is_read(played: Played, target: str, file: Answer, by: str):
    listed = rows({"/1.html": 2023, "/2.html": 2022})
    pages: Pages = {LIST: Answer(f"<html><body>{listed}{by.format(target)}</body></html>".encode()), target: file}
    outcome = played.crawl(
        {**pages, "/1.html": report(2023), "/2.html": report(2022)}, f"{COLUMN}        render: never\n"
    )
    assert [line for line in outcome.failures if "cut off" not in line] == []
    assert (outcome.columns[0].found, outcome.columns[0].counts.get("columns/is_report", 0)) == (2, 0)


@pytest.mark.browser
@pytest.mark.parametrize("shown", [2, 0])
def test_a_page_that_begins_a_download_and_is_filled_by_script_is_rendered(played: Played, shown: int):
    """Where the browser shows nothing either, the file is what the column holds."""
    entries = {f"/{number}.html": 2024 - number for number in range(1, shown + 1)}
    draw = f"setTimeout(function(){{document.body.innerHTML={json.dumps(rows(entries))}}},300)" if entries else ""
    page = f"<html><body><p>请稍候</p><script>location.href='/nb.pdf';{draw}</script></body></html>"
    file = Answer(b"%PDF-1.4\n%%EOF\n", media_type="application/pdf", headers=ATTACHED)
    pages: Pages = {LIST: Answer(page.encode()), "/nb.pdf": file, "/": html("")}
    outcome = played.crawl({**pages, **{url: report(year) for url, year in entries.items()}}, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], shown or 1)
    assert outcome.columns[0].counts.get("reports/files", 0) == (not shown)


@pytest.mark.parametrize("render", ["never", "auto"])
def test_a_column_that_only_leads_to_a_file_is_that_file(played: Played, render: str):
    page = Answer(b"<html><script>location.href='/nb/nb.pdf'</script></html>")
    file = Answer(b"%PDF-1.4\n%%EOF\n", media_type="application/pdf")
    outcome = played.crawl({LIST: page, "/nb/nb.pdf": file, "/": html("")}, f"{COLUMN}        render: {render}\n")
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)


@pytest.mark.parametrize(
    "target",
    [f"http://{HOST}/new/2.html", f"{LIST}202503/T2.html"],
)
def test_a_report_that_has_moved_is_one(played: Played, target: str):
    moved = f"{LIST}202503/t2.html"
    pages: Pages = {LIST: html(rows({moved: 2024})), moved: html("", status=301, headers=(("Location", target),))}
    outcome = played.crawl({**pages, target.removeprefix(f"http://{HOST}"): report(2024)}, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)


@pytest.mark.parametrize("body", [b"<html><body></body></html>", b"<html><body><form method=post></form>\xe3\x80\x80"])
def test_a_page_called_a_report_that_holds_nothing_is_named(played: Played, body: bytes):
    page = f"{LIST}202503/t2.html"
    outcome = played.crawl({LIST: html(rows({page: 2024})), page: Answer(body)}, COLUMN)
    assert outcome.failures == [f"http://{HOST}{page} is called a report and holds nothing that could be read"]


# -- what leads to reports and is none ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<title>用户登录</title><form><input name=u><input type=password name=p></form>",
        "<title>统一身份认证平台</title><p>请登录后查看</p><input type='password'>",
        '<title>Login</title><input name="p" type="password">',
    ],
)
def test_a_report_behind_a_login_is_named_and_its_login_is_no_report(played: Played, body: str):
    there, gone = f"{LIST}1.html", f"{LIST}2.html"
    pages: Pages = {
        LIST: html(rows({there: 2023, gone: 2022})),
        there: report(2023),
        gone: html("", status=302, headers=(("Location", "/sso?back=2"),)),
        "/sso?back=2": Answer(f"<html><body>{body}</body></html>".encode()),
    }
    outcome = played.crawl(pages, COLUMN, indexed=True)
    assert outcome.failures == [f"http://{HOST}{gone} leads to http://{HOST}/sso?back=2, which is blocked by login"]
    with open_database(played.home) as database, database.session() as session:
        assert [row.url for row in session.scalars(select(Publication))] == [f"http://{HOST}{there}"]


@pytest.mark.parametrize("shown", ["<div class='nb'></div>", "<table><tr><td>&nbsp;</td></tr></table>", "<!-- 无 -->"])
def test_a_year_whose_page_shows_nothing_is_said(played: Played, shown: str):
    there, blank = (f"/module/xxgk/xxgkAnnualReport.jsp?fbtime={year}&area=1" for year in (2024, 2023))
    pages: Pages = {
        LIST: html(nodes({2024: there, 2023: blank}).replace("年<", "<"), "政府信息公开年报"),
        there: report(2024),
        blank: Answer(f"<html><body>{shown}</body></html>".encode()),
    }
    outcome = played.crawl(pages, COLUMN)
    assert outcome.columns[0].found == 1
    assert [f"{blank} answered 200 with nothing in it" in line for line in outcome.failures] == [True]


def test_a_page_that_is_titled_like_a_report_and_lists_some_is_a_list(played: Played):
    years = {2024: f"{LIST}n24.htm", 2023: f"{LIST}n23.htm"}
    pictures = "".join(f'<td><a href="{url}"><img alt="{year}年"></a></td>' for year, url in years.items())
    pages: Pages = {LIST: html(f"<table><tr>{pictures}</tr></table>", "部门信息公开年报")}
    for year, url in years.items():
        of_year = {f"/bm/{year}/{n}.htm": year for n in (1, 2, 3)}
        names = {path: f"甲县{name}局" for path, name in zip(of_year, ("教育", "财政", "司法"), strict=True)}
        lines = "".join(f'<tr><td><a href="{path}">{titled(year, names[path])}</a></td></tr>' for path in of_year)
        pages[url] = html(f"<table>{lines}</table>", f"{year}年甲县政府信息公开工作年度报告")
        pages |= {path: report(year) for path in of_year}
    outcome = played.crawl(pages, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 6)


@pytest.mark.parametrize("now", [b'{"rows": []}', b'{"code": 500, "msg": "error"}', b"", b"-"])
def test_a_back_end_that_gives_nothing_any_more_is_said(played: Played, now: bytes):
    call = '$.ajax({url: "/api/list.do", data: {id: 7, page: 1}, success: draw});'
    entries = [{"title": titled(year), "url": f"/a/{year}.html"} for year in (2023, 2022)]
    before = Answer(json.dumps({"rows": entries, "total": 2}).encode(), media_type="application/json")
    pages: Pages = {LIST: html(f"{rows({'/a/2024.html': 2024})}<script>{call}</script>")}
    pages |= {f"/a/{year}.html": report(year) for year in (2024, 2023, 2022)}
    pages["/api/list.do?id=7&page=1"] = before
    for _ in range(2):
        assert played.crawl(pages, COLUMN, indexed=True).failures == []
    pages["/api/list.do?id=7&page=1"] = Answer(now, media_type="application/json", status=200 if now != b"-" else 404)
    said = f"the back-end of http://{HOST}{LIST} gave no entry this time; 2 reports that earlier crawls found stand in"
    assert [line.startswith(said) for line in played.crawl(pages, COLUMN, indexed=True).failures][-1:] == [True]
