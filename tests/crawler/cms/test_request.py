"""How requests of adapters are written."""

from __future__ import annotations

from crawler.cms.request import ListRequest, form, json_body, with_query


def test_a_query_keeps_its_order_and_loses_what_is_taken_out():
    url = "http://www.a.gov.cn/x?a=1&page=1&b="
    assert with_query(url, page=2, c="x y") == "http://www.a.gov.cn/x?a=1&b=&page=2&c=x+y"
    assert with_query(url, a=None) == "http://www.a.gov.cn/x?page=1&b="


def test_bodies_are_written_as_browsers_write_them():
    assert form({"page": 2, "title": "年报"}) == b"page=2&title=%E5%B9%B4%E6%8A%A5"
    assert json_body({"title": "年报", "page": 2}) == '{"title":"年报","page":2}'.encode()


def test_what_an_adapter_noted_is_found_again():
    request = ListRequest("http://www.a.gov.cn/", state=(("size", "20"),))
    assert (request.get("size"), request.get("seen", "0")) == ("20", "0")
