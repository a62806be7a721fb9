"""Every family: how it is recognised and how its lists go on, by the protocol facts of portals.md section 1.

No body of a real interface is known, only code that describes them: all answers here are synthetic.
"""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from crawler.cms import ADAPTERS, Page, names, read_list, recognise
from tests.crawler.cms.played import HEX, UUID, answer, json_rows, links, page, query

RECOGNISED = {
    "trs": ("http://a.gov.cn/nb/", links("./202301/t20230101_1.html", "./202301/t20230102_2.html", "./202301/t20230103_3.html")),
    "henan": ("http://a.gov.cn/zwgk/nb/", links("/2025/03-31/3143202.html") + '<div id="pageDec" pagecount="1"></div>'),
    "hanweb": ("http://a.gov.cn/col/col9/index.html", '<script type="text/xml"><datastore><recordset></recordset></datastore></script>'),
    "jpaas": (
        "http://a.gov.cn/col/col9/index.html",
        "<script url='/api-gateway/jpaas-publish-server/front/page/build/unit' queryData=\"{'webId':'1','pageId':'2'}\"></script>",
    ),
    "gkmlpt": ("http://a.gov.cn/gkmlpt/index", "<script>window._CONFIG = {SID:'20', TREE: []};</script>"),
    "kaipu": ("http://a.gov.cn/x/c108463/zfxxgk.shtml", f'<meta name="channelid" content="{HEX}">' + links("/x/c109999/202401/c00_31183214.shtml")),
    "lonsun": ("http://a.gov.cn/public/column/1681?type=3&action=list", "<script>$.get('/site/label/8888?labelName=x')</script>"),
    "epoint": ("http://a.gov.cn/x/dynamic/zwgk/govInfoPub.html?categorynum=003", '<a href="<?=el.link?>"><?=el.title?></a>'),
    "truecms": ("http://a.gov.cn/x/index.html", '<div id="initData">{"columnId":"14"}</div>'),
    "vsb": ("http://a.gov.cn/zfxxgk/nb.htm", links("../info/2381/644672.htm", "../info/2381/644673.htm", "../info/2381/644674.htm")),
    "easysite": (f"http://a.gov.cn/columns/{UUID}/index.html", f"<script>var eportalCurrentColumnId='{UUID}'</script>"),
    "huilan": ("http://a.gov.cn/web/zwgkx/2025/index.shtml", links("/web/zwgkx/2023020518354418274/index.shtml")),
    "pclist": ("http://a.gov.cn/s/xxgkn142/pc/list.html", "<script>var articleList = [];</script>"),
    "shanghai": ("http://a.gov.cn/2025ndbg/index.html", links(f"/nw12344/20240329/{HEX}.html")),
    "govcn": ("https://www.gov.cn/zhengce/xxgk/", links("/zhengce/2024-01/02/content_1.htm", "/zhengce/2024-01/02/content_2.htm")),
    "generic": ("http://a.gov.cn/x/", links("/y.aspx?k=1")),
}  # fmt: skip


@pytest.mark.parametrize("name", RECOGNISED)
def test_a_family_is_recognised_with_a_reason(name: str):
    chosen, match = recognise(page(*RECOGNISED[name]))
    assert chosen.name == name
    assert match.reason
    assert match.score > (0.5 if name != "generic" else 0)


def test_every_family_has_a_case_here_and_a_product_name():
    assert set(names()) == set(RECOGNISED)
    assert all(entry.product for entry in ADAPTERS)


def test_a_declared_family_is_believed_until_the_page_speaks_plainly():
    plain = page("http://a.gov.cn/x/", "<p>nothing</p>")
    assert recognise(plain, "trs")[0].name == "trs"
    chosen, match = recognise(page(*RECOGNISED["lonsun"]), "trs")
    assert chosen.name == "lonsun"
    assert "declared trs" in match.reason


def test_kaipus_container_on_a_trs_page_is_no_sign():
    text = '<div id="UCAP-CONTENT"></div>' + RECOGNISED["trs"][1]
    assert recognise(page("http://a.gov.cn/nb/", text))[0].name == "trs"


# -- jpage --------------------------------------------------------------------------------------------------------


def jpage(total: int, size: int = 2) -> str:
    record = "<record><![CDATA[<li><a href='/art/2024/1/2/art_9_{}.html'>t</a></li>]]></record>"
    store = "".join(record.format(n) for n in range(size))
    return (
        f'<script type="text/xml"><datastore><nextgroup/><recordset>{store}</recordset></datastore></script>'
        f"<script>$('#88').jpage({{perPage:{size}, totalRecord:{total}, proxyUrl:'/module/jpage/dataproxy.jsp',"
        "params:{columnid:9, unitid:'88', webid:3, path:'/', appid:1}});</script>"
    )


def test_jpage_reads_the_first_rows_from_the_script_and_asks_the_proxy_for_all():
    listing = read_list(page("http://a.gov.cn/col/col9/index.html", jpage(5)))
    assert len(listing.links) == 2
    assert listing.stated_total == 5
    (request,) = [r for r in listing.requests if r.dialect == "jpage"]
    assert request.method == "POST"
    assert urlsplit(request.url).path == "/module/jpage/dataproxy.jsp"
    assert query(request) == {"startrecord": "1", "endrecord": "2", "perpage": "2", "page": "1"}
    form = parse_qs(request.body.decode())
    assert (form["columnid"], form["unitid"], form["webid"]) == (["9"], ["88"], ["3"])
    assert form["sourceContentType"] == ["1"]


def test_jpage_goes_on_from_what_it_got_not_from_what_it_asked_for():
    first = next(
        r for r in read_list(page("http://a.gov.cn/col/col9/index.html", jpage(5))).requests if r.dialect == "jpage"
    )
    got = "".join(f"<record><![CDATA[<a href='/art/2024/1/2/art_9_{n}.html'>t</a>]]></record>" for n in range(2))
    (second,) = answer(first, f"<datastore><totalrecord>5</totalrecord><recordset>{got}</recordset></datastore>")
    assert query(second) == {"startrecord": "3", "endrecord": "4", "perpage": "2", "page": "2"}
    assert answer(second, "<datastore><totalrecord>5</totalrecord><recordset></recordset></datastore>") == ()


def test_several_units_on_one_page_keep_their_own_sizes():
    two = jpage(1, 1).replace("'88'", "'77'").replace("#88", "#77") + jpage(9)
    units = {
        dict(r.state)["unitid"]: dict(r.state)["total"]
        for r in read_list(page("http://a.gov.cn/col/col9/index.html", two)).requests
        if r.dialect == "jpage"
    }
    assert units == {"88": "9"}


def unit(number: int, *titles: str, named: bool = True) -> str:
    """A data store with rows, as a unit of its own."""
    group = f'<a href="/module/web/jpage/dataproxy.jsp?columnid=9&unitid={number}"></a>' if named else ""
    rows = "".join(
        f"<record><![CDATA[<li><a href='/art/2024/1/2/art_{number}_{index}.html'>{title}</a></li>]]></record>"
        for index, title in enumerate(titles)
    )
    return (
        f'<div id="{number}"><script type="text/xml"><datastore><nextgroup><![CDATA[{group}]]></nextgroup>'
        f"<recordset>{rows}</recordset></datastore></script></div>"
    )


REPORTS = tuple(f"甲县{year}年政府信息公开年度报告" for year in range(2024, 2018, -1))


@pytest.mark.parametrize(
    "calls",
    [
        'jpage({id:"71",perpage:5,totalRecord:1,param:""});jpage({id:"88",perpage:2,totalRecord:33,param:"unitid=88"});',
        "$('#71').jpage({perPage:5,totalRecord:1});$('#88').jpage({perPage:2,totalRecord:33,params:{unitid:'88'}});",
        "draw({perpage:5,totalRecord:1});draw({perpage:2,totalRecord:33});",  # in the order of the stores
    ],
)
@pytest.mark.parametrize("teaser", ["关于开展培训的通知", REPORTS[0]])
def test_a_total_belongs_to_its_unit(calls: str, teaser: str):
    """A teaser with a total of its own stands before the list of reports."""
    text = f"{unit(71, teaser, named=False)}{unit(88, *REPORTS)}<script>{calls}</script>"
    listing = read_list(page("http://a.gov.cn/col/col9/index.html", text))
    asked = {dict(r.state)["unitid"]: dict(r.state)["total"] for r in listing.requests if r.dialect == "jpage"}
    assert (asked["88"], listing.stated_total) == ("33", 33)


def test_the_larger_unit_of_other_things_states_nothing_of_the_reports():
    """News with 90 entries before the reports, of which 6 stand in the page and are all."""
    calls = (
        "jpage({id:'71',perpage:2,totalRecord:90,p:'unitid=71'});jpage({id:'88',perpage:6,totalRecord:6,p:'unitid=88'})"
    )
    text = f"{unit(71, '要闻一则', '要闻两则')}{unit(88, *REPORTS)}<script>{calls}</script>"
    listing = read_list(page("http://a.gov.cn/col/col9/index.html", text))
    asked = {dict(r.state)["unitid"]: dict(r.state)["total"] for r in listing.requests if r.dialect == "jpage"}
    assert (asked, listing.stated_total) == ({"71": "90"}, 6)


@pytest.mark.parametrize("unit", ["fGhT-9z+", "aB+c/d==", "88"])
def test_a_unit_that_an_address_escapes_and_a_script_does_not_is_asked_once(unit: str):
    escaped = quote(unit, safe="")
    group = f'<nextgroup><![CDATA[<a href="/module/jpage/dataproxy.jsp?page=1&webid=3&path=http://a.gov.cn/&columnid=9&unitid={escaped}"></a>]]></nextgroup>'
    text = jpage(5).replace("<nextgroup/>", group).replace("'88'", f"'{unit}'")
    requests = read_list(page("http://a.gov.cn/col/col9/index.html", text)).requests
    asked = [parse_qs(r.body.decode())["unitid"] for r in requests if r.dialect == "jpage"]
    assert asked == [[unit]]


def test_a_unit_that_nothing_names_is_the_number_of_its_element():
    text = '<div id="30052"><script type="text/xml"><datastore><nextgroup/><recordset></recordset></datastore></script></div>totalRecord=9'
    (request,) = [
        r for r in read_list(page("http://a.gov.cn/col/col9/index.html", text)).requests if r.dialect == "jpage"
    ]
    form = parse_qs(request.body.decode())
    assert (form["unitid"], form["columnid"]) == (["30052"], ["9"])


def test_a_silent_proxy_falls_back_to_what_a_browser_would_ask():
    first = next(
        r for r in read_list(page("http://a.gov.cn/col/col9/index.html", jpage(5))).requests if r.dialect == "jpage"
    )
    (by_get,) = first.otherwise
    assert (by_get.method, by_get.body, query(by_get)["unitid"], query(by_get)["startrecord"]) == (
        "GET",
        b"",
        "88",
        "1",
    )
    (turned,) = by_get.otherwise
    assert turned.url == "http://a.gov.cn/col/col9/index.html?uid=88&pageNum=2"
    (third,) = answer(turned, jpage(5))
    assert third.url == "http://a.gov.cn/col/col9/index.html?uid=88&pageNum=3"
    assert answer(third, jpage(5)) == ()


def test_the_disclosure_module_is_asked_with_the_columns_ids():
    text = "<script>var s='/module/xxgk/search.jsp'; infotypeId='A03'; jdid=23; area='1137';</script>"
    (request,) = [
        r for r in read_list(page("http://a.gov.cn/col/col55/index.html", text)).requests if r.dialect == "xxgk"
    ]
    form = parse_qs(request.body.decode())
    assert (form["infotypeId"], form["jdid"], form["area"], form["divid"]) == (["A03"], ["23"], ["1137"], ["div55"])


def test_the_annual_report_module_gives_every_area_and_year_it_offers():
    text = "<select name='area'><option value='001'>甲</option></select><select name='fbtime'><option value='2021'></option><option value='2022'></option></select>"
    found = read_list(page("http://a.gov.cn/module/xxgk/xxgkAnnualReport.jsp", text)).requests
    assert [query(r) for r in found if r.dialect == "report"] == [
        {"area": "001", "fbtime": "2021"},
        {"area": "001", "fbtime": "2022"},
    ]


# -- jpaas --------------------------------------------------------------------------------------------------------


def test_jpaas_turns_pages_with_param_json_only():
    (first,) = [r for r in read_list(page(*RECOGNISED["jpaas"])).requests if r.dialect == "jpaas"]
    assert json.loads(query(first)["paramJson"]) == {"pageNo": 1, "pageSize": 15}
    assert "pageNo" not in query(first)
    assert (query(first)["webId"], query(first)["pageId"]) == ("1", "2")
    rows = "".join(f"<li><a href='/art/2024/1/2/art_1_{n}.html'>t</a></li>" for n in range(15))
    body = json.dumps(
        {"success": True, "data": {"html": f"<ul>{rows}</ul><div class='pagination' count='31' rows='15'></div>"}}
    )
    (second,) = answer(first, body)
    assert json.loads(query(second)["paramJson"])["pageNo"] == 2


# -- gkmlpt -------------------------------------------------------------------------------------------------------


def test_gkmlpt_asks_for_the_annual_reports_of_its_own_tree():
    tree = "[{id:1,name:'指南',children:[]},{id:2,name:'公开',children:[{id:46,name:'政府信息公开年报',children:[],jump_url:''}]}]"
    text = f"<script>window._CONFIG = {{SID:'20', TREE:{tree}}};</script>"
    (first,) = read_list(page("http://a.gov.cn/dept/gkmlpt/index", text)).requests
    assert first.url == "http://a.gov.cn/dept/gkmlpt/api/all/46?page=1&sid=20"
    rows = [{"title": "t", "url": f"http://a.gov.cn/gkmlpt/content/1/1/post_{n}.html"} for n in range(100)]
    (second,) = answer(first, json.dumps({"classify": {"post_count": 130}, "articles": rows}))
    assert query(second)["page"] == "2"
    assert answer(second, json.dumps({"classify": {"post_count": 130}, "articles": rows[:30]})) == ()


def test_nfcms_lists_without_a_pager_are_tried_further():
    text = links(*(f"./content/post_{n}.html" for n in range(1000, 1012)))
    (request,) = read_list(page("http://a.gov.cn/zwgk/xxgknb/index.html", text)).requests
    assert (request.url, request.tentative) == ("http://a.gov.cn/zwgk/xxgknb/index_2.html", True)


# -- the others ---------------------------------------------------------------------------------------------------


def test_kaipu_asks_the_channel_named_in_the_head():
    found = read_list(page(*RECOGNISED["kaipu"])).requests
    (first,) = [r for r in found if r.dialect == "channel"]
    assert urlsplit(first.url).path == f"/common/search/{HEX}"
    assert (query(first)["page"], query(first)["_isJson"]) == ("1", "true")
    (second,) = answer(first, json_rows(20, total=45, page=1, rows=20))
    assert query(second)["page"] == "2"


def test_lonsun_asks_the_label_as_the_page_does_or_builds_it():
    built = next(
        r
        for r in read_list(page("http://a.gov.cn/public/column/1681?type=3&catId=7", "<p></p>")).requests
        if r.dialect == "label"
    )
    assert {name: query(built)[name] for name in ("labelName", "organId", "type", "catId", "action")} == {
        "labelName": "publicInfoList", "organId": "1681", "type": "3", "catId": "7", "action": "list",
    }  # fmt: skip
    text = "<script>$('#l').load('/site/label/8888?labelName=publicInfoList&siteId=6&organId=9&pageIndex=1&pageSize=2')</script>"
    named = next(r for r in read_list(page("http://a.gov.cn/public/column/9", text)).requests if r.dialect == "label")
    assert (query(named)["siteId"], query(named)["pageSize"]) == ("6", "2")
    (second,) = answer(named, links("/public/9/1.html", "/public/9/2.html") + "<p>共2页</p>")
    assert query(second)["pageIndex"] == "2"


def test_epoint_reads_its_settings_first_and_counts_from_zero():
    text = '<input type="hidden" id="categorynum" value="003005"><script src="/js/webBuilderCommon.js"></script><?=el.link?>'
    (settings,) = read_list(page("http://a.gov.cn/x/nb.html", text)).requests
    assert settings.url == "http://a.gov.cn/js/webBuilderCommon.js"
    (first,) = answer(settings, "var siteInfo = { siteGuid: 'g-1', projectName: '/EWB-FRONT' };")
    assert first.url == "http://a.gov.cn/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    assert json.loads(first.body)["pageIndex"] == 0
    assert json.loads(first.otherwise[0].body).keys() == {"params"}
    rows = [{"title": "t", "infourl": f"/x/2024010{n}/{n}.html"} for n in range(1, 5)]
    (second,) = answer(first, json.dumps({"custom": {"data": rows, "total": 9}}))
    assert json.loads(second.body)["pageIndex"] == 1


def test_truecms_sends_a_referer():
    (first,) = [r for r in read_list(page(*RECOGNISED["truecms"])).requests if r.dialect == "truecms"]
    assert dict(first.headers)["Referer"] == "http://a.gov.cn/x/index.html"
    assert query(first)["columnId"] == "14"


def test_vsb_makes_all_pages_from_one_link():
    text = RECOGNISED["vsb"][1] + '<a href="?a7t=3&a7p=2&a7c=10&urltype=tree.TreeTempUrl&wbtreeid=5">下页</a>'
    found = read_list(page("http://a.gov.cn/zfxxgk/nb.htm", text)).requests
    assert sorted(query(r)["a7p"] for r in found) == ["2", "3"]


def test_easysite_asks_the_block_that_the_page_names():
    block = f"/columns/{UUID}/templates/{UUID}/blocks/{UUID}"
    text = links(f"/columns/{UUID}/202301/02/{UUID}.html") + f"<script>$.get('{block}?page=1&fix=0')</script>"
    (first,) = [
        r for r in read_list(page(f"http://a.gov.cn/columns/{UUID}/index.html", text)).requests if r.dialect == "block"
    ]
    assert (urlsplit(first.url).path, query(first)) == (block, {"page": "1", "fix": "0"})


def test_kaipus_code_interface_works_with_a_channel_alone():
    text = "<script>var sent = {codeId:'',channelId:'c102384',page:page}; ask('/getFileListByCodeId', sent);</script>"
    found = read_list(page("http://a.gov.cn/x/c102384r/index.html", text)).requests
    (first,) = [r for r in found if r.dialect == "codeid"]
    assert first.body == b"codeId=&channelId=c102384&page=1&size=20"
    (second,) = answer(first, json_rows(3, total=7))
    assert second.body == b"codeId=&channelId=c102384&page=2&size=20"


def test_kaipus_code_interface_is_counted_as_the_page_counts_it():
    text = "<script>$.post('/getFileListByCodeId',{codeId:'c1',channelId:'a9',page:n-1,size:10},f);list(1)</script>"
    found = read_list(page("http://a.gov.cn/x/c102384r/index.html", text)).requests
    (first,) = [r for r in found if "getFileListByCodeId" in r.url]
    assert first.body == b"codeId=c1&channelId=a9&page=0&size=10"


def test_data_may_name_paths_without_their_first_slash():
    data = json.dumps([{"title": "甲县2023年报告", "url": "site/c/pc/content/content_1.html"},
                       {"title": "甲县2022年报告", "url": "content/content_2.html"}])  # fmt: skip
    listing = read_list(page("http://a.gov.cn/site/c/pc/list.html", f"<script>var articleList = {data};</script>"))
    assert [row.url for row in listing.links] == [
        "http://a.gov.cn/site/c/pc/content/content_1.html",
        "http://a.gov.cn/site/c/pc/content/content_2.html",
    ]


def test_eportals_pager_is_asked_for_what_its_entries_call():
    call = "/eportal/ui?pageId=212936&currentPage={}&moduleId=c0e5"
    entry = """<a onclick="queryArticleByCondition(this,'{0}')" tagname="{0}">{1}</a>"""
    rows = "".join(f'<li><a href="/www/x/212936/{n}/index.html">甲厅{n}年报告</a></li>' for n in range(2010, 2014))
    pager = entry.format(call.format(2), "下一页") + entry.format(call.format(3), "尾页")
    listing = read_list(page("http://kjt.a.gov.cn/www/x/212936/index.html", f"<ul>{rows}</ul><div>{pager}</div>"))
    asked = {request.url for request in listing.requests if "/eportal/" in request.url}
    assert asked == {f"http://kjt.a.gov.cn{call.format(number)}" for number in (2, 3)}


def test_eportals_static_pages_are_named_by_their_module():
    entry = """<a style="cursor:pointer" onclick="queryArticleByCondition(this,'/nb/17081-2.html')">下一页</a>"""
    rows = "".join(f'<li><a href="/nb/2023{n}/index.html">甲厅{n}年报告</a></li>' for n in range(2010, 2014))
    listing = read_list(page("http://kjt.a.gov.cn/nb/index.html", f"<ul>{rows}</ul><div>{entry}</div>"))
    assert "http://kjt.a.gov.cn/nb/17081-2.html" in {request.url for request in listing.requests}


def test_an_inline_array_is_the_whole_list():
    rows = json.dumps([{"title": "温县2023年报告", "pubDate": "2024-01-02", "urls": '{"pc":"/s/c/pc/content/content_1.html"}',
                        "articleFiles": [{"filePath": "/f/a.pdf", "domainName": "http://f.gov.cn"}]}])  # fmt: skip
    listing = read_list(page("http://a.gov.cn/s/c/pc/list.html", f"<script>var articleList = {rows};</script>"))
    assert [(row.url, row.date, row.attachments) for row in listing.links] == [
        ("http://a.gov.cn/s/c/pc/content/content_1.html", "2024-01-02", ("http://f.gov.cn/f/a.pdf",))
    ]


def test_henan_pages_come_from_the_totals():
    text = links("/2025/03-31/1.html") + '<div id="pageDec" pagecount="3" recordcount="11"></div>'
    listing = read_list(page("http://a.gov.cn/zwgk/zfxxgknb", text))
    assert listing.pages == 3
    asked = [*listing.requests, *(request for request in listing.later if request.turn == 1)]
    assert [r.url for r in asked] == [f"http://a.gov.cn/zwgk/zfxxgknb/index_{n}.html" for n in (1, 2, 3)]


LONSUN = """<ul class="xxgk_nav_list">{rows}</ul><div id="page"></div><script>$(function(){{Ls.pagination("#page",
function(pageIndex,params){{$.get("/city/zwgk/site/label/8888?IsAjax=1&_="+Math.random(),{{labelName:'publicInfoList',
siteId:'679',pageSize:'15',pageIndex:pageIndex,organId:'661',type:'3',file:'/c2/list_hs'}},function(html){{
$('#list').html(html)}})}},{{"pageIndex":1,"pageSize":15,"pageCount":3,"total":33}})}});</script>"""


def test_lonsun_is_asked_as_the_page_asks_it_below_the_root_too():
    rows = "".join(f'<li><a class="title" href="/zwgk/public/661/{n}.html">甲县{n}年</a></li>' for n in range(15))
    url = "https://www.a.gov.cn/zwgk/public/column/661?type=3&action=list"
    listing = read_list(Page(url, LONSUN.format(rows=rows).encode()))
    assert listing.adapter == "lonsun"
    (asked,) = [request for request in listing.requests if "/site/label/" in request.url]
    assert asked.url.startswith("https://www.a.gov.cn/city/zwgk/site/label/8888?IsAjax=1")
    assert {"pageIndex=1", "organId=661", "file=%2Fc2%2Flist_hs"} <= set(asked.url.split("&"))


def test_lonsun_below_the_root_is_asked_at_the_root_first_and_beside_the_column_then():
    url = "https://www.a.gov.cn/zwgk/public/column/661?type=3"
    rows = '<li><a href="/zwgk/public/661/1.html">甲县2024年政府信息公开工作年度报告</a></li>'
    (asked,) = [r for r in read_list(Page(url, rows.encode())).requests if "/site/label/" in r.url]
    (beside,) = asked.otherwise
    assert [request.url.partition("?")[0] for request in (asked, beside)] == [
        "https://www.a.gov.cn/site/label/8888",
        "https://www.a.gov.cn/zwgk/site/label/8888",
    ]
