"""What leads on and has no address: clicked in the browser, and said where nothing comes of it."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import json

import pytest

from crawler.cms import Page
from crawler.samples import Answer
from crawler.spiders.controls import leads_on, left_to_fill, years_of_tabs
from tests.crawler.spiders.played import HOST, Pages, Played, html, played, report, rows

__all__ = ["played"]

LIST = "/zwgk/nb/"
COLUMN = f"      - url: http://{HOST}{LIST}\n"
ROWS = rows({f"{LIST}t{year}.html": year for year in (2024, 2023)})


def page(body: str) -> Page:
    return Page(f"http://{HOST}{LIST}", f"<html><body>{ROWS}{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("pager", "current", "label"),
    [
        ("<div><a href='javascript:void(0)' data-p=1>1</a><a href='javascript:void(0)' data-p=2>2</a></div>", 1, "2"),
        ("<div><a href='javascript:void(0)' data-p=1>1</a><a href='javascript:void(0)' data-p=2>2</a></div>", 2, None),
        ("<div class=more id=m data-c=a1>加载更多</div>", 1, "加载更多"),
        ("<p onclick=more()>点击查看更多</p>", 1, "点击查看更多"),
        ("<div>共3页 <a href='#' title=下一页><i class=r></i></a></div>", 1, "下一页"),
        ("<div>共3页 <button aria-label=下一页></button></div>", 2, "下一页"),
        ("<div><span>1</span><span>2</span><span onclick=g(3)>...</span></div>", 2, "..."),
        ("<div><span>1</span><span>2</span><span onclick=g(3)>...</span></div>", 1, "2"),
        ("<div><a href='javascript:g(0)'>…</a><a>3</a><a>4</a></div>", 4, None),  # the group before
        ("<p>见附件...</p>", 1, None),
        ("<input type=button value=加载更多>", 1, "加载更多"),
        ("<div class=more style='display: none'>加载更多</div>", 1, None),
        ("<a href='/more.html'><span>查看更多</span></a>", 1, None),
        ("<div>共3页 <span onclick=pg(1)>下一页</span></div>", 1, "下一页"),
        ("<div>共1页 <span onclick=pg(1)>下一页</span></div>", 1, None),
        ("<div>共3页 <span onclick=pg(1)>下一页</span></div>", 3, None),
        ("<div><a>1</a><a href='#'>下一页</a></div>", 1, None),  # one page
        ("<div><a href='javascript:go(1)'>下一页</a></div>", 1, None),
        ("<div><a href='index_1.html'>2</a><a href='index_1.html'>下一页</a></div>", 1, None),
        ("<ul style='display:none'><li><a href='/nb/t2.html'>甲县2019年年报</a> 2020-01-02</li></ul><div onclick=x()>加载更多</div>", 1, None),
    ],
)  # fmt: skip
def test_what_leads_behind_a_page(pager: str, current: int, label: str | None):
    assert leads_on(page(pager), current) == label


@pytest.mark.parametrize(
    ("choice", "years"),
    [
        ("<ul><li class=on onclick=s(1)>2024年</li><li onclick=s(2)>2023年</li><li onclick=s(3)>2022年</li></ul>", [2023, 2022]),
        ("<select onchange=load()><option selected>2024</option><option>2023</option></select>", [2023]),
        ("<form><input name=q><select name=y><option>2024</option><option>2023</option></select></form>", []),
        ("<select onchange=\"location='?y='+this.value\"><option>2024</option><option>2023</option></select>", []),
        ("<ul><li><a href='2024/'>2024年</a></li><li><a href='2023/'>2023年</a></li></ul>", []),
    ],
)  # fmt: skip
def test_years_of_tabs_without_an_address(choice: str, years: list[int]):
    assert list(years_of_tabs(page(choice)).values()) == years


SCRIPT = "<script src='/js/fy.js'></script>"


@pytest.mark.parametrize(
    ("pager", "name"),
    [
        (f"<div id='pagination' class='x'></div>{SCRIPT}", "pagination"),
        (f"<p class='more-page'> </p>{SCRIPT}", "more-page"),
        ("<div class='fenye'><script>turn(3)</script></div>", "fenye"),
        ("<div id='x1'></div><script>draw('x1', 3, 1, 14)</script>", "x1"),
        ("<div id='x1'></div><script>draw('x1', 1, 1)</script>", None),  # one page
        (f"<div id='pagination'><a href='index_1.html'>2</a></div>{SCRIPT}", None),
        ("<div id='pagination'></div>", None),  # nothing fills it
        (f"<div class='homepage-top'></div><div class='pagetitle'></div>{SCRIPT}", None),
        ("<div id='pagination'></div><script>var a = [{title: '甲县2019年年报', url: '/nb/t9.html'}]</script>", None),
    ],
)
def test_an_empty_element_in_which_a_script_draws_the_pager(pager: str, name: str | None):
    assert left_to_fill(page(pager)) == name


def portal(first: str, more: Pages) -> Pages:
    found = {f"{LIST}t{year}.html": report(year) for year in range(2018, 2025)}
    return {LIST: html(f"<div id=l>{ROWS}</div>{first}"), **found, **more}


def fragment(*years: int) -> Answer:
    return Answer(rows({f"{LIST}t{year}.html": year for year in years}).encode())


GET = "function get(u){var x=new XMLHttpRequest();x.open('GET',u);x.onload=function(){document.getElementById('l').innerHTML=x.responseText};x.send()}"
TABS = (
    "<ul>" + "".join(f"<li data-nd='{y}' onclick='sw(this)'>{y}年</li>" for y in (2024, 2022, 2021)) + "</ul>"
    f"<script>{GET} function sw(o){{get('by?'+o.getAttribute('data-nd'))}}</script>"
)
CHOICE = (
    "<select id=nd onchange=ch()><option>2024</option><option>2022</option><option>2021</option></select>"
    f"<script>{GET} function ch(){{get('by?'+document.getElementById('nd').value)}}</script>"
)
NUMBERS = (
    "<div id=pg>" + "".join(f"<a href='javascript:void(0)' data-p='{n}'>{n}</a>" for n in (1, 2, 3)) + "</div>"
    f"<script>{GET} document.addEventListener('click',function(e){{var k=e.target.getAttribute('data-p');if(k)get('by?'+k)}})</script>"
)
CURSOR = (
    "<div class=more id=m data-c=c1>加载更多</div><script>document.getElementById('m').onclick=function(){var m=this,x=new XMLHttpRequest();"
    "x.open('GET','by?'+m.getAttribute('data-c'));x.onload=function(){var d=JSON.parse(x.responseText);"
    "document.getElementById('l').innerHTML+=d.h;if(d.n)m.setAttribute('data-c',d.n);else m.style.display='none'};x.send()}</script>"
)  # fmt: skip


def cursor(following: str | None, *years: int) -> Answer:
    return Answer(
        json.dumps({"h": fragment(*years).body.decode(), "n": following}).encode(), media_type="application/json"
    )


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("first", "more"),
    [
        (TABS, {f"{LIST}by?{year}": fragment(year) for year in (2024, 2022, 2021)}),
        (CHOICE, {f"{LIST}by?2022": fragment(2022), f"{LIST}by?2021": fragment(2021)}),
        (NUMBERS, {f"{LIST}by?2": fragment(2022), f"{LIST}by?3": fragment(2021)}),
        (CURSOR, {f"{LIST}by?c1": cursor("c2", 2022), f"{LIST}by?c2": cursor(None, 2021)}),
    ],
)
def test_what_has_no_address_is_clicked_though_rows_stand_in_the_plain_page(played: Played, first: str, more: Pages):
    outcome = played.crawl(portal(first, more), COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 4)


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("first", "label"),
    [
        ("<div class=more>加载更多</div>", "加载更多"),
        ("<div><a href='javascript:void(0)'>1</a><a href='javascript:void(0)'>2</a></div>", "2"),
        ("<ul><li onclick='x()'>2024年</li><li onclick='x()'>2019年</li></ul>", "2019年"),
    ],
)
def test_a_control_of_which_nothing_comes_is_a_problem(played: Played, first: str, label: str):
    outcome = played.crawl(portal(first, {}), COLUMN)
    assert len(outcome.failures) == 1
    assert f"goes on unread: {label!r}" in outcome.failures[0]
    assert outcome.columns[0].found == 2


def test_no_browser_is_started_where_the_list_says_that_it_is_whole(played: Played):
    outcome = played.crawl(portal("<div>共2条 <span onclick=pg(1)>2</span> <b>加载更多</b></div>", {}), COLUMN)
    assert (outcome.failures, outcome.columns[0].counts.get("columns/rendered", 0)) == ([], 0)


def drawn(entry: str) -> str:
    """A script file that draws two more pages, each entry made from its number ``i``."""
    return f"function turnTo(id){{var o='';for(var i=2;i<4;i++)o+={entry};document.getElementById(id).innerHTML=o}}"


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("entry", ["'<a href=\"p/'+i+'.html\">'+i+'</a>'", "'<a href=\"?page='+i+'\">第'+i+'页</a>'"])
@pytest.mark.parametrize("call", ["turnTo('pagination')", "var three=3;turnTo('pagination',three,1)"])
def test_a_pager_that_a_script_file_draws_is_read_in_the_browser(played: Played, entry: str, call: str):
    first = f"<div id='pagination'></div><script src='/js/fy.js'></script><script>{call}</script>"
    more: Pages = {"/js/fy.js": Answer(drawn(entry).encode(), media_type="application/javascript")}
    for number, years in ((2, (2022, 2021)), (3, (2020, 2019))):
        answer = html(rows({f"{LIST}t{year}.html": year for year in years}))
        more |= {f"{LIST}p/{number}.html": answer, f"{LIST}?page={number}": answer}
    outcome = played.crawl(portal(first, more), COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 6)


def test_a_pager_that_nobody_may_draw_is_a_problem(played: Played):
    first = "<div id='pagination'></div><script src='/js/fy.js'></script>"
    outcome = played.crawl(portal(first, {}), f"{COLUMN}        render: never\n")
    (said,) = outcome.failures
    assert "goes on unread: 'pagination' is empty where a script draws the pager" in said


@pytest.mark.usefixtures("chromium")
def test_a_pager_of_one_page_that_a_script_draws_is_no_problem(played: Played):
    more: Pages = {"/js/fy.js": Answer(b"document.getElementById('pagination').innerHTML='<b>1</b>'")}
    first = "<div id='pagination'></div><script src='/js/fy.js'></script>"
    assert played.crawl(portal(first, more), COLUMN).failures == []
