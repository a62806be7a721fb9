"""Calls that a page's script makes are asked as they stand there."""

from __future__ import annotations

import json

import pytest

from crawler.cms import ListRequest, Page, read_list
from crawler.cms.back_ends.script_calls import back_ends, script_files

ADDRESS = "http://www.example.gov.cn/zwgk/nb/index.html?topic=4877&r=x1"


def asked(script: str, address: str = ADDRESS) -> list[tuple[str, str, str]]:
    page = Page(address, f"<html><body><script>{script}</script></body></html>".encode())
    return [(request.method, request.url, request.body.decode()) for request in back_ends(page)]


def test_a_posted_form_with_names_from_script_and_address():
    script = """
    var topic = getQueryString("topic"); var channelId = "31c5"; var size = 10;
    function getList(page){ $.post("/x/lists.do", { page:page, pagesize:size, topic:topic, channel: channelId,
      title:"", "key": '' }, function(data){ show(data.value.list) }, "json"); }
    getList(1);"""
    assert asked(script) == [
        (
            "POST",
            "http://www.example.gov.cn/x/lists.do",
            "page=1&pagesize=10&topic=4877&channel=31c5&title=&key=",
        )
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            '$.ajax({url:"/api/list",type:"post",contentType:"application/json",data:JSON.stringify({pageNo:p,id:7})})',
            ("POST", "http://www.example.gov.cn/api/list", '{"pageNo":"1","id":"7"}'),
        ),
        (
            'var o={siteId:"9",pageIndex:n}; $.ajax({type:"GET",url:base+"/api/list",data:o}); var base="/app";',
            ("GET", "http://www.example.gov.cn/app/api/list?siteId=9&pageIndex=1", ""),
        ),
        (
            'fetch("/doc/list.do",{method:"POST",body:"channelId="+id+"&pageNo="+p+"&pageSize=10"}); var id = 12;',
            ("POST", "http://www.example.gov.cn/doc/list.do", "channelId=12&pageNo=1&pageSize=10"),
        ),
        (
            '$.getJSON("/front/search/advances?siteID=403&pageIndex=0", function(r){});',
            ("GET", "http://www.example.gov.cn/front/search/advances?siteID=403&pageIndex=0", ""),
        ),
        ("$.get(`/back/q?cat=3`, show)", ("GET", "http://www.example.gov.cn/back/q?cat=3", "")),
    ],
)
def test_other_ways_of_calling(script, expected):
    assert asked(script) == [expected]


@pytest.mark.parametrize(
    "script",
    [
        '$.get("/hits/count.do?id=3")',  # a visit counter
        '$.post("http://other.gov.cn/x.do",{a:1})',  # somebody else's
        '$.get("/css/a.css?v=1")',
        "$.post(unknown, {page:1})",
        '$.post("/x.do")',  # says nothing of what it wants
        "$.ajax({url:'/x.do'",  # broken off
    ],
)
def test_what_is_no_list_is_left_alone(script):
    assert asked(script) == []


def answer(total: int, *paths: str) -> bytes:
    rows = [{"title": f"某县人民政府{path[3:7]}年政府信息公开工作年度报告", "path": path} for path in paths]
    return json.dumps({"value": {"total": total, "list": rows}}).encode()


def test_pages_follow_by_the_parameter_until_the_total():
    page = Page(ADDRESS, b'<script>function f(p){$.post("/x.do",{page:p,pagesize:2,t:"1"})} f(1)</script>')
    (first,) = [request for request in read_list(page).requests if request.dialect == "call"]
    listing = read_list(Page(first.url, answer(3, "/a/2024/1234561.html", "/a/2023/1234562.html")), first)
    assert [row.url for row in listing.links] == [
        "http://www.example.gov.cn/a/2024/1234561.html",
        "http://www.example.gov.cn/a/2023/1234562.html",
    ]
    (second,) = listing.requests
    assert second.body == b"page=2&pagesize=2&t=1"
    assert read_list(Page(second.url, answer(3, "/a/2022/1234563.html")), second).requests == ()


def test_a_count_from_nought_goes_on_from_nought():
    page = Page(ADDRESS, b'<script>$.getJSON("/x?site=4&pageIndex=0")</script>')
    (first,) = read_list(page).requests
    (second,) = read_list(Page(first.url, answer(9, "/a/2024/1234561.html")), first).requests
    assert second.url == "http://www.example.gov.cn/x?site=4&pageIndex=1"


def test_menu_scripts_are_read_and_libraries_are_not():
    page = Page(
        ADDRESS,
        b'<script src="/js/jquery.min.js"></script><script src="/js/nav.js"></script>'
        b'<script src="http://cdn.example.com/left.js"></script><script src="/js/app.3f2a.js"></script>'
        b'<a href="/2024/01-02/123456.html">1</a>',
    )
    assert [request.url for request in script_files(page)] == ["http://www.example.gov.cn/js/nav.js"]
    bare = Page(ADDRESS, b'<script src="/js/vue.js"></script><script src="/js/app.3f2a.js"></script>')
    (request,) = script_files(bare)
    assert request.url == "http://www.example.gov.cn/js/app.3f2a.js"
    nav = b'var list=[{"name":"\xe7\x9c\x81\xe8\xbe\x96\xe5\xb8\x82\xe6\x94\xbf\xe5\xba\x9c","url":"/zwgk/nb/sxs/"}];'
    listing = read_list(Page("http://www.example.gov.cn/js/nav.js", nav), request)
    assert [(row.text, row.url) for row in listing.links] == [("省辖市政府", "http://www.example.gov.cn/zwgk/nb/sxs/")]


@pytest.mark.parametrize(
    ("script", "url"),
    [
        (
            'var navs=[["省政府部门年报","/zwgk/nb/bm/"],["公开指南","/zwgk/zn/"]];',
            "http://www.example.gov.cn/zwgk/nb/bm/",
        ),
        ("document.write('<a href=\"./bm/\">省政府部门年报</a>');", "http://www.example.gov.cn/zwgk/nb/bm/"),
    ],
)
def test_a_menu_script_names_columns_as_the_page_would(script: str, url: str):
    (request,) = script_files(Page(ADDRESS, b'<script src="/statics/nav.js"></script>'))
    listing = read_list(Page(request.url, script.encode()), request)
    assert ("省政府部门年报", url) in [(row.text, row.url) for row in listing.links]


ROWS = b'<ul><li><a href="/2024/01-02/123456.html">\xe5\xb9\xb4\xe6\x8a\xa5</a></li></ul>'


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'<div class="side"><script src="/js/gk2021.js"></script></div>', ["gk2021.js"]),
        (b'<p><script src="/js/common.js"></script> <script src="/js/w.js"></script></p>', ["common.js", "w.js"]),
        (b'<div id="leftmenu"></div><script src="/js/zfxxgk.js"></script>', ["zfxxgk.js"]),
        (b'<div id="leftmenu"><a href="/x/">x</a></div><script src="/js/zfxxgk.js"></script>', []),
        (b'<div class="side"><p>x</p><script src="/js/gk2021.js"></script></div>', []),
        (b'<div class="side"><script src="/js/jquery.share.js"></script></div>', []),
    ],
)  # fmt: skip
def test_a_menus_script_is_told_by_where_it_stands_too(body: bytes, read: list[str]):
    """Beside rows: a script that is all an element holds writes there, and an empty menu is filled by one."""
    names = [request.url.rpartition("/")[2] for request in script_files(Page(ADDRESS, ROWS + body))]
    assert names == read


@pytest.mark.parametrize(
    "beside",
    [
        b'<div id="pageDec" pagecount="3" totalcount="40"></div>',
        b'<script>$.ajax({url: "/was5/web/search?channelid=2&classsql=c=7", success: f})</script>',
        b'<script>createPageHTML(3, 0, "index", "html")</script>',
    ],
)
def test_a_menus_script_is_read_beside_a_list_and_whatever_asks_for_the_rest_of_it(beside: bytes):
    page = Page("http://www.example.gov.cn/zwgk/nb", ROWS + beside + b'<script src="/js/nav.js"></script>')
    requests = read_list(page).requests
    assert "http://www.example.gov.cn/js/nav.js" in [request.url for request in requests]
    assert len(requests) > 1


@pytest.mark.parametrize(
    ("beside", "file", "asked"),
    [
        (
            'var chnlid="22184"; var pageSize="10";',
            '$.ajax({url:"/was5/web/search",data:{channelid:2291,classsql:"chnlid="+chnlid,prepage:pageSize,page:n}})',
            "/was5/web/search?channelid=2291&classsql=chnlid%3D22184&prepage=10&page=1",
        ),
        (
            "window.cfg = {channel: 'a7', rows: 20};",
            "function load(p){ $.getJSON('/api/l.do', {c: cfg.channel, rows: cfg.rows, pageNo: p}, show) } load(1)",
            "/api/l.do?c=a7&rows=20&pageNo=1",
        ),
        ("var root = '/gk';", "fetch(root + '/list.do?kind=4&pageNo=' + p)", "/gk/list.do?kind=4&pageNo=1"),
    ],
)
def test_what_a_page_sets_is_known_to_its_script_files(beside: str, file: str, asked: str):
    page = Page(ADDRESS, f"<ul id=l></ul><script>{beside}</script><script src=/js/l.js></script>".encode())
    (request,) = script_files(page)
    (call,) = read_list(Page(request.url, file.encode()), request).requests
    assert call.url == f"http://www.example.gov.cn{asked}"


def test_a_script_file_states_no_number_of_any_list():
    request = ListRequest("http://www.example.gov.cn/js/nav.js", 1, dialect="script", state=(("page", ADDRESS),))
    listing = read_list(Page(request.url, b"var totalRecord = 40, pageCount = 4;"), request)
    assert (listing.stated_total, listing.pages) == (None, None)


def test_calls_in_a_script_file_count_from_the_page():
    request = ListRequest(
        "http://www.example.gov.cn/js/app.js", 1, dialect="script", state=(("page", ADDRESS),), tentative=True
    )
    file = Page(request.url, b'var t=getQueryString("topic");$.post("list.do",{topic:t,page:1})')
    (call,) = read_list(file, request).requests
    assert (call.url, call.body) == ("http://www.example.gov.cn/zwgk/nb/list.do", b"topic=4877&page=1")


@pytest.mark.parametrize("path", ["/user/logout.do", "/x/saveComment", "/api/doSubmit", "/msg/add", "/vote.jsp"])
def test_a_call_that_changes_something_is_never_asked(path: str):
    assert asked(f'$.post("{path}", {{page: 1, id: 7}}, show)') == []
    assert asked('$.post("/address/listByVoter.do", {page: 1, id: 7}, show)')  # only the words themselves


@pytest.mark.parametrize(
    ("script", "first", "second"),
    [
        ('function list(n){$.post("/q.do",{page:n-1,size:10})} list(1);', "page=0&size=10", "page=1&size=10"),
        (
            'function list(n){$.post("/q.do",{"page":(parseInt(n) - 1),size:10})} list(1)',
            "page=0&size=10",
            "page=1&size=10",
        ),
        ('function list(i){$.post("/q.do",{page:i+1,size:10})} list(0);', "page=1&size=10", "page=2&size=10"),
        (
            'function list(n){$.post("/q.do",{start:(n-1)*12,limit:12})} list(1);',
            "start=0&limit=12",
            "start=12&limit=12",
        ),
        ('function list(i){$.post("/q.do",{begin:i*15,rows:15})} list(0);', "begin=0&rows=15", "begin=15&rows=15"),
    ],
)
def test_pages_are_counted_as_the_script_counts_them(script: str, first: str, second: str):
    page = Page(ADDRESS, f"<html><body><script>{script}</script></body></html>".encode())
    (request,) = back_ends(page)
    assert request.body.decode() == first
    titles = [
        {"title": f"甲县{year}年政府信息公开工作年度报告", "url": f"/a/{year}.html"} for year in range(2010, 2020)
    ]
    answer = Page(request.url, json.dumps({"total": 99, "list": titles}).encode())
    following = [entry for entry in read_list(answer, request).requests if entry.page == 2]
    assert [entry.body.decode() for entry in following] == [second]


def test_the_number_of_the_page_may_be_less_by_one_in_the_address():
    assert asked('function f(p){$.get("/q?cat=3&page="+(p-1),show)} f(1)') == [
        ("GET", "http://www.example.gov.cn/q?cat=3&page=0", "")
    ]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("function show(x){location.href='#/detail?id='+x.id}", "/zwgk/nb/index.html?topic=4877&r=x1#/detail?id=7"),
        ("""h+='<a href="/info/'+row[i].id+'.html">'+row[i].title+'</a>'""", "/info/7.html"),
        (
            """h+='<li data-key="'+x.id+'">';$('li').click(function(){open('/show?id='+$(this).attr('data-key'))})""",
            "/show?id=7",
        ),
    ],
)
def test_entries_without_an_address_get_the_one_that_the_script_builds(script: str, address: str):
    call = "$.post('/api/list',{channel:'nb',page:n,size:8},draw);"
    page = Page(ADDRESS, f"<html><body><script>{call}{script}</script></body></html>".encode())
    (request,) = back_ends(page)
    data = {
        "data": {"pages": 1, "list": [{"id": 7, "title": "甲厅2024年政府信息公开工作年度报告", "time": "2025-01-20"}]}
    }
    listing = read_list(Page(request.url, json.dumps(data).encode()), request)
    assert [(row.url, row.date) for row in listing.links] == [(f"http://www.example.gov.cn{address}", "2025-01-20")]
    assert not listing.requests
    data["data"]["pages"] = 2  # type: ignore[index]
    (second,) = read_list(Page(request.url, json.dumps(data).encode()), request).requests
    assert second.body == b"channel=nb&page=2&size=8"


def test_an_entry_with_an_address_of_its_own_keeps_it():
    script = "$.post('/api/list',{page:n},f);location.href='/show?id='+x.id"
    (request,) = back_ends(Page(ADDRESS, f"<html><body><script>{script}</script></body></html>".encode()))
    data = {"list": [{"id": 7, "title": "甲厅2024年政府信息公开工作年度报告", "url": "/a/7.html"}]}
    listing = read_list(Page(request.url, json.dumps(data).encode()), request)
    assert [row.url for row in listing.links] == ["http://www.example.gov.cn/a/7.html"]
