"""TRS's search back-ends, by the settings that pages hold."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import json

from crawler.cms import read_list
from tests.crawler.cms.played import answer, links, page, query

TRS = links("./202301/t20230101_1.html", "./202301/t20230102_2.html", "./202301/t20230103_3.html")


def test_trs_back_ends_are_read_from_settings():
    text = TRS + (
        "<script>var SiteInfo={searchId: 200210}; listModel({listArgs:{channelid: SiteInfo.searchId,"
        ' classsql: "" || "chnlid=1813"}, pagebar:{prepage: 10, recordCount: "20"}});</script>'
        "<script>$.get('/igs/front/search.jhtml?code=a1&siteId=5')</script>"
    )
    found = {r.dialect: query(r) for r in read_list(page("http://a.gov.cn/nb/", text)).requests}
    assert {name: found["was5"][name] for name in ("channelid", "classsql", "page", "perpage")} == {
        "channelid": "200210", "classsql": "chnlid=1813", "page": "1", "perpage": "10",
    }  # fmt: skip
    assert found["igs"] == {"code": "a1", "siteId": "5", "pageNumber": "1", "pageSize": "20"}


def test_irs_is_asked_with_the_object_that_the_script_sends():
    text = TRS + (
        '<script>var param={"code":"18a","searchWord":"","orderBy":"time","customFilter":{"properties":[{"value":"69"}]},'
        '"pageNo":pageNo,"pageSize":10}; $.ajax({type:"POST",url:"/irs/front/search",data:JSON.stringify(param)});</script>'
    )
    (first,) = [r for r in read_list(page("http://a.gov.cn/nb/", text)).requests if r.dialect == "irs"]
    sent = {"code": "18a", "searchWord": "", "orderBy": "time", "customFilter": {"properties": [{"value": "69"}]}}
    assert (first.method, first.url) == ("POST", "http://a.gov.cn/irs/front/search")
    assert json.loads(first.body) == {**sent, "pageNo": 1, "pageSize": 10}
    boxes = [{"data": {"title": f"t{n}", "url": f"/nb/202401/t20240101_{n}.html"}} for n in range(10)]
    given = {"data": {"middle": {"listAndBox": boxes}, "pager": {"pageNo": 1, "total": 12}}}
    (second,) = answer(first, json.dumps(given))
    assert json.loads(second.body) == {**sent, "pageNo": 2, "pageSize": 10}
    given["data"]["middle"]["listAndBox"] = boxes[:2]
    assert answer(second, json.dumps(given)) == ()
