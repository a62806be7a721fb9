"""Pages made to hold up a crawl: one token over and over, more links than any list has, addresses that are none."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import pytest

from crawler.cms import ListRequest, Page, read_list
from crawler.discovery.decision import Context
from crawler.discovery.links import is_annual_page, judge_links
from crawler.spiders.script_pages import shell_sign
from crawler.wording import limits

URL = "http://www.a.gov.cn/nb/"
CONTEXT = Context(page=URL, column=URL, hosts=("www.a.gov.cn",))
LENGTH = 60_000  # bytes; quadratic patterns take more than ten seconds for so many
SECONDS = 3.0  # of processor time, whatever else the machine does
PLAIN = (
    "年", "1", "1,", ".", "/", "2021年", "公开", "<record>", "<div", "<div ", "<a ", "<script", "<!--", "<datastore>",
    "a/", "http://a", "'", '"', "共", "共1", "total", "totalrecord", "count='1", "location", "irs/front/search",
    "/site/label/1?", "columns/", "/eportal/ui?", "<script queryData='", "/module/xxgk/", "{{", "&#1", "<", " ", "\n",
    "乡镇", "人民政府", "政府信息公开", "年度报告", "<div id='app'>", "unitid=1 ", "第1条", "<b>", "年报、", "（",
)  # fmt: skip
SCRIPT = (
    "a.", "a(", "f('x','y'", "$.ajax(", "$.get('/a',{", "fetch(", "=[1,", "={a:", "={", "=[", "(", "/*", "//", "// ",
    "document.write('a'", 'document.write("a', ".innerHTML='", "params:{", "data={channelid", "createPage(", "a,",
    "'x.json?", "'/x", "href='/", "title=a ", "pageSize:", "columnid='", "\\", "`", "+'a'", "siteId=b;", "[", "[{",
)  # fmt: skip


@pytest.fixture(autouse=True)
def unmeasured() -> Iterator[None]:
    """Time is what is tried here: counting lines for the coverage would take several times as long as reading."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


def read(body: str, asked: ListRequest | None = None) -> float:
    begun = time.process_time()
    page = Page(URL, body.encode())
    listing = read_list(page, asked)
    judge_links(listing.links, CONTEXT)
    is_annual_page(page)
    shell_sign(page)
    _ = page.forwards_to, page.frames
    return time.process_time() - begun


def repeated(token: str) -> str:
    return token * (LENGTH // len(token.encode()))


@pytest.mark.parametrize("token", PLAIN)
def test_a_token_over_and_over_costs_no_more_than_its_length(token: str):
    row = f"<li><a href='/nb/t1.html' title=\"{repeated(token).replace(chr(34), chr(39))}\">{repeated(token)}</a></li>"
    assert read(repeated(token)) < SECONDS
    assert read(f"<html><head><title>{repeated(token)}</title></head><body><ul>{row}</ul></body></html>") < SECONDS


@pytest.mark.parametrize("token", SCRIPT)
def test_a_script_that_repeats_itself_costs_no_more_than_its_length(token: str):
    assert read(f"<html><body><script>{repeated(token)}</script></body></html>") < SECONDS


@pytest.mark.parametrize("token", ["甲", " ", "<b", "\\u5e74", "共1条", "乡镇", "1"])
def test_an_answer_that_repeats_itself_costs_no_more_than_its_length(token: str):
    asked = ListRequest(URL, dialect="call", state=(("patterns", '[["#/d?id=", "id", ""]]'), ("size", "10")))
    assert read(f'{{"total":3,"rows":[{{"title":"{repeated(token)}","url":"/nb/1.html"}}]}}', asked) < SECONDS


GOOD = '<li><a href="/nb/t{}.html">甲县20{}年政府信息公开工作年度报告</a></li>'


@pytest.mark.parametrize(
    "bad",
    [
        "http://www.a.gov.cn:99999/x.html",
        "http://www.a.gov.cn:0/x.html",
        "http://www.a.gov.cn:8a/x.html",
        "http://[::1/x.html",
        "http://]www.a.gov.cn/",
        "//[www.a.gov.cn]:x/",
        "ftp://www.a.gov.cn/x.pdf",
        f"/nb/{'x' * 5000}.html",
    ],
)
def test_one_bad_link_costs_itself_and_is_counted(bad: str):
    link = f'<li><a href="{bad}">甲县2022年政府信息公开工作年度报告</a></li>'
    markup = f"<ul>{GOOD.format(21, 21)}{link}{GOOD.format(23, 23)}</ul>"
    judged = judge_links(read_list(Page(URL, markup.encode())).links, CONTEXT)
    assert [verdict.reason for _, verdict in judged] == ["report_title", "bad_address", "report_title"]


@pytest.mark.parametrize(
    "form", ["markup", *(pytest.param(form, marks=pytest.mark.trial) for form in ("one row", "data", "script"))]
)
def test_more_links_than_any_list_has_are_bounded_and_said(form: str):
    most = limits().links_per_page
    addresses = [f"/nb/t{number}.html" for number in range(most + 5)]
    if form == "data":
        body = json.dumps([{"title": "甲县", "url": address} for address in addresses])
    elif form == "script":
        body = f"<script>var all = {json.dumps([['甲县的年度报告', address] for address in addresses])};</script>"
    else:
        links = [f'<a href="{address}">甲县</a>' for address in addresses]
        body = f"<ul><li>{''.join(links) if form == 'one row' else '</li><li>'.join(links)}</li></ul>"
    begun = time.process_time()
    listing = read_list(Page(URL, body.encode()))
    judge_links(listing.links, CONTEXT)
    assert time.process_time() - begun < 30
    assert len(listing.links) == most
    assert listing.faults == (f"it holds more than {most} links, and only so many were read",)


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="?a1t=9&a1p=2&a1c=x">2</a><a href="?totalpage=many&PAGENUM=2">2</a>',
        f"<script>createPageHTML({'9' * 5000}, 0, 'index', 'html')</script><div id='pageDec'>{'9' * 5000}</div>",
        f"<script>var all = [{{n: {'9' * 5000}, title: '甲县年报', url: '/nb/t1.html'}}]</script>",
        "<script>$.get('/site/label/8888?labelName=publicInfoList&pageSize=many')</script>",
        f'<script>x([{{"title":"甲县年报","url":"/nb/t1.html","date":{"9" * 30}}}])</script>',
    ],
)
def test_numbers_that_are_none_stop_no_list(markup: str):
    rows = read_list(Page(URL, f"<ul>{GOOD.format(21, 21)}</ul>{markup}".encode())).links
    assert "http://www.a.gov.cn/nb/t21.html" in {row.url for row in rows}
